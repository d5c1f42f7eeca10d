"""The one path of sound to what is told: live, `voicecoach hear`, the rehearsal and the bench.

Laws: every chunk goes the whole way, whatever the parts before made of it: no part may keep it
from the safety words (law 1). Without one of its parts (no reference, no model) it goes on with
the others. Of an utterance in which a safety word was told no command counts.

    microphone -> canceller -> veil -> spotter -> hearing -> grading -> told
                         `-> health (looks on) -> told
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from voicecoach.core.commands import SAFETY, Context, Phrases
from voicecoach.ears.echo import EchoCanceller
from voicecoach.ears.echo_veil import Veil
from voicecoach.ears.endpoint import CHUNK
from voicecoach.ears.grading import SURE, Grading
from voicecoach.ears.health import Health
from voicecoach.ears.hearing import Decision, Hearing, hearing, ms
from voicecoach.ears.spotter.spot import WEIGHTS, Spotter
from voicecoach.ears.told import Notice, Scores, Signs, Suspicion, What
from voicecoach.errors import EarsError

Told = Decision | Suspicion | Notice

AMID, UNLEARNT = 0.93, 0.95
"""How sure the decoder must be of a command that was said while the coach spoke; and where it is
not known yet how the coach sounds here. With 0.8 and 0.9 it took three from 52 minutes of the
coach, all in its first seven seconds. Of the commands by flite that are heard 97 in 100 are as sure
as 0.93, 94 as 0.95, and in 10 dB of noise 77 and 69. A safety word needs neither (law 1)."""

TAIL = 300
"""Ms that a room keeps the coach's voice."""


class Canceller(Protocol):
    """Takes the coach's own sound out of what the microphone hears."""

    @property
    def delay(self) -> float | None:
        """Ms from when the reference is due at the ear until it is heard, where that is known."""

    @property
    def learnt(self) -> bool:
        """Whether it is known how the coach sounds here, or that it is not heard at all."""

    @property
    def heard(self) -> float:
        """The power of the coach in the last chunk, as far as it is known; full scale is 1."""

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        """What the loudspeaker plays: 16 kHz mono int16.

        `index` is the number of its first sample since the session's clock began, `at` the
        CLOCK_MONOTONIC ms when that sample is due at the ear.
        """

    def feed(self, chunk: bytes, at: int) -> bytes:
        """The chunk without the coach: same length, no delay. `at` as for `Listening.feed`."""


class Spotting(Protocol):
    """Knows the safety words in the stream, without waiting for a silence."""

    def feed(self, chunk: bytes) -> Scores:
        """What it makes of one more chunk."""


class Grader(Protocol):
    """Decides between the spotter and the decoder: certain, perhaps, or nothing."""

    doubtful: bool

    def feed(self, scores: Scores, decisions: list[Decision]) -> list[Decision | Suspicion]:
        """What is told, after one more chunk of which the two made this."""


class NoCanceller:
    """There is nothing to take out."""

    delay: float | None = None
    learnt = False
    heard = 0.0

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        """Nothing."""

    def feed(self, chunk: bytes, at: int) -> bytes:  # noqa: ARG002  a Canceller's signature
        """The chunk as it came."""
        return chunk


class NoSpotter:
    """The decoder is alone."""

    def feed(self, chunk: bytes) -> Scores:  # noqa: ARG002  a Spotting's signature
        """Nothing."""
        return {}


class NoGrading:
    """What the decoder decides is told; what it thinks likely, of safety words alone."""

    doubtful = False

    def feed(
        self,
        scores: Scores,  # noqa: ARG002  a Grader's signature
        decisions: list[Decision],
    ) -> list[Decision | Suspicion]:
        """The decisions."""
        return [one for one in decisions if one.sure >= SURE or one.intent in SAFETY]


