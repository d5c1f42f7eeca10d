from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from diary.sessions import MORNING, entries, only
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SMALL, exercise, routine

from voicecoach.core.actions import Outcome
from voicecoach.core.routine import Amount, Clock, Dose, Phase, Sides
from voicecoach.core.units import Ms
from voicecoach.diary.diary import Diary
from voicecoach.diary.recall import recall
from voicecoach.diary.rows import Change, Exercise, Forget, Note, Place, Rep, Session

HOLD = 5000


def hold_at(nth: int) -> float:
    """When a hold of the small routine begins, in seconds, if nothing is said before."""
    _, kept = entries()
    return only(kept, Rep)[nth].at_ms / 1000 - HOLD / 1000


def test_a_session_without_a_word() -> None:
    outcome, kept = entries()
    assert outcome is Outcome.DONE
    assert kept[0] == Session(
        began_ms=round(MORNING.timestamp() * 1000),
        utc_offset=3600,
        routine="Test routine",
        per_day_low=0,
        per_day_high=0,
        often=False,
    )
    assert only(kept, Exercise) == [
        Exercise(1, "tilt", "Tilt", 1, 2, "none", HOLD, as_many=False),
        Exercise(2, "knee", "Knee", 1, 2, "alternate", HOLD, as_many=False),
    ]
    assert [(rep.number, rep.side, rep.rep) for rep in only(kept, Rep)] == [
        *((1, "", 1), (1, "", 2)),
        *((2, "right", 1), (2, "left", 1), (2, "right", 2), (2, "left", 2)),
    ]
    assert all(rep.done and rep.held_ms == rep.prescribed_ms == HOLD for rep in only(kept, Rep))
    assert (kept[-1].kind, kept[-1].words) == ("ended", "done")  # type: ignore[union-attr]


def test_a_hold_that_hurts_is_kept_to_the_millisecond_with_place_and_words() -> None:
    outcome, kept = entries((hold_at(3) + 3.456, "stop it hurts"))
    assert outcome is Outcome.PAIN
    (pain,) = [note for note in only(kept, Note) if note.kind == "pain"]
    assert (pain.number, pain.set, pain.side, pain.rep) == (2, 1, "left", 1)
    assert (pain.words, pain.by) == ("it hurts", "script")
    broken = only(kept, Rep)[-1]
    assert (broken.held_ms, broken.prescribed_ms, broken.done) == (3456, HOLD, False)


def test_a_hold_that_is_gone_on_with_is_done_when_the_rest_is_over() -> None:
    at = hold_at(0)
    _, kept = entries((at + 2, "stop"), (at + 10, "continue"))
    first = [rep for rep in only(kept, Rep) if (rep.number, rep.rep) == (1, 1)]
    assert [(rep.held_ms, rep.done) for rep in first] == [(2000, False), (HOLD, True)]


def test_a_hold_that_is_repeated_begins_anew() -> None:
    at = hold_at(0)
    _, kept = entries((at + 2, "stop"), (at + 10, "repeat"), (at + 30, "stop"))
    first = [rep for rep in only(kept, Rep) if (rep.number, rep.rep) == (1, 1)]
    assert [rep.done for rep in first][:2] == [False, True]
    assert first[1].held_ms == HOLD
    assert first[1].at_ms > (at + 10 + HOLD / 1000) * 1000


def test_what_is_left_out_is_noted_where_it_was() -> None:
    _, kept = entries((hold_at(0) + 1, "skip"))
    (skipped,) = [note for note in only(kept, Note) if note.kind == "skipped"]
    assert (skipped.number, skipped.rep) == (1, 1)
    assert {rep.number for rep in only(kept, Rep) if rep.done} == {2}


def test_a_change_of_dose_and_of_form() -> None:
    tilt = SMALL.exercises[0]
    wide = replace(tilt, dose=replace(tilt.dose, limits=(("hold", Amount(5, 20)),)))
    easy = replace(tilt, name="Small tilt", dose=replace(tilt.dose, reps=1))
    ranged = routine(replace(wide, easier=easy))
    at = hold_at(0)
    _, kept = entries((at + 1, "longer"), (at + 2, "easier"), (at + 3, "harder"), of=ranged)
    assert [(one.how, one.name, one.reps, one.each_ms) for one in only(kept, Change)] == [
        ("hold", "Tilt", 2, 10_000),
        ("easier", "Small tilt", 1, HOLD),
        ("harder", "Tilt", 2, 10_000),
    ]
    done = [rep for rep in only(kept, Rep) if rep.done]
    assert {rep.prescribed_ms for rep in done} == {10_000}


def test_a_rep_of_several_phases_lasts_their_sum() -> None:
    phases = (Phase(Ms(2000), "Lift."), Phase(Ms(3000), hold=True), Phase(Ms(4000), "Lower."))
    dose = Dose(reps=1, hold=Ms(0), clock=Clock.PHASES, phases=phases)
    _, kept = entries(of=routine(exercise("Lift", dose)))
    (rep,) = only(kept, Rep)
    assert (rep.held_ms, rep.prescribed_ms, rep.done) == (9000, 9000, True)


WORDS = ("stop", "it hurts", "continue", "repeat", "skip", "next", "go back", "pause", "finish")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 250), st.sampled_from(WORDS)), max_size=8))
def test_any_session_is_written_as_it_was(said: list[tuple[int, str]]) -> None:
    outcome, kept = entries(*said)
    reps, places, notes = only(kept, Rep), only(kept, Place), only(kept, Note)
    assert all(0 <= rep.held_ms <= rep.prescribed_ms == HOLD for rep in reps)
    assert all(rep.done is (rep.held_ms == HOLD) for rep in reps)
    times = [one.at_ms for one in kept if isinstance(one, Place | Rep | Note | Change)]
    assert times == sorted(times)
    been = {(place.number, place.set, place.side, place.rep) for place in places}
    assert {(rep.number, rep.set, rep.side, rep.rep) for rep in reps} <= been
    ended = [note.words for note in notes if note.kind == "ended"]
    assert ended in ([outcome.value], [])


@pytest.mark.parametrize("sides", list(Sides))
def test_every_side_is_written(sides: Sides) -> None:
    of = routine(exercise("Bend", Dose(reps=2, hold=Ms(1000), sides=sides)))
    _, kept = entries(of=of)
    expected = {
        Sides.NONE: {""},
        Sides.LEFT: {"left"},
        Sides.RIGHT: {"right"},
        Sides.BOTH: {"left", "right"},
        Sides.ALTERNATE: {"left", "right"},
    }
    assert {rep.side for rep in only(kept, Rep)} == expected[sides]


def test_a_note_is_deleted_by_voice(tmp_path: Path) -> None:
    at = hold_at(0)
    said = ((at + 2, "stop it hurts"), (at + 30, "new"), (at + 50, "delete that note"))
    _, kept = entries(*said)
    assert len(only(kept, Forget)) == 1
    diary = Diary(tmp_path / "diary.sqlite3")
    diary.add(kept)
    told = {kind for (kind,) in diary.read("SELECT kind FROM note")}
    assert recall(diary, SMALL).hurt == frozenset()
    diary.close()
    assert not told & {"pain", "hurt", "answer"}
