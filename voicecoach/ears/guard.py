"""The coach is not its own user: its own words, heard by its own microphone, are no command.

Law: a safety intent always passes, and that is the first line of `admits` (law 1). All else is
refused only when the coach was just saying those very words: a person with headphones may speak
while the coach speaks, so its mere speaking refuses nothing.

Pure: moments in, an answer out.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from voicecoach.core.commands import SAFETY, Intent, normal
from voicecoach.core.units import Ms
from voicecoach.ears.base import Spoken

TAIL = Ms(500)
"""How long a room and the sound card's buffers keep a word after the coach has said it."""

SLACK = Ms(700)
"""How far a word may lie from where its share of the letters puts it in the sentence."""

KEPT = Ms(30_000)
"""How long a sentence is remembered after its end."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment of the session's clock to another."""

    start: Ms
    end: Ms

    def meets(self, other: Span) -> bool:
        """Whether the two share a moment."""
        return self.start <= other.end and other.start <= self.end


class Guard:
    """Remembers what the coach says, and when."""

    def __init__(self) -> None:
        self._spoken: deque[Spoken] = deque()

    def speaking(self, spoken: Spoken) -> None:
        """The coach says this then; it may still lie ahead."""
        while self._spoken and self._spoken[0].end + KEPT < spoken.start:
            self._spoken.popleft()
        self._spoken.append(spoken)

    def hush(self, at: Ms) -> None:
        """The coach was cut: what was to come was not said, what was running ended here."""
        self._spoken = deque(
            Spoken(one.start, Ms(min(one.end, at)), said(one, at))
            for one in self._spoken
            if one.start < at
        )

    def admits(self, intent: Intent, phrase: str, heard: Span) -> bool:
        """Whether a command heard from one moment to another is the person's."""
        if intent in SAFETY:
            return True
        return not any(
            heard.meets(Span(place.start, Ms(place.end + TAIL)))
            for one in self._spoken
            for place in places(one, phrase)
        )


def said(spoken: Spoken, until: Ms) -> str:
    """The words of a sentence that were out by then, the one being said included."""
    if until >= spoken.end:
        return spoken.text
    length = max(1, spoken.end - spoken.start)
    letters = len(spoken.text) * max(0, until - spoken.start + SLACK) // length
    cut = spoken.text.find(" ", letters)
    return spoken.text if cut < 0 else spoken.text[:cut]


def places(spoken: Spoken, phrase: str) -> list[Span]:
    """When, about, the coach says a phrase within a sentence; empty when it does not."""
    text = f" {normal(spoken.text)} "
    wanted = f" {normal(phrase)} "
    length = spoken.end - spoken.start
    found: list[Span] = []
    at = text.find(wanted)
    while at >= 0:
        first, last = at, at + len(wanted)
        found.append(
            Span(
                Ms(max(spoken.start, spoken.start + length * first // len(text) - SLACK)),
                Ms(min(spoken.end, spoken.start + length * last // len(text) + SLACK)),
            )
        )
        at = text.find(wanted, at + 1)
    return found
