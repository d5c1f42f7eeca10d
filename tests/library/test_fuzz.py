"""Whatever happens to a routine file, the answer is a routine or a RoutineError, and soon."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.core.routine import Clock, Exercise, Routine, Sides
from voicecoach.errors import RoutineError
from voicecoach.library import check_routine, nodes, shipped_routines

DOCUMENT = (Path(__file__).parents[2] / "routines" / "README.md").read_bytes()
EXAMPLE = DOCUMENT.split(b"```yaml\n")[1].split(b"```\n")[0]  # it has every key
GROUND = [EXAMPLE, *(file.read_bytes() for file in shipped_routines())]
MUTANTS = int(os.environ.get("VOICECOACH_MUTANTS", "1000"))
"""scripts/test has 5,000 of them."""

SLIPS = [
    b"\0", b"\t", b"\xff", b"{", b"}", b"[", b"]", b":", b": ", b"- ", b"#", b"&a ", b"*a ", b"!!",
    b"'", b'"', b"%", b"---\n", b"<<: ", b"? ", b"|", b">", b"\\", b"\r", b"\xc2\x85", b"\x1b",
    b"0", b"1:30", b"no", b"~", b"9" * 40, b"-1", b"\xef\xbb\xbf", b"{side}", b"\n", b" ", b"stop",
    b"ask", b"10-20", b"20-10", b"3 breaths", b"phases:", b"hold: 5\n", b"same as before",
    b"as many as comfortable", b"instead: ", b"reserve: instead\n", b"easier:\n", b"\xe2\x80\x93",
]  # fmt: skip

slow_machine = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


Draw = Callable[[Any], Any]


def _upto(draw: Draw, most: int) -> Any:  # noqa: ANN401 - for dice or for Hypothesis
    return range(most + 1) if isinstance(draw, _Dice) else st.integers(0, most)


def _one(draw: Draw, of: list[Any]) -> Any:  # noqa: ANN401
    return of if isinstance(draw, _Dice) else st.sampled_from(of)


def _mutate_bytes(draw: Draw, content: bytes) -> bytes:
    at = draw(_upto(draw, max(0, len(content) - 1)))
    length = draw(_upto(draw, 60))
    match draw(_one(draw, ["delete", "double", "replace", "insert", "cut"])):
        case "delete":
            return content[:at] + content[at + length :]
        case "double":
            return content[: at + length] + content[at:]
        case "replace":
            return content[:at] + bytes(draw(_one(draw, SLIPS))) + content[at + length :]
        case "insert":
            return content[:at] + bytes(draw(_one(draw, SLIPS))) + content[at:]
        case _:
            return content[:at]


def _mutate_lines(draw: Draw, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    one, two = (draw(_upto(draw, len(lines) - 1)) for _ in range(2))
    match draw(_one(draw, ["delete", "double", "swap", "indent", "outdent"])):
        case "delete":
            del lines[one]
        case "double":
            lines.insert(two, lines[one])
        case "swap":
            lines[one], lines[two] = lines[two], lines[one]
        case "indent":
            lines[one] = b" " * draw(_upto(draw, 6)) + lines[one]
        case _:
            lines[one] = lines[one].lstrip()
    return b"".join(lines)


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    content = draw(st.sampled_from(GROUND))
    for _ in range(draw(st.integers(1, 4))):
        mutate = _mutate_bytes if draw(st.booleans()) else _mutate_lines
        content = mutate(draw, content)
    return content


def _judge(content: bytes, folder: Path) -> None:
    file = folder / "mutant.yaml"
    file.write_bytes(content)
    begun = time.process_time()
    findings = check_routine(file)
    assert time.process_time() - begun < 1
    if findings.routine is None:
        assert findings.errors
        assert all(type(error) is RoutineError for error in findings.errors)
        assert all(error.what and error.fix and error.rule for error in findings.errors)
        assert all(error.line >= 1 and error.column >= 1 for error in findings.errors)
        lines = content.count(b"\n") + content.count(b"\r") + content.count(b"\xc2\x85") + 1
        assert all(error.line <= lines for error in findings.errors)
    else:
        assert not findings.errors
        _is_whole(findings.routine)


def _is_whole(routine: Routine) -> None:
    assert routine.title
    assert any(not exercise.reserve for exercise in routine.exercises)
    ids = {exercise.id for exercise in routine.exercises}
    assert len(ids) == len(routine.exercises)
    for exercise in routine.exercises:
        assert not exercise.instead or exercise.instead in ids - {exercise.id}
        for form in (exercise, exercise.easier, exercise.harder):
            if form is not None:
                _can_be_done(form)


def _can_be_done(exercise: Exercise) -> None:
    dose = exercise.dose
    assert exercise.setup
    assert exercise.way_in or dose.phases
    assert exercise.again or not exercise.way_in
    held = dose.clock is not Clock.PHASES or any(phase.hold for phase in dose.phases)
    assert exercise.release or not held
    assert (dose.reps >= 1) != (dose.as_many or "reps" in dose.asked)
    assert (dose.sets >= 1) != ("sets" in dose.asked)
    if dose.clock is Clock.PHASES:
        assert dose.phases
        for number, phase in enumerate(dose.phases, start=1):
            assert (phase.length >= 1000) != (f"phases.{number}" in dose.asked)
            assert phase.hold or phase.say
    else:
        assert (dose.hold >= 1000) != (dose.clock.value in dose.asked)
    assert all(limit.low < limit.high for _, limit in dose.limits)
    steps = (*exercise.setup, *exercise.way_in, *exercise.again, *exercise.release)
    assert all(step.say and type(step.time) is int and step.time >= 0 for step in steps)
    if dose.sides is Sides.NONE:
        assert not any("{" in step.say for step in steps)


@settings(slow_machine, max_examples=150)
@given(content=mutants())
def test_a_damaged_routine(content: bytes, tmp_path: Path) -> None:
    _judge(content, tmp_path)


class _Dice:
    """Draws as Hypothesis does, from a seed: many times faster, and nothing to shrink."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - mutants are no secrets

    def __call__(self, strategy: Any) -> Any:  # noqa: ANN401 - a bound or a list
        if isinstance(strategy, range):
            return self._random.randrange(strategy.start, strategy.stop)
        return self._random.choice(strategy)


