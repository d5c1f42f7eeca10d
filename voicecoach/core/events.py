"""What happens to a session: frozen facts, each with its moment on the session's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from voicecoach.core.commands import Intent
from voicecoach.core.units import Ms

Organ = Literal["microphone", "recogniser", "speaker", "voice"]


@dataclass(frozen=True, slots=True)
class Started:
    """The session begins."""

    at: Ms


@dataclass(frozen=True, slots=True)
class Heard:
    """The person said, typed or pressed a command. `by`: "decoder", "keys", "typed", ..."""

    at: Ms
    intent: Intent
    phrase: str
    by: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """Perhaps the person said stop: not sure enough to act on, worth listening to."""

    at: Ms


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something about the sound that the person can mend.

    `what`: "clipping", "noisy", "quiet", "changed"; what has no sentence is only noted.
    """

    at: Ms
    what: str


@dataclass(frozen=True, slots=True)
class Reached:
    """The performance of that number reached a mark of its score ("hold", "release", "end")."""

    at: Ms
    performance: int
    mark: str


@dataclass(frozen=True, slots=True)
class Woke:
    """A wake-up that the session asked for is due."""

    at: Ms
    wake: int


@dataclass(frozen=True, slots=True)
class Lost:
    """An organ of the coach failed; `why` is a sentence fit to be said."""

    at: Ms
    organ: Organ
    why: str


@dataclass(frozen=True, slots=True)
class Back:
    """A lost organ works again."""

    at: Ms
    organ: Organ


@dataclass(frozen=True, slots=True)
class Alerted:
    """An alert was sent, or could not be."""

    at: Ms
    sent: bool


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Ctrl-C or a request to end: finish gracefully, aloud, within a second."""

    at: Ms


Sensed = Heard | Suspected | Noticed | Lost | Back
"""What the ears tell."""

Event = Started | Sensed | Reached | Woke | Alerted | Interrupted
