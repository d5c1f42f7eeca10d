"""Sessions for the diary's tests: simulated ones, and the entries that a scribe makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from samples import SMALL

from voicecoach.core.actions import Outcome
from voicecoach.core.routine import Routine
from voicecoach.core.units import Ms
from voicecoach.diary.rows import Entry
from voicecoach.diary.scribe import Scribe
from voicecoach.simulation import Words, simulate

MORNING = datetime(2026, 11, 20, 7, 30, tzinfo=timezone(timedelta(hours=1)))


def entries(
    *said: tuple[float, str], of: Routine = SMALL, began: datetime = MORNING
) -> tuple[Outcome, list[Entry]]:
    """The outcome of a session with what is said at its seconds, and what is written of it."""
    kept: list[Entry] = []
    words = [Words(Ms(round(at * 1000)), text) for at, text in said]
    outcome, _ = simulate(of, [Scribe(of, kept.append, lambda: began)], words)
    return outcome, kept


Some = TypeVar("Some")


def only(kept: Sequence[object], kind: type[Some]) -> list[Some]:
    """Those of one table."""
    return [one for one in kept if isinstance(one, kind)]
