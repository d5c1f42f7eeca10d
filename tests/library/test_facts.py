"""Every record of the source texts stands in a shipped routine, with the facts of its text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from voicecoach.core.routine import Clock, Dose, Exercise
from voicecoach.library import load_routine, shipped_routines

HERE = Path(__file__).parent
RECORDS: dict[str, dict[str, Any]] = yaml.safe_load(
    (HERE / "facts.yaml").read_text(encoding="utf-8")
)["records"]
ROUTINES = {file.name: load_routine(file) for file in shipped_routines()}
DONE = {name: record for name, record in RECORDS.items() if record.get("exercise") != "none"}

WANTED = {file for record in DONE.values() for file in record["in"]}
pytestmark = pytest.mark.skipif(
    not set(ROUTINES) >= WANTED,
    reason=f"not on the shelf yet: {', '.join(sorted(WANTED - set(ROUTINES)))}",
)

SAME = {"quadruped": "all_fours", "supine": "supine", "prone": "prone", "sitting": "sitting"}
"""Words for positions in the texts' inventory, and in a routine."""


def written(dose: Dose, name: str, unit: int = 1) -> str:
    """A number as the file has it: 5, 10-20 or ask."""
    if name in dose.asked:
        return "ask"
    limits = dict(dose.limits)
    if name in limits:
        return f"{limits[name].low}-{limits[name].high}"
    return str((dose.hold if unit > 1 else dose.reps) // unit)


def clock(dose: Dose) -> tuple[str, str]:
    if dose.clock is Clock.PHASES:
        return "phases", f"{sum(phase.length for phase in dose.phases) // 1000} seconds"
    return dose.clock.value, written(dose, dose.clock.value, 1000)


def found(name: str, record: dict[str, Any]) -> list[Exercise]:
    return [
        exercise
        for file in record["in"]
        for exercise in ROUTINES[file].exercises
        if exercise.id == name
    ]


def test_all_records_of_the_texts_are_there() -> None:
    assert len(RECORDS) == 28
    assert len(DONE) == 26
    shipped = {exercise.id for routine in ROUTINES.values() for exercise in routine.exercises}
    assert shipped == set(DONE)


@pytest.mark.parametrize("name", DONE)
def test_an_exercise_has_the_facts_of_its_text(name: str) -> None:
    record = DONE[name]
    exercises = found(name, record)
    assert len(exercises) == len(record["in"])
    for exercise in exercises:
        dose, facts = exercise.dose, record["written"]
        assert dose.sides == facts["sides"]
        assert exercise.position == facts["position"]
        assert written(dose, "reps") == facts["reps"]
        kind, length = clock(dose)
        assert facts.get(kind) == length
        assert exercise.not_for == set(record["not_for"])
        assert exercise.source.startswith(record["source"]["file"])


@pytest.mark.parametrize("name", DONE)
def test_no_dose_is_invented_and_none_is_lost(name: str) -> None:
    record, facts = DONE[name], DONE[name]["written"]
    for key in ("reps", "hold"):
        given = record[key]
        if given is not None:
            low, high = given["min"], given["max"]
            assert facts[key] == (str(low) if low == high else f"{low}-{high}")
        elif key in facts:
            assert facts[key] == "ask"
    if record["sides"] in ("none", "both", "alternate"):
        assert facts["sides"] == record["sides"]
    if record["position"] in SAME:
        assert facts["position"] == SAME[record["position"]]


@pytest.mark.parametrize("name", [name for name in DONE if DONE[name]["named_only"]])
def test_where_a_text_gives_only_a_name_the_steps_have_a_reference(name: str) -> None:
    record = DONE[name]
    assert all(ROUTINES[file].approval for file in record["in"])
    for exercise in found(name, record):
        assert exercise.reference or name == "s4-diagonal-motions"
        assert "reps" in exercise.dose.asked
