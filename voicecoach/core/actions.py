"""What a session wants done: frozen data, carried out by the conductor in the order given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.core.commands import Context
from voicecoach.core.plan import Place
from voicecoach.core.score import Script
from voicecoach.core.units import Ms


class Outcome(StrEnum):
    """How a session ended."""

    DONE = "done"
    PAIN = "pain"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Silence:
    """Cut speech and count now, and forget what was to come."""


@dataclass(frozen=True, slots=True)
class Perform:
    """Perform this script; its marks come back as Reached with this number."""

    performance: int
    script: Script
    rate: int  # words a minute
    place: Place


class When(StrEnum):
    """How something is said into a running performance."""

    NOW = "now"  # the sentence it breaks into is said again after it
    OVER = "over"  # in the place of counts, while the clock goes on; LAST where it does not fit
    LAST = "last"  # when all else has been said


@dataclass(frozen=True, slots=True)
class Interject:
    """Say this into the running performance; what follows is said at `rate`."""

    performance: int
    script: Script
    rate: int
    when: When


@dataclass(frozen=True, slots=True)
class Listen:
    """What may be said now."""

    context: Context


@dataclass(frozen=True, slots=True)
class Wake:
    """Send Woke with this number then; a later performance makes it stale."""

    wake: int
    at: Ms


@dataclass(frozen=True, slots=True)
class Gain:
    """Loudness relative to normal, in decibels."""

    decibels: int


@dataclass(frozen=True, slots=True)
class Duck:
    """Softer by so many decibels until then, or until Silence. Nothing else changes."""

    decibels: int
    until: Ms


@dataclass(frozen=True, slots=True)
class Alert:
    """Call whom the person has named for an emergency; how it went comes back as Alerted."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something for the log and the diary; what kinds there are, stands in `core/memory.py`."""

    kind: str
    place: Place
    detail: str = ""
    held: Ms = Ms(0)  # of the place's hold, so far


@dataclass(frozen=True, slots=True)
class Forget:
    """The person wants the latest note about a stop or a pain deleted."""


@dataclass(frozen=True, slots=True)
class Remember:
    """A number the person gave: keep it in their profile for the next time."""

    exercise: str  # id
    name: str  # "reps", "hold", ...
    value: int


@dataclass(frozen=True, slots=True)
class End:
    """The session is over."""

    outcome: Outcome


Speaking = Silence | Perform | Interject | Gain | Duck
Action = Speaking | Listen | Wake | Alert | Note | Forget | Remember | End
