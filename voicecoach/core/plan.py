"""A routine becomes a plan: segments in order, each knowing its place.

Law: what is prescribed is what is planned. Side two gets exactly what side one got.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.core.routine import Dose, Exercise, Routine, Side, Sides
from voicecoach.core.units import Ms


class Role(StrEnum):
    """What a segment is for."""

    OPENING = "opening"
    GATE = "gate"  # an exercise is announced; the person gets into position and says so
    GET_READY = "get_ready"
    REP = "rep"
    REST = "rest"  # between reps or sets
    SWITCH = "switch"  # to the other side
    CLOSING = "closing"


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


def plan(routine: Routine) -> tuple[Segment, ...]:
    """The segments of a routine in the order in which they are performed."""
    segments = [Segment(Role.OPENING, Place(0, routine.title))]
    for number, exercise in enumerate(routine.exercises, 1):
        segments.extend(_exercise(number, exercise))
    end = Place(len(routine.exercises) + 1, routine.title)
    return (*segments, Segment(Role.CLOSING, end))


def _exercise(number: int, exercise: Exercise) -> Iterator[Segment]:
    dose = exercise.dose
    begin = Place(number, exercise.name, side=_turns(dose)[0][0])
    yield Segment(Role.GATE, begin, exercise)
    yield Segment(Role.GET_READY, begin, exercise, dose.get_ready)
    for set_ in range(1, dose.sets + 1):
        before: Side | None = None
        for turn, (side, rep) in enumerate(_turns(dose)):
            place = Place(number, exercise.name, set_, side, rep)
            if turn == 0 and set_ > 1:
                yield Segment(Role.REST, place, exercise, dose.set_rest)
            elif turn > 0 and side is not before:
                yield Segment(Role.SWITCH, place, exercise, dose.switch)
            elif turn > 0:
                yield Segment(Role.REST, place, exercise, dose.rest)
            yield Segment(Role.REP, place, exercise, dose.hold, full=set_ == rep == 1)
            before = side


def _turns(dose: Dose) -> list[tuple[Side | None, int]]:
    """Side and rep of every repetition of one set."""
    first = dose.first_side
    other = Side.RIGHT if first is Side.LEFT else Side.LEFT
    reps = range(1, dose.reps + 1)
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
