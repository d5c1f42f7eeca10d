"""From a stream of sound to decisions: what the live ears and `voicecoach hear` have in common.

Laws: a safety word of the half-finished result is told at once, as likely; at the end of the
utterance a second look, at its phones, makes it sure, or finds what the first missed. One utterance
is one sure decision: of what was only likely it may make something else, even a command, which
counts where the safety word was not told (`listening`). "Don't stop", of which the "stop" was told
already, leaves the coach stopped and asking.
A number counts only in an utterance that began where nothing else was asked for.

Measured on people's single words: the half-finished results of 128 "stop" flash as "ouch" or
"help me" in 13 %, of which 6 % last four chunks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from voicecoach.core.commands import (
    GRAVITY,
    OPEN,
    SAFETY,
    Context,
    Intent,
    Match,
    Phrases,
    normal,
    understand,
)
from voicecoach.ears import engines
from voicecoach.ears.endpoint import CHUNK, RATE, Began, Ended, Endpointer, Sound, silero
from voicecoach.ears.grammar import listened_for
from voicecoach.ears.noise import NoiseReduction
from voicecoach.ears.phones.network import WEIGHTS
from voicecoach.ears.phones.phrases import Heard, Phones, Phonetic
from voicecoach.ears.recogniser import (
    DEFAULT,
    NUMBER_RIVALS,
    RIVALS,
    Sphinx,
    Streaming,
    check_recogniser,
)
from voicecoach.errors import EarsError

RANK = {intent: rank for rank, intent in enumerate((Intent.DONT_STOP, *reversed(GRAVITY)), 1)}
"""How grave a safety intent is: within one utterance only a graver one follows another."""


STEADY = 4
"""Chunks of 32 ms that a half-finished "it hurts" or "help me" must last to be believed."""

WHOLE = 7 * RATE
"""Bytes, 3.5 s, of the longest utterance that may be a phrase; it takes 40 ms to look at, in which
nothing else is heard."""

LONGEST = 17 * RATE
"""Bytes, 8.5 s, of the stream that are kept: a whole utterance."""

LATELY = 40 * CHUNK * 2
"""Bytes, 1.3 s, in which a word is looked for while it is being said. With 1 s, and 1.5 s for the
spotter, one to three of 128 people's stops in noise were lost."""

CERTAIN = 0.5
"""How likely a whole utterance must be a phrase to count as that."""

NUMBER = 0.01
"""... a number, where one is asked for: it is said back and must be confirmed."""

ANSWER = 0.05
"""... a yes or no, where that is asked for and the spotter is asked, too."""

OUTWEIGHS = 0.8
"""... a command, where the first look heard a safety word whose phones are not there."""

LIKELY = 0.2
"""How likely a safety word of the first look must lie within an utterance to be told as that."""

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

    engine: engines.Whole
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


class Whole(Protocol):
    """Looks at whole utterances: see `phones.phrases.Phonetic`."""

    def heard(self, pcm: bytes, contexts: Collection[Context], first: Match | None) -> Heard | None:
        """What it is likeliest to be; `first`: what the decoder heard."""

    def within(self, pcm: bytes, phrase: str) -> float:
        """How likely a phrase was said somewhere in it: 0 to 1."""


def _at_most(sure: float, match: Match, heard: Heard | None) -> float:
    """How sure a stop may be: where another word fits better, no more than the first look is."""
    unlike = match.intent is Intent.STOP and heard is not None and heard.unlike_stop
    return FIRST_LOOK if unlike else sure


