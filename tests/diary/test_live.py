"""Whole sessions as processes, in real time, as text: a diary that fails, and a session killed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from voicecoach.diary.diary import Diary
from voicecoach.diary.history import End
from voicecoach.diary.reading import read_period

SHORT = Path(__file__).parent.parent / "e2e" / "short.yaml"

pytestmark = pytest.mark.timeout(300)


@contextmanager
def playing(diary: Path) -> Iterator[subprocess.Popen[str]]:
    words: list[str | Path] = [
        "play",
        SHORT,
        "--ears",
        "typed",
        "--speaker",
        "silent",
        "--rate",
        "600",
    ]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "voicecoach", *words, "--wait", "0.5", "--diary", diary],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def heard(process: subprocess.Popen[str], until: str) -> list[str]:
    """What is said until a line that begins so."""
    lines: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith(until):
            return lines
    raise AssertionError(lines)


def holding(process: subprocess.Popen[str]) -> list[str]:
    """What is said until the first hold, without most of the opening, which is no matter here."""
    lines = heard(process, "Welcome")
    assert process.stdin is not None
    process.stdin.write("next\n")
    process.stdin.flush()
    return lines + heard(process, "Hold for")


def test_a_session_goes_on_without_a_diary_and_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "diary.sqlite3"
    path.write_text("Dear diary", encoding="utf-8")
    with playing(path) as process:
        lines = holding(process)
        why = [line for line in lines if line.startswith(str(path))]
        told = [line for line in lines if line.startswith("I cannot write the diary now.")]
        out, err = process.communicate("finish\n", timeout=60)
    assert (len(why), len(told)) == (1, 1)
    assert "the diary cannot be used: it is damaged, or no diary." in why[0]
    assert "diary" not in out
    assert err == ""
    assert process.returncode == 0
    assert path.read_text(encoding="utf-8") == "Dear diary"


def test_a_session_that_is_killed_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "diary.sqlite3"
    with playing(path) as process:
        holding(process)
        process.kill()
        process.wait()
    (left,) = read_period(path, 2).sessions
    assert left.end is End.BROKEN_OFF
    with playing(path) as process:
        asked = heard(process, "We broke off")
        out, _ = process.communicate("finish\n", timeout=60)
    assert "Heel lift" in asked[-1]
    assert out
    diary = Diary(path)
    places = diary.read("SELECT number, rep FROM place WHERE session = 1 ORDER BY id DESC LIMIT 1")
    diary.close()
    assert places == [(1, 1)]
