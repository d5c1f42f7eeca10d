"""From checked values to the Routine, with the defaults that are the coach's to choose.

Law: pacing has defaults, doses have none (`schema.py` demands them).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields

from voicecoach.core.routine import Dose, Exercise, Prop, Routine, Side, Sides, Step
from voicecoach.core.units import Ms, seconds
from voicecoach.library.schema import EXERCISE
from voicecoach.library.walk import Filled

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

_DOSE = frozenset(field.name for field in fields(Dose))
_DEFAULTS = {key.name: key.default for key in EXERCISE.keys if key.name in _DOSE}


def build(filled: Filled) -> Routine:
    """The routine of a file in which no error was found."""
    found = enumerate(filled.items("exercises"), start=1)
    return Routine(
        title=filled.get("title"),
        summary=filled.get("summary", ""),
        exercises=tuple(_exercise(exercise, number) for number, exercise in found),
        cautions=_texts(filled, "cautions"),
        props=tuple(map(Prop, _texts(filled, "props"))),
        source=filled.get("source", ""),
        prescribed_by=filled.get("prescribed_by", ""),
        language=str(filled.get("language", "en")),
    )


def exercise_id(exercise: Filled, number: int) -> str:
    """The id that the file gives, or one made from the name: "Knee to chest" -> "knee-to-chest"."""
    given: str = exercise.get("id", "")
    plain = unicodedata.normalize("NFKD", exercise.get("name", ""))
    ascii_only = plain.encode("ascii", "ignore").decode("ascii").lower()
    made = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    return given or (made if made[:1].isalpha() else f"exercise-{number}")


def dose(exercise: Filled) -> Dose:
    """The dose of an exercise whose required numbers are there."""
    whole = {name: exercise.get(name, default) for name, default in _DEFAULTS.items()}
    sides = Sides(whole["sides"])
    first = Side(sides.value) if sides in (Sides.LEFT, Sides.RIGHT) else Side(whole["first_side"])
    return Dose(
        reps=whole["reps"],
        hold=seconds(whole["hold"]),
        sets=whole["sets"],
        sides=sides,
        first_side=first,
        rest=seconds(whole["rest"]),
        set_rest=seconds(whole["set_rest"]),
        get_ready=seconds(whole["get_ready"]),
        switch=seconds(whole["switch"]),
    )


def _exercise(filled: Filled, number: int) -> Exercise:
    way_in = steps(filled, "way_in")
    return Exercise(
        id=exercise_id(filled, number),
        name=filled.get("name"),
        position=filled.get("position"),
        setup=steps(filled, "setup"),
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
    )


def _texts(filled: Filled, key: str) -> tuple[str, ...]:
    return tuple(leaf.value for leaf in filled.items(key))


def steps(filled: Filled, key: str) -> tuple[Step, ...]:
    """The sentences of a key, each with its time, given or usual."""
    base, per_word = PACE[key]

    def step(sentence: Filled) -> Step:
        say: str = sentence.get("say", "")
        given = sentence.get("time")
        time = Ms(base + per_word * len(say.split())) if given is None else seconds(given)
        return Step(say, time)

    return tuple(step(sentence) for sentence in filled.items(key))
