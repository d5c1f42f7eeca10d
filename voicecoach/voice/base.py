"""What every voice is: text in, one clip out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.core.units import Ms

SAMPLE_RATE = 48_000
"""Hz, everywhere between voice and loudspeaker. 48 samples are one millisecond exactly."""

Pcm = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A rendered utterance or earcon: mono 16-bit PCM at SAMPLE_RATE, trimmed and levelled."""

    text: str
    samples: Pcm

    @property
    def duration(self) -> Ms:
        """Whole milliseconds, rounded up, so that what follows never overlaps."""
        return Ms(-(-len(self.samples) * 1000 // SAMPLE_RATE))


class Voice(Protocol):
    """Text to clips. Safe to call from one thread; renders ahead in the background."""

    def clip(self, text: str, rate: int) -> Clip:
        """The clip of a text at a speaking rate in words a minute; waits for it when it must.

        Raises VoiceError when it cannot be rendered.
        """

    def prepare(self, texts: Iterable[str], rate: int) -> None:
        """Renders these ahead of need, in this order, without waiting. Never raises."""

    def close(self) -> None:
        """Ends background work. May be called twice."""
