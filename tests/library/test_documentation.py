"""What routines/README.md says is what the loader does: its example has every key, and loads."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from voicecoach.core.routine import (
    Amount,
    Clock,
    Exercise,
    Flag,
    Phase,
    Position,
    Prop,
    Routine,
    Side,
    Sides,
    Step,
)
from voicecoach.core.units import Ms, seconds
from voicecoach.library import check_routine
from voicecoach.library.json_schema import json_schema

DOCUMENT = (Path(__file__).parents[2] / "routines" / "README.md").read_text(encoding="utf-8")


def example() -> str:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)
    assert isinstance(text, str)
    return text


def loaded(tmp_path: Path) -> Routine:
    file = tmp_path / "example.yaml"
    file.write_text(example(), encoding="utf-8")
    findings = check_routine(file)
    assert [str(found) for found in (*findings.errors, *findings.advice)] == []
    assert findings.routine is not None
    return findings.routine


def test_the_example_loads_without_error_or_advice(tmp_path: Path) -> None:
    routine = loaded(tmp_path)
    assert routine.title == "Example for writers"
    assert routine.approval
    assert routine.times_per_day == Amount(2, 3)
    assert routine.props == (
        Prop("an exercise mat"),
        Prop("a pillow", "a folded towel"),
        Prop("a small cushion"),
    )


def test_a_hold(tmp_path: Path) -> None:
    knee = loaded(tmp_path).exercises[0]
    dose = knee.dose
    assert (dose.reps, dose.hold, dose.sets, dose.clock) == (5, seconds(20), 2, Clock.HOLD)
    assert dose.limits == (("reps", Amount(5, 8)),)
    assert (dose.sides, dose.first_side) == (Sides.ALTERNATE, Side.RIGHT)
    assert (dose.rest, dose.set_rest, dose.get_ready, dose.switch) == tuple(
        map(seconds, (5, 60, 5, 10))
    )
    assert knee.targets == ("lower back", "hips")
    assert (knee.not_for, knee.instead) == (frozenset({Flag.BENDING}), "heel-slide")


def test_its_forms_are_whole_exercises(tmp_path: Path) -> None:
    knee = loaded(tmp_path).exercises[0]
    easier, harder = knee.easier, knee.harder
    assert isinstance(easier, Exercise)
    assert isinstance(harder, Exercise)
    assert easier.name == "Knee to chest, without the pull"
    assert (easier.dose.hold, harder.dose.hold) == (seconds(10), seconds(30))
    assert easier.again == easier.way_in != knee.way_in
    assert (harder.way_in, harder.again) == (knee.way_in, knee.again)
    for form in (easier, harder):
        assert (form.id, form.setup, form.release) == (knee.id, knee.setup, knee.release)
        assert form.dose.reps == knee.dose.reps
        assert form.easier is form.harder is None


def test_work_in_reserve(tmp_path: Path) -> None:
    slide = loaded(tmp_path).exercises[1]
    assert slide.reserve
    assert (slide.dose.clock, slide.dose.hold) == (Clock.WORK, seconds(20))
    assert slide.dose.limits == (("work", Amount(20, 30)),)
    assert slide.reference


def test_phases_and_an_asked_number(tmp_path: Path) -> None:
    knee, _, roll, _ = loaded(tmp_path).exercises
    dose = roll.dose
    assert (dose.clock, dose.hold, dose.reps) == (Clock.PHASES, Ms(0), 0)
    assert dose.asked == {"reps"}
    assert dose.limits == (("phases.3", Amount(4, 6)),)
    way_in = (Step("Let your shoulders take your weight.", Ms(1900)),)
    assert dose.phases == (
        Phase(seconds(4), "Breathe out and roll your hips up."),
        Phase(seconds(5), hold=True, way_in=way_in),
        Phase(seconds(4), "Breathe in and roll down."),
    )
    # What stands in reserve is not "before".
    assert roll.as_before
    assert roll.setup == knee.setup


def test_breaths_and_as_many_as_comfortable(tmp_path: Path) -> None:
    rest = loaded(tmp_path).exercises[3]
    dose = rest.dose
    assert (dose.breaths, dose.breath, dose.hold) == (3, seconds(6), seconds(18))
    assert (dose.as_many, dose.reps, dose.asked) == (True, 0, frozenset())
    assert rest.often
    assert rest.times_per_day is None


def test_every_key_is_shown_and_told(tmp_path: Path) -> None:
    shown: set[str] = set()

    def collect(part: Any) -> None:  # noqa: ANN401 - YAML
        if isinstance(part, dict):
            shown.update(part)
        for inner in part.values() if isinstance(part, dict) else part:
            if isinstance(inner, dict | list):
                collect(inner)

    collect(yaml.safe_load(example()))
    assert shown == set(keys(json_schema()))
    assert loaded(tmp_path).exercises


def test_every_word_of_a_closed_list_is_told() -> None:
    for word in (*Position, *Sides, *Flag):
        assert f"`{word}`" in DOCUMENT, word


def keys(part: Any) -> set[str]:  # noqa: ANN401 - a schema
    found: set[str] = set()
    if isinstance(part, dict):
        found |= set(part.get("properties", {}))
    for inner in part.values() if isinstance(part, dict) else part:
        if isinstance(inner, dict | list):
            found |= keys(inner)
    return found - {"properties"}