class Hearing:
    """Feeds a decoder with utterances and decides each once."""

    def __init__(  # noqa: PLR0913  one for each part of the way
        self,
        endpointer: Endpointer,
        decoder: Streaming,
        whole: Whole,
        phrases: Phrases,
        *,
        other: Other | None = None,
        noise: NoiseReduction | None = None,
    ) -> None:
        """`whole` looks again at what is over; `other`, if given, decides all but safety.

        `noise` cleans what the decoder hears.
        """
        self._endpointer, self._decoder, self._whole = endpointer, decoder, whole
        self._phrases = phrases
        self._other, self._noise = other, noise
        self.contexts: tuple[Context, ...] = every_context()
        self._begun_in, self._counting = self.contexts, phrases
        self._began = 0
        self._flash: Match | None = None
        self._steady = 0
        self._pcm = bytearray()
        self._stream = bytearray()

    @property
    def speech(self) -> bool:
        """Whether somebody is saying something."""
        return self._endpointer.open

    def feed(self, chunk: bytes) -> list[Decision]:
        """What one chunk of CHUNK samples decides."""
        self._stream += chunk
        del self._stream[:-LONGEST]
        sound = None if self._noise is None else self._noise.feed(chunk)
        return self._take(self._endpointer.feed(chunk, sound))

    def lately(self, phrase: str) -> float:
        """How likely a phrase was said in the last LATELY bytes: 0 to 1."""
        return self._whole.within(bytes(self._stream[-LATELY:]), phrase)

    def flush(self) -> list[Decision]:
        """The stream ends here: decides what is still open."""
        return self._take(self._endpointer.flush())

    def _take(self, marks: list[Began | Sound | Ended]) -> list[Decision]:
        found: list[Decision | None] = []
        for mark in marks:
            match mark:
                case Began(sample):
                    self._began, self._flash, self._steady = sample, None, 0
                    self._pcm.clear()
                    self._begun_in = self.contexts
                    self._counting = listened_for(self._phrases, self.contexts)
                    self._decoder.begin(self.contexts)
                case Sound(pcm):
                    self._pcm += pcm
                    found.append(self._partial(self._decoder.feed(pcm)))
                case Ended():
                    words = self._decoder.end()
                    found.append(self._safety(words))
                    found.append(self._whole_look(words))
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
        if match is None or (self._flash and RANK[match.intent] <= RANK[self._flash.intent]):
            return None
        self._flash = match
        return self._decision(match, "decoder", FIRST_LOOK)

    def _whole_look(self, words: str) -> Decision | None:
        """The whole utterance again, as phones."""
        first = understood(words, self.contexts, self._counting, final=True)
        heard = None
        if len(self._pcm) <= WHOLE:
            heard = self._whole.heard(self._raw(), self._begun_in, first)
        if heard is None or not self._counts(heard):
            return self._within(first, heard) or (None if self._flash else self._command(None))
        match, sure = heard.match, heard.sure
        enough = NUMBER if match.intent is Intent.NUMBER else CERTAIN
        if match.intent in SAFETY:
            return (
                self._decision(match, "decoder", _at_most(sure, match, heard))
                if sure >= CERTAIN
                else self._within(first, heard)
            )
        if match.intent in ANSWERS and sure >= ANSWER and self._other is None:
            return self._decision(match, "decoder", sure)
        return self._command(match if sure >= enough else None, sure)

    def _counts(self, heard: Heard) -> bool:
        """Whether it is open here, too, and not only where the utterance began.

        After a safety word of the first look a command must outweigh it. A number need not: "five"
        flashes as "stop", and where that stopped the coach, no number is asked for any more.
        """
        match, flash = heard.match, self._flash
        if match.intent in SAFETY:
            return True
        if understood(match.phrase, self.contexts, self._counting, final=True) is None:
            return False
        if flash is None or match.intent is Intent.NUMBER:
            return True
        return heard.sure >= OUTWEIGHS and self._whole.within(self._raw(), flash.phrase) < LIKELY

    def _within(self, first: Match | None, heard: Heard | None) -> Decision | None:
        """A safety word that the first look found, if the phones are there, too."""
        if first is None or first.intent not in SAFETY or len(self._pcm) > WHOLE:
            return None
        sure = self._whole.within(self._raw(), first.phrase)
        if sure < LIKELY:
            return None
        return self._decision(first, "decoder", _at_most(sure, first, heard))

    def _raw(self) -> bytes:
        """The utterance as the microphone heard it, without the noise reduction."""
        return bytes(self._stream[-len(self._pcm) :])

    def _command(self, match: Match | None, sure: float = 0.0) -> Decision | None:
        other = self._other
        if other is None:
            return None if match is None else self._decision(match, "decoder", sure)
        # What counts is bound now: another utterance may have begun when the engine answers.
        span = self._began, self._endpointer.sample
        work = partial(self._by_engine, other, match, bytes(self._pcm), self._counting, span)
        if other.later is None:
            return work()
        other.later(work)
        return None

    def _by_engine(
        self,
        other: Other,
        match: Match | None,
        pcm: bytes,
        counting: Phrases,
        span: tuple[int, int],
    ) -> Decision | None:
        by = "engine"
        try:
            words = other.engine.words(pcm)
            match = understood(words, self.contexts, counting, final=True)
        except EarsError as error:
            # From here on the built-in decoder decides alone.
            self._other, by = None, "decoder"
            other.failed(error)
        return None if match is None else Decision(match.intent, match.phrase, by, *span)


def hearing(
    recogniser: str,
    phrases: Phrases,
    failed: Callable[[EarsError], None] = lambda _: None,
    later: Callable[[Callable[[], Decision | None]], None] | None = None,
    phones: Path = WEIGHTS,
) -> Hearing:
    """The ears as they run live. Raises EarsError when the recogniser cannot work.

    `phones`: the weights of the phone network.
    """
    check_recogniser(recogniser)
    other = None if recogniser == DEFAULT else Other(engines.engine(recogniser), failed, later)
    decoder = Sphinx(phrases)
    whole = Phonetic(phrases, decoder.lexicon, RIVALS, NUMBER_RIVALS, Phones(phones))
    return Hearing(
        Endpointer(silero()), decoder, whole, phrases, other=other, noise=NoiseReduction()
    )