class Listening:
    """Feeds each chunk through all of the ears, in order."""

    def __init__(  # noqa: PLR0913  one for each part of the way
        self,
        hearing: Hearing,
        *,
        canceller: Canceller | None = None,
        health: Health | None = None,
        spotter: Spotting | None = None,
        grading: Grader | None = None,
        lacking: Sequence[What] = (),
    ) -> None:
        """Every part but the hearing may be missing. `lacking`: what is to be told of that."""
        self._hearing = hearing
        self.canceller = canceller or NoCanceller()
        self.health = health or Health()
        self._veil = Veil()
        self._coach = -TAIL
        """CLOCK_MONOTONIC ms until which the coach is known to speak."""
        self._spotter = spotter or NoSpotter()
        self._grading = grading or NoGrading()
        self._untold: list[Told] = [Notice(what, 0) for what in lacking]
        self._halted = -1
        """The sample at which a safety word was told last."""
        self.sample = 0
        """How far the stream has come, at 16 kHz."""
        self.open(hearing.contexts)

    def open(self, contexts: tuple[Context, ...]) -> None:
        """In which contexts commands count from now on."""
        self._hearing.contexts = contexts

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        """What the loudspeaker plays: see `Canceller`."""
        if any(pcm):
            self._coach = max(self._coach, at + ms(len(pcm) // 2))
        self.canceller.reference(index, pcm, at)
        self.health.reference(pcm, at)

    def feed(self, chunk: bytes, at: int) -> Sequence[Told]:
        """What CHUNK samples bring. `at`: CLOCK_MONOTONIC ms when the last of them was there."""
        self.sample += CHUNK
        clean = self.canceller.feed(chunk, at)
        veiled = self._veil.feed(clean, self.canceller.heard, learnt=self.canceller.learnt)
        scores = self._spotter.feed(veiled)
        self._grading.doubtful = not self.canceller.learnt and at <= self._coach + TAIL
        decided = [one for one in self._hearing.feed(veiled) if self._stands(one, at)]
        told = list(self._unhalted(self._grading.feed(scores, decided)))
        lacking, self._untold = self._untold, []
        return [*told, *lacking, *self.health.feed(chunk, clean, at, speech=self._hearing.speech)]

    def _stands(self, one: Decision, at: int) -> bool:
        """Whether a command counts, though the coach spoke meanwhile."""
        began = at - ms(self.sample - one.began)
        if one.intent in SAFETY or began > self._coach + TAIL:
            return True
        return one.sure >= (AMID if self.canceller.learnt else UNLEARNT)

    def counts(self, one: Decision) -> bool:
        """Whether it is a safety word, or none was told of its utterance."""
        return one.intent in SAFETY or one.began > self._halted

    def _unhalted(self, told: Iterable[Decision | Suspicion]) -> Iterator[Decision | Suspicion]:
        """What counts, of what is told."""
        for one in told:
            if isinstance(one, Suspicion):
                yield one
                continue
            if one.intent in SAFETY:
                self._halted = self.sample
            if self.counts(one):
                yield one

    @property
    def signs(self) -> Signs:
        """What is known of the sound."""
        return replace(self.health.signs, delay=self.canceller.delay)

    def flush(self) -> Sequence[Told]:
        """The stream ends here: decides what is still open."""
        return list(self._unhalted(self._grading.feed({}, self._hearing.flush())))


def around(
    hearing: Hearing,
    failed: Callable[[EarsError], None] = lambda _: None,
    weights: Path = WEIGHTS,
) -> Listening:
    """A hearing with all the other parts as they run live.

    A spotter whose weights are missing or damaged is told to `failed`, and to the person with the
    first chunk; then the decoder is alone.
    """
    try:
        spotter = Spotter(weights)
    except EarsError as error:
        failed(error)
        return Listening(hearing, canceller=EchoCanceller(), lacking=("unspotted",))
    grading = Grading(look=spotter.look, phones=hearing.lately)
    return Listening(hearing, canceller=EchoCanceller(), spotter=spotter, grading=grading)


def listening(
    recogniser: str,
    phrases: Phrases,
    failed: Callable[[EarsError], None] = lambda _: None,
    later: Callable[[Callable[[], Decision | None]], None] | None = None,
) -> Listening:
    """The ears as they run live. Raises EarsError when the recogniser cannot work.

    `failed` is told of another engine that broke while all else goes on; `later` gets its work.
    """
    return around(hearing(recogniser, phrases, failed, later))
