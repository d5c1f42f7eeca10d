"""Whether the words that are said on the clock fit into their seconds, and where they do not."""

from __future__ import annotations

from voicecoach.core.actions import Action, Perform
from voicecoach.core.events import Event
from voicecoach.core.plan import Place
from voicecoach.core.score import Cue, Sound, Span, Utterance, thin
from voicecoach.core.units import SECOND, Ms
from voicecoach.outlets.sounds import Sounds


class Fit:
    """An observer; `warnings` has a sentence for each exercise, and what is said in it."""

    def __init__(self, sounds: Sounds, rate: int) -> None:
        self._sounds, self._rate = sounds, rate
        self._found: dict[tuple[int, str], str] = {}
        self._known: dict[tuple[object, ...], int] = {}

    @property
    def warnings(self) -> list[str]:
        """In the order of the session."""
        return list(self._found.values())

    def event(self, event: Event) -> None:
        """Nothing."""

    def cue(self, cue: Cue, place: Place) -> None:
        """Nothing."""

    def action(self, at: Ms, action: Action) -> None:  # noqa: ARG002 - an observer's signature
        """Looks at every span of a script."""
        if isinstance(action, Perform):
            for item in action.script:
                if isinstance(item, Span):
                    self._look(item, action.place)

    def _look(self, span: Span, place: Place) -> None:
        where = f"Exercise {place.exercise}, {place.name}"
        left_out = self._left_out(span)
        if left_out:
            told = f"{left_out} of {len(span.counts)} numbers do not fit into their seconds"
            self._tell(place, "", f"{where}: at {self._rate} words a minute {told}: left out.")
        if span.says and self._lasts(Utterance(span.says)) > span.length:
            told = f"“{span.says}” does not fit into {span.length / SECOND:g} seconds"
            self._tell(place, span.says, f"{where}: {told}: a tone is heard instead.")

    def _left_out(self, span: Span) -> int:
        if span.counts not in self._known:
            kept = len(thin(span.counts, self._lasts))
            self._known[span.counts] = len(span.counts) - kept
        return self._known[span.counts]

    def _tell(self, place: Place, what: str, sentence: str) -> None:
        self._found.setdefault((place.exercise, what), sentence)

    def _lasts(self, sound: Sound) -> Ms:
        return self._sounds.of(sound).duration
