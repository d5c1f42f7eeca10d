"""One stream of sound through the ears, and what became of what was said in it.

A job is a stream for one network: it can be done in another process. What it gives are plain
numbers, in the time of the stream: a decision counts when the ears tell it, not when they say
that they made it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from listening import corpus
from listening.coach import coaching
from listening.conditions import (
    AFTER,
    BEFORE,
    Condition,
    Item,
    Place,
    Setting,
    Stream,
    Surroundings,
    stream,
)
from listening.corpus import RATE, Sound
from listening.lines import Line, item
from voicecoach.core.commands import SAFETY, Context, Intent
from voicecoach.core.en import PHRASES
from voicecoach.core.units import Ms
from voicecoach.ears.base import Spoken
from voicecoach.ears.endpoint import CHUNK
from voicecoach.ears.guard import Guard, Span
from voicecoach.ears.hearing import Decision, every_context, hearing, ms
from voicecoach.ears.listening import Listening, Told, around
from voicecoach.ears.told import Suspicion
from voicecoach.errors import EarsError

HALTS = SAFETY - {Intent.DONT_STOP}
"""What stops the coach at once."""

LATEST = int(1.5 * RATE)
"""Samples after its end that a word may be decided; what comes later belongs to nothing."""

_PAUSE = RATE // 3  # samples between recordings in which there is nothing to hear

EARLIEST = RATE // 4
"""Samples before the word: its first breath is louder than where it seems to begin."""

ONE_HALT = 2 * RATE
"""Samples in which further halts are the same halt: the coach is silent by then."""


class Ears(Protocol):
    """What the bench asks of a Listening."""

    def open(self, contexts: tuple[Context, ...]) -> None:
        """In which contexts commands count."""

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        """What the loudspeaker plays."""

    def feed(self, chunk: bytes, at: int) -> Sequence[Told]:
        """What CHUNK samples bring."""

    def flush(self) -> Sequence[Told]:
        """The stream ends here."""


@dataclass(frozen=True, slots=True)
class Nets:
    """The weights of all the networks that judge."""

    spotter: Path
    phones: Path


@dataclass(frozen=True, slots=True)
class Job:
    """What to measure in one stream."""

    part: str
    name: str
    lines: tuple[Line, ...]
    condition: Condition
    around: Surroundings
    weights: Nets
    engine: str
    contexts: tuple[Context, ...] = field(default_factory=every_context)
    sounds: tuple[Path, ...] = ()
    """Recordings in which there is nothing to hear, instead of lines."""
    length: float = 0.0
    """Seconds in which nothing but the condition is heard, instead of lines."""
    coach: tuple[str, ...] = ()
    """What the coach says, in conditions in which it is speaking; all of it instead of lines."""
    seed: int = 0

    @property
    def effort(self) -> float:
        """About how many seconds of sound it is."""
        files = sum(path.stat().st_size for path in self.sounds) / 2 / RATE
        coach = 0 if self.lines else 3 * len(self.coach)
        return 4.0 * len(self.lines) + files + self.length + coach


@dataclass(frozen=True, slots=True)
class Heard:
    """What the ears told, at a sample of the stream."""

    at: int
    began: int
    intent: Intent | None
    """None is a suspicion."""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A line, and what was heard of it. Moments are ms after the end of the word."""

    line: Line
    heard: tuple[tuple[Intent, str, int], ...]
    """Intent, phrase and moment of each decision."""
    suspected: int | None
    """Moment of the first suspicion."""

    @property
    def halted(self) -> bool:
        """Whether the coach stopped."""
        return any(intent in HALTS for intent, _, _ in self.heard)

    @property
    def noticed(self) -> bool:
        """Whether it stopped or became softer."""
        return self.halted or self.suspected is not None

    @property
    def right(self) -> bool:
        """Whether what was meant was heard; of a number, the very number."""
        wanted = self.line.intent
        if wanted is Intent.NUMBER:
            return any(phrase == self.line.text for _, phrase, _ in self.heard)
        return any(intent is wanted for intent, _, _ in self.heard)

    @property
    def wrong(self) -> bool:
        """Whether something else was heard."""
        wanted = self.line.intent
        if wanted is Intent.NUMBER:
            return any(phrase != self.line.text for _, phrase, _ in self.heard)
        return any(intent is not wanted for intent, _, _ in self.heard)

    @property
    def delay(self) -> int | None:
        """When the coach stopped."""
        return min((at for intent, _, at in self.heard if intent in HALTS), default=None)


