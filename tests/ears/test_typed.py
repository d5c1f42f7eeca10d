"""Typed words are understood like spoken ones."""

from __future__ import annotations

import io
import os
import queue

import pytest

from voicecoach.core.commands import Context, Intent
from voicecoach.core.en import PHRASES
from voicecoach.core.events import Heard
from voicecoach.core.units import Ms
from voicecoach.ears.base import Ears, Posted
from voicecoach.ears.typed import TypedEars

Events = queue.SimpleQueue[Posted]


def heard(lines: str, context: Context = Context.COACHING) -> list[Heard]:
    events: Events = queue.SimpleQueue()
    ears = TypedEars(io.StringIO(lines + "\nstop\n"))
    ears.listen(context)
    ears.start(events.put, lambda: Ms(7))
    found: list[Heard] = []
    while True:
        event = events.get(timeout=5)
        assert isinstance(event, Heard)
        if event.intent is Intent.STOP:
            return found
        found.append(event)


@pytest.mark.parametrize(
    ("intent", "phrase"),
    [(i, p) for i, variants in PHRASES.items() for p in variants if i is not Intent.STOP],
)
def test_every_phrase_is_heard_where_it_is_open(intent: Intent, phrase: str) -> None:
    found = {e.intent for context in Context for e in heard(phrase, context)}
    assert found == {intent}


def test_what_is_no_command_is_not_heard() -> None:
    assert heard("next week then\nback\n\n   \nyes") == []


def test_the_event_carries_its_moment_and_source() -> None:
    assert heard("  NEXT!  ") == [Heard(Ms(7), Intent.NEXT, "next", "typed")]


def test_a_stop_after_a_negation_is_a_stop() -> None:
    events: Events = queue.SimpleQueue()
    TypedEars(io.StringIO("don't stop, no, stop!\n")).start(events.put, lambda: Ms(0))
    event = events.get(timeout=5)
    assert isinstance(event, Heard)
    assert event.intent is Intent.STOP


def test_the_end_of_the_stream_posts_nothing() -> None:
    events: Events = queue.SimpleQueue()
    ears: Ears = TypedEars(io.StringIO(""))
    ears.start(events.put, lambda: Ms(0))
    with pytest.raises(queue.Empty):
        events.get(timeout=0.2)
    ears.close()
    ears.close()


def test_nothing_is_posted_after_close() -> None:
    reading, writing = os.pipe()
    events: Events = queue.SimpleQueue()
    with os.fdopen(reading) as stream, os.fdopen(writing, "w") as keyboard:
        ears = TypedEars(stream)
        ears.start(events.put, lambda: Ms(0))
        ears.close()
        keyboard.write("stop\n")
        keyboard.flush()
        with pytest.raises(queue.Empty):
            events.get(timeout=0.2)
