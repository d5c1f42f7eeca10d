"""Synthetic voices: for words that no people recorded, and as what must not be heard.

flite (5 voices), eSpeak NG (accents times variants) and festival, where they are installed.
Renderings are kept in the cache folder of the person; the same text and voice sound the same.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from listening.corpus import RATE, Sound, read

FLITE = ("awb", "rms", "slt", "kal", "kal16")
ACCENTS = (
    *("en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "en-029",
)
VARIANTS = ("", "+m1", "+m3", "+m5", "+m7", "+f1", "+f2", "+f3", "+f4", "+f5", "+croak", "+whisper")


@dataclass(frozen=True, slots=True)
class Speaker:
    """A voice of a synthesiser, at a rate (1 is its own) and a pitch (50 is its own)."""

    engine: str
    name: str
    rate: float = 1.0
    pitch: int = 50

    def __str__(self) -> str:
        """Its name in reports."""
        return f"{self.engine} {self.name} {self.rate:g} {self.pitch}"


def speakers() -> list[Speaker]:
    """Every voice this machine has, at one rate."""
    found: list[Speaker] = []
    if shutil.which("flite"):
        found += [Speaker("flite", name) for name in FLITE if name != "kal"]
    if shutil.which("espeak-ng"):
        found += [Speaker("espeak", a + v) for a in ACCENTS for v in VARIANTS]
    if shutil.which("text2wave"):
        found.append(Speaker("festival", "kal_diphone"))
    return found


GROUPS = {"awb": 0, "kal16": 0, "rms": 1, "slt": 2}
"""flite's voices were made of people's recordings: each belongs to a group, as a person does."""


def group(speaker: Speaker) -> int | None:
    """The group of a voice; None where it belongs to none."""
    return GROUPS.get(speaker.name)


def few() -> list[Speaker]:
    """Eight unlike voices for a quick look: all that are not eSpeak NG, and four that are."""
    known = speakers()
    names = {"en-us", "en-gb-x-rp+f2", "en-gb-scotland+m3", "en-us+f4"}
    return [s for s in known if s.engine != "espeak" or s.name in names]


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(cache, "voicecoach", "voices")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _command(speaker: Speaker, text: str, out: str) -> tuple[list[str], str | None]:
    if speaker.engine == "flite":
        stretch = f"duration_stretch={1 / speaker.rate:.3f}"
        return ["flite", "-voice", speaker.name, "--setf", stretch, "-t", text, "-o", out], None
    if speaker.engine == "festival":
        return ["text2wave", "-F", str(RATE), "-o", out], text
    rate = str(round(165 * speaker.rate))
    return [
        "espeak-ng",
        "-v",
        speaker.name,
        "-s",
        rate,
        "-p",
        str(speaker.pitch),
        "-w",
        out,
        text,
    ], None


def say(speaker: Speaker, text: str) -> Sound:
    """A text, said: 16 kHz. The first time costs 10 to 100 ms; festival takes 2 s."""
    key = hashlib.sha256(f"{speaker}|{text}".encode()).hexdigest()[:24]
    path = _folder() / f"{key}.wav"
    if not path.exists():
        _render(speaker, text, path)
    return read(path)


def _render(speaker: Speaker, text: str, path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        raw = str(Path(work, "raw.wav"))
        command, given = _command(speaker, text, raw)
        subprocess.run(command, input=given, text=True, check=True, capture_output=True)
        with wave.open(raw, "rb") as file:
            rate, frames = file.getframerate(), file.readframes(file.getnframes())
        sound = np.frombuffer(frames[: len(frames) // 2 * 2], "<i2").astype(np.float32) / 32768
        if rate != RATE:
            sound = soxr.resample(sound, rate, RATE)
        done = str(Path(work, "done.wav"))
        with wave.open(done, "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            loud = max(1.0, float(np.abs(sound).max(initial=0)))
            file.writeframes(np.rint(sound / loud * 32767).astype("<i2").tobytes())
        Path(done).replace(path)


def render_all(wanted: Iterable[tuple[Speaker, str]], threads: int = 2) -> None:
    """Has many texts ready, on two cores."""
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda one: say(*one), list(wanted)):
            pass
