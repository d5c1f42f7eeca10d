"""What the loudspeaker plays, piece by piece, as the listening process wants it.

Law: a piece holds only what the device has really been given: a cut is a cut here too. It is given
that some 30 ms before it sounds, so a piece is there before its echo; and so nothing is held back
here, which is why a resampler of a library, which holds back up to 28 ms, does not do.

16 kHz mono int16; every piece knows the number of its first sample since the session's clock
began, and the CLOCK_MONOTONIC ms when that sample is due at the ear.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecoach.core.units import Ms
from voicecoach.ears.base import Now
from voicecoach.ears.echo_track import Decimator
from voicecoach.ears.endpoint import RATE

Played = Callable[[Ms, Ms], npt.NDArray[np.int16]]
"""What was played from one moment of the session's clock to another, at 48 kHz, as far as known."""

_THIRD = 3  # 48 kHz to 16 kHz
_PER_MS = RATE // 1000
_AHEAD = 500  # ms; more than any device is given before it sounds
_LONGEST = 1000  # ms; who did not ask for longer begins anew


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
        self._until = Ms(0)
        self._decimator = Decimator(_THIRD)

    def take(self) -> Piece | None:
        """What the device was given since the last call; None where that is silence."""
        now = self._now()
        if now - self._until > _LONGEST:
            self._until, self._decimator = now, Decimator(_THIRD)
        given = self._played(self._until, Ms(now + _AHEAD))
        whole = len(given) // (_THIRD * _PER_MS)
        first = self._until * _PER_MS
        self._until = Ms(self._until + whole)
        part = self._decimator.feed(given[: whole * _THIRD * _PER_MS].astype(np.float32))
        if not part.any():
            return None
        index = max(0, first - self._decimator.delay)
        part = part[index - first + self._decimator.delay :]
        at = time.monotonic_ns() // 1_000_000 - now + index // _PER_MS
        pcm = np.clip(np.rint(part), -32768, 32767).astype("<i2").tobytes()
        return Piece(index, pcm, at)
