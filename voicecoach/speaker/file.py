"""A session as a file: the same mixer as live, with a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Protocol

from voicecoach.core.units import Ms
from voicecoach.speaker.base import Placed
from voicecoach.speaker.mixer import PER_MS, Mixer, limited
from voicecoach.voice.base import Pcm

_BLOCK = 1000 * PER_MS
_REMEMBER = Ms(30_000)
_KNEE, _CEILING = 0.79, 0.83
"""Of full scale, -2.0 and -1.6 dBFS: what a file may peak at, with room below -1 dBTP for what
lies between the samples, and for what encoders add. Only sounds that overlap come so high.
"""


class Sink(Protocol):
    """Where the samples of a file go, in order."""

    def write(self, samples: bytes) -> None:
        """Mono, 16 bits little-endian, SAMPLE_RATE. Raises SpeakerError when it cannot."""

    def close(self) -> None:
        """Completes the file; raises SpeakerError when it cannot. May be called twice."""

    def abandon(self) -> None:
        """Ends it as it is. May be called at any time; after close() it does nothing."""


class FileSpeaker:
    """Writes as it goes, in constant memory."""

    audible = False
    lead = Ms(0)

    def __init__(self, sink: Sink, level: float = 1.0) -> None:
        """`level` is the factor that stands for a gain of 0 dB."""
        self._sink = sink
        limit = partial(limited, knee=_KNEE, full=_CEILING)
        self._mixer = Mixer(_REMEMBER, level=level, limit=limit)

    def now(self) -> Ms:
        """Milliseconds written: moves only by advance()."""
        return Ms(self._mixer.position // PER_MS)

    def advance(self, to: Ms) -> None:
        """Plays up to this moment. Raises SpeakerError when the disk is full. Never goes back."""
        end = to * PER_MS
        while self._mixer.position < end:
            # A block that ends where a sound does leaves the silence after it unmixed.
            size = min(_BLOCK, end - self._mixer.position, self._mixer.undisturbed)
            block = self._mixer.mix(size)
            self._sink.write(block.astype("<i2", copy=False).tobytes())

    def play(self, clips: Iterable[Placed]) -> None:
        """Adds clips at their moments."""
        self._mixer.place(clips)

    def cut(self) -> None:
        """Silence from now on, after a fade of 5 ms."""
        self._mixer.cut()

    def gain(self, decibels: int) -> None:
        """Loudness of all that follows; kept within -24 … +12 dB."""
        self._mixer.gain(decibels)

    def duck(self, decibels: int, until: Ms) -> None:
        """Softer by so much until then, or until it is cut."""
        self._mixer.duck(decibels, until)

    def played(self, start: Ms, end: Ms) -> Pcm:
        """What was written between two moments of the last 30 s."""
        return self._mixer.played(start, end)

    def close(self) -> None:
        """Completes the file. May be called twice."""
        self._sink.close()