@pytest.mark.timeout(300)
def test_thousands_of_damaged_routines(tmp_path: Path) -> None:
    for seed in range(MUTANTS):
        dice = _Dice(seed)
        content: bytes = dice(GROUND)
        for _ in range(dice(range(1, 5))):
            content = dice([_mutate_bytes, _mutate_lines])(dice, content)
        try:
            _judge(content, tmp_path)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


@slow_machine
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8")))
def test_no_routine_at_all(content: bytes, tmp_path: Path) -> None:
    _judge(content, tmp_path)


@settings(slow_machine, max_examples=60)
@given(content=mutants())
def test_a_damaged_routine_without_libyaml(content: bytes, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nodes, "_LOADER", yaml.SafeLoader)
        _judge(content, tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"voicecoach: 1\n" + b"k: v\n" * 19_000,
        b"voicecoach: 1\nexercises:\n" + b"  - [x]\n" * 9_000,
        b"voicecoach: 1\nexercises:\n" + b"  - x: y\n" * 49,
        b"voicecoach: 1\ntitle: " + b"a b " * 240_000 + b"\n",
        b"voicecoach: 1\n" + b"k" * 990_000 + b": 1\n",
        b"? " * 200_000,
        b"!" * 900_000,
        b"'" * 900_001,
        b"\n" * 999_999,
        b"# \n" * 330_000,
        b"a: |\n" + b" x\n" * 330_000,
        b"{" * 900_000,
        b"a: " + b"{a: b}, " * 100_000,
    ],
    ids=lambda content: content[:24].decode(),
)
def test_a_large_file_is_answered_soon(content: bytes, tmp_path: Path) -> None:
    _judge(content, tmp_path)
