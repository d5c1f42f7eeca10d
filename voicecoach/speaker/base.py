"""What every speaker is: a clock, and a place to put clips at moments of that clock."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from voicecoach.core.units import Ms
from voicecoach.voice.base import Clip, Pcm


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip at a moment of the session's clock (its first sample is sample `at * 48`)."""

    at: Ms
    clip: Clip


class Speaker(Protocol):
    """One mono output at SAMPLE_RATE whose sample count is the session's clock."""

    @property
    def audible(self) -> bool:
        """Whether a person can hear it now (False: text twin, lost device)."""

    @property
    def lead(self) -> Ms:
        """How far ahead of `now()` a clip must be placed to be played whole."""

    def now(self) -> Ms:
        """The session's clock: samples played so far. Never runs backwards, never stands still."""

    def play(self, clips: Iterable[Placed]) -> None:
        """Adds clips at their moments. Parts that lie in the past are not played."""

    def cut(self) -> None:
        """Silence: fades out within 5 ms at the next block and forgets every clip placed."""

    def gain(self, decibels: int) -> None:
        """Loudness of all that follows, relative to the clips as rendered; never clips."""

    def duck(self, decibels: int, until: Ms) -> None:
        """Softer by so much (below 0) from the next block until then, or until it is cut."""

    def played(self, start: Ms, end: Ms) -> Pcm:
        """What the device was really given for two moments of the last 30 s: the echo reference.

        It is given some ms before it sounds. Shorter where it has not been given all of it yet.
        """

    def close(self) -> None:
        """Ends the stream. May be called twice."""


def play_once(speaker: Speaker, clip: Clip) -> None:
    """Plays one clip on a speaker of its own, to its end, and closes that."""
    speaker.play([Placed(Ms(speaker.now() + speaker.lead), clip)])
    time.sleep((clip.duration + 2 * speaker.lead) / 1000)
    speaker.close()
