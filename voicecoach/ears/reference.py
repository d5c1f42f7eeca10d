"""What the loudspeaker plays, piece by piece, as the listening process wants it.

16 kHz mono int16; every piece knows the number of its first sample since the session's clock
began, and the CLOCK_MONOTONIC ms when that sample is due at the ear.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from voicecoach.core.units import Ms
from voicecoach.ears.base import Now
from voicecoach.ears.endpoint import RATE

Played = Callable[[Ms, Ms], npt.NDArray[np.int16]]
"""What was played from one moment of the session's clock to another, at 48 kHz."""

_FROM = 48_000
_LONGEST = 1000  # ms; after a longer gap it begins anew


@dataclass(frozen=True, slots=True)
class Piece:
    """Some samples of the reference."""

    index: int
    pcm: bytes
    at: int


class Reference:
    """Follows the loudspeaker. For one thread."""

    def __init__(self, played: Played, now: Now) -> None:
        self._played, self._now = played, now
        self._until = Ms(-_LONGEST - 1)
        self._index = 0
        self._resampler = self._fresh()

    def _fresh(self) -> soxr.ResampleStream:
        return soxr.ResampleStream(_FROM, RATE, 1, dtype="int16", quality="MQ")

    def take(self) -> Piece | None:
        """What has been played since the last call; None where that is nothing."""
        now = self._now()
        if now - self._until > _LONGEST:
            self._until, self._index, self._resampler = now, now * RATE // 1000, self._fresh()
            return None
        part = self._resampler.resample_chunk(self._played(self._until, now))
        self._until = now
        index, self._index = self._index, self._index + len(part)
        at = time.monotonic_ns() // 1_000_000 - now + index * 1000 // RATE
        return Piece(index, part.astype("<i2").tobytes(), at) if len(part) else None
