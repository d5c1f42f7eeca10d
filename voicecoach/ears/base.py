"""What all ears are: something that posts what the person said, typed or pressed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from voicecoach.core.commands import Context
from voicecoach.core.events import Back, Heard, Lost, Noticed, Suspected
from voicecoach.core.units import Ms

Posted = Heard | Suspected | Noticed | Lost | Back
"""What ears can tell a session."""

Post = Callable[[Posted], None]
"""Called from any thread; must only queue."""

Now = Callable[[], Ms]
"""The session's clock."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the coach said from one moment to another: what the guard compares with."""

    start: Ms
    end: Ms
    text: str


class Ears(Protocol):
    """A source of commands."""

    def start(self, post: Post, now: Now) -> None:
        """Begins to listen. Returns at once; what fails is posted as Lost, never raised."""

    def listen(self, context: Context) -> None:
        """Which commands are open from now on."""

    def speaking(self, spoken: Spoken) -> None:
        """The coach will say this then: its own words must not count as the person's."""

    def hush(self, at: Ms) -> None:
        """The coach was cut at this moment: what it would have said later was never said."""

    def close(self) -> None:
        """Ends all threads and processes and gives the terminal back. May be called twice."""
