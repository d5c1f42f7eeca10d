"""Past sessions, as they are told: lines, JSON, CSV; and the diary's deletion."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from diary.sessions import MORNING, entries, note, only, place, rep, session
from samples import SMALL

from voicecoach.cli import main
from voicecoach.core.memory import Left
from voicecoach.core.routine import Side
from voicecoach.diary.diary import Diary
from voicecoach.diary.history import End, When, past
from voicecoach.diary.listing import lines, write_csv
from voicecoach.diary.reading import Period, read_period
from voicecoach.diary.recall import recall
from voicecoach.diary.report.facts import gather
from voicecoach.diary.rows import Change, Entry, Exercise, Note, Rep, Session
from voicecoach.diary.words import plain, short

EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
AT = place(2, "left", 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "diary.sqlite3"


@pytest.fixture
def diary(path: Path) -> Iterator[Diary]:
    opened = Diary(path)
    yield opened
    opened.close()


def test_a_whole_session_is_told(diary: Diary) -> None:
    _, kept = entries()
    diary.add(kept)
    (one,) = past(diary, *EVER)
    told = list(lines(one))
    assert told[0].startswith("Friday 20 November 2026, 07:30. Test routine: finished, ")
    assert told[1:] == [
        "  Tilt: 2 of 2 reps, held 10 of 10 seconds.",
        "  Knee: 4 of 4 reps, held 20 of 20 seconds.",
    ]
    assert one.began == MORNING


def test_what_hurt_and_what_was_left_out(diary: Diary) -> None:
    diary.add(
        session(
            note("score", place(0), "before 3"),
            note("skipped", place(1)),
            AT,
            Note(3000, "pain", 2, 1, "left", 1, "stop it hurts", "decoder", 3000),
            rep(AT, done=False),
            note("hurt", AT, "pain"),
            note("score", AT, "after unknown"),
            note("unfinished", AT, "pain"),
        )
    )
    (one,) = past(diary, *EVER)
    assert one.end is End.STOPPED
    assert list(lines(one))[1:] == [
        "  Tilt: left out.",
        "  Knee: 0 of 4 reps, held 3 of 20 seconds.",
        "  Pain in Knee, left side, rep 1, after 3 seconds: “stop it hurts”.",
        "  Pain 3 before and unknown after, from zero to ten.",
    ]
    assert one.stops[0].hurt
    assert (one.score(When.BEFORE), one.score(When.AFTER)) == (3, None)


@pytest.mark.parametrize(
    ("notes", "end"),
    [
        ([], End.BROKEN_OFF),
        ([note("finished", AT), note("ended", AT, "done")], End.FINISHED),
        ([note("unfinished", AT), note("ended", AT, "done")], End.EARLY),
        ([note("unfinished", AT, "dizzy"), note("ended", AT, "pain")], End.STOPPED),
        ([note("unfinished", AT), note("ended", AT, "interrupted")], End.INTERRUPTED),
    ],
)
def test_how_it_ended(diary: Diary, notes: list[Entry], end: End) -> None:
    diary.add(session(AT, *notes))
    (one,) = past(diary, *EVER)
    assert one.end is end


def test_what_was_gone_on_with_adds_to_what_was_left(diary: Diary) -> None:
    """Told in the words of the session itself: as the core notes the answer."""
    _, kept = entries()
    reps = only(kept, Rep)
    diary.add(kept[: kept.index(reps[2]) + 1])
    memory = recall(diary, SMALL)
    assert memory.left == Left("knee", side=Side.LEFT, rep=1)
    _, more = entries((20, "go on there"), memory=memory)
    diary.add(more)
    assert [(one.number, one.side, one.rep) for one in only(more, Rep)] == [
        *((2, "left", 1), (2, "right", 2), (2, "left", 2)),
    ]
    left, gone_on = past(diary, *EVER)
    assert (left.resumed, gone_on.resumed) == (False, True)
    heading, *told = lines(gone_on)
    assert ": gone on where it was left, finished, " in heading
    assert told == ["  Knee: 3 reps, held 15 seconds."]
    facts = gather(Period(MORNING.date(), MORNING.date(), (left, gone_on)))
    assert [(one.sessions, one.finished) for one in facts.adherence] == [(1, 1)]
    assert [(one.reps, one.reps_done, one.ms, one.held_ms) for one in facts.totals] == [
        *((2, 2, 10_000, 10_000), (4, 4, 20_000, 20_000)),
    ]
    assert [one.not_begun for one in facts.totals] == [0, 0]


def test_a_rep_counts_once_and_for_the_most_that_was_held(diary: Diary) -> None:
    diary.add(session(AT, rep(AT, done=False), rep(AT), rep(AT)))
    (one,) = past(diary, *EVER)
    assert (one.doses[1].reps_done, one.doses[1].held_ms) == (1, 5000)


def test_a_changed_dose_is_what_was_prescribed_from_there_on(diary: Diary) -> None:
    change = Change(6000, 1, "hold", "Tilt", 1, 2, "none", 10_000, as_many=False)
    second = Rep(20_000, 1, 1, "", 2, 10_000, 10_000, done=True)
    diary.add(session(rep(place(1, rep=1)), change, second))
    (one,) = past(diary, *EVER)
    dose = one.doses[0]
    assert (dose.reps, dose.reps_done, dose.ms, dose.held_ms) == (2, 2, 15_000, 15_000)
    assert dose.changes == (change,)


def test_what_has_no_number_is_not_held_against_anybody(diary: Diary) -> None:
    begun = Session(0, 0, "Free", 0, 0, often=False)
    free = Exercise(1, "free", "Free lift", 1, 0, "none", 5000, as_many=True)
    diary.add([begun, free, rep(place(1, rep=1)), rep(place(1, rep=2))])
    (one,) = past(diary, *EVER)
    assert (one.doses[0].reps, one.doses[0].ms) == (0, 0)
    assert "  Free lift: 2 reps, held 10 seconds." in list(lines(one))


def at(when: datetime, title: str = SMALL.title) -> list[Entry]:
    offset = when.utcoffset() or timedelta(0)
    begun = Session(
        int(when.timestamp() * 1000), int(offset.total_seconds()), title, 0, 0, often=False
    )
    return [begun, *session()[1:]]


def test_a_session_belongs_to_the_day_that_it_was_where_the_person_was(
    diary: Diary, path: Path
) -> None:
    """Half past eleven at night in Tokyo is the afternoon of the day in London."""
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    tokyo = timezone(timedelta(hours=9))
    diary.add(at(datetime(2026, 11, 18, 23, 30, tzinfo=tokyo)))
    diary.add(at(datetime(2026, 11, 19, 0, 30, tzinfo=tokyo)))
    diary.add(at(datetime(2026, 11, 20, 11, tzinfo=UTC), "Another"))
    days = [one.began.day for one in read_period(path, 2, now=now).sessions]
    assert days == [19, 20]
    assert [one.routine for one in read_period(path, 1, now=now).sessions] == ["Another"]
    assert len(read_period(path, 3, SMALL.title, now=now).sessions) == 2


def test_words_are_words_in_a_spreadsheet_and_on_a_terminal(diary: Diary) -> None:
    evil = '=HYPERLINK("http://evil.example")'
    diary.add(session(note("pain", AT, evil), title="\x1b[31mRed\n"))
    (one,) = past(diary, *EVER)
    stream = io.StringIO()
    write_csv(stream, [one])
    rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
    assert rows[0]["words"] == f"'{evil}"
    assert not any("\x1b" in line or "\n" in line for line in lines(one))
    assert plain("\x1b[31mRed\n\u202e") == "[31mRed"
    assert len(short("x" * 1000)) == 80


# -- the command line -------------------------------------------------------------------------


@pytest.fixture
def today(path: Path) -> Path:
    """A diary with a session of today."""
    _, kept = entries((20, "stop it hurts"), began=datetime.now().astimezone())
    diary = Diary(path)
    diary.add(kept)
    diary.close()
    return path


def test_history_as_lines_json_and_csv(today: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["history", "--diary", str(today)]) == 0
    assert "Test routine: " in capsys.readouterr().out
    assert main(["history", "--diary", str(today), "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert [stop["words"] for stop in json.loads(line)["stops"]] == ["it hurts"]
    assert main(["history", "--diary", str(today), "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert "pain" in {row["kind"] for row in rows}


def test_no_diary_and_no_session(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent / "nowhere"))
    assert main(["history", "--days", "7"]) == 0
    assert capsys.readouterr().out == "The diary has no session in the last 7 days.\n"
    assert main(["history", "--diary", str(path)]) == 1
    assert capsys.readouterr().err.startswith(f"{path}: there is no diary.")
    assert not path.exists()


@pytest.mark.parametrize("days", ["0", "-1", "x", "²", "36501", "1e3"])
def test_days_are_a_number(days: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["history", "--days", days])
    assert end.value.code == 2
    assert "is no number of days. Write one from 1 to 36500." in capsys.readouterr().err


def test_deleting_is_asked_for(
    today: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["diary", "delete", "--diary", str(today)]
    assert main(words) == 2
    assert "add --all" in capsys.readouterr().err
    for answer in ("no", "", "maybe"):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        assert main([*words, "--all"]) == 0
        assert capsys.readouterr().out == "Nothing was deleted.\n"
    assert main(["diary", "--diary", str(today)]) == 0
    assert capsys.readouterr().out == f"{today}: a diary of 1 session.\n"
    monkeypatch.setattr("builtins.input", lambda _: "yes")
    assert main([*words, "--all"]) == 0
    assert list(today.parent.iterdir()) == []


def test_deleting_without_being_asked(today: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["diary", "delete", "--all", "--yes", "--diary", str(today)]
    assert main(words) == 0
    assert capsys.readouterr().out == f"{today}: the diary was deleted.\n"
    assert main(words) == 0
    assert capsys.readouterr().out == f"{today}: there is no diary.\n"
