"""From phones to phrases: which of those that are open fits a whole utterance best.

Each phrase, and each rival that is no command, is laid along the phones (`network`) as well as it
can be (Viterbi), and what speaks for the best is weighed: a command needs evidence against its
rivals, not only to be the best of few.

Law: what was said is never decided here alone while it is still being said; the decoder's first
look and the spotter are there for that.

Measured on synthetic voices and on people: see `EVIDENCE`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from math import exp, log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecoach.core.commands import Context, Intent, Match, Phrases, understand
from voicecoach.ears.endpoint import RATE
from voicecoach.ears.grammar import Decoys, listened_for, only_number, spoken
from voicecoach.ears.phones.network import DAMAGED, PHONES, WEIGHTS, Network, load
from voicecoach.errors import EarsError

Floats = npt.NDArray[np.float32]
Lengths = npt.NDArray[np.intp]

_FLOOR = 0.004
"""What each phone is likely at least: that another was meant."""

_SILENCE = 1.0
"""Nats by which silence is made less likely. Where the network is unsure when a phone began, it
says silence, and what the phone was is lost."""

NEVER = np.float32(-1e9)

_WAYS = 6  # of saying a phrase, at most

_SHORTEST = RATE // 5  # bytes: 0.1 s

_WITHIN, _STEEP = -0.6, 4.0
"""Nats for each phone, at which a phrase that the first look heard within an utterance is as likely
as not; and how fast that changes. Of 2,846 that people and voices said, quiet and in noise, 96 in
100 are then as likely as 0.2; of 431 that nobody said, half of them words like it, 30."""

_FITS = -1.0
"""Nats for each phone, from which a word fits a whole utterance."""

AGREED = 1.5
"""Nats that the first look adds to what it heard."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How what speaks for a phrase adds up to log odds."""

    fit: float = 1.46
    """Of its log likelihood over that of the likeliest phones, for each of its phones."""
    rivals: float = 0.32
    """Of its log likelihood over that of the best word that is no command."""
    lead: float = 0.56
    """... over that of the best phrase that means something else."""
    agreed: float = 1.6
    """Where the decoder's first look heard the same."""
    length: float = 0.78
    """Of the logarithm of how many phones it has: much sounds a little like a short one."""
    far: float = 4.0
    """Nats for rivals and lead, beyond which more says nothing."""
    long: int = 6
    """Phones, beyond which more say nothing."""
    bias: float = -1.35


EVIDENCE = Evidence()
"""By logistic regression on 2,631 utterances of the bench, each speaker judged by the others. Of
commands that the endpointer found 99 in 100 are then right, of flite and of eSpeak's odd voices,
and next to none is taken for another; in 10 dB of pink noise 83 and 91 (1 % wrong). Of 504 single
words by people that are no command 0.6 % are taken for one, of 194 utterances of talk 2.6 %."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What an utterance is taken for, and how likely that is right: 0 to 1."""

    match: Match
    sure: float
    unlike_stop: bool = False
    """Whether a word that is no command fits the whole, and better than any stop."""


class Phones:
    """From sound to phones: 5 ms for a second of sound, 8 MB."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        """Raises EarsError when the file of weights is missing or damaged."""
        self._network = Network(load(weights))
        if self._network.classes != 1 + len(PHONES):
            raise EarsError(DAMAGED)
        self._last: tuple[bytes, Floats] | None = None

    def of(self, pcm: bytes) -> Floats:
        """Log likelihoods, (n, 1 + len(PHONES)): silence and each phone, every 20 ms.

        They are relative to the likeliest of each moment, which has 0.
        """
        if self._last is None or self._last[0] != pcm:  # two words may be looked for in it
            sound = np.asarray(np.frombuffer(pcm, "<i2") / 32768, np.float32)
            self._last = pcm, likelihoods(self._network.hear(sound))
        return self._last[1]


def likelihoods(found: Floats) -> Floats:
    """What `Phones.of` gives, of the network's log probabilities (n, 1 + len(PHONES))."""
    likely = np.exp(found)
    likely[:, 0] *= np.exp(-_SILENCE)
    logs = np.log(likely / likely.sum(axis=1, keepdims=True) + _FLOOR)
    return np.asarray(logs - logs.max(axis=1, keepdims=True), np.float32)


