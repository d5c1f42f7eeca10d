"""A routine becomes a plan: segments in order, each knowing its place and where the body is.

Law: what is prescribed is what is planned. Side two gets exactly what side one got. A number
that nobody gave is planned by nobody: such an exercise ends at its gate until it is answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.core.routine import Clock, Dose, Exercise, Position, Routine, Side, Sides
from voicecoach.core.units import Ms

OPEN_END = 50
"""Reps that are planned for "as many as are comfortable": more than anybody does."""


class Role(StrEnum):
    """What a segment is for."""

    OPENING = "opening"
    MOVE = "move"  # to the position of the exercise that comes; the person says when they are there
    GATE = "gate"  # an exercise is announced; the person gets ready and says so
    GET_READY = "get_ready"
    REP = "rep"
    REST = "rest"  # between reps or sets
    SWITCH = "switch"  # to the other side
    CLOSING = "closing"


GATES = frozenset({Role.MOVE, Role.GATE})
"""The roles that wait for "ready" at their end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the routine: all numbers count from 1; 0 exercises before the first."""

    exercise: int
    name: str
    set: int = 1
    side: Side | None = None
    rep: int = 0  # 0 before the first rep


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of the plan."""

    role: Role
    place: Place
    exercise: Exercise | None = None  # None in the opening and the closing
    length: Ms = Ms(0)  # of the span in it: the hold, the rest, the switch ...
    full: bool = False  # a rep that gets the full instruction
    start: Position = Position.STANDING  # where the body is before it


def plan(routine: Routine) -> tuple[Segment, ...]:
    """The segments of a routine in the order in which they are performed."""
    segments = [Segment(Role.OPENING, Place(0, routine.title))]
    here = Position.STANDING
    for number, exercise in enumerate(routine.exercises, 1):
        segments.extend(_exercise(number, exercise, here))
        here = exercise.position
    end = Place(len(routine.exercises) + 1, routine.title)
    return (*segments, Segment(Role.CLOSING, end, start=here))


def _exercise(number: int, exercise: Exercise, here: Position) -> Iterator[Segment]:
    dose = exercise.dose
    first = _turns(dose)[0][0] if _turns(dose) else None
    begin = Place(number, exercise.name, side=first)
    # Always planned, since the person may come from elsewhere; passed over by those already there.
    yield Segment(Role.MOVE, begin, exercise, start=here)
    yield Segment(Role.GATE, begin, exercise, start=exercise.position)
    if dose.asked:
        return
    yield Segment(Role.GET_READY, begin, exercise, dose.get_ready, start=exercise.position)
    for set_ in range(1, dose.sets + 1):
        before: Side | None = None
        for turn, (side, rep) in enumerate(_turns(dose)):
            place = Place(number, exercise.name, set_, side, rep)
            between = None
            if turn == 0 and set_ > 1:
                between = (Role.REST, dose.set_rest)
            elif turn > 0 and side is not before:
                between = (Role.SWITCH, dose.switch)
            elif turn > 0:
                between = (Role.REST, dose.rest)
            if between:
                yield Segment(between[0], place, exercise, between[1], start=exercise.position)
            full = set_ == rep == 1
            yield Segment(Role.REP, place, exercise, on_clock(dose), full, exercise.position)
            before = side


def on_clock(dose: Dose) -> Ms:
    """What one rep has on the clock, in all."""
    if dose.clock is Clock.PHASES:
        return Ms(sum(phase.length for phase in dose.phases))
    return dose.hold


def _turns(dose: Dose) -> list[tuple[Side | None, int]]:
    """Side and rep of every repetition of one set."""
    first = dose.first_side
    other = Side.RIGHT if first is Side.LEFT else Side.LEFT
    reps = range(1, (OPEN_END if dose.as_many else dose.reps) + 1)
    match dose.sides:
        case Sides.NONE:
            return [(None, rep) for rep in reps]
        case Sides.LEFT:
            return [(Side.LEFT, rep) for rep in reps]
        case Sides.RIGHT:
            return [(Side.RIGHT, rep) for rep in reps]
        case Sides.BOTH:
            return [(side, rep) for side in (first, other) for rep in reps]
        case Sides.ALTERNATE:
            return [(side, rep) for rep in reps for side in (first, other)]


def start_of(segments: tuple[Segment, ...], exercise: int) -> int:
    """The index of the first segment of an exercise (or of the opening, or the closing)."""
    last = segments[-1].place.exercise
    wanted = min(max(exercise, 0), last)
    return next(i for i, segment in enumerate(segments) if segment.place.exercise == wanted)


def find(segments: tuple[Segment, ...], like: Segment) -> int:
    """The segment of that role and place; where there is none any more, the exercise's first."""
    for index, segment in enumerate(segments):
        if (segment.role, segment.place) == (like.role, like.place):
            return index
    return start_of(segments, like.place.exercise)
