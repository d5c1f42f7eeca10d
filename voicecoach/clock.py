"""Clocks: the time of a session, and the waiting for what happens next.

Law: time and waiting are injected together, so that a session in a test or a timeline runs the
same conductor without sound and without waiting.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable
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


class JumpingClock:
    """A clock without waiting: it jumps to what comes next. `script`: the events to come."""

    def __init__(self, script: Iterable[Event] = ()) -> None:
        self._script = sorted(script, key=lambda event: event.at)
        self._now = Ms(0)

    @property
    def exhausted(self) -> bool:
        """Whether no event of the script is still to come."""
        return not self._script

    def now(self) -> Ms:
        """Where the clock has jumped to."""
        return self._now

    def wait(self, until: Ms | None) -> Event | None:
        """The next event of the script if it is due by `until`; else jumps there."""
        if self._script and (until is None or self._script[0].at <= until):
            event = self._script.pop(0)
            self._now = max(self._now, event.at)
            return event
        if until is not None:
            self._now = max(self._now, until)
        return None
