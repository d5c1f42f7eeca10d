"""A clock without waiting, for people who are scripted."""

from __future__ import annotations

from voicecoach.core.events import Event
from voicecoach.core.units import Ms


class Hours:
    """Time passes only where it is waited for; what is `due` comes at its moment."""

    def __init__(self) -> None:
        self.time, self.due = Ms(0), list[tuple[int, Event]]()

    def now(self) -> Ms:
        return self.time

    def wait(self, until: Ms | None) -> Event | None:
        assert until is not None
        if self.due and self.due[0][0] <= until:
            at, event = self.due.pop(0)
            self.time = max(self.time, Ms(at))
            return event
        self.time = max(self.time, until)
        return None
