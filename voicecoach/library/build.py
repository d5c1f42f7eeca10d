"""From checked values to the Routine, with the defaults that are the coach's to choose.

Law: pacing has defaults, doses have none (`schema.py` demands them).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from voicecoach.core.routine import (
    Amount,
    Clock,
    Dose,
    Exercise,
    PainRule,
    Phase,
    Prop,
    Routine,
    Side,
    Sides,
    Step,
)
from voicecoach.core.units import Ms, seconds
from voicecoach.library.numbers import Given
from voicecoach.library.schema import AS_BEFORE, EXERCISE
from voicecoach.library.walk import Filled, Leaf

PACE = {
    # base ms, ms per word: the time to do a movement in where the file gives none
    "setup": (2000, 200),
    "way_in": (1000, 150),
    "again": (800, 100),
    "check": (1500, 150),
    "release": (1000, 150),
}
"""Own judgement, to be heard and corrected: a longer sentence carries a larger movement, and
getting into a position takes longer than repeating a movement that is known."""

CLOCKS = ("hold", "work", "phases")
"""What of a repetition is on the clock: one of them."""

_DEFAULTS = {key.name: key.default for key in EXERCISE.keys}
_PACING = ("rest", "set_rest", "get_ready", "switch")
USUAL = Dose(1, Ms(0))
"""The coach's own pacing, where a file has none."""

_UNKNOWN = Given(0, 0, ask=True)
ONCE = Given(1, 1)


def build(filled: Filled) -> Routine:
    """The routine of a file in which no error was found."""
    exercises: list[Exercise] = []
    before: Exercise | None = None
    for number, found in enumerate(filled.items("exercises"), start=1):
        exercise = _exercise(found, exercise_id(found, number), before)
        exercises.append(exercise)
        before = before if exercise.reserve else exercise
    times, often = _a_day(filled)
    return Routine(
        title=filled.get("title"),
        summary=filled.get("summary", ""),
        exercises=tuple(exercises),
        cautions=_texts(filled, "cautions"),
        props=_gathered(_props(filled), exercises),
        source=filled.get("source", ""),
        prescribed_by=filled.get("prescribed_by", ""),
        approval="approval" in filled.values,
        times_per_day=times,
        often=often,
        language=str(filled.get("language", "en")),
        pain_rule=PainRule(filled.get("pain_rule", "strict")),
    )


def exercise_id(exercise: Filled, number: int) -> str:
    """The id that the file gives, or one made from the name: "Knee to chest" -> "knee-to-chest"."""
    given: str = exercise.get("id", "")
    plain = unicodedata.normalize("NFKD", exercise.get("name", ""))
    ascii_only = plain.encode("ascii", "ignore").decode("ascii").lower()
    made = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return given or (made if made[:1].isalpha() else f"exercise-{number}")


# ---------------------------------------------------------------------- dose


def numbers(exercise: Filled) -> Iterator[tuple[str, Given]]:
    """The prescribed numbers of an exercise, by the names that a Dose calls them by."""
    for name in ("reps", "sets", "hold", "work"):
        if (found := exercise.get(name)) is not None:
            yield name, found
    for number, phase in enumerate(exercise.items("phases"), start=1):
        yield f"phases.{number}", phase.get("seconds") or phase.get("hold") or _UNKNOWN


def is_as_before(exercise: Filled) -> bool:
    """Whether its start position is said to be that of the exercise before."""
    setup = exercise.values.get("setup")
    return isinstance(setup, Leaf) and setup.value == AS_BEFORE


def dose(exercise: Filled) -> Dose:
    """The dose of an exercise whose required numbers are there."""
    found = dict(numbers(exercise))
    reps, length = found["reps"], found.get("hold") or found.get("work") or _UNKNOWN
    breath = breath_of(exercise)
    pacing = {name: seconds(exercise.get(name, _DEFAULTS[name])) for name in _PACING}
    sides = Sides(exercise.get("sides"))
    first = Side(exercise.get("first_side", _DEFAULTS["first_side"]))
    return Dose(
        reps=reps.low,
        hold=Ms(length.low * breath) if length.breaths else seconds(length.low),
        sets=found.get("sets", ONCE).low,
        sides=sides,
        first_side=Side(sides.value) if sides in (Sides.LEFT, Sides.RIGHT) else first,
        rest=pacing["rest"],
        set_rest=pacing["set_rest"],
        get_ready=pacing["get_ready"],
        switch=pacing["switch"],
        clock=next((Clock(name) for name in CLOCKS if name in exercise.values), Clock.HOLD),
        phases=tuple(map(_phase, exercise.items("phases"))),
        breaths=length.low if length.breaths else 0,
        breath=breath,
        as_many=reps.free,
        limits=tuple(
            (name, Amount(one.low, one.high)) for name, one in found.items() if one.low < one.high
        ),
        asked=frozenset(name for name, one in found.items() if one.ask),
    )


