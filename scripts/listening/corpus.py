"""Recordings of people, words and noises on disk, divided so that no speaker is on both sides.

The layout of a corpus folder (any folder in this layout can be measured):
    words/WORD/<speaker>_nohash_<take>.wav    one word per clip; words/unknown, words/silence too
    speech/SOURCE/*.wav   connected speech     noise/KIND/*.wav   noises     body/*.wav
    rir/*.wav             room impulse responses, RT60 in the name
    echo/*_lpb.wav, *_mic.wav                  what was played, and what the microphone heard
At best 16 kHz, mono, 16 bit; all else is brought to that.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecoach.ears.sound import read_wav

Sound = npt.NDArray[np.float32]
"""Samples at 16 kHz, full scale at 1."""

RATE = 16_000

FOLDS = 3
"""Groups of speakers: each is judged by a network that never met it."""

SAID = {"npc_shout_1": "ouch"}
"""Shouts in `body` that are words: who published this one named it "ouch.wav"."""

_SALT = 91  # of 400 tried, it divides stops, yes, no, speech and noise most evenly


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording: what is said in it, and by whom."""

    path: Path
    word: str
    speaker: str

    @property
    def fold(self) -> int:
        """The group its speaker belongs to."""
        return fold(self.speaker)

    def sound(self) -> Sound:
        """Its samples."""
        return read(self.path)


def corpus_folder() -> Path | None:
    """VOICECOACH_AUDIO, or the folder of recordings beside the checkout; None without one."""
    named = os.environ.get("VOICECOACH_AUDIO")
    beside = Path(__file__).resolve().parents[3] / "shared" / "audio"
    for folder in (Path(named) if named else beside, beside):
        if (folder / "words").is_dir():
            return folder
    return None


def fold(name: str) -> int:
    """The group of a speaker (or of a recording without one), the same on every machine."""
    return int(hashlib.sha256(f"{_SALT} {name}".encode()).hexdigest(), 16) % FOLDS


def words(folder: Path) -> list[Clip]:
    """All single words, sorted; in `unknown` the word is in front of the file's name."""
    clips: list[Clip] = []
    for path in sorted((folder / "words").glob("*/*.wav")):
        word, name = path.parent.name, path.stem
        if word == "unknown":
            word, _, name = name.partition("_")
        elif word == "arabic":
            name = "_".join(name.split("_")[1:2])
        speaker = name.partition("_nohash_")[0]
        clips.append(Clip(path, path.parent.name if word == "" else word, speaker))
    return clips


def recordings(folder: Path, kind: str) -> list[Clip]:
    """Longer recordings: of `speech`, `noise`, `body`; the word is the folder they lie in."""
    paths = sorted((folder / kind).rglob("*.wav"))
    return [Clip(path, path.parent.name, path.stem) for path in paths]


@lru_cache(maxsize=20_000)
def read(path: Path) -> Sound:
    """A WAV file, brought to 16 kHz mono. Raises EarsError."""
    return np.asarray(np.frombuffer(read_wav(path), "<i2") / 32768, np.float32)
