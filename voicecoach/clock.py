"""Clocks: the time of a session, and the waiting for what happens next.

Law: time and waiting are injected together, so that a session in a test or a timeline runs the
same conductor without sound and without waiting.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Protocol

from voicecoach.core.events import Event
from voicecoach.core.units import Ms


class Clock(Protocol):
    """A session's time."""

    def now(self) -> Ms:
        """The present moment."""

    def wait(self, until: Ms | None) -> Event | None:
        """The next event, or None as soon as it is `until` (None: however long it takes)."""


class LiveClock:
    """The speaker's sample clock, and a queue that every thread may post events to."""

    def __init__(self, now: Callable[[], Ms]) -> None:
        self.now = now
        self._queue: queue.SimpleQueue[Event] = queue.SimpleQueue()

    def post(self, event: Event) -> None:
        """Queues an event; safe from any thread and from a signal handler."""
        self._queue.put(event)

    def wait(self, until: Ms | None) -> Event | None:
        """The next event posted, or None at `until`."""
        try:
            if until is None:
                return self._queue.get()
            left = until - self.now()
            return self._queue.get(timeout=left / 1000) if left > 0 else self._queue.get_nowait()
        except queue.Empty:
            return None


Source = Callable[[Ms | None], Event | None]
"""Gives the next event that is due by a moment (None: the next one at all) and forgets it."""


class JumpingClock:
    """A clock without waiting: it jumps to whatever comes next."""

    def __init__(self, source: Source, start: Ms = Ms(0)) -> None:
        """`start`: where it stands before it jumps."""
        self._source, self._now = source, start

    def now(self) -> Ms:
        """Where the clock has jumped to."""
        return self._now

    def wait(self, until: Ms | None) -> Event | None:
        """The next event if it is due by `until`; else jumps there."""
        event = self._source(until)
        to = event.at if event is not None else until
        if to is not None:
            self._now = max(self._now, to)
        return event
