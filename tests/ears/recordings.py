"""Recordings that are made up, in the layout of a corpus."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from listening.corpus import RATE, Sound


def random(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def word(seed: int = 1, seconds: float = 0.4) -> Sound:
    """A hum with quiet around it, one second long."""
    time = np.arange(int(seconds * RATE)) / RATE
    hum = 0.3 * np.sin(2 * np.pi * (150 + 20 * seed) * time) * np.sin(np.pi * time / seconds)
    quiet = np.zeros((RATE - len(hum)) // 2)
    return np.concatenate((quiet, hum, quiet)).astype(np.float32)


def write(path: Path, sound: Sound) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.rint(sound * 32767).astype("<i2").tobytes())
    return path


def recorded(folder: Path, speakers: int, takes: int) -> Path:
    """Recordings of many people, of noises and talk, in the layout of a corpus."""
    for n in range(speakers):
        for take in range(takes):
            for said in ("stop", "yes", "no", "up"):
                write(folder / "words" / said / f"{n:08x}_nohash_{take}.wav", word(n % 7))
    for n in range(9):
        noise = random(n).normal(0, 0.02, 3 * RATE).astype(np.float32)
        write(folder / "speech" / "reader" / f"talk{n}.wav", noise)
        write(folder / "noise" / "esc10_rain" / f"rain{n}.wav", noise)
    write(folder / "body" / "npc_shout_1.wav", word(1))
    write(folder / "body" / "npc_hurt_1.wav", word(2))
    return folder
