"""Past sessions, read from their rows: what was to be done, what was done, and what was felt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, TypeVar

from voicecoach.core.commands import Intent
from voicecoach.core.table import Name
from voicecoach.diary.diary import Diary
from voicecoach.diary.rows import ENDED, STOPS, Change, Exercise, Note, Place, Rep, Session

Row = TypeVar("Row", Exercise, Change, Place, Rep, Note)
By = dict[int, list[Row]]
Turn = tuple[int, str, int]  # set, side, rep

LEFT_OUT = frozenset({"skipped", "dropped"})
_GONE_ON = f"{Name.WHERE_LEFT} {Intent.CONTINUE}"
"""The answer by which a session goes on where the one before was left."""


class End(StrEnum):
    """How a session ended."""

    FINISHED = "finished"
    EARLY = "ended early"  # the person wished it so
    STOPPED = "ended for safety"  # for pain, dizziness, ...
    INTERRUPTED = "interrupted"
    BROKEN_OFF = "broken off"  # killed, or the machine lost its power


class When(StrEnum):
    """When a pain score was given."""

    BEFORE = "before"
    AFTER = "after"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Score:
    """Pain from zero to ten; None where the person did not know."""

    when: When
    value: int | None


@dataclass(frozen=True, slots=True)
class Stop:
    """A safety word, where it was said and what was heard. `exercise` is "" outside of them."""

    at_ms: int
    kind: str
    number: int  # of the exercise
    exercise: str
    set: int
    side: str
    rep: int
    held_ms: int
    words: str
    by: str
    hurt: bool  # the person confirmed that it hurt


@dataclass(frozen=True, slots=True)
class Dose:
    """One exercise: reps over all sets and sides, and milliseconds on the clock.

    What was prescribed is 0 where no number was, and in a session that went on where another was
    left: it stands in that one. A rep counts once, however often it was done, and one that was
    broken off counts for what was held of it.
    """

    number: int
    exercise: str  # id
    name: str
    reps: int
    reps_done: int
    ms: int
    held_ms: int
    left_out: bool  # skipped, or dropped for the day
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """One session."""

    id: int
    began: datetime  # with the zone that the person was in
    routine: str
    per_day: tuple[int, int] | None  # prescribed, from and to
    often: bool
    lasted_ms: int
    end: End
    doses: tuple[Dose, ...]
    resumed: bool  # it went on where the one before was left
    stops: tuple[Stop, ...]
    scores: tuple[Score, ...]
    reps: tuple[Rep, ...]
    notes: tuple[Note, ...]

    def score(self, when: When) -> int | None:
        """The score that was given then, if one was."""
        return next((one.value for one in self.scores if one.when is when), None)


def past(diary: Diary, since: datetime, until: datetime, routine: str = "") -> list[Past]:
    """The sessions that began in [since, until), oldest first; of one routine, by title."""
    columns = ", ".join(field.name for field in fields(Session))
    begun = diary.read(
        f"SELECT id, {columns} FROM session "  # noqa: S608 - names of our own fields
        "WHERE began_ms >= ? AND began_ms < ? AND (? = '' OR routine = ?) ORDER BY began_ms, id",
        *(_ms(since), _ms(until), routine, routine),
    )
    if not begun:
        return []
    ids = [row[0] for row in begun]
    exercises = _rows(diary, Exercise, ids)
    changes, places = _rows(diary, Change, ids), _rows(diary, Place, ids)
    reps, notes = _rows(diary, Rep, ids), _rows(diary, Note, ids)
    return [
        _past(
            number,
            Session(*columns),
            exercises[number],
            changes[number],
            places[number],
            reps[number],
            notes[number],
        )
        for number, *columns in begun
    ]


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _rows(diary: Diary, kind: type[Row], ids: list[int]) -> By[Row]:
    """The rows of a table by session, in the order in which they were written."""
    names = [field.name for field in fields(kind)]
    columns = ", ".join(f'"{name}"' for name in names)
    order = "session, number" if kind is Exercise else "session, id"
    found: By[Row] = defaultdict(list)
    wanted = set(ids)
    for session, *values in diary.read(
        f"SELECT session, {columns} FROM {kind.__name__} "  # noqa: S608 - our own names
        f"WHERE session BETWEEN ? AND ? ORDER BY {order}",
        *(min(ids), max(ids)),
    ):
        if session in wanted:
            found[session].append(kind(*values))
    return found


def _past(  # noqa: PLR0913, PLR0917 - its tables
    number: int,
    session: Session,
    exercises: list[Exercise],
    changes: list[Change],
    places: list[Place],
    reps: list[Rep],
    notes: list[Note],
) -> Past:
    names = {one.number: one.name for one in exercises}
    zone = timezone(timedelta(seconds=session.utc_offset))
    lows = session.per_day_low, session.per_day_high
    resumed = any(note.kind == "answer" and note.words == _GONE_ON for note in notes)
    times: Iterable[Any] = (*places[-1:], *reps[-1:], *notes[-1:])
    return Past(
        id=number,
        began=datetime.fromtimestamp(session.began_ms / 1000, zone),
        routine=session.routine,
        per_day=lows if lows[0] else None,
        often=bool(session.often),
        lasted_ms=max((one.at_ms for one in times), default=0),
        end=_end(notes),
        doses=tuple(_dose(one, changes, reps, notes, resumed=resumed) for one in exercises),
        resumed=resumed,
        stops=tuple(_stops(notes, names)),
        scores=tuple(_score(one.words) for one in notes if one.kind == "score"),
        reps=tuple(reps),
        notes=tuple(notes),
    )


def _end(notes: list[Note]) -> End:
    words = {note.kind: note.words for note in notes}
    if "finished" in words:
        return End.FINISHED
    if words.get("unfinished"):
        return End.STOPPED
    match words.get(ENDED):
        case None:
            return End.BROKEN_OFF
        case "pain":
            return End.STOPPED
        case "interrupted":
            return End.INTERRUPTED
        case _:
            return End.EARLY if "unfinished" in words else End.FINISHED


def _dose(
    exercise: Exercise,
    all_changes: list[Change],
    all_reps: list[Rep],
    notes: list[Note],
    *,
    resumed: bool,
) -> Dose:
    number = exercise.number
    changes = tuple(one for one in all_changes if one.number == number)
    now = changes[-1] if changes else exercise
    sides = 2 if now.sides in {"both", "alternate"} else 1
    total = 0 if now.as_many or resumed else now.sets * now.reps * sides
    best: dict[Turn, Rep] = {}
    for rep in all_reps:
        turn = (rep.set, rep.side, rep.rep)
        if rep.number == number and (turn not in best or rep.held_ms >= best[turn].held_ms):
            best[turn] = rep
    untouched = max(total - len(best), 0)
    return Dose(
        number=number,
        exercise=exercise.exercise,
        name=now.name,
        reps=total,
        reps_done=sum(bool(rep.done) for rep in best.values()),
        # What was changed on the way counts from the next rep on.
        ms=sum(rep.prescribed_ms for rep in best.values()) + untouched * now.each_ms
        if total
        else 0,
        held_ms=sum(rep.held_ms for rep in best.values()),
        left_out=any(note.number == number and note.kind in LEFT_OUT for note in notes),
        changes=changes,
    )


def _stops(notes: list[Note], names: dict[int, str]) -> Iterable[Stop]:
    for index, note in enumerate(notes):
        if note.kind not in STOPS:
            continue
        where = (note.number, names.get(note.number, ""), note.set, note.side, note.rep)
        hurt = False
        for later in notes[index + 1 :]:
            if later.kind in STOPS:
                break
            hurt |= later.kind == "hurt" and later.number == note.number
        yield Stop(
            note.at_ms,
            note.kind,
            *where,
            note.held_ms,
            note.words,
            note.by,
            hurt,
        )


def _score(words: str) -> Score:
    """`before 3`, `after unknown`, as the core notes them."""
    when, _, value = words.partition(" ")
    known = value.isascii() and value.isdigit()
    return Score(When(when) if when in set(When) else When.WITHIN, int(value) if known else None)


def first_days(diary: Diary) -> dict[str, date]:
    """The day of the first session ever, by routine."""
    found = diary.read("SELECT routine, min(began_ms), utc_offset FROM session GROUP BY routine")
    return {
        routine: datetime.fromtimestamp(began / 1000, timezone(timedelta(seconds=offset))).date()
        for routine, began, offset in found
    }
