"""The person's own numbers and limits, applied to a routine.

Law: nothing is invented. A number comes from the author, or from the person; a range is moved
within, never beyond, what the author wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voicecoach.core.routine import Amount, Dose, Exercise, Flag, PainRule, Routine
from voicecoach.core.units import SECOND, Ms, seconds

LARGEST = {"reps": 100, "sets": 20, "hold": 600, "work": 600, "phases": 120}
"""What may be answered at most; as in routine files."""

_STEP = 5  # seconds, where a range leaves room for it


@dataclass(frozen=True, slots=True)
class Profile:
    """What one person must avoid, the numbers they gave, and what they have set up."""

    avoid: frozenset[Flag] = frozenset()
    doses: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # by exercise id and name
    contacts: Mapping[str, str] = field(default_factory=dict)
    # Whom to call in an "emergency", whom for advice ("urgent_line"), and to which "place" to go.
    # Asked, never guessed.
    alert: str = ""  # a command to run in an emergency
    scores: bool = True  # the strength of the pain is asked before and after a session
    pain_rule: PainRule | None = None  # their physio's, where it is not the routine's


def adapt(routine: Routine, profile: Profile) -> Routine:
    """The routine for this person: their numbers in, what they must avoid out or replaced."""
    by_id = {exercise.id: exercise for exercise in routine.exercises}
    done: list[Exercise] = []
    left_out: list[tuple[str, str]] = []
    for exercise in routine.exercises:
        if exercise.reserve:
            continue
        chosen: Exercise | None = exercise
        if exercise.not_for & profile.avoid:
            chosen = by_id.get(exercise.instead)
            if chosen is not None and chosen.not_for & profile.avoid:
                chosen = None
            left_out.append((exercise.name, chosen.name if chosen else ""))
        if chosen is not None and chosen not in done:
            done.append(chosen)
    settled = tuple(_settled(exercise, profile.doses.get(exercise.id, {})) for exercise in done)
    rule = profile.pain_rule or routine.pain_rule
    return replace(routine, exercises=settled, left_out=tuple(left_out), pain_rule=rule)


def without_open_ends(routine: Routine) -> Routine:
    """With a number asked for where it is as many as are comfortable: nobody says “next” here."""
    closed = tuple(
        replace(one, dose=replace(one.dose, as_many=False, asked=one.dose.asked | {"reps"}))
        if one.dose.as_many
        else one
        for one in routine.exercises
    )
    return replace(routine, exercises=closed)


def with_numbers(profile: Profile, numbers: Mapping[tuple[str, str], int]) -> Profile:
    """The profile with more numbers, by exercise id and name."""
    doses = {exercise: dict(own) for exercise, own in profile.doses.items()}
    for (exercise, name), value in numbers.items():
        doses.setdefault(exercise, {})[name] = value
    return replace(profile, doses=doses)


def _settled(exercise: Exercise, numbers: Mapping[str, int]) -> Exercise:
    for name, value in numbers.items():
        exercise = settle(exercise, name, value)
    return exercise


def settle(exercise: Exercise, name: str, value: int) -> Exercise:
    """The exercise with a number that was asked for, or one moved within its range.

    What the author fixed stays fixed: such a number changes nothing.
    """
    dose = exercise.dose
    limits = dict(dose.limits).get(name)
    if name not in dose.asked and limits is None:
        return exercise
    low, high = (limits.low, limits.high) if limits else (1, LARGEST[name.partition(".")[0]])
    dose = _with(dose, name, min(max(value, low), high))
    return replace(exercise, dose=replace(dose, asked=dose.asked - {name}))


def _with(dose: Dose, name: str, value: int) -> Dose:
    kind, _, number = name.partition(".")
    match kind:
        case "reps":
            return replace(dose, reps=value)
        case "sets":
            return replace(dose, sets=value)
        case "phases":
            index = int(number) - 1
            phases = list(dose.phases)
            phases[index] = replace(phases[index], length=seconds(value))
            return replace(dose, phases=tuple(phases))
        case _ if dose.breaths:
            return replace(dose, breaths=value, hold=Ms(value * dose.breath))
        case _:
            return replace(dose, hold=seconds(value))


def value_of(dose: Dose, name: str) -> int:
    """A number of the dose, in the unit of the routine file."""
    kind, _, number = name.partition(".")
    match kind:
        case "reps":
            return dose.reps
        case "sets":
            return dose.sets
        case "phases":
            return dose.phases[int(number) - 1].length // SECOND
        case _ if dose.breaths:
            return dose.breaths
        case _:
            return dose.hold // SECOND


def movable(dose: Dose) -> tuple[str, Amount] | None:
    """The range that "longer" and "shorter" move in: of time first, else of reps or sets."""
    order = ("hold", "work", *(f"phases.{n + 1}" for n in range(len(dose.phases))), "reps", "sets")
    limits = dict(dose.limits)
    return next(((name, limits[name]) for name in order if name in limits), None)


def step_of(dose: Dose, name: str, limits: Amount) -> int:
    """How far one "longer" moves: five seconds where there is room, else one."""
    timed = name not in {"reps", "sets"} and not dose.breaths
    return _STEP if timed and limits.high - limits.low >= _STEP else 1


def in_order(dose: Dose) -> tuple[str, ...]:
    """The numbers to be asked for, in the order in which they are asked."""
    order = ("reps", "sets", "hold", "work")
    return tuple(sorted(dose.asked, key=lambda name: (name not in order, *_rank(name, order))))


def _rank(name: str, order: tuple[str, ...]) -> tuple[int, int]:
    kind, _, number = name.partition(".")
    return (order.index(kind) if kind in order else len(order), int(number or 0))
