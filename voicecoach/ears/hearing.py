"""From a stream of sound to decisions: what the live ears and `voicecoach hear` have in common.

Laws: a safety word of the half-finished result is told at once, as likely; at the end of the
utterance a second look makes it sure, or finds what the first missed. One utterance is one
decision, except that safety may rise within it: stop, then "it hurts". It falls only to a
question: "don't stop", of which the "stop" was told already, leaves the coach stopped and asking.
A number counts only in an utterance that began where nothing else was asked for.

Measured on people's single words: the half-finished results of 128 "stop" flash as "ouch" or
"help me" in 13 %, of which 6 % last four chunks; a second look finds 1 to 5 % more stops. What a
second look that expects no command (`grammar.SOBER`) costs and gains stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from voicecoach.core.commands import (
    GRAVITY,
    OPEN,
    Context,
    Intent,
    Match,
    Phrases,
    normal,
    understand,
)
from voicecoach.ears.endpoint import RATE, Began, Ended, Endpointer, Sound, silero
from voicecoach.ears.engines import Whole, engine
from voicecoach.ears.grammar import listened_for
from voicecoach.ears.noise import NoiseReduction
from voicecoach.ears.recogniser import DEFAULT, Sphinx, Streaming, check_recogniser
from voicecoach.errors import EarsError

RANK = {intent: rank for rank, intent in enumerate((Intent.DONT_STOP, *reversed(GRAVITY)), 1)}
"""How grave a safety intent is: within one utterance only a graver one follows another."""


STEADY = 4
"""Chunks of 32 ms that a half-finished "it hurts" or "help me" must last to be believed."""

WHOLE = 7 * RATE
"""Bytes, 3.5 s, of the longest utterance that is looked at again. No command is longer, and the
decoder keeps the interpreter for itself while it looks: half a second for 8 s of talk, on a busy
machine more than one, in which no stop could be heard."""

AROUND = 3
"""Words that may stand around a safety phrase that is sure: within a long talk it seldom is one."""

FIRST_LOOK = 0.3
"""How sure a word is that only one look found: grading asks the spotter, too."""

STOPS = frozenset({Intent.STOP, Intent.DONT_STOP})

ANSWERS = frozenset({Intent.YES, Intent.NO})
"""What the spotter knows besides safety words."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was heard, and where in the stream: samples at 16 kHz, turned to ms by `ms`."""

    intent: Intent
    phrase: str
    by: str
    began: int
    decided: int
    sure: float = 1.0
    """What speaks for it, 0 to 1: below grading's SURE a safety word is a suspicion."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another engine that decides all but safety.

    It may take seconds: `later` is given its work, to be done where the ears do not wait for
    it; without `later` they wait. `failed` is told when it breaks.
    """

    engine: Whole
    failed: Callable[[EarsError], None]
    later: Callable[[Callable[[], Decision | None]], None] | None = None


def ms(samples: int) -> int:
    """Samples at 16 kHz as whole milliseconds."""
    return samples * 1000 // RATE


def understood(
    words: str, contexts: Iterable[Context], phrases: Phrases, *, final: bool
) -> Match | None:
    """The intent of some words in the first context that has one.

    A negation covers only itself: "don't stop ... stop" is a stop.
    """
    words = normal(words)
    for context in contexts:
        found = understand(words, context, phrases, final=final)
        if found is None:
            continue
        if found.intent is Intent.DONT_STOP:
            rest = f" {words} ".replace(f" {found.phrase} ", " ")
            return understood(rest, contexts, phrases, final=False) or found
        return found
    return None


def every_context() -> tuple[Context, ...]:
    """All contexts but that of numbers: a file is heard as if every command were open."""
    return tuple(context for context in OPEN if context is not Context.NUMBER)


