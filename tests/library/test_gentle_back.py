"""The shipped routine: the facts of its source, and every speaking rule that can be tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from voicecoach.core.routine import Dose, Exercise, Position, Routine, Side, Sides, Step
from voicecoach.core.units import seconds
from voicecoach.library import check_routine, load_routine, shipped_routines

FILE = Path(__file__).parents[2] / "routines" / "gentle-back.yaml"
ROUTINE = load_routine(FILE)

FACTS = {
    # From the text named as source: reps, seconds held, sides, position.
    "Pelvic tilt": (5, 5, Sides.NONE, Position.SUPINE),  # "about 5 times", counting to five
    "Single knee to chest": (5, 5, Sides.ALTERNATE, Position.SUPINE),  # "fives on each leg"
    "Bridge": (5, 5, Sides.NONE, Position.SUPINE),  # its title is lost in the source
}

MOST_WORDS = 12


def steps(exercise: Exercise) -> list[Step]:
    return [
        *exercise.setup,
        *exercise.way_in,
        *exercise.again,
        *exercise.check,
        *exercise.release,
    ]


def spoken(routine: Routine) -> list[str]:
    texts = [routine.title, *routine.cautions, *(prop.name for prop in routine.props)]
    for exercise in routine.exercises:
        texts += [exercise.name, exercise.purpose, exercise.breathing, *exercise.cautions]
        texts += [step.say for step in steps(exercise)]
    return texts


def test_the_doses_are_those_of_the_source() -> None:
    found = {
        e.name: (e.dose.reps, e.dose.hold // 1000, e.dose.sides, e.position)
        for e in ROUTINE.exercises
    }
    assert found == FACTS
    assert list(found) == list(FACTS)


def test_the_left_side_begins_and_the_pacing_is_the_usual_one() -> None:
    for exercise in ROUTINE.exercises:
        dose = exercise.dose
        usual = Dose(dose.reps, dose.hold, sides=dose.sides, first_side=Side.LEFT)
        assert dose == usual
        assert dose.rest == seconds(3)


@pytest.mark.parametrize("file", shipped_routines(), ids=lambda file: file.stem)
def test_no_shipped_routine_gives_rise_to_error_or_advice(file: Path) -> None:
    findings = check_routine(file)
    assert findings.errors == ()
    assert findings.advice == ()
    assert findings.routine is not None


def test_every_sentence_is_short_enough_to_keep_in_mind() -> None:
    for text in spoken(ROUTINE):
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= MOST_WORDS, sentence


def test_one_sentence_one_movement_one_time() -> None:
    for exercise in ROUTINE.exercises:
        for step in steps(exercise):
            assert re.fullmatch(r"[A-Z][^.!?]*\.", step.say), step.say
            assert step.time >= seconds(1)


def test_a_movement_begins_with_its_verb() -> None:
    verbs = {
        "Bend", "Bring", "Draw", "Feel", "Keep", "Let", "Lie", "Lift", "Lower", "Press", "Rest",
        "Set", "Slide", "Stretch", "Take",
    }  # fmt: skip
    for exercise in ROUTINE.exercises:
        assert {step.say.split()[0] for step in steps(exercise)} <= verbs


def test_every_start_position_says_what_touches_the_mat() -> None:
    for exercise in ROUTINE.exercises:
        assert exercise.setup[0].say.startswith("Lie ")
        assert any(" on the mat" in step.say for step in exercise.setup)
        assert any("flat" in step.say for step in exercise.setup)


def test_the_side_is_said_in_every_sentence_that_moves_a_side() -> None:
    knee = ROUTINE.exercises[1]
    for step in (*knee.way_in, *knee.again, *knee.release):
        assert "{side}" in step.say
    assert not re.search(r"\b(left|right)\b", " ".join(step.say for step in steps(knee)))


def test_little_is_said_between_the_movement_that_is_held_and_the_count() -> None:
    held = {"Pelvic tilt": "Press", "Single knee to chest": "Draw", "Bridge": "Lift"}
    for exercise in ROUTINE.exercises:
        for moves in (exercise.way_in, exercise.again):
            assert moves[-1].say.split()[0] == held[exercise.name]
        (feeling,) = exercise.check
        assert feeling.time <= seconds(1)


def test_each_exercise_is_felt_breathed_and_left_again() -> None:
    for exercise in ROUTINE.exercises:
        assert exercise.check
        assert all(step.say.startswith("Feel ") for step in exercise.check)
        assert "reath" in exercise.breathing
        assert exercise.release
        assert exercise.purpose
        assert "Exercise for Back Pain Relief" in exercise.source


def test_what_must_be_known_is_said_before_the_first_movement() -> None:
    said = " ".join(ROUTINE.cautions)
    for fact in ("not medical advice", "new or different pain", "physio", "reserve", "ease"):
        assert fact in said.lower()
    assert "mat" in ROUTINE.props[0].name
    assert "Exercise for Back Pain Relief" in ROUTINE.source


def test_the_open_questions_of_the_source_are_settled_in_the_file() -> None:
    comments = "".join(re.findall(r"#(.*)\n", FILE.read_text(encoding="utf-8")))
    for said in ("about 5", "fives on each leg", "title of this one is lost"):
        assert said in comments
