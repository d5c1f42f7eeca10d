"""Whatever happens to a routine file, the answer is a routine or a RoutineError, and soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.core.routine import Routine
from voicecoach.errors import RoutineError
from voicecoach.library import check_routine, nodes

SHIPPED = (Path(__file__).parents[2] / "routines" / "gentle-back.yaml").read_bytes()
LINES = SHIPPED.splitlines(keepends=True)
SLIPS = [
    b"\0", b"\t", b"\xff", b"{", b"}", b"[", b"]", b":", b": ", b"- ", b"#", b"&a ", b"*a ", b"!!",
    b"'", b'"', b"%", b"---\n", b"<<: ", b"? ", b"|", b">", b"\\", b"\r", b"\xc2\x85", b"\x1b",
    b"0", b"1:30", b"no", b"~", b"9" * 40, b"-1", b"\xef\xbb\xbf", b"{side}", b"\n", b" ", b"stop",
]  # fmt: skip

slow_machine = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _mutate_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.integers(0, max(0, len(content) - 1)))
    length = draw(st.integers(0, 60))
    match draw(st.sampled_from(["delete", "double", "replace", "insert", "cut"])):
        case "delete":
            return content[:at] + content[at + length :]
        case "double":
            return content[: at + length] + content[at:]
        case "replace":
            return content[:at] + draw(st.sampled_from(SLIPS)) + content[at + length :]
        case "insert":
            return content[:at] + draw(st.sampled_from(SLIPS)) + content[at:]
        case _:
            return content[:at]


def _mutate_lines(draw: st.DrawFn, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    one, two = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match draw(st.sampled_from(["delete", "double", "swap", "indent", "outdent"])):
        case "delete":
            del lines[one]
        case "double":
            lines.insert(two, lines[one])
        case "swap":
            lines[one], lines[two] = lines[two], lines[one]
        case "indent":
            lines[one] = b" " * draw(st.integers(1, 6)) + lines[one]
        case _:
            lines[one] = lines[one].lstrip()
    return b"".join(lines)


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    content = SHIPPED
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
    assert routine.exercises
    for exercise in routine.exercises:
        assert exercise.setup
        assert exercise.way_in
        assert exercise.again
        assert exercise.release
        assert exercise.dose.reps >= 1
        assert exercise.dose.hold >= 1000
        steps = (*exercise.setup, *exercise.way_in, *exercise.again, *exercise.release)
        assert all(step.say and type(step.time) is int and step.time >= 0 for step in steps)


@slow_machine
@given(content=mutants())
def test_a_damaged_routine(content: bytes, tmp_path: Path) -> None:
    _judge(content, tmp_path)


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
