"""What a language brings: phrases to hear, sentences to say, words for numbers and sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voicecoach.core.commands import Phrases
from voicecoach.core.routine import Position, Side

_HUNDRED, _THOUSAND = 100, 1000
_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Language:
    """All words of one language. Adding a language is writing one such table."""

    code: str
    phrases: Phrases
    sentences: Mapping[str, str]  # by name, with {placeholders}
    unset: Mapping[str, str]  # placeholders that the person may fill, and what stands for them
    units: tuple[str, ...]  # zero to nineteen
    tens: tuple[str, ...]  # index 2 is twenty
    numbers: Mapping[str, int]  # what may be answered to "how many?", in normal form
    hundred: str
    ordinals: tuple[str, ...]  # index 1 is first
    sides: Mapping[Side, str]
    positions: Mapping[Position, str]
    moves: Mapping[tuple[Position, Position], tuple[str, ...]]  # from, to: step by step
    parts: Mapping[str, str]  # titles of what comes before the exercises, and after them

    def number(self, count: int) -> str:
        """A whole number below 1000 in words; digits beyond, which every voice can read."""
        if count < len(self.units):
            return self.units[count]
        if count < _HUNDRED:
            tens, units = divmod(count, 10)
            return self.tens[tens] + (f"-{self.units[units]}" if units else "")
        if count < _THOUSAND:
            hundreds, rest = divmod(count, _HUNDRED)
            return f"{self.units[hundreds]} {self.hundred}" + (
                f" {self.number(rest)}" if rest else ""
            )
        return str(count)

    def ordinal(self, count: int) -> str:
        """`third`, or `number 23` where the language's list ends."""
        if count < len(self.ordinals):
            return self.ordinals[count]
        return self.say("number", number=self.number(count))

    def dialled(self, number: str) -> str:
        """A telephone number, digit by digit; what is no number stays as it is."""
        if any(sign.isalpha() for sign in number):
            return number
        return " ".join(self.units[int(sign)] for sign in number if sign in _DIGITS)

    def say(self, sentence: str, /, **words: str) -> str:
        """The sentence of that name with its placeholders filled."""
        return self.sentences[sentence].format(**words)