@dataclass(frozen=True, slots=True)
class Strays:
    """What was heard where nobody said anything to hear."""

    hours: float = 0.0
    halts: int = 0
    commands: int = 0
    guarded: int = 0
    """Commands that the guard took for the coach's own."""
    suspicions: int = 0
    heard: tuple[str, ...] = ()

    def __add__(self, other: Strays) -> Strays:
        """Both together."""
        return Strays(
            self.hours + other.hours,
            self.halts + other.halts,
            self.commands + other.commands,
            self.guarded + other.guarded,
            self.suspicions + other.suspicions,
            self.heard + other.heard,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What a job gave, and what it cost."""

    job: Job
    trials: tuple[Trial, ...]
    strays: Strays
    seconds: float
    processor: float


def ears(weights: Nets, engine: str) -> Listening:
    """The ears as they run live, but for the weights. Raises EarsError."""
    heard = hearing(engine, PHRASES, _broken, phones=weights.phones)
    return around(heard, _broken, weights.spotter)


def _broken(error: EarsError) -> None:
    """Ears that go on without a part would be measured as whole ones."""
    raise error


def hear(ears: Ears, stream: Stream) -> Iterator[Heard]:
    """Feeds a stream chunk by chunk, with what is played as far as it has been played."""
    pcm = as_pcm(stream.sound)
    played = None if stream.reference is None else as_pcm(stream.reference)
    fed = 0
    for fed in range(CHUNK, len(pcm) // 2 + 1, CHUNK):
        start = fed - CHUNK
        if played is not None:
            ears.reference(start, played[2 * start : 2 * fed], ms(start))
        yield from _heard(ears.feed(pcm[2 * start : 2 * fed], ms(fed)), fed)
    yield from _heard(ears.flush(), fed)


def as_pcm(sound: Sound) -> bytes:
    """As 16-bit samples."""
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2").tobytes()


def _heard(told: Sequence[Told], at: int) -> Iterator[Heard]:
    for one in told:
        match one:
            case Decision():
                yield Heard(at, one.began, one.intent, one.phrase)
            case Suspicion():
                yield Heard(at, at, None)


def window(place: Place) -> tuple[int, int]:
    """From when to when a decision is about what is said there."""
    return place.start - EARLIEST, min(place.until, place.end + LATEST)


def judged(
    lines: Sequence[Line], places: Sequence[Place], heard: Sequence[Heard]
) -> tuple[tuple[Trial, ...], list[Heard]]:
    """What was heard of each line, and what belongs to none."""
    trials, rest = [], list(heard)
    for line, place in zip(lines, places, strict=True):
        first, last = window(place)
        mine = [one for one in rest if first <= one.at <= last]
        rest = [one for one in rest if one not in mine]
        found = tuple(
            (one.intent, one.phrase, ms(one.at - place.end)) for one in mine if one.intent
        )
        doubts = [ms(one.at - place.end) for one in mine if one.intent is None]
        trials.append(Trial(line, found, min(doubts, default=None)))
    return tuple(trials), rest


def strays(
    heard: Sequence[Heard], samples: int, said: Sequence[tuple[int, int, str]] = ()
) -> Strays:
    """Counts what is wrong wherever it comes. `said`: start, end and text of the coach."""
    guard = Guard()
    for start, end, text in said:
        guard.speaking(Spoken(Ms(ms(start)), Ms(ms(end)), text))
    halts = commands = guarded = 0
    previous, names = -ONE_HALT, list[str]()
    for one in heard:
        if one.intent is None:
            continue
        span = Span(Ms(ms(one.began)), Ms(ms(one.at)))
        if one.intent in HALTS:
            if one.at - previous < ONE_HALT:
                continue
            halts, previous = halts + 1, one.at
        elif guard.admits(one.intent, one.phrase, span):
            commands += 1
        else:
            guarded += 1
            continue
        names.append(f"{one.phrase} at {one.at / RATE:.1f} s{_during(one.at, said)}")
    doubts = sum(one.intent is None for one in heard)
    return Strays(samples / RATE / 3600, halts, commands, guarded, doubts, tuple(names))


def _during(at: int, said: Sequence[tuple[int, int, str]]) -> str:
    texts = [text for start, end, text in said if start <= at <= end + RATE]
    return f" in {texts[-1]!r}" if texts else ""


def measured(job: Job) -> Result:
    """Does a job. Raises EarsError or VoiceError."""
    random = np.random.default_rng([job.seed, *f"{job.part} {job.name}".encode()])
    coach, said = coaching(job.coach) if job.coach else (None, [])
    gaps = (BEFORE, AFTER) if job.lines else (0, _PAUSE)
    items = [item(line) for line in job.lines]
    if not items:
        alone = 0 if coach is None else len(coach)
        quiet = np.zeros(int(job.length * RATE) or alone, np.float32)
        sounds = [corpus.read(path) for path in job.sounds] or [quiet]
        items = [Item(sound, 0, len(sound)) for sound in sounds]
    one = stream(items, Setting(job.condition, job.around, coach), random, gaps)
    began = time.process_time()
    listening = ears(job.weights, job.engine)
    listening.open(job.contexts)
    heard = list(hear(listening, one))
    spent = time.process_time() - began
    trials, rest = judged(job.lines, one.places if job.lines else (), heard)
    if coach is not None:
        # What it says is said again until the stream ends.
        said = [
            (start + again, end + again, text)
            for again in range(0, len(one.sound), len(coach))
            for start, end, text in said
        ]
    alone = sum(len(item.sound) for item in items)
    if job.lines:
        # Only what lies between the words is empty.
        alone = len(one.sound) - sum(last - first for first, last in map(window, one.places))
    lost = strays(rest, alone, said)
    return Result(job, trials, lost, len(one.sound) / RATE, spent)
