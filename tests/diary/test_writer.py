"""The writer never keeps anybody waiting, and loses nothing that it can still write."""

from __future__ import annotations

import resource
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from diary.killing import left_of
from diary.sessions import entries

from voicecoach.diary.diary import Diary
from voicecoach.diary.rows import Entry, Note, Row, Session
from voicecoach.diary.writer import Writer

SESSION = Session(0, 0, "Any", 0, 0, often=False)


class Told:
    """What the writer tells, and a way to wait for it."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.count = 0
        self._changed = threading.Condition()

    def failed(self, why: str) -> None:
        with self._changed:
            self.failures.append(why)
            self._changed.notify_all()

    def written(self, count: int) -> None:
        with self._changed:
            self.count = count
            self._changed.notify_all()

    def wait(self, *, count: int = 0, failures: int = 0) -> None:
        with self._changed:
            done = self._changed.wait_for(
                lambda: self.count >= count and len(self.failures) >= failures, 30
            )
        assert done, (self.count, self.failures)


def note(at: int) -> Note:
    return Note(at, "stop", 1, 1, "", 1, "x" * 500, "keys", 0)


def rows(path: Path) -> list[Row]:
    diary = Diary(path, writing=False)
    found = left_of(diary, 1)
    diary.close()
    return found


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """A disk that is full as soon as a file is that long."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_all_is_written_when_it_is_closed(tmp_path: Path) -> None:
    _, session = entries((20, "stop"))
    told = Told()
    writer = Writer(tmp_path / "diary.sqlite3", told.failed, told.written)
    for entry in session:
        writer.put(entry)
    writer.close()
    assert (told.count, told.failures) == (len(session), [])
    assert len(rows(tmp_path / "diary.sqlite3")) == len(session)


def test_a_full_disk_is_told_once_and_what_waits_is_written_when_there_is_room(
    tmp_path: Path,
) -> None:
    path, told = tmp_path / "diary.sqlite3", Told()
    writer = Writer(path, told.failed, told.written)
    writer.put(SESSION)
    told.wait(count=1)
    many: list[Entry] = [note(at) for at in range(1000)]
    with largest_file(300_000):
        for entry in many:
            writer.put(entry)
            time.sleep(0.0002)
        told.wait(failures=1)
        writer.put(note(1000))
        time.sleep(0.05)
        safe = told.count
        assert safe < len(many)
    assert rows(path) == [SESSION, *many][: len(rows(path))]
    assert len(rows(path)) >= safe
    writer.put(note(1001))
    told.wait(count=1 + len(many) + 2)
    writer.close()
    assert rows(path) == [SESSION, *many, note(1000), note(1001)]
    (why,) = told.failures
    assert "the disk" in why


def test_a_disk_that_is_full_from_the_first_byte(tmp_path: Path) -> None:
    path, told = tmp_path / "diary.sqlite3", Told()
    with largest_file(0):
        writer = Writer(path, told.failed, told.written)
        writer.put(SESSION)
        told.wait(failures=1)
    writer.put(note(1))
    writer.close()
    assert rows(path) == [SESSION, note(1)]


def test_nobody_waits_for_a_disk(tmp_path: Path) -> None:
    """Another programme holds the diary: a `put` takes no time, nor does it fail."""
    path, told = tmp_path / "diary.sqlite3", Told()
    Diary(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = Writer(path, told.failed, told.written)
    took = []
    for at in range(1000):
        begun = time.perf_counter()
        writer.put(SESSION if at == 0 else note(at))
        took.append(time.perf_counter() - begun)
        time.sleep(0.0005)
    assert told.count == 0
    other.execute("ROLLBACK")
    other.close()
    writer.close()
    assert (told.count, told.failures) == (1000, [])
    assert sorted(took)[len(took) * 99 // 100] < 0.005


def test_an_end_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.diary.writer.LAST_WAIT", 0.1)
    path, told = tmp_path / "diary.sqlite3", Told()
    Diary(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer = Writer(path, told.failed, told.written)
    writer.put(SESSION)
    begun = time.monotonic()
    writer.close()
    assert time.monotonic() - begun < 3
    other.close()


def test_a_newer_diary_is_told_of_once_and_left_alone(tmp_path: Path) -> None:
    path, told = tmp_path / "diary.sqlite3", Told()
    Diary(path).close()
    sql = sqlite3.connect(path)
    sql.execute("PRAGMA user_version = 1000")
    sql.commit()
    sql.close()
    before = path.read_bytes()
    writer = Writer(path, told.failed, told.written)
    for at in range(5):
        writer.put(SESSION if at == 0 else note(at))
        time.sleep(0.01)
    writer.close()
    assert len(told.failures) == 1
    assert "newer voicecoach" in told.failures[0]
    assert path.read_bytes() == before
