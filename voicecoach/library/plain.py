"""A routine in plain words, line by line, to be read aloud by a screen reader.

Law: every line stands by itself: no columns, no boxes, no meaning in indent or colour.
"""

from __future__ import annotations

from collections.abc import Iterator

from voicecoach.core.en import EN
from voicecoach.core.plan import plan
from voicecoach.core.routine import Dose, Exercise, Position, Prop, Routine, Side, Sides, Step
from voicecoach.core.units import SECOND, Ms
from voicecoach.core.wording import Circumstances, Wording

POSITIONS = {
    Position.SUPINE: "lying on your back",
    Position.PRONE: "lying face down",
    Position.SIDE_LYING: "lying on your side",
    Position.SITTING: "sitting on a chair",
    Position.FLOOR_SITTING: "sitting on the floor",
    Position.STANDING: "standing",
    Position.ALL_FOURS: "on hands and knees",
}

_TWO_SIDES = frozenset({Sides.BOTH, Sides.ALTERNATE})


def overview(routine: Routine) -> list[str]:
    """What one wants to know before choosing: exercises, start positions, things to bring."""
    names = [exercise.name for exercise in routine.exercises]
    places = list(dict.fromkeys(POSITIONS[exercise.position] for exercise in routine.exercises))
    lines = [
        f"{_count(len(names), 'exercise')}: {', '.join(names)}.",
        f"About {_count(minutes(routine), 'minute')}.",
        f"Start {'position' if len(places) == 1 else 'positions'}: {', '.join(places)}.",
    ]
    return (
        [*lines, f"You need: {'; '.join(map(_prop, routine.props))}."] if routine.props else lines
    )


def minutes(routine: Routine) -> int:
    """How long a session takes, as the coach itself announces it."""
    return Wording(EN, routine, plan(routine), Circumstances()).minutes(0)


def whole(routine: Routine) -> Iterator[str]:
    """Every word and number of a routine."""
    yield f"{routine.title}."
    if routine.summary:
        yield routine.summary
    yield from overview(routine)
    yield f"Prescribed by: {routine.prescribed_by or 'nobody is named in the file'}."
    if routine.source:
        yield f"Source: {routine.source.rstrip('.')}."
    yield from _section("Before the first movement:", routine.cautions)
    for number, exercise in enumerate(routine.exercises, start=1):
        yield ""
        yield f"Exercise {number} of {len(routine.exercises)}: {exercise.name}."
        yield from _exercise(exercise)


def amount(dose: Dose) -> str:
    """The dose in one sentence."""
    times = "Once" if dose.reps == 1 else f"{dose.reps} times"
    match dose.sides:
        case Sides.LEFT | Sides.RIGHT:
            times += f" on the {dose.sides} side"
        case Sides.BOTH:
            times += f" on each side, all of the {dose.first_side} side first"
        case Sides.ALTERNATE:
            times += f" on each side in turn, the {dose.first_side} side first"
    sets = f" {dose.sets} sets." if dose.sets > 1 else ""
    return f"{times}, each held for {_seconds(dose.hold)}.{sets}"


def pacing(dose: Dose) -> str:
    """The coach's own pauses in one sentence."""
    parts = [f"{_seconds(dose.get_ready)} to get ready"]
    if dose.reps > 1:
        parts.append(f"{_seconds(dose.rest)} between repetitions")
    if dose.sets > 1:
        parts.append(f"{_seconds(dose.set_rest)} between sets")
    if dose.sides in _TWO_SIDES:
        parts.append(f"{_seconds(dose.switch)} to change sides")
    return f"Pauses: {', '.join(parts)}."


def _exercise(exercise: Exercise) -> Iterator[str]:
    if exercise.purpose:
        yield exercise.purpose
    yield f"Dose: {amount(exercise.dose)}"
    yield pacing(exercise.dose)
    yield f"Start position: {POSITIONS[exercise.position]}."
    yield from _section("Take care:", exercise.cautions)
    if exercise.dose.sides in _TWO_SIDES:
        yield f"In these words for the {exercise.dose.first_side} side:"
    again = () if exercise.again == exercise.way_in else exercise.again
    for heading, steps in (
        ("To get into position:", exercise.setup),
        ("The movement:", exercise.way_in),
        ("In later repetitions:", again),
        ("To feel that it is right:", exercise.check),
        ("The way out:", exercise.release),
    ):
        yield from _section(heading, [_told(step, exercise.dose) for step in steps])
    if exercise.breathing:
        yield f"Breathing: {exercise.breathing}"
    if exercise.source:
        yield f"Source: {exercise.source.rstrip('.')}."


def _prop(prop: Prop) -> str:
    return f"{prop.name}, or {prop.instead}" if prop.instead else prop.name


def _section(heading: str, lines: tuple[str, ...] | list[str]) -> list[str]:
    return [heading, *lines] if lines else []


def _told(step: Step, dose: Dose) -> str:
    side = dose.first_side
    other = Side.RIGHT if side is Side.LEFT else Side.LEFT
    text = step.say.replace("{side}", side).replace("{other}", other)
    return text[:1].upper() + text[1:]


def _seconds(span: Ms) -> str:
    return _count(span // SECOND, "second")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
