"""Every exercise of the source texts is shipped, with exactly the dose that its text gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from voicecoach.core.routine import Clock, Dose, Exercise, Position, Sides
from voicecoach.core.units import SECOND
from voicecoach.library import load_routine, shipped_routines

RECORDS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8")
)["records"]
SHIPPED = {path.name: load_routine(path) for path in shipped_routines()}
EXERCISES = {name: one for name, one in RECORDS.items() if one.get("exercise") != "none"}
HELD = [(name, file) for name, one in EXERCISES.items() for file in one["in"]]


def shipped(name: str, file: str) -> Exercise:
    return next(one for one in SHIPPED[file].exercises if one.id == name)


def ends(dose: Dose, name: str, low: int) -> tuple[int, int] | None:
    """The range of a number, or None where it is asked for."""
    if name in dose.asked:
        return None
    limits = dict(dose.limits).get(name)
    return (limits.low, limits.high) if limits else (low, low)


def of_text(amount: dict[str, int] | None) -> tuple[int, int] | None:
    return None if amount is None else (amount["min"], amount["max"])


def test_all_28_records_are_there() -> None:
    assert len(RECORDS) == 28
    assert len(EXERCISES) == 26


@pytest.mark.parametrize(("name", "file"), HELD)
def test_the_dose_is_that_of_the_text(name: str, file: str) -> None:
    record, dose = RECORDS[name], shipped(name, file).dose
    assert ends(dose, "reps", dose.reps) == of_text(record["reps"])
    if dose.clock is Clock.PHASES:
        # The text gives no seconds: what is paced is the coach's own time, and no hold.
        assert record["hold"] is None
        assert not any(phase.hold for phase in dose.phases)
    else:
        number = "work" if dose.clock is Clock.WORK else "hold"
        assert ends(dose, number, dose.hold // SECOND) == of_text(record["hold"])


@pytest.mark.parametrize(("name", "file"), HELD)
def test_the_sides_and_the_position_are_those_of_the_text(name: str, file: str) -> None:
    record, exercise = RECORDS[name], shipped(name, file)
    if record["sides"] in set(Sides):
        assert exercise.dose.sides.value == record["sides"]
    elif record["sides"] == "both implied":
        assert exercise.dose.sides in {Sides.BOTH, Sides.ALTERNATE}
    assert exercise.dose.sides.value == record["written"]["sides"]
    assert exercise.position.value == record["written"]["position"]
    if record["position"] in set(Position):
        assert exercise.position.value == record["position"]


@pytest.mark.parametrize(("name", "file"), HELD)
def test_the_source_can_be_traced(name: str, file: str) -> None:
    source = RECORDS[name]["source"]
    exercise = shipped(name, file)
    assert source["file"] in exercise.source
    assert {flag.value for flag in exercise.not_for} == set(RECORDS[name]["not_for"])


@pytest.mark.parametrize("name", EXERCISES)
def test_a_name_alone_is_given_a_reference_and_needs_the_physiotherapist(name: str) -> None:
    if not RECORDS[name]["named_only"]:
        return
    for file in RECORDS[name]["in"]:
        exercise = shipped(name, file)
        taught = exercise.dose.clock is Clock.WORK  # a movement that only the physio can show
        assert exercise.reference or exercise.reserve or taught, file
        assert SHIPPED[file].approval, file


def test_no_routine_holds_an_exercise_that_no_text_has() -> None:
    for routine in SHIPPED.values():
        assert {exercise.id for exercise in routine.exercises} <= set(EXERCISES)


def test_one_exercise_is_the_same_wherever_it_stands() -> None:
    for name, one in EXERCISES.items():
        forms = {(shipped(name, f).dose, shipped(name, f).way_in) for f in one["in"]}
        assert len(forms) == 1, name