def breath_of(exercise: Filled) -> Ms:
    """How long the coach gives one breath."""
    pace = exercise.values.get("pace")
    given = pace.get("breath") if isinstance(pace, Filled) else None
    return USUAL.breath if given is None else seconds(given)


def _phase(phase: Filled) -> Phase:
    held = phase.get("hold")
    length: Given = held or phase.get("seconds")
    return Phase(
        seconds(length.low),
        say=phase.get("say", ""),
        hold=held is not None,
        way_in=steps(phase, "way_in"),
    )


def _a_day(filled: Filled) -> tuple[Amount | None, bool]:
    """How many times a day, and whether it is as often as the person can."""
    found: Given | None = filled.get("times_per_day")
    if found is None or found.free:
        return None, found is not None
    return Amount(found.low, found.high), False


# ----------------------------------------------------------------- exercises


def merged(exercise: Filled, form: Filled) -> Filled:
    """An exercise in another form: what the form gives replaces the exercise's own.

    Another clock takes the place of the clock; another movement takes its short form with it.
    """
    gone = {"easier", "harder"}
    if any(name in form.keys for name in CLOCKS):
        gone.update(CLOCKS)
    if "way_in" in form.keys:
        gone.add("again")
    kept = [name for name in exercise.keys if name not in gone]
    return Filled(
        form.at,
        {name: exercise.values[name] for name in kept if name in exercise.values} | form.values,
        {name: exercise.keys[name] for name in kept} | form.keys,
    )


def _exercise(filled: Filled, name: str, before: Exercise | None) -> Exercise:
    plain = _form(filled, name, before)
    easier, harder = (filled.values.get(key) for key in ("easier", "harder"))
    return replace(
        plain,
        easier=easier and _form(merged(filled, easier), name, before),
        harder=harder and _form(merged(filled, harder), name, before),
    )


def _form(filled: Filled, name: str, before: Exercise | None) -> Exercise:
    way_in = steps(filled, "way_in")
    as_before = is_as_before(filled)
    times, often = _a_day(filled)
    return Exercise(
        id=name,
        name=filled.get("name"),
        position=filled.get("position"),
        # In full all the same: the person may come from somewhere else.
        setup=before.setup if as_before and before else steps(filled, "setup"),
        way_in=way_in,
        # Without a short form the full one is said again, at its own pace.
        again=steps(filled, "again") or way_in,
        check=steps(filled, "check"),
        release=steps(filled, "release"),
        dose=dose(filled),
        purpose=filled.get("purpose", ""),
        cautions=_texts(filled, "cautions"),
        breathing=filled.get("breathing", ""),
        source=filled.get("source", ""),
        reference=filled.get("reference", ""),
        targets=_texts(filled, "targets"),
        as_before=as_before,
        not_for=frozenset(leaf.value for leaf in filled.items("not_for")),
        instead=filled.get("instead", ""),
        reserve="reserve" in filled.values,
        props=_props(filled),
        times_per_day=times,
        often=often,
    )


def _texts(filled: Filled, key: str) -> tuple[str, ...]:
    return tuple(leaf.value for leaf in filled.items(key))


def _props(filled: Filled) -> tuple[Prop, ...]:
    return tuple(Prop(prop.get("name"), prop.get("or", "")) for prop in filled.items("props"))


def _gathered(own: tuple[Prop, ...], exercises: list[Exercise]) -> tuple[Prop, ...]:
    """Everything that is needed, each thing once; with its alternative if one is given anywhere."""
    found: dict[str, Prop] = {}
    forms = (form for e in exercises for form in (e, e.easier, e.harder) if form is not None)
    for prop in (*own, *(prop for form in forms for prop in form.props)):
        name = prop.name.casefold()
        if name not in found or not found[name].instead:
            found[name] = prop
    return tuple(found.values())


def steps(filled: Filled, key: str) -> tuple[Step, ...]:
    """The sentences of a key, each with its time, given or usual."""
    base, per_word = PACE[key]

    def step(sentence: Filled) -> Step:
        say: str = sentence.get("say", "")
        given = sentence.get("time")
        time = Ms(base + per_word * len(say.split())) if given is None else seconds(given)
        return Step(say, time)

    return tuple(step(sentence) for sentence in filled.items(key))
