"""What a session knows: one frozen value, made by `begin` and changed only by `session.step`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from voicecoach.core.actions import Action, Outcome
from voicecoach.core.commands import Context
from voicecoach.core.events import Organ
from voicecoach.core.memory import Memory
from voicecoach.core.plan import GATES, Place, Segment
from voicecoach.core.routine import Position
from voicecoach.core.safety import HALTS
from voicecoach.core.table import Name
from voicecoach.core.units import RATE, Ms
from voicecoach.core.wording import Wording


class Phase(StrEnum):
    """What the session is doing."""

    NEW = "new"
    COACHING = "coaching"  # performing a segment
    WAITING = "waiting"  # at a gate, for "ready"
    HALTED = "halted"  # in a row of the halts' table, for the person's choice
    ENDING = "ending"  # saying goodbye
    ENDED = "ended"


class Part(StrEnum):
    """How far the running segment has come."""

    BEFORE = "before"  # instructing
    DURING = "during"  # inside the hold, rest or switch
    AFTER = "after"  # the span is over


@dataclass(frozen=True, slots=True)
class Today:
    """What has happened in this session, as far as the safety protocol asks. Exercises by id."""

    events: int = 0  # pains and nerve signs, once they are confirmed
    flags: int = 0  # questions of the safety check that were asked
    watches: int = 0  # how often a dizzy person was asked
    scored: frozenset[Name] = frozenset()  # when the strength of the pain was asked for
    before: int | None = None  # how strong it was at the beginning
    worse: bool = False  # something was said to get worse
    over: bool = False  # nothing goes on any more
    advised: bool = False  # what to do about it has been said
    alerted: bool = False
    left_out: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()  # how it is today with what hurt the last time


@dataclass(frozen=True, slots=True)
class State:
    """All that a session knows. Made by `begin`, changed only by `step`."""

    wording: Wording
    phase: Phase = Phase.NEW
    index: int = 0  # of the segment
    part: Part = Part.BEFORE
    held: Ms = Ms(0)  # of this segment's hold, before the running performance
    began: Ms = Ms(0)  # when the running part of the hold began
    performance: int = 0  # number of the running performance
    halt: Name = Name.STOPPED  # the row, while halted
    nudge: int = 0  # how many nudges were given
    in_position: bool = False  # may be in a position that she has not been led out of
    leading_out: bool = False  # the running performance ends with her out of it
    why: str = ""  # pain, dizziness or another reason was told, and she has not gone on since
    body: Position = Position.STANDING  # where it is, as far as the coach has led it
    asking: str = ""  # the name of the number that is asked for
    proposed: int = 0  # what was answered, before it is confirmed
    origin: Name | None = None  # the question that a halt broke into: resuming asks it again
    unanswered: Name = Name.STOPPED  # the question that made the coach ask whether she is there
    memory: Memory = field(default_factory=Memory)
    today: Today = Today()
    goal: Place | None = None  # where she wants to go on from the last time
    greeted: bool = False
    rate: int = RATE
    gain: int = 0
    outcome: Outcome = Outcome.DONE
    lost: frozenset[Organ] = frozenset()
    speaking: bool = False  # the running performance has not come to its end
    noticed: frozenset[str] = frozenset()  # about the sound; each is told once
    untold: tuple[str, ...] = ()  # of these, what is still to be told

    @property
    def hurt(self) -> bool:
        """Whether an end now is an end for pain, or worse."""
        return bool(self.why)

    @property
    def segment(self) -> Segment:
        """The segment that is performed, waited at, or was broken off."""
        return self.wording.segments[self.index]

    @property
    def context(self) -> Context:
        """What the ears should listen for."""
        match self.phase:
            case Phase.WAITING:
                return Context.READY
            case Phase.HALTED:
                return HALTS[self.halt].context
            case _:
                return Context.READY if self.segment.role in GATES else Context.COACHING


Result = tuple[State, tuple[Action, ...]]


def begin(wording: Wording, rate: int = RATE, memory: Memory | None = None) -> State:
    """The state before `Started`. `memory`: what is known of the sessions before."""
    return State(wording=wording, rate=rate, memory=memory or Memory())
