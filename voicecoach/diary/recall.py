"""What the diary knows that the next session should: where it was left, and what hurt."""

from __future__ import annotations

from itertools import pairwise

from voicecoach.core.memory import Ended, Left, Memory
from voicecoach.core.plan import Role, Segment, plan
from voicecoach.core.routine import Routine, Side
from voicecoach.core.wording import exercise_of
from voicecoach.diary.diary import Diary
from voicecoach.diary.rows import ENDED

_HURT = ("hurt", "pain", "worsening", "nerve")
_SETTLED = ("answer", "approved", "finished", "unfinished", ENDED)

_TRIED = """
    SELECT session, number FROM exercise AS of WHERE exercise = ? AND (
        EXISTS (SELECT 1 FROM rep WHERE session = of.session AND number = of.number) OR
        EXISTS (SELECT 1 FROM note WHERE session = of.session AND number = of.number
                AND kind IN ('hurt', 'pain', 'worsening', 'nerve', 'approved')))
    ORDER BY session DESC LIMIT 2"""
"""Who leaves an exercise out has not tried whether it still hurts."""


_SESSIONS = "SELECT id FROM session WHERE routine = ? ORDER BY id DESC LIMIT 20"
_ALL_SESSIONS = "SELECT id FROM session ORDER BY id DESC LIMIT 20"

_FINISHED = "SELECT 1 FROM note WHERE session = ? AND kind = 'finished'"
_WHY = "SELECT words FROM note WHERE session = ? AND kind IN ('unfinished', 'finished')"

_LAST_PLACE = """
    SELECT exercise, of."set", of.side, of.rep,
        EXISTS (SELECT 1 FROM rep AS r WHERE r.session = of.session AND r.number = of.number
            AND r."set" = of."set" AND r.side = of.side AND r.rep = of.rep AND r.done
            AND r.at_ms >= of.at_ms),
        EXISTS (SELECT 1 FROM place AS p WHERE p.session = of.session AND p.rep > 0)
    FROM place AS of LEFT JOIN exercise USING (session, number)
    WHERE of.id = (SELECT max(id) FROM place WHERE session = ? AND number > 0)"""
"""Its exercise (none after the last), its rep and whether that was done, whether any was begun."""


def recall(diary: Diary, routine: Routine) -> Memory:
    """What matters today. `routine` is the one that will be played, for this person.

    A few rows by index, whatever the number of years.
    """
    locked, hurt = set(), set()
    for exercise in {one.id for one in routine.exercises}:
        told = [_told(diary, *session) for session in diary.read(_TRIED, exercise)]
        if told and told[0] == "hurt":
            hurt.add(exercise)
            if told[1:] == ["hurt"]:
                locked.add(exercise)
    return Memory(_left(diary, routine), _ended(diary), frozenset(hurt), frozenset(locked))


def _ended(diary: Diary) -> Ended | None:
    """What the last session of any routine ended for; one that only greeted does not count."""
    for (session,) in diary.read(_ALL_SESSIONS):
        where = diary.read(_LAST_PLACE, session)
        for (why,) in diary.read(_WHY, session):
            if why:
                return Ended((where[0][0] if where else None) or "", why)
        if where:
            return None
    return None


def _told(diary: Diary, session: int, number: int) -> str:
    """What a session told of an exercise: "hurt", or "approved" after that, or nothing.

    A word of pain that nobody answered, because the session was broken off there, counts as told.
    """
    notes = diary.read("SELECT kind, number FROM note WHERE session = ? ORDER BY id", session)
    told = ""
    for index, (kind, at) in enumerate(notes):
        if at != number:
            continue
        unanswered = not any(later in _SETTLED for later, _ in notes[index + 1 :])
        if kind == "hurt" or (kind in _HURT and unanswered):
            told = "hurt"
        elif kind == "approved":
            told = "approved"
    return told


def _left(diary: Diary, routine: Routine) -> Left | None:
    """Where the last session was left; None where it was finished, or there was none.

    One that got no further than its greeting leaves the mark where it was; and so does one that
    was broken off on its way back to that exercise, before any rep of it.
    """
    latest: Left | None = None
    for (session,) in diary.read(_SESSIONS, routine.title):
        if diary.read(_FINISHED, session):
            break
        where = diary.read(_LAST_PLACE, session)
        if not where:
            continue
        exercise, set_, side, rep, done, begun = where[0]
        if latest is not None and exercise != latest.exercise:
            break
        if exercise is None:  # it was saying goodbye
            break
        left = Left(exercise, set_, Side(side) if side else None, rep)
        if begun:
            return _after(left, routine) if done else left
        latest = latest or left
    return latest


def _after(left: Left, routine: Routine) -> Left | None:
    """The place after a rep; None after the last of all."""
    reps = [segment for segment in plan(routine) if segment.role is Role.REP]
    here = (left.exercise, left.set, left.side, left.rep)
    for this, after in pairwise([*reps, None]):
        if this is None or _where(this) != here:
            continue
        if after is None:
            return None
        exercise, set_, side, rep = _where(after)
        return Left(exercise, set_, side, rep if exercise == left.exercise else 0)
    return left  # it is not planned today


def _where(segment: Segment) -> tuple[str, int, Side | None, int]:
    place = segment.place
    return exercise_of(segment).id, place.set, place.side, place.rep
