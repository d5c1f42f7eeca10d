"""kill -9 at any moment, and a log that ends at any byte."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from diary import killing
from diary.sessions import entries

from voicecoach.diary.diary import Diary

TESTS = Path(__file__).parent.parent
MOMENTS = 200
QUICK = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
"""A kill, other than a power cut, leaves what the system has taken: any disk will do."""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9 there")
def test_nothing_acknowledged_is_missing_after_a_kill() -> None:
    """At two hundred moments; the session goes on where the last row says."""
    with tempfile.TemporaryDirectory(dir=QUICK) as folder:
        done = run(Path(folder) / "diary.sqlite3")
    assert (done.returncode, done.stderr) == (0, "")
    moments, between, check = done.stdout.split()
    assert (moments, check) == (str(MOMENTS), "ok")
    assert int(between) > MOMENTS // 8  # or nothing was proved


def run(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, killing.__file__, path, str(MOMENTS), "5"],
        env={"PYTHONPATH": f"{TESTS}:{TESTS.parent}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_a_log_that_was_torn_at_any_byte_leaves_a_beginning(tmp_path: Path) -> None:
    """As after a power cut: what stands before the tear is there, what comes after is not."""
    _, session = entries((20, "stop it hurts"), (40, "continue"))
    path = tmp_path / "diary.sqlite3"
    writing = Diary(path)
    for entry in session:
        writing.add([entry])
    log = Path(f"{path}-wal").read_bytes()
    torn = tmp_path / "torn.sqlite3"
    lengths = set()
    chance = random.Random(5)  # noqa: S311 - a test's
    for length in sorted(chance.randrange(len(log)) for _ in range(100)):
        shutil.copy(path, torn)
        Path(f"{torn}-wal").write_bytes(log[:length] + chance.randbytes(chance.randrange(5000)))
        diary = Diary(torn)
        assert diary.read("PRAGMA integrity_check") == [("ok",)]
        rows = killing.left_of(diary, 1)
        diary.close()
        assert rows == killing.by_table(session[: len(rows)])
        lengths.add(len(rows))
    assert {0, len(session) - 1} & lengths
    assert len(lengths) > len(session) // 3
    writing.close()
