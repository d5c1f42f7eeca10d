"""What is to be rendered, and which files become of it, with their names, tags and chapters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicecoach.core.en import EN
from voicecoach.core.routine import Routine
from voicecoach.core.units import RATE, Ms, seconds
from voicecoach.core.wording import Length
from voicecoach.outlets.sheet import LEAD_IN, Part
from voicecoach.speaker.encoder import CODECS, Chapter

WAIT = seconds(20)
"""How long an exercise is given after it is explained: as live, where nobody is heard."""

WAV = ".wav"
SUFFIXES = (WAV, *CODECS)

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Job:
    """One routine for one person. `out` ends in one of SUFFIXES.

    With `split` its name without that is a folder, with a file for each exercise and a playlist.
    """

    routine: Routine  # adapted to the person: no number in it is open
    out: Path
    rate: int = RATE
    wait: Ms = WAIT
    length: Length = Length.FULL
    voice: str | None = None
    split: bool = False
    captions: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One file of sound: its stretch of the session, and what is told of it."""

    name: Path
    title: str
    start: Ms
    end: Ms
    shift: Ms  # from a moment of the session to that of the file
    tags: Mapping[str, str]
    chapters: tuple[Chapter, ...] = ()

    @property
    def captions(self) -> Path:
        """WebVTT, where players look for it."""
        return self.name.with_suffix(".vtt")


def titles(routine: Routine) -> list[str]:
    """Of all parts of a session: what comes before the exercises, each of them, and the end."""
    names = [one.name for one in routine.exercises]
    return [EN.parts["opening"], *names, EN.parts["closing"]]


def outputs(job: Job) -> list[Path]:
    """Every file that a job will write."""
    sounds = [job.out]
    if job.split:
        sounds = [
            _part_name(job.out, number, one) for number, one in enumerate(titles(job.routine))
        ]
    captions = [name.with_suffix(".vtt") for name in sounds] if job.captions else []
    transcripts = [transcript_name(job)] if job.captions else []
    return [*sounds, *captions, *transcripts, *([playlist_name(job)] if job.split else [])]


def pages(job: Job, parts: Sequence[Part]) -> list[Page]:
    """The files of sound, in order."""
    tags = _tags(job.routine)
    if not job.split:
        chapters = tuple(Chapter(one.start, one.end, one.title) for one in parts)
        title = job.routine.title
        return [Page(job.out, title, Ms(0), parts[-1].end, Ms(0), tags, chapters)]
    return [
        Page(
            _part_name(job.out, one.number, one.title),
            one.title,
            one.start,
            one.end,
            Ms(LEAD_IN - one.start if one.start else 0),
            {**tags, "title": one.title, "track": f"{track}/{len(parts)}"},
        )
        for track, one in enumerate(parts, 1)
    ]


def playlist_name(job: Job) -> Path:
    """The playlist of a job that is split."""
    folder = job.out.with_suffix("")
    return folder / f"{folder.name}.m3u8"


def transcript_name(job: Job) -> Path:
    """All words of a job, beside its sound."""
    return (playlist_name(job) if job.split else job.out).with_suffix(".txt")


def unanswered(routine: Routine) -> list[str]:
    """The numbers that a file cannot ask for, as `--set` names them."""
    return [f"{one.id}.{name}" for one in routine.exercises for name in sorted(one.dose.asked)]


def _part_name(out: Path, number: int, title: str) -> Path:
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_NAME]
    return out.with_suffix("") / f"{number:02}-{plain}{out.suffix}"


def _tags(routine: Routine) -> dict[str, str]:
    """As ffmpeg names them. `comment` is the one that every container and player knows."""
    return {
        "title": routine.title,
        "album": routine.title,
        "artist": routine.prescribed_by or "voicecoach",
        "genre": "Speech",
        "comment": f"Source: {routine.source}" if routine.source else "",
    }
