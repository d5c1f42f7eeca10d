"""The session's clock: the samples of a stream, read between two blocks by the monotonic clock.

Law: it never runs backwards and never stands still. A stream hands out blocks in bursts, stalls,
dies and comes back; the clock is the monotonic clock with an offset that follows the samples, so
that it is smooth while they flow (and drifts with them) and goes on while they do not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from voicecoach.core.units import Ms

Nanoseconds = Callable[[], int]

JUMP = 150.0
"""ms between samples and clock beyond which it was a stall, no burst: samples are then skipped."""
_FOLLOW = 0.02
"""Share of a difference taken over at each block: 0.25 s to follow, 1 ms of ripple."""


class SampleClock:
    """Read from any thread; fed from one."""

    def __init__(self, monotonic: Nanoseconds = time.monotonic_ns) -> None:
        self._monotonic = monotonic
        self._offset = -monotonic() / 1e6
        self._last = 0
        self._lock = threading.Lock()  # never taken by the audio callback

    def now(self) -> Ms:
        """Milliseconds of the session."""
        with self._lock:
            self._last = max(self._last, int(self._exact()))
            return Ms(self._last)

    def set(self, position: float) -> None:
        """The session is at this moment (ms) now: the stream begins."""
        self._offset = position - self._monotonic() / 1e6

    def behind(self, position: float) -> float:
        """By how much (ms) the samples are behind a clock that went on without them, or 0."""
        late = self._exact() - position
        return late if late > JUMP else 0.0

    def follow(self, position: float) -> None:
        """The sample at this moment (ms) sounds now."""
        difference = position - self._exact()
        # Ahead by much: the device took a long buffer at once; the samples are right.
        self._offset += difference if difference > JUMP else difference * _FOLLOW

    def _exact(self) -> float:
        return self._monotonic() / 1e6 + self._offset