class Hearing:
    """Feeds a decoder with utterances and decides each once."""

    def __init__(
        self,
        endpointer: Endpointer,
        decoder: Streaming,
        phrases: Phrases,
        other: Other | None = None,
        noise: NoiseReduction | None = None,
    ) -> None:
        """`other`, if given, decides all but safety; `noise` cleans what the decoder hears."""
        self._endpointer, self._decoder, self._phrases = endpointer, decoder, phrases
        self._other, self._noise = other, noise
        self.contexts: tuple[Context, ...] = every_context()
        self._counting = phrases
        self._began = 0
        self._rank = 0
        self._steady = 0
        self._pcm = bytearray()

    @property
    def speech(self) -> bool:
        """Whether somebody is saying something."""
        return self._endpointer.open

    def feed(self, chunk: bytes) -> list[Decision]:
        """What one chunk of CHUNK samples decides."""
        sound = None if self._noise is None else self._noise.feed(chunk)
        return self._take(self._endpointer.feed(chunk, sound))

    def flush(self) -> list[Decision]:
        """The stream ends here: decides what is still open."""
        return self._take(self._endpointer.flush())

    def _take(self, marks: list[Began | Sound | Ended]) -> list[Decision]:
        found: list[Decision | None] = []
        for mark in marks:
            match mark:
                case Began(sample):
                    self._began, self._rank, self._steady = sample, 0, 0
                    self._pcm.clear()
                    self._counting = listened_for(self._phrases, self.contexts)
                    self._decoder.begin(self.contexts)
                case Sound(pcm):
                    self._pcm += pcm
                    found.append(self._partial(self._decoder.feed(pcm)))
                case Ended():
                    words = self._decoder.end()
                    found.append(self._safety(words))
                    found.append(self._second_look(words))
        return [decision for decision in found if decision is not None]

    def _decision(self, match: Match, by: str, sure: float = 1.0) -> Decision:
        sample = self._endpointer.sample
        return Decision(match.intent, match.phrase, by, self._began, sample, sure)

    def _partial(self, words: str) -> Decision | None:
        """Half-finished words: "stop" counts at once, the other safety words when they last."""
        match = understood(words, self.contexts, self._counting, final=False)
        if match is None or match.intent in STOPS:
            self._steady = 0
            return self._safety(words)
        self._steady += 1
        if self._steady >= STEADY:
            return self._safety(words)
        stop = {Intent.STOP: self._phrases[Intent.STOP]}
        found = understood(words, self.contexts, stop, final=False)
        return None if found is None else self._safety(found.phrase)

    def _safety(self, words: str) -> Decision | None:
        """A first look's safety word: told at once, and as no more than likely."""
        match = understood(words, self.contexts, self._counting, final=False)
        if match is None or RANK[match.intent] <= self._rank:
            return None
        self._rank = RANK[match.intent]
        return self._decision(match, "decoder", FIRST_LOOK)

    def _second_look(self, words: str) -> Decision | None:
        """The whole utterance again, if it may be a command or a safety word was in it."""
        if len(self._pcm) > WHOLE and not self._rank:
            return self._command("")
        again = self._decoder.again(bytes(self._pcm))
        first, second = (
            understood(said, self.contexts, self._counting, final=False) for said in (words, again)
        )
        if second is not None:
            agreed = first is not None and first.intent is second.intent
            alone = len(again.split()) <= len(second.phrase.split()) + AROUND
            if agreed and alone:
                return self._decision(second, "decoder")
            if RANK[second.intent] > self._rank:
                return self._decision(second, "decoder", FIRST_LOOK)
            return None
        return None if self._rank else self._agreed(words, again)

    def _agreed(self, words: str, again: str) -> Decision | None:
        """A command that both looks found; of a yes or no, one look's is told as likely."""
        first, second = (
            understood(said, self.contexts, self._counting, final=True) for said in (words, again)
        )
        if first is None or (second is not None and second.intent is first.intent):
            return self._command(words)
        if first.intent in ANSWERS and self._other is None:
            return self._decision(first, "decoder", FIRST_LOOK)
        return self._command("")

    def _command(self, words: str) -> Decision | None:
        other = self._other
        if other is None:
            match = understood(words, self.contexts, self._counting, final=True)
            return None if match is None else self._decision(match, "decoder")
        # What counts is bound now: another utterance may have begun when the engine answers.
        span = self._began, self._endpointer.sample
        work = partial(self._by_engine, other, words, bytes(self._pcm), self._counting, span)
        if other.later is None:
            return work()
        other.later(work)
        return None

    def _by_engine(
        self, other: Other, words: str, pcm: bytes, counting: Phrases, span: tuple[int, int]
    ) -> Decision | None:
        by = "engine"
        try:
            words = other.engine.words(pcm)
        except EarsError as error:
            # From here on the built-in decoder decides alone.
            self._other, by = None, "decoder"
            other.failed(error)
        match = understood(words, self.contexts, counting, final=True)
        return None if match is None else Decision(match.intent, match.phrase, by, *span)


def hearing(
    recogniser: str,
    phrases: Phrases,
    failed: Callable[[EarsError], None] = lambda _: None,
    later: Callable[[Callable[[], Decision | None]], None] | None = None,
) -> Hearing:
    """The ears as they run live. Raises EarsError when the recogniser cannot work."""
    check_recogniser(recogniser)
    other = None if recogniser == DEFAULT else Other(engine(recogniser), failed, later)
    return Hearing(Endpointer(silero()), Sphinx(phrases), phrases, other, NoiseReduction())
