"""What is remembered at the start of a session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from diary.sessions import entries, note, only, place, rep, session
from samples import SMALL, exercise, routine

from voicecoach.core.memory import Ended, Left, Memory
from voicecoach.core.routine import Dose, Side, Sides
from voicecoach.core.units import Ms
from voicecoach.diary.diary import Diary
from voicecoach.diary.keeping import SessionDiary
from voicecoach.diary.recall import recall
from voicecoach.diary.rows import Entry, Forget, Place, Session
from voicecoach.simulation import simulate

TILT, KNEE = (one.id for one in SMALL.exercises)


@pytest.fixture
def diary(tmp_path: Path) -> Iterator[Diary]:
    opened = Diary(tmp_path / "diary.sqlite3")
    yield opened
    opened.close()


def test_an_empty_diary_remembers_nothing(diary: Diary) -> None:
    assert recall(diary, SMALL) == Memory()


@pytest.mark.parametrize(
    ("here", "done", "left"),
    [
        (place(1), False, Left(TILT)),
        (place(1, rep=1), False, Left(TILT, rep=1)),
        (place(1, rep=1), True, Left(TILT, rep=2)),
        (place(1, rep=2), True, Left(KNEE, side=Side.RIGHT)),
        (place(2, "right"), False, Left(KNEE, side=Side.RIGHT)),
        (place(2, "right", 1), True, Left(KNEE, side=Side.LEFT, rep=1)),
        (place(2, "left", 1), True, Left(KNEE, side=Side.RIGHT, rep=2)),
        (place(2, "left", 2), False, Left(KNEE, side=Side.LEFT, rep=2)),
        (place(2, "left", 2), True, None),  # all was done but the goodbye
        (place(0), False, None),  # nothing had begun
        (place(3), False, None),  # the goodbye
    ],
)
def test_a_broken_off_session_goes_on_where_it_was(
    diary: Diary, here: Place, *, done: bool, left: Left | None
) -> None:
    diary.add(session(place(0), here, *([rep(here)] if done else [rep(here, done=False)])))
    assert recall(diary, SMALL).left == left


def test_sets_are_places_too(diary: Diary) -> None:
    rounds = routine(exercise("Tilt", Dose(reps=2, hold=Ms(5000), sets=2, sides=Sides.LEFT)))
    here = place(1, "left", 2)
    diary.add(session(here, rep(here)))
    assert recall(diary, rounds).left == Left(TILT, 2, Side.LEFT, 1)


def test_a_finished_session_is_not_gone_on_with(diary: Diary) -> None:
    here = place(2, "left", 1)
    diary.add(session(here, note("finished", here), note("ended", here, "done")))
    assert recall(diary, SMALL).left is None


def test_why_it_was_left(diary: Diary) -> None:
    here = place(2, "left", 1)
    diary.add(session(here, note("unfinished", here, "pain"), note("ended", here, "pain")))
    assert recall(diary, SMALL).left == Left(KNEE, side=Side.LEFT, rep=1)
    assert recall(diary, SMALL).ended == Ended(KNEE, "pain")


@pytest.mark.parametrize("kind", ["unfinished", "finished"])
@pytest.mark.parametrize("here", [place(0), place(3)])
def test_what_it_ended_for_outside_of_the_exercises(diary: Diary, here: Place, kind: str) -> None:
    diary.add(session(here, note("stop", here), note(kind, here, "dizzy")))
    assert recall(diary, SMALL) == Memory(ended=Ended("", "dizzy"))


def test_what_another_routine_ended_for_is_asked_about_too(diary: Diary) -> None:
    here = place(2, "left", 1)
    diary.add(session(here))
    diary.add(session(here, note("unfinished", here, "nerve"), title="Another"))
    memory = recall(diary, SMALL)
    assert (memory.left, memory.ended) == (Left(KNEE, side=Side.LEFT, rep=1), Ended(KNEE, "nerve"))
    diary.add(session(here, note("finished", place(3)), title="Another"))
    assert recall(diary, SMALL).ended is None


def test_a_rep_that_is_done_anew_is_not_yet_done(diary: Diary) -> None:
    here = place(1, rep=1)
    later = replace(here, at_ms=9000)
    diary.add(session(here, rep(here), replace(place(1, rep=2), at_ms=6000), later))
    assert recall(diary, SMALL).left == Left(TILT, rep=1)


def test_only_the_last_session_of_this_routine_counts(diary: Diary) -> None:
    here = place(2, "left", 1)
    diary.add(session(here))
    diary.add(session(here, title="Another"))
    diary.add(session(place(1), note("finished", place(3))))
    assert recall(diary, SMALL).left is None
    assert recall(diary, replace(SMALL, title="Another")).left is not None


def test_a_session_that_only_greeted_leaves_the_mark(diary: Diary) -> None:
    """She was asked whether to go on there, and the machine was switched off."""
    here = place(2, "left", 1)
    diary.add(session(place(0), here, note("unfinished", here, "pain")))
    for greeted in ([place(0)], [place(0), note("unfinished", place(0), "pain")], []):
        diary.add(session(*greeted))
        assert recall(diary, SMALL).left == Left(KNEE, side=Side.LEFT, rep=1)
        assert recall(diary, SMALL).ended is not None


def test_broken_off_on_the_way_back_it_goes_on_at_the_same_rep(diary: Diary) -> None:
    here, way = place(2, "left", 1), place(2, "right")
    diary.add(session(place(0), here))
    diary.add(session(place(0), way))
    diary.add(session(place(0), way, note("unfinished", way, "dizzy")))
    assert recall(diary, SMALL).left == Left(KNEE, side=Side.LEFT, rep=1)
    assert recall(diary, SMALL).ended == Ended(KNEE, "dizzy")
    diary.add(session(place(0), place(1)))  # and now she has started again
    assert recall(diary, SMALL) == Memory(Left(TILT))


def test_what_was_left_before_a_finished_session_is_past(diary: Diary) -> None:
    diary.add(session(place(2, "left", 1)))
    diary.add(session(place(1, rep=1), place(3), note("finished", place(3))))
    diary.add(session(place(0)))
    assert recall(diary, SMALL).left is None


def test_an_exercise_that_is_no_longer_planned(diary: Diary) -> None:
    """Its name is told; what to do about it, the session knows."""
    here = place(2, "left", 1)
    diary.add(session(here))
    shorter = routine(SMALL.exercises[0])
    assert recall(diary, shorter).left == Left(KNEE, side=Side.LEFT, rep=1)


# -- what hurt --------------------------------------------------------------------------------

AT = place(2, "left", 1)
FINE = session(AT, rep(AT), note("finished", place(3)))
HURT = session(AT, note("pain", AT), note("answer", AT), note("hurt", AT), note("unfinished", AT))
SKIPPED = session(place(2), note("skipped", place(2)), note("finished", place(3)))
KILLED_IN_PAIN = session(AT, note("pain", AT, "ouch"), note("halted", AT))
FALSE_ALARM = session(AT, note("pain", AT), note("answer", AT), rep(AT), note("finished", place(3)))
APPROVED = session(place(2), note("approved", place(2)), AT, rep(AT), note("finished", place(3)))


@pytest.mark.parametrize(
    ("sessions", "hurt", "locked"),
    [
        ([FINE], False, False),
        ([HURT], True, False),
        ([FINE, HURT], True, False),
        ([HURT, FINE], False, False),
        ([HURT, SKIPPED], True, False),
        ([HURT, HURT], True, True),
        ([HURT, SKIPPED, HURT], True, True),
        ([HURT, FINE, HURT], True, False),
        ([HURT, HURT, SKIPPED, SKIPPED], True, True),
        ([HURT, HURT, APPROVED], False, False),
        ([HURT, HURT, APPROVED, HURT], True, False),
        ([KILLED_IN_PAIN], True, False),
        ([HURT, KILLED_IN_PAIN], True, True),
        ([FALSE_ALARM], False, False),
    ],
)
def test_what_hurt_in_the_last_sessions(
    diary: Diary, sessions: list[list[Entry]], *, hurt: bool, locked: bool
) -> None:
    for one in sessions:
        diary.add(one)
    memory = recall(diary, SMALL)
    assert memory.hurt == (frozenset({KNEE}) if hurt else frozenset())
    assert memory.locked == (frozenset({KNEE}) if locked else frozenset())


def test_an_exercise_is_the_same_in_every_routine(diary: Diary) -> None:
    title, *rest = HURT
    assert isinstance(title, Session)
    diary.add([replace(title, routine="Another"), *rest])
    assert recall(diary, SMALL).hurt == {KNEE}


def test_what_was_deleted_is_not_remembered(diary: Diary) -> None:
    diary.add([*HURT, Forget()])
    assert recall(diary, SMALL).hurt == frozenset()


# -- put together -----------------------------------------------------------------------------


def test_a_session_is_kept_and_remembered(tmp_path: Path) -> None:
    path, told = tmp_path / "diary.sqlite3", list[str]()
    first = SessionDiary(path, SMALL, told.append)
    assert first.memory == Memory()
    first.close()
    _, kept = entries()
    here = only(kept, Place)[3]
    diary = Diary(path)
    diary.add(kept[: kept.index(here) + 1])
    diary.close()
    second = SessionDiary(path, SMALL, told.append)
    second.close()
    assert second.memory.left == Left(TILT, rep=here.rep)
    assert told == []


def test_a_diary_that_cannot_be_used_is_told_of_once(tmp_path: Path) -> None:
    path, told = tmp_path / "diary.sqlite3", list[str]()
    path.write_text("Dear diary", encoding="utf-8")
    session_diary = SessionDiary(path, SMALL, told.append)
    assert session_diary.memory == Memory()
    simulate(SMALL, [session_diary.scribe])
    session_diary.close()
    assert len(told) == 1
    assert path.read_text(encoding="utf-8") == "Dear diary"
