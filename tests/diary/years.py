"""A diary of many years, made up from a seed: for the report's tests and for scripts/bench."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from samples import exercise, routine

from voicecoach.core.routine import Dose, Routine
from voicecoach.core.units import Ms
from voicecoach.diary.diary import Diary
from voicecoach.diary.rows import Entry, Exercise, Note, Place, Rep, Session

ROUTINE = "Morning back"
NAMES = ("Pelvic tilt", "Knee to chest", "Bridge", "Cat and camel", "Side lift", "Sitting turn")
_REPS, _EACH = 4, 5000
_AT_ONCE = 500  # sessions a transaction


def write_years(
    path: Path, until: datetime, days: int, *, twice: bool = True, seed: int = 5
) -> tuple[int, int]:
    """Sessions of so many days up to `until`, two a day; how many, and how many rows."""
    chance = random.Random(seed)  # noqa: S311 - a test's
    diary = Diary(path)
    sessions = rows = 0
    entries: list[Entry] = []
    for back in range(days - 1, -1, -1):
        for hour in (7, 19) if twice else (7,):
            began = (until - timedelta(days=back)).replace(hour=hour, minute=chance.randrange(60))
            entries += session(began, chance, pain=4 * back / days)
            sessions += 1
        if sessions % _AT_ONCE < 2 or back == 0:
            diary.add(entries)
            rows += len(entries)
            entries = []
    diary.close()
    return sessions, rows


def session(began: datetime, chance: random.Random, pain: float = 3) -> Iterator[Entry]:
    """One of six exercises; now and then it hurts, something is left out, or it is broken off."""
    offset = began.utcoffset() or timedelta(0)
    began_ms, east = int(began.timestamp() * 1000), int(offset.total_seconds())
    yield Session(began_ms, east, ROUTINE, 2, 2, often=False)
    for number, name in enumerate(NAMES, 1):
        sides = "alternate" if number == 2 else "none"
        yield Exercise(number, name.lower(), name, 1, _REPS, sides, _EACH, as_many=False)
    at = 0
    before = min(10, max(0, round(pain + chance.gauss(0, 1))))
    yield Note(at, "score", 0, 1, "", 0, f"before {before}", "decoder", 0)
    hurts = chance.randrange(1, 60)  # a number of an exercise, mostly none
    left_out = chance.randrange(1, 40)
    for number in range(1, len(NAMES) + 1):
        at += 20_000
        yield Place(at, number, 1, "", 0)
        if number == left_out:
            yield Note(at, "skipped", number, 1, "", 0, "", "keys", 0)
            continue
        for rep in range(1, _REPS + 1):
            for side in ("left", "right") if number == 2 else ("",):
                at += 8000
                where = (number, 1, side, rep)
                yield Place(at, *where)
                if number == hurts and rep == _REPS:
                    yield Note(at + 3000, "pain", *where, "stop it hurts", "decoder", 3000)
                    yield Rep(at + 3000, *where, 3000, _EACH, done=False)
                    yield Note(at + 3000, "halted", *where, "hurt", "decoder", 0)
                    yield Note(at + 9000, "hurt", *where, "pain", "", 0)
                    yield Note(at + 9000, "unfinished", *where, "pain", "", 0)
                    yield Note(at + 9000, "ended", *where, "pain", "", 0)
                    return
                yield Rep(at + _EACH, *where, _EACH, _EACH, done=True)
    end = (len(NAMES) + 1, 1, "", 0)
    yield Place(at + 20_000, *end)
    after = min(10, max(0, before - 1 + round(chance.gauss(0, 0.7))))
    yield Note(at + 25_000, "score", *end, f"after {after}", "decoder", 0)
    yield Note(at + 30_000, "finished", *end, "", "", 0)
    yield Note(at + 30_000, "ended", *end, "done", "", 0)


def routine_of_years() -> Routine:
    """The routine that those sessions were of."""
    one = exercise("Any", Dose(reps=_REPS, hold=Ms(_EACH)))
    exercises = (replace(one, id=name.lower(), name=name) for name in NAMES)
    return replace(routine(*exercises), title=ROUTINE)