class Phrasebook:
    """Sentences as phones, laid along the phones of an utterance all at once."""

    def __init__(self, sentences: Sequence[str], lexicon: Mapping[str, Sequence[str]]) -> None:
        """A sentence with a word that the lexicon lacks is never heard."""
        rows = [(n, way) for n, one in enumerate(sentences) for way in ways(one, lexicon)]
        names = {phone: number for number, phone in enumerate(PHONES, 1)}
        self._count = len(sentences)
        self._sentence = np.array([n for n, _ in rows])
        self._length = np.array([len(way) for _, way in rows])
        # All rows in one. Silence may stand before, between and after the phones.
        ends = np.cumsum(2 * self._length + 1)
        self._first, self._last = np.concatenate(([0], ends[:-1])), ends - 1
        self._states = np.zeros(ends[-1], np.intp)
        for first, (_, way) in zip(self._first, rows, strict=True):
            self._states[first + 1 : first + 2 * len(way) : 2] = [names[phone] for phone in way]
        # What a step costs from the state before, and from the one before that: nothing or all.
        self._step = np.zeros(len(self._states), np.float32)
        self._step[self._first] = NEVER
        # Between two that are the same there must be a silence; and no step leaves its row.
        self._skip = np.full(len(self._states), NEVER, np.float32)
        unlike = self._states[2:] * (self._states[2:] != self._states[:-2]) > 0
        self._skip[2:][unlike] = 0
        self._skip[self._first] = self._skip[self._first + 1] = NEVER

    def scores(self, phones: Floats, *, anywhere: bool = False) -> tuple[Floats, Lengths]:
        """The log likelihood of each sentence and how many phones that takes: (sentences,) each.

        Of all that was said; or `anywhere`, where each fits best.
        """
        at = np.full(len(self._states), NEVER)
        at[self._first] = phones[0, 0]
        at[self._first + 1] = phones[0][self._states[self._first + 1]]
        found = np.maximum(at[self._last], at[self._last - 1])
        for moment in phones[1:]:
            if anywhere:
                at[self._first] = 0
            best = at.copy()
            np.maximum(best[1:], at[:-1] + self._step[1:], out=best[1:])
            np.maximum(best[2:], at[:-2] + self._skip[2:], out=best[2:])
            at = best + moment[self._states]
            ends = np.maximum(at[self._last], at[self._last - 1])
            found = np.maximum(found, ends) if anywhere else ends
        scores = np.full(self._count, NEVER)
        lengths = np.ones(self._count, np.intp)
        for row in np.argsort(found):
            scores[self._sentence[row]] = found[row]
            lengths[self._sentence[row]] = self._length[row]
        return scores, lengths


