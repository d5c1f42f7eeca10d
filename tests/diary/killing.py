"""Writes sessions, is killed at random moments, and looks at what is left. Run by test_kill.

    python killing.py PATH MOMENTS SEED

A child is forked for each moment: it writes one session through the writer's thread, telling by a
pipe how many entries are acknowledged, and is killed (SIGKILL) somewhere on its way.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

from diary.sessions import entries, only
from samples import SMALL

from voicecoach.core.memory import Left
from voicecoach.core.routine import Side
from voicecoach.diary.diary import Diary
from voicecoach.diary.recall import recall
from voicecoach.diary.rows import Entry, Place, Rep, Row, Session
from voicecoach.diary.writer import Writer


def child(path: Path, session: list[Entry], pipe: int) -> None:
    """Never returns by itself: whoever is not killed in its session is killed after it."""

    def acknowledge(count: int) -> None:
        os.write(pipe, f"{count}\n".encode())

    def failed(why: str) -> None:
        os.write(pipe, f"failed: {why}\n".encode())

    writer = Writer(path, failed, acknowledge)
    for entry in session:
        writer.put(entry)
        time.sleep(0.001)  # or all of it would be one transaction
    time.sleep(60)


def acknowledged(pipe: int) -> int:
    told = b""
    while more := os.read(pipe, 65536):
        told += more
    lines = told.decode().split("\n")[:-1]
    failed = [line for line in lines if line.startswith("failed")]
    if failed:
        raise SystemExit(failed[0])
    return int(lines[-1]) if lines else 0


def left_of(diary: Diary, session: int) -> list[Row]:
    """All rows of a session, table by table."""
    found: list[Row] = []
    for kind in get_args(Row):
        columns = ", ".join(f'"{field.name}"' for field in fields(kind))
        owner = "id" if kind is Session else "session"
        query = f"SELECT {columns} FROM {kind.__name__} WHERE {owner} = ?"  # noqa: S608
        found += [kind(*row) for row in diary.read(query, session)]
    return found


def by_table(rows: list[Entry]) -> list[Row]:
    return [row for kind in get_args(Row) for row in only(rows, kind)]


def expected(session: list[Entry], count: int) -> Left | None:
    """Where it is to be gone on with after so many entries, told from the entries alone."""
    places, been = only(session, Place), only(session[:count], Place)
    if not been:
        return None
    here = been[-1]
    place = (here.number, here.set, here.side, here.rep)
    if any(
        (r.number, r.set, r.side, r.rep) == place and r.done for r in only(session[:count], Rep)
    ):
        here = places[len(been)]
    if not 0 < here.number <= len(SMALL.exercises):
        return None
    exercise = SMALL.exercises[here.number - 1].id
    return Left(exercise, here.set, Side(here.side) if here.side else None, here.rep)


def killed(path: Path, session: list[Entry], after: float) -> int:
    """How many entries were acknowledged when it was killed, `after` seconds from its start."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        child(path, session, theirs)
    os.close(theirs)
    time.sleep(after)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    count = acknowledged(ours)
    os.close(ours)
    return count


def main() -> None:
    """Prints how many moments there were, at how many the session was on its way, and the check."""
    path, moments, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)  # noqa: S311 - a test's
    _, (begun, *rest) = entries((20, "stop it hurts"), (40, "continue"), (90, "skip"))
    if not isinstance(begun, Session):
        raise TypeError(begun)
    before, between, longest = 0, 0, 0.05
    for number in range(moments):
        # Each is of a routine of its own: what came before it has no say in where it goes on.
        mine = replace(SMALL, title=str(number))
        session = [replace(begun, routine=mine.title), *rest]
        count = killed(path, session, chance.uniform(0, longest))
        # As long as this machine's disk needs for a session, so that most die on their way.
        longest *= 0.9 if count == len(session) else 1.1
        diary = Diary(path)  # opens, whatever was left behind
        (last,) = diary.read("SELECT max(id) FROM session")[0]
        rows = left_of(diary, last) if last != before else []
        if len(rows) < count:
            sys.exit(f"{count} entries were acknowledged, and {len(rows)} are there")
        if rows != by_table(session[: len(rows)]):
            sys.exit(f"session {last} is no beginning of what was written: {rows}")
        left = recall(diary, mine).left
        if rows and left != expected(session, len(rows)):
            sys.exit(f"session {last} would go on at {left}, not {expected(session, len(rows))}")
        diary.close()
        before = last or before
        between += 0 < len(rows) < len(session)
    check = Diary(path).read("PRAGMA integrity_check")[0][0]
    sys.stdout.write(f"{moments} {between} {check}")


if __name__ == "__main__":
    main()
