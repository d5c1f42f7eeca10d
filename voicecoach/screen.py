"""The screen: plain lines, appended, each fit to be heard by a screen reader.

Law: one renderer for everyone. No cursor movement, no colour, no boxes, no spinners; counts are
for the ear, so that a hold is never more than three lines.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TextIO

from voicecoach.core.actions import Action
from voicecoach.core.events import Event, Heard
from voicecoach.core.plan import Place
from voicecoach.core.score import Cue, Kind, Utterance
from voicecoach.core.units import Ms


class Screen:
    """An observer that prints what is said, and what was heard."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def line(self, text: str) -> None:
        """One line, at once. A closed stream (a reader that left) is no reason to stop coaching."""
        with suppress(BrokenPipeError, ValueError):
            print(text, file=self._stream, flush=True)

    def event(self, event: Event) -> None:
        """What the person said, typed or pressed."""
        match event:
            case Heard(_, intent, key, "keys"):
                self.line(f"Key {key}: {intent.value.replace('_', ' ')}.")
            case Heard(_, _, phrase):
                self.line(f"You: {phrase}.")

    def action(self, at: Ms, action: Action) -> None:
        """Nothing: what the session wants is seen when it is done."""

    def cue(self, cue: Cue, place: Place) -> None:  # noqa: ARG002 - an observer's signature
        """The sentences, not the counts."""
        if isinstance(cue.sound, Utterance) and cue.kind is not Kind.COUNT:
            self.line(cue.text)
