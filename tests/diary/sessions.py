"""Sessions for the diary's tests: simulated ones, and the entries that a scribe makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from samples import SMALL

from voicecoach.core.actions import Outcome
from voicecoach.core.memory import Memory
from voicecoach.core.routine import Routine
from voicecoach.core.units import Ms
from voicecoach.diary.rows import Entry, Exercise, Note, Place, Rep, Session
from voicecoach.diary.scribe import Scribe
from voicecoach.simulation import Words, simulate

MORNING = datetime(2026, 11, 20, 7, 30, tzinfo=timezone(timedelta(hours=1)))


def entries(
    *said: tuple[float, str],
    of: Routine = SMALL,
    began: datetime = MORNING,
    memory: Memory | None = None,
) -> tuple[Outcome, list[Entry]]:
    """The outcome of a session with what is said at its seconds, and what is written of it."""
    kept: list[Entry] = []
    words = [Words(Ms(round(at * 1000)), text) for at, text in said]
    scribe = Scribe(of, kept.append, lambda: began)
    outcome, _ = simulate(of, [scribe], words, memory=memory)
    return outcome, kept


Some = TypeVar("Some")


def only(kept: Sequence[object], kind: type[Some]) -> list[Some]:
    """Those of one table."""
    return [one for one in kept if isinstance(one, kind)]


def place(number: int, side: str = "", rep: int = 0, set_: int = 1) -> Place:
    return Place(0, number, set_, side, rep)


def rep(where: Place, *, done: bool = True) -> Rep:
    held = 5000 if done else 3000
    return Rep(5000, where.number, where.set, where.side, where.rep, held, 5000, done)


def note(kind: str, where: Place, words: str = "") -> Note:
    return Note(0, kind, where.number, where.set, where.side, where.rep, words, "", 0)


def session(*more: Entry, title: str = SMALL.title) -> list[Entry]:
    planned = [
        Exercise(number, one.id, one.name, 1, 2, one.dose.sides.value, 5000, as_many=False)
        for number, one in enumerate(SMALL.exercises, 1)
    ]
    return [Session(0, 0, title, 0, 0, often=False), *planned, *more]
