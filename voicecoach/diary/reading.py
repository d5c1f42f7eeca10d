"""The diary, opened to be read: the sessions of a number of days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from voicecoach.diary.diary import Diary, diary_path
from voicecoach.diary.history import Past, first_days, past
from voicecoach.diary.words import plain
from voicecoach.errors import DiaryError


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the last of them today, and the sessions that began in them."""

    first: date
    last: date
    sessions: tuple[Past, ...]
    routine: str = ""  # of all routines, where it is empty
    begun: Mapping[str, date] = field(default_factory=dict)  # routine -> its first session ever

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def nothing(self) -> str:
        """A sentence for a period without a session."""
        of = f" of {plain(self.routine)}" if self.routine else ""
        within = "today" if self.days == 1 else f"in the last {self.days} days"
        return f"The diary has no session{of} {within}."


def read_period(
    path: Path | None, days: int, routine: str = "", now: datetime | None = None
) -> Period:
    """The sessions of so many days up to today. Raises DiaryError.

    A session belongs to the day that it was where the person was. Where there is no diary yet,
    there was no session; one that was named must be there.
    """
    now = now or datetime.now().astimezone()
    last, margin = now.date(), timedelta(days=1)
    first = last - timedelta(days=days - 1)
    where = path or diary_path()
    if not where.exists():
        if path is not None:
            raise DiaryError(f"{path}: there is no diary. Leave --diary out, or name another file.")
        return Period(first, last, (), routine)
    diary = _open(where)
    try:
        found = past(diary, now - (days + 1) * margin, now + margin, routine)
        begun = first_days(diary)
    finally:
        diary.close()
    mine = tuple(one for one in found if first <= one.began.date() <= last)
    return Period(first, last, mine, routine, begun)


def _open(path: Path) -> Diary:
    """Brought up to date, or, where it may not be written, as it is."""
    try:
        return Diary(path)
    except DiaryError:
        return Diary(path, writing=False)


def count_sessions(path: Path) -> int:
    """How many sessions a diary holds. Raises DiaryError."""
    diary = _open(path)
    try:
        return int(diary.read("SELECT count(*) FROM session")[0][0])
    finally:
        diary.close()
