"""Short sounds, one meaning each, for moments when a word would be too long or too late.

Fundamentals lie between 200 and 1200 Hz, which those hear who have lost the high frequencies, and
the low ones carry overtones for loudspeakers that have no bass. No meaning rests on pitch alone:
they differ in number, length and direction. All are below speech, so that they never startle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from voicecoach.voice.base import SAMPLE_RATE, Clip

Earcon = Literal["begin", "release", "stop", "heard", "ready", "alarm", "finished"]

LEVEL = -18.0
"""dBFS, peak of the loudest earcon; speech peaks at -3 to -7."""


@dataclass(frozen=True, slots=True)
class Tone:
    """One note: Hz, ms from the start of the earcon, ms long, level in dB below LEVEL.

    `overtones` are the strengths of 2, 3, … times the frequency. `decay`: the note dies away like
    something struck, instead of being held.
    """

    frequency: float
    at: int
    length: int
    level: float = 0.0
    overtones: tuple[float, ...] = (0.3,)
    decay: bool = True


_LOW = (0.6, 0.4, 0.2)

MEANINGS: dict[Earcon, tuple[str, tuple[Tone, ...]]] = {
    "begin": ("the clock of a hold starts", (Tone(660, 0, 120, -3),)),
    "release": ("the hold is over", (Tone(784, 0, 160), Tone(523, 150, 290))),
    "stop": (
        "everything has stopped",
        (
            Tone(220, 0, 140, 0, _LOW, decay=False),
            Tone(220, 210, 140, 0, _LOW, decay=False),
        ),
    ),
    "heard": ("your command was taken", (Tone(1047, 0, 45, -3),)),
    "ready": ("the coach waits for you", (Tone(392, 0, 130, -2), Tone(587, 120, 260, -2))),
    "alarm": (
        "something of the coach has failed",
        tuple(Tone(311, at, 100, 0, _LOW, decay=False) for at in (0, 140, 280)),
    ),
    "finished": (
        "the session is done",
        (Tone(392, 0, 150), Tone(494, 120, 150), Tone(587, 240, 250)),
    ),
}
"""What each means, in words, and what it is made of."""


@cache
def earcon(name: Earcon) -> Clip:
    """The clip of an earcon; its text is its name. At most 0.5 s. KeyError: no such earcon."""
    tones = MEANINGS[name][1]
    out = np.zeros(SAMPLE_RATE * max(tone.at + tone.length for tone in tones) // 1000)
    for tone in tones:
        start = SAMPLE_RATE * tone.at // 1000
        wave = _wave(tone)
        out[start : start + len(wave)] += wave
    peak = 10.0 ** ((LEVEL + max(tone.level for tone in tones)) / 20.0)
    samples = np.rint(out * (peak * 32_767.0 / np.max(np.abs(out)))).astype(np.int16)
    samples.flags.writeable = False  # shared by all who ask
    return Clip(name, samples)


def _wave(tone: Tone) -> npt.NDArray[np.float64]:
    count = SAMPLE_RATE * tone.length // 1000
    seconds = np.arange(count) / SAMPLE_RATE
    wave: npt.NDArray[np.float64] = np.sin(2 * np.pi * tone.frequency * seconds)
    for number, strength in enumerate(tone.overtones, start=2):
        wave += strength * np.sin(2 * np.pi * tone.frequency * number * seconds)
    if tone.decay:
        wave *= np.exp(-4.0 * np.arange(count) / count)
    rise, fall = min(count // 4, SAMPLE_RATE * 6 // 1000), min(count // 3, SAMPLE_RATE * 20 // 1000)
    wave[:rise] *= np.linspace(0.0, 1.0, rise, endpoint=False)
    wave[count - fall :] *= np.linspace(1.0, 0.0, fall)
    wave *= 10.0 ** (tone.level / 20.0)
    return wave
