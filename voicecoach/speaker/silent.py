"""The loudspeaker's twin where there is none: the same clock, and nobody hears anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from voicecoach.core.units import Ms
from voicecoach.speaker.base import Placed
from voicecoach.speaker.clock import SampleClock
from voicecoach.speaker.mixer import PER_MS
from voicecoach.voice.base import Pcm


class SilentSpeaker:
    """Real time without sound. `reason` is a sentence: why there is no loudspeaker."""

    audible = False
    lead = Ms(0)

    def __init__(self, reason: str = "", clock: Callable[[], Ms] | None = None) -> None:
        """`clock` is whose time it keeps; its own, which is real time, where none is given."""
        self.reason = reason
        self._now = clock or SampleClock().now

    def now(self) -> Ms:
        """Milliseconds since the beginning."""
        return self._now()

    def play(self, clips: Iterable[Placed]) -> None:
        """Nothing."""

    def cut(self) -> None:
        """Nothing."""

    def gain(self, decibels: int) -> None:
        """Nothing."""

    def duck(self, decibels: int, until: Ms) -> None:
        """Nothing."""

    def played(self, start: Ms, end: Ms) -> Pcm:
        """Silence."""
        return np.zeros(max(0, end - start) * PER_MS, np.int16)

    def close(self) -> None:
        """Nothing."""
