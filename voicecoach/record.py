"""What happened, as data: the entries of a log and of a timeline.

An entry is a flat JSON object: `{"at_ms", "kind", "text", "place"}` and a few more by kind. The
place counts from 1: `{"exercise", "name", "set", "side", "rep"}`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TextIO

from voicecoach.core.actions import (
    Action,
    Duck,
    End,
    Gain,
    Interject,
    Listen,
    Note,
    Perform,
    Remember,
    Wake,
)
from voicecoach.core.events import (
    Alerted,
    Back,
    Event,
    Heard,
    Interrupted,
    Lost,
    Noticed,
    Reached,
    Started,
    Suspected,
    Woke,
)
from voicecoach.core.plan import Place
from voicecoach.core.safety import SAFETY_HALTS
from voicecoach.core.score import Cue, Kind
from voicecoach.core.units import Ms

Entry = dict[str, Any]
_PASSING = frozenset({Kind.RESUMED, Kind.END})
_SAFETY_NOTES = frozenset(intent.value for intent in SAFETY_HALTS)


def place_entry(place: Place | None) -> Entry | None:
    """A place as JSON."""
    if place is None:
        return None
    return {
        "exercise": place.exercise,
        "name": place.name,
        "set": place.set,
        "side": place.side.value if place.side else None,
        "rep": place.rep,
    }


class Recorder:
    """An observer that turns what happens into entries. `whole` adds every event and action."""

    def __init__(self, write: Callable[[Entry], None], *, whole: bool = False) -> None:
        self._write, self._whole = write, whole
        self._place: Place | None = None

    def event(self, event: Event) -> None:
        """What the person said, what broke; all the rest only in a whole record."""
        match event:
            case Heard(at, intent, phrase, by):
                self._entry(at, "heard", phrase, intent=intent.value, by=by)
            case Suspected(at):
                self._entry(at, "suspected", "perhaps stop")
            case Noticed(at, what):
                self._entry(at, "noticed", what)
            case Lost(at, organ, why):
                self._entry(at, "lost", why, organ=organ)
            case Back(at, organ):
                self._entry(at, "back", organ, organ=organ)
            case Alerted(at, sent):
                self._entry(at, "alerted", "sent" if sent else "failed")
            case Interrupted(at):
                self._entry(at, "interrupted", "interrupted")
            case Reached(at, performance, mark) if self._whole:
                self._entry(at, "event", "reached", performance=performance, mark=mark)
            case Started(at) | Woke(at) if self._whole:
                self._entry(at, "event", type(event).__name__.lower())

    def action(self, at: Ms, action: Action) -> None:
        """Stops and the end; all actions in a whole record."""
        if isinstance(action, Perform | Note):
            self._place = action.place
        if self._whole:
            self._entry(at, "action", type(action).__name__.lower(), **_details(action))
        match action:
            case Note(kind, _, detail) if kind in _SAFETY_NOTES:
                self._entry(at, "stop", detail, intent=kind)
            case End(outcome):
                self._entry(at, "ended", outcome.value)

    def cue(self, cue: Cue, place: Place) -> None:
        """What sounds, or the moment that passes."""
        self._place = place
        if self._whole or cue.kind not in _PASSING:
            self._entry(cue.at, cue.kind.value, cue.text)

    def _entry(self, at: Ms, kind: str, text: str, **more: object) -> None:
        place = place_entry(self._place)
        self._write({"at_ms": at, "kind": kind, "text": text, "place": place, **more})


def _details(action: Action) -> Entry:
    match action:
        case Perform(number, script, rate):
            return {"performance": number, "items": len(script), "rate": rate}
        case Interject(number, script, _, when):
            return {"performance": number, "items": len(script), "when": when.value}
        case Listen(context):
            return {"context": context.value}
        case Wake(wake, at):
            return {"performance": wake, "wake_ms": at}
        case Gain(decibels):
            return {"decibels": decibels}
        case Duck(decibels, until):
            return {"decibels": decibels, "until_ms": until}
        case Note(kind, _, detail):
            return {"note": kind, "detail": detail}
        case Remember(exercise, name, value):
            return {"exercise": exercise, "name": name, "value": value}
        case _:
            return {}


def json_lines(
    stream: TextIO, failed: Callable[[str], None] = lambda _: None
) -> Callable[[Entry], None]:
    """Writes entries as JSON, one a line, each flushed: a killed session keeps its log.

    A full disk ends the log, not the session; `failed` is told once, in a sentence.
    """
    broken = False

    def write(entry: Entry) -> None:
        nonlocal broken
        if broken:
            return
        try:
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            stream.flush()
        except OSError as error:
            broken = True
            failed(f"The log cannot be written any more: {error.strerror}. The session goes on.")

    return write
