"""From the phrase tables to what a decoder wants: a bigram language model and a dictionary.

Law: the phrases of `core/en.py` are the only source of what can be said; a phrase added there
is heard without a word here. What is not open where the coach stands is a rival, like all the
words that are no command: numbers, where none is asked for. Pure text in, text out.

A bigram with decoys was measured against a closed grammar and keyword search: both of those
hear commands everywhere (585 false accepts an hour without decoys).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log10

from voicecoach.core.commands import OPEN, SAFETY, Context, Intent, Phrases

BEGIN, END = "<s>", "</s>"


CHANGES = (
    *(Intent.LONGER, Intent.SHORTER, Intent.EASIER, Intent.HARDER),
    *(Intent.SAY_MORE, Intent.SAY_LESS),
)
"""Said seldom, and near to what is said all the time: long, short, hard, some more."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How likely each kind of sentence is, as parts of 1, and what a history keeps for the rest."""

    commands: float = 0.97
    safety_talk: float = 0.02
    talk: float = 0.004
    backoff: float = 0.02
    """Part of the probability after any word that is left to words never seen after it."""

    command_backoff: float = 0.5
    """Unigram weight of a word of a command, where a decoy has 1."""

    stop: float = 6.0
    """How many other intents "stop" weighs, because a missed one costs a person.

    128 human clips: 79 % found with 1, 86 % with 6; a false one in 4 % and 5 % of other words.
    """

    numbers: float = 60.0
    """How many other intents all the numbers together weigh, where a number is asked for.

    120 human digits, 64 "stop" there: 76 digits and 56 stops with 20, 81 and 56 with 60,
    82 and 54 with 150.
    """

    change: float = 0.15
    """How many other intents each of CHANGES weighs.

    64 renderings of their phrases: 62 found with 1, with 0.15 and with 0.06. Of 151 other words
    by people 37, 35 and 32 were taken for a command, 31 before there were any changes. With 0.06
    a decoy alone is likelier than "make it longer".
    """

    def weight(self, intent: Intent) -> float:
        """How likely an intent is, beside the others."""
        of_changes = dict.fromkeys(CHANGES, self.change)
        weights = {Intent.STOP: self.stop, Intent.NUMBER: self.numbers, **of_changes}
        return weights.get(intent, 1.0)


@dataclass(frozen=True, slots=True)
class Decoys:
    """Rivals of the commands, per language."""

    words: tuple[str, ...]
    talk: tuple[str, ...]
    safety_talk: tuple[str, ...]


def only_number(contexts: Collection[Context]) -> bool:
    """Whether nothing but a number is asked for."""
    return set(contexts) == {Context.NUMBER}


def listened_for(phrases: Phrases, contexts: Collection[Context]) -> Phrases:
    """The phrases that count in these contexts; numbers count only where nothing else is asked."""
    counting = SAFETY.union(*(OPEN[context] for context in contexts))
    if not only_number(contexts):
        counting -= {Intent.NUMBER}
    return {intent: phrases[intent] for intent in phrases if intent in counting}


def spoken(phrases: Phrases) -> Phrases:
    """The phrases without those that can only be typed: numbers in digits."""
    return {
        intent: tuple(phrase for phrase in variants if not any(map(str.isdigit, phrase)))
        for intent, variants in phrases.items()
    }


def sentences(phrases: Phrases, decoys: Decoys, shares: Shares) -> dict[tuple[str, ...], float]:
    """Every sentence with its probability; what they leave of 1 is for single decoys."""
    weights: dict[tuple[str, ...], float] = {}

    def add(lines: Iterable[str], share: float) -> None:
        rows = [tuple(line.split()) for line in lines]
        for row in rows:
            weights[row] = weights.get(row, 0.0) + share / len(rows)

    total = sum(shares.weight(intent) for intent in phrases)
    for intent, variants in phrases.items():
        # The first phrase of an intent is the one that the person is taught; of numbers, none is.
        part = shares.commands * shares.weight(intent) / total
        if len(variants) == 1 or intent is Intent.NUMBER:
            add(variants, part)
        else:
            add(variants[:1], part / 2)
            add(variants[1:], part / 2)
    add(decoys.safety_talk, shares.safety_talk)
    add(decoys.talk, shares.talk)
    return weights