def ways(sentence: str, lexicon: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The phones of a sentence, in some of the ways in which it may be said."""
    words = [lexicon.get(word, ()) for word in sentence.split()]
    for one in islice(product(*words), _WAYS):
        yield " ".join(one).split()


def lexicon_of(lines: str) -> dict[str, list[str]]:
    """A dictionary as `grammar.dictionary` writes it, by word: `stop(2) S T AO P`."""
    found: dict[str, list[str]] = {}
    for line in lines.splitlines():
        word, _, phones = line.partition(" ")
        found.setdefault(word.partition("(")[0], []).append(phones)
    return found


@dataclass(frozen=True)
class _Open:
    """What may be heard in some contexts: first the matches' sentences, then their rivals'."""

    book: Phrasebook
    matches: tuple[Match, ...]

    @cached_property
    def stops(self) -> list[int]:
        """Which of them stop the coach."""
        return [n for n, one in enumerate(self.matches) if one.intent is Intent.STOP]

    def best(self, phones: Floats, first: Match | None) -> Heard:
        scores, lengths = self.book.scores(phones)
        mine, count = scores[: len(self.matches)], len(self.matches)
        agreed = np.array([first is not None and _same(one, first) for one in self.matches])
        both = mine + AGREED * agreed
        best = int(np.argmax(both))
        match = self.matches[best]
        fit = float(mine[best] / lengths[best])
        others = [n for n, one in enumerate(self.matches) if not _same(one, match)]
        rival = count + int(np.argmax(scores[count:]))
        odds = (
            EVIDENCE.bias
            + EVIDENCE.fit * fit
            + EVIDENCE.rivals * min(mine[best] - scores[rival], EVIDENCE.far)
            + EVIDENCE.lead * min(both[best] - both[others].max(), EVIDENCE.far)
            + EVIDENCE.agreed * agreed[best]
            + EVIDENCE.length * log(min(lengths[best], EVIDENCE.long))
        )
        unlike = scores[rival] > mine[self.stops].max(initial=NEVER)
        fits = scores[rival] >= _FITS * lengths[rival]
        return Heard(match, _likely(float(odds)), bool(unlike and fits))


def _same(one: Match, other: Match) -> bool:
    """Whether two phrases mean the same: of numbers, each means itself."""
    if one.intent is Intent.NUMBER:
        return one == other
    return one.intent is other.intent


def _likely(odds: float) -> float:
    """Log odds as a probability."""
    return 1 / (1 + exp(-max(-50.0, min(50.0, odds))))


class Phonetic:
    """Looks at whole utterances as phones."""

    def __init__(
        self, phrases: Phrases, lexicon: str, rivals: Decoys, numbers: Decoys, phones: Phones
    ) -> None:
        """`lexicon`: see `grammar.dictionary`; `rivals`, and those where a number is asked for."""
        self._phrases, self._lexicon = spoken(phrases), lexicon_of(lexicon)
        self._rivals, self._numbers = rivals, numbers
        self._phones = phones
        self._open: dict[frozenset[Context], _Open] = {}
        self._books: dict[str, Phrasebook] = {}

    def heard(self, pcm: bytes, contexts: Collection[Context], first: Match | None) -> Heard | None:
        """What a whole utterance is likeliest to be; `first`: what the decoder heard.

        None where there is hardly any sound.
        """
        if len(pcm) < _SHORTEST:
            return None
        return self._opened(frozenset(contexts)).best(self._phones.of(pcm), first)

    def within(self, pcm: bytes, phrase: str) -> float:
        """How likely a phrase that the decoder heard was said somewhere in an utterance: 0 to 1."""
        if len(pcm) < _SHORTEST:
            return 0.0
        scores, lengths = self._book(phrase).scores(self._phones.of(pcm), anywhere=True)
        return _likely(_STEEP * (float(scores[0]) / int(lengths[0]) - _WITHIN))

    def _book(self, phrase: str) -> Phrasebook:
        if phrase not in self._books:
            self._books[phrase] = Phrasebook((phrase,), self._lexicon)
        return self._books[phrase]

    def _opened(self, contexts: frozenset[Context]) -> _Open:
        """The sentences of some contexts, made when they are first listened in (20 ms)."""
        if contexts not in self._open:
            counting = listened_for(self._phrases, contexts)
            rivals = self._numbers if only_number(contexts) else self._rivals
            matches = {
                phrase: Match(intent, phrase)
                for intent, variants in counting.items()
                for phrase in variants
            }
            for talk in rivals.safety_talk:
                found = understand(talk, next(iter(contexts)), counting, final=False)
                if found is not None:
                    matches.setdefault(talk, found)
            closed = (phrase for variants in self._phrases.values() for phrase in variants)
            others = self._unlike((*rivals.words, *rivals.talk, *closed), matches)
            book = Phrasebook((*matches, *others), self._lexicon)
            self._open[contexts] = _Open(book, tuple(matches.values()))
        return self._open[contexts]

    def _unlike(self, sentences: Collection[str], known: Collection[str]) -> list[str]:
        """Those that do not sound like one of the known."""
        taken = {tuple(way) for one in known for way in ways(one, self._lexicon)}
        return [
            one
            for one in dict.fromkeys(sentences)
            if any(tuple(way) not in taken for way in ways(one, self._lexicon))
        ]
