"""A routine in plain words, line by line, to be read aloud by a screen reader.

Law: every line stands by itself: no columns, no boxes, no meaning in indent or colour. A number
that the person will be asked for is called so, never made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from voicecoach.core.en import EN
from voicecoach.core.plan import plan
from voicecoach.core.routine import (
    Amount,
    Clock,
    Dose,
    Exercise,
    Position,
    Prop,
    Routine,
    Side,
    Sides,
    Step,
)
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
_ASKED = "that the coach asks you for"


def settled(routine: Routine) -> Routine:
    """The routine as it can be planned without asking anybody: what is asked for at its least."""
    done = [exercise for exercise in routine.exercises if not exercise.reserve]
    return replace(
        routine,
        exercises=tuple(replace(one, dose=_settled(one.dose)) for one in done),
    )


def _settled(dose: Dose) -> Dose:
    if not dose.asked and not dose.as_many:
        return dose
    return replace(
        dose,
        reps=max(1, dose.reps),
        sets=max(1, dose.sets),
        hold=dose.hold if dose.clock is Clock.PHASES else Ms(max(SECOND, dose.hold)),
        phases=tuple(replace(p, length=Ms(max(SECOND, p.length))) for p in dose.phases),
        as_many=False,
        asked=frozenset(),
    )


def unsettled(routine: Routine) -> int:
    """How many numbers the coach will ask for, where it was never told."""
    done = [exercise.dose for exercise in routine.exercises if not exercise.reserve]
    return sum(len(dose.asked) for dose in done)


def overview(routine: Routine) -> list[str]:
    """What one wants to know before choosing."""
    done = [exercise for exercise in routine.exercises if not exercise.reserve]
    kept = [exercise.name for exercise in routine.exercises if exercise.reserve]
    places = list(dict.fromkeys(POSITIONS[exercise.position] for exercise in done))
    lines = [
        f"{_count(len(done), 'exercise')}: {', '.join(one.name for one in done)}.",
        _lasts(routine),
        f"Start {'position' if len(places) == 1 else 'positions'}: {', '.join(places)}.",
    ]
    if kept:
        lines.append(f"Only in place of another: {', '.join(kept)}.")
    if routine.props:
        lines.append(f"You need: {_props(routine.props)}.")
    if routine.cautions:
        lines.append(f"Take care: {' '.join(routine.cautions)}")
    if routine.approval:
        lines.append("Your physiotherapist must agree first: the source gives only names.")
    return lines


def minutes(routine: Routine) -> int:
    """How long a session takes, as the coach itself announces it."""
    known = settled(routine)
    return Wording(EN, known, plan(known), Circumstances()).minutes(0)


def _lasts(routine: Routine) -> str:
    time, asked = _count(minutes(routine), "minute"), unsettled(routine)
    if not asked:
        return f"About {time}."
    return f"At least {time}; {_count(asked, 'number')} {_ASKED}."


def whole(routine: Routine) -> Iterator[str]:
    """What stands before the exercises."""
    yield f"{routine.title}."
    if routine.summary:
        yield routine.summary
    yield from overview(routine)
    yield from _a_day(routine.times_per_day, often=routine.often)
    yield f"Prescribed by: {routine.prescribed_by or 'nobody is named in the file'}."
    if routine.source:
        yield f"Source: {routine.source.rstrip('.')}."


def exercise_lines(exercise: Exercise, *, form: str = "") -> Iterator[str]:
    """What is known of an exercise beside what the coach says; `form` for its other forms."""
    if form:
        yield f"{form}: {exercise.name}."
    elif exercise.purpose:
        yield exercise.purpose
    yield f"Dose: {amount(exercise.dose)}"
    if form:
        return
    yield pacing(exercise.dose)
    yield from _a_day(exercise.times_per_day, often=exercise.often)
    yield f"Start position: {POSITIONS[exercise.position]}."
    for heading, texts in (
        ("For", exercise.targets),
        ("Not for", sorted(exercise.not_for)),
        ("Instead", [exercise.instead] if exercise.instead else []),
        ("Needs", [_props(exercise.props)] if exercise.props else []),
        ("Source", [exercise.source.rstrip(".")] if exercise.source else []),
        ("Steps after", [exercise.reference.rstrip(".")] if exercise.reference else []),
    ):
        if texts:
            yield f"{heading}: {', '.join(texts)}."


def forms(exercise: Exercise) -> Iterator[str]:
    """The easier and the harder form, with the sentences in which they differ."""
    for name, form in (("An easier form", exercise.easier), ("A harder form", exercise.harder)):
        if form is not None:
            yield from exercise_lines(form, form=name)
            for key in ("setup", "way_in", "check", "release"):
                steps: tuple[Step, ...] = getattr(form, key)
                if steps != getattr(exercise, key):
                    yield from (told(step.say, form.dose) for step in steps)


# ---------------------------------------------------------------------- dose


def amount(dose: Dose) -> str:
    """The dose in one sentence."""
    match dose.sides:
        case Sides.LEFT | Sides.RIGHT:
            where = f" on the {dose.sides} side"
        case Sides.BOTH:
            where = f" on each side, all of the {dose.first_side} side first"
        case Sides.ALTERNATE:
            where = f" on each side in turn, the {dose.first_side} side first"
        case _:
            where = ""
    limits = dict(dose.limits)
    sets = _number("sets", dose.sets, limits, dose, "set")
    more = "" if sets == "1 set" else f" {sets[:1].upper()}{sets[1:]}."
    return f"{_times(dose, limits)}{where}, {_length(dose, limits)}.{more}"


def _times(dose: Dose, limits: dict[str, Amount]) -> str:
    if dose.as_many:
        return "As many times as are comfortable"
    if "reps" in dose.asked:
        return f"A number of times {_ASKED}"
    if "reps" not in limits and dose.reps == 1:
        return "Once"
    return _number("reps", dose.reps, limits, dose, "time")


def _length(dose: Dose, limits: dict[str, Amount]) -> str:
    if dose.clock is Clock.PHASES:
        spans = [
            _number(f"phases.{n}", phase.length // SECOND, limits, dose, "second")
            for n, phase in enumerate(dose.phases, start=1)
        ]
        return f"each in {_count(len(spans), 'part')}: {', then '.join(spans)}"
    if dose.clock is Clock.WORK:
        return (
            f"each kept moving for {_number('work', dose.hold // SECOND, limits, dose, 'second')}"
        )
    if dose.breaths:
        breaths = _number("hold", dose.breaths, limits, dose, "breath")
        return f"each held for {breaths} of about {_seconds(dose.breath)}"
    return f"each held for {_number('hold', dose.hold // SECOND, limits, dose, 'second')}"


def _number(name: str, number: int, limits: dict[str, Amount], dose: Dose, noun: str) -> str:
    if name in dose.asked:
        return f"a number of {noun}s {_ASKED}"
    if name in limits:
        return f"{limits[name].low} to {limits[name].high} {noun}s"
    return _count(number, noun)


def pacing(dose: Dose) -> str:
    """The coach's own pauses in one sentence."""
    parts = [f"{_seconds(dose.get_ready)} to get ready"]
    if dose.reps != 1:
        parts.append(f"{_seconds(dose.rest)} between repetitions")
    if dose.sets != 1:
        parts.append(f"{_seconds(dose.set_rest)} between sets")
    if dose.sides in _TWO_SIDES:
        parts.append(f"{_seconds(dose.switch)} to change sides")
    return f"Pauses: {', '.join(parts)}."


# --------------------------------------------------------------------- words


def told(text: str, dose: Dose) -> str:
    """A sentence as it is said for the side that comes first."""
    side = dose.first_side
    other = Side.RIGHT if side is Side.LEFT else Side.LEFT
    text = text.replace("{side}", side).replace("{other}", other)
    return text[:1].upper() + text[1:]


def _a_day(times: Amount | None, *, often: bool) -> Iterator[str]:
    if often:
        yield "As often a day as you can."
    elif times is not None and times.low < times.high:
        yield f"{times.low} to {times.high} times a day."
    elif times is not None:
        yield "Once a day." if times.low == 1 else f"{times.low} times a day."


def _props(props: Iterable[Prop]) -> str:
    return "; ".join(
        f"{prop.name}, or {prop.instead}" if prop.instead else prop.name for prop in props
    )


def _seconds(span: Ms) -> str:
    return _count(span // SECOND, "second")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