def vocabulary(phrases: Phrases, decoys: Decoys) -> tuple[str, ...]:
    """Every word the decoder knows, sorted."""
    lines = [phrase for variants in phrases.values() for phrase in variants]
    lines += [*decoys.talk, *decoys.safety_talk, *decoys.words]
    return tuple(sorted({word for line in lines for word in line.split()}))


def _bigrams(rows: Mapping[tuple[str, ...], float]) -> dict[str, dict[str, float]]:
    follows: dict[str, dict[str, float]] = {}
    for row, weight in rows.items():
        for first, second in zip((BEGIN, *row), (*row, END), strict=True):
            after = follows.setdefault(first, {})
            after[second] = after.get(second, 0.0) + weight
    return follows


def language_model(phrases: Phrases, decoys: Decoys, shares: Shares | None = None) -> str:
    """A bigram model in ARPA format."""
    shares = shares or Shares()
    rows = sentences(phrases, decoys, shares)
    words = vocabulary(phrases, decoys)
    spoken = {w for variants in phrases.values() for line in variants for w in line.split()}
    mass = {w: shares.command_backoff if w in spoken else 1.0 for w in words}
    # A decoy in free talk is followed by the end about once in four words.
    mass[END] = len(words) / 4
    total = sum(mass.values())
    unigram = {w: m / total for w, m in mass.items()}
    follows = _bigrams(rows)
    # The sentences claim their shares of all that begins; the rest of 1 begins with any decoy.
    kept = dict.fromkeys(follows, 1 - shares.backoff)
    kept[BEGIN] = sum(rows.values())
    ones = [f"-99 {BEGIN} {_alpha(follows, BEGIN, kept, unigram):.4f}"]
    ones += [
        f"{log10(part):.4f} {word} {_alpha(follows, word, kept, unigram):.4f}"
        for word, part in sorted(unigram.items())
    ]
    twos = [
        f"{log10(kept[first] * count / sum(counts.values())):.4f} {first} {second}"
        for first, counts in sorted(follows.items())
        for second, count in sorted(counts.items())
    ]
    head = f"\\data\\\nngram 1={len(ones)}\nngram 2={len(twos)}\n"
    return "\n".join([head, "\\1-grams:", *ones, "", "\\2-grams:", *twos, "", "\\end\\", ""])


def _alpha(
    follows: Mapping[str, Mapping[str, float]],
    first: str,
    kept: Mapping[str, float],
    unigram: Mapping[str, float],
) -> float:
    """The back-off weight that makes all that may follow a word sum to 1, as log10."""
    if first not in follows:
        return 0.0
    seen = sum(unigram[second] for second in follows[first])
    return log10((1 - kept[first]) / (1 - seen))


def _word(line: str) -> str:
    """The word of a line like `stop(2) S T AO P`."""
    return line.partition(" ")[0].partition("(")[0]


def dictionary(
    words: Iterable[str],
    bundled: Sequence[str],
    extra: Mapping[str, tuple[str, ...]],
) -> str:
    """The lines of the bundled dictionary for these words, with the extra pronunciations.

    It is in the order of its words, and 135 thousand lines long: to look each word up takes a
    fifth of the time that reading it through took, which was half of the decoder's start.
    A word without any pronunciation is left out: the decoder would refuse the whole file.
    """
    lines: list[str] = []
    for word in sorted(set(words)):
        first = last = bisect_left(bundled, word, key=_word)
        while last < len(bundled) and _word(bundled[last]) == word:
            last += 1
        found = [line.strip().partition(" ")[2] for line in bundled[first:last]]
        ways = dict.fromkeys([*found, *extra.get(word, ())])
        lines += [f"{word}{f'({n})' if n > 1 else ''} {way}" for n, way in enumerate(ways, 1)]
    return "\n".join(lines) + "\n"


def unheard(phrases: Phrases, lexicon: str) -> tuple[str, ...]:
    """Words of the phrases that a dictionary lacks: a phrase with one of them is never heard."""
    known = {line.partition(" ")[0] for line in lexicon.splitlines()}
    spoken = {w for variants in phrases.values() for line in variants for w in line.split()}
    return tuple(sorted(spoken - known))
