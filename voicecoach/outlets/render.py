"""A routine becomes files: walked through on paper, levelled, then mixed as it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from voicecoach.core.en import EN
from voicecoach.core.plan import plan
from voicecoach.core.units import SECOND, Ms
from voicecoach.core.wording import Circumstances, Wording
from voicecoach.errors import SpeakerError
from voicecoach.outlets.captions import Captions, Transcript
from voicecoach.outlets.fit import Fit
from voicecoach.outlets.job import (
    WAV,
    Job,
    Page,
    outputs,
    pages,
    playlist_name,
    titles,
    transcript_name,
)
from voicecoach.outlets.sheet import Sheet, walk
from voicecoach.outlets.sounds import Sounds
from voicecoach.speaker.base import Placed
from voicecoach.speaker.draft import Draft, Drafts
from voicecoach.speaker.encoder import Encoder, encoder_path
from voicecoach.speaker.file import FileSpeaker, Sink
from voicecoach.speaker.wave_file import LONGEST, WaveFile
from voicecoach.voice.base import Voice
from voicecoach.voice.spoken import SpokenVoice

TARGET = -16.0
"""LUFS, integrated: what podcasts and audiobooks are made for."""

_ROOM = 0.6
"""dB that mastered clips may still be raised by: mastering leaves more below the highest peak."""

_ROUNDS = 4
"""Of mastering; one is enough for the voices measured."""

Tell = Callable[[str, float], None]
"""Is told what is going on, "spoken" or "written", and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was made: the file that plays all of it, how long, in how many parts; what to know."""

    path: Path
    lasts: Ms
    parts: int
    warnings: tuple[str, ...]


def render(job: Job, tell: Tell, voice: Voice | None = None) -> Rendered:
    """Writes the files of a job. `voice` is one to use and leave open.

    Raises VoicecoachError when the voice fails, ffmpeg is missing or fails, or something cannot
    be written. Then, and when it is interrupted, every file is as it was before.
    """
    with ExitStack() as closing:
        if job.out.suffix.lower() != WAV:
            encoder_path()
        drafts = Drafts()
        closing.callback(drafts.close)
        for name in outputs(job):  # what cannot be written is told before all the work
            drafts.new(name)
        if voice is None:
            voice = SpokenVoice(job.voice)
            closing.callback(voice.close)
        sounds = Sounds(voice, job.rate)
        sheet, fit = Sheet(titles(job.routine)), Fit(sounds, job.rate)
        walk(_wording(job), job.rate, sounds, (sheet, fit), lambda share: tell("spoken", share))
        level = _level(sheet, sounds)
        press = _Press(sheet, sounds, level, drafts, lambda at: tell("written", at / sheet.end))
        made = pages(job, sheet.parts)
        lengths = [press.sound(page, captions=job.captions) for page in made]
        if job.captions:
            press.transcript(job)
        if job.split:
            _write_playlist(drafts.new(playlist_name(job)), job, made, lengths)
        drafts.keep()
        path = playlist_name(job) if job.split else job.out
        return Rendered(path, Ms(sum(lengths)), len(sheet.parts), tuple(fit.warnings))


def _wording(job: Job) -> Wording:
    alone = Circumstances(microphone=False, keys=False, wait=job.wait, recorded=True)
    return Wording(EN, job.routine, plan(job.routine), alone, job.length)


def _level(sheet: Sheet, sounds: Sounds) -> float:
    """The factor that brings the session to TARGET; masters its sounds anew where they need it."""
    lacking = 0.0
    for _ in range(_ROUNDS):
        loudness = sheet.loudness(sounds)
        lacking = 0.0 if loudness is None else TARGET - loudness
        if lacking <= _ROOM:
            break
        sounds.raise_by(lacking)
    return float(10.0 ** (min(lacking, _ROOM) / 20.0))


@dataclass(frozen=True, slots=True)
class _Press:
    """Prints the pages of one session."""

    sheet: Sheet
    sounds: Sounds
    level: float
    drafts: Drafts
    tell: Callable[[Ms], None]  # how far the session is written

    def sound(self, page: Page, *, captions: bool) -> Ms:
        """Writes a file of sound, with captions beside it; gives its length."""
        with ExitStack() as closing:
            sink = _open_sink(self.drafts.new(page.name), page)
            closing.callback(sink.abandon)
            speaker = FileSpeaker(sink, self.level)
            read = None
            if captions:
                draft = self.drafts.new(page.captions)
                read = Captions(closing.enter_context(draft.text()))
            end = Ms(page.end + page.shift)
            for entry in self.sheet.entries(page.start, page.end):
                at, clip = Ms(entry.at + page.shift), self.sounds.of(entry.sound)
                speaker.advance(at)
                speaker.play([Placed(at, clip)])
                end = max(end, Ms(at + clip.duration))
                if read is not None:
                    read.sound(at, Ms(at + clip.duration), entry.sound)
                self.tell(entry.at)
            speaker.advance(end)
            speaker.close()
            if read is not None:
                read.end(end)
            return end

    def transcript(self, job: Job) -> None:
        """Writes all words of the session, with the times of the session."""
        with self.drafts.new(transcript_name(job)).text() as stream:
            transcript = Transcript(stream, job.routine.title)
            for part in self.sheet.parts:
                transcript.heading(part.title)
                for entry in self.sheet.entries(part.start, part.end):
                    transcript.sound(entry.at, entry.sound, count=entry.count)
            transcript.end()


def _open_sink(draft: Draft, page: Page) -> Sink:
    if draft.name.suffix.lower() != WAV:
        return Encoder(draft, page.tags, page.chapters)
    if page.end - page.start > LONGEST * SECOND:
        hours = LONGEST // 3600
        raise SpeakerError(f"{draft.name}: no WAV file lasts over {hours} hours. Choose .flac.")
    return WaveFile(draft, page.tags)


def _write_playlist(draft: Draft, job: Job, made: Iterable[Page], lengths: Iterable[Ms]) -> None:
    with draft.text() as stream:
        stream.write(f"#EXTM3U\n#PLAYLIST:{job.routine.title}\n")
        for page, lasts in zip(made, lengths, strict=True):
            stream.write(f"#EXTINF:{lasts // SECOND}.{lasts % SECOND:03},{page.title}\n")
            stream.write(f"{page.name.name}\n")
