"""The report's facts and forms; what a browser makes of the page stands in test_page."""

from __future__ import annotations

import builtins
import csv
import io
import stat
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from diary.sessions import entries, note, place, rep, session
from diary.years import NAMES, ROUTINE, write_years
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.cli import main, report
from voicecoach.core.units import RATE
from voicecoach.diary.diary import Diary
from voicecoach.diary.history import When
from voicecoach.diary.reading import Period, read_period
from voicecoach.diary.report.facts import MOST_SPANS, Facts, gather
from voicecoach.diary.report.page import page
from voicecoach.diary.report.paper import pdf
from voicecoach.diary.report.table import table
from voicecoach.diary.report.text import lines, summary
from voicecoach.diary.rows import Session
from voicecoach.errors import VoicecoachError, VoiceError
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.base import Clip
from voicecoach.voice.silent import SilentVoice
from voicecoach.voice.store import cache_folder

NOW = datetime(2026, 11, 20, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety days, twice a day."""
    made = tmp_path_factory.mktemp("quarter") / "diary.sqlite3"
    write_years(made, NOW, 90)
    return made


@pytest.fixture(scope="module")
def facts(path: Path) -> Facts:
    return gather(read_period(path, 90, now=NOW))


def test_adherence_is_counted_against_the_text(facts: Facts) -> None:
    (one,) = facts.adherence
    assert (one.routine, one.per_day, one.days) == (ROUTINE, (2, 2), 90)
    assert (one.sessions, one.prescribed) == (180, 180)
    finished = [past for past in facts.sessions if past.end.value == "finished"]
    assert one.finished == facts.finished == len(finished) < 180


def test_totals_are_the_sums_of_the_sessions(facts: Facts) -> None:
    assert [one.name for one in facts.totals] == list(NAMES)
    for total in facts.totals:
        doses = [d for past in facts.sessions for d in past.doses if d.exercise == total.exercise]
        assert total.reps == sum(dose.reps for dose in doses) == 180 * doses[0].reps
        assert total.held_ms == sum(dose.held_ms for dose in doses) <= total.ms
        assert total.reps_done == sum(dose.reps_done for dose in doses)
    assert sum(one.stops for one in facts.totals) == len(facts.stops) > 3
    assert all(at.stop.hurt and at.stop.held_ms == 3000 for at in facts.stops)
    when = [at.past.began for at in facts.stops]
    assert when == sorted(when, reverse=True)


def test_spans_cover_every_day_once(facts: Facts) -> None:
    spans = facts.spans
    assert (spans[0].first, spans[-1].last) == (facts.period.first, facts.period.last)
    for this, after in pairwise(spans):
        assert this.last + timedelta(days=1) == after.first
    assert sum(span.sessions for span in spans) == 180
    assert sum(span.prescribed for span in spans) == 180
    scores = [
        past.score(When.BEFORE) for past in facts.sessions if past.began.date() == spans[0].first
    ]
    known = [score for score in scores if score is not None]
    assert spans[0].before == pytest.approx(sum(known) / len(known))


@settings(max_examples=25)
@given(st.integers(1, 36_500), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_period_has_few_spans(days: int, last: date) -> None:
    spans = gather(Period(last - timedelta(days=days - 1), last, ())).spans
    assert 1 <= len(spans) <= MOST_SPANS
    assert len({span.name for span in spans}) == len(spans)
    assert sum((span.last - span.first).days + 1 for span in spans) == days


def test_who_began_lately_is_not_told_of_the_days_before(tmp_path: Path) -> None:
    made = tmp_path / "diary.sqlite3"
    write_years(made, NOW, 3)
    (one,) = gather(read_period(made, 90, now=NOW)).adherence
    assert (one.days, one.prescribed) == (3, 6)


def test_a_text_without_a_number_is_not_counted_against(tmp_path: Path) -> None:
    made = tmp_path / "diary.sqlite3"
    _, kept = entries(began=NOW)
    diary = Diary(made)
    diary.add(kept)
    diary.close()
    found = gather(read_period(made, 30, now=NOW))
    told = "\n".join(lines(found))
    assert "Its text gives no number of times a day." in told
    assert "prescribed." not in told.replace("what was prescribed", "")
    assert "No pain score was given." in told
    assert "There was no stop." in told
    assert "Nothing was left out." in told


def test_the_lines(facts: Facts) -> None:
    told = list(lines(facts))
    assert told[1] == "23 August to 20 November 2026, 90 days."
    assert any(line.startswith("Morning back: 180 sessions, ") for line in told)
    assert any(line.startswith("Bridge: ") and " of 720 reps, held " in line for line in told)
    assert sum("“stop it hurts”" in line for line in told) == len(facts.stops)


def test_the_same_facts_give_the_same_bytes(path: Path, facts: Facts) -> None:
    again = gather(read_period(path, 90, now=NOW))
    assert page(facts, "today") == page(again, "today")
    assert table(facts) == table(again)


def test_the_table(facts: Facts) -> None:
    rows = list(csv.DictReader(io.StringIO(table(facts))))
    assert len(rows) == 180 * len(NAMES)
    assert sum(int(row["reps_done"]) for row in rows) == sum(
        total.reps_done for total in facts.totals
    )
    assert {row["end"] for row in rows} >= {"finished", "ended for safety"}
    assert sum("stop it hurts" in row["stops"] for row in rows) == len(facts.stops)


# -- aloud --------------------------------------------------------------------------------------


def spoken(facts: Facts) -> list[str]:
    return [sentence for sentence, _ in report.fitting(summary(facts), SilentVoice())]


def test_a_summary_of_short_sentences_fits_into_a_minute(facts: Facts) -> None:
    said = summary(facts)
    assert spoken(facts) == said
    assert all(len(sentence.split()) <= 14 for sentence in said)
    voice = SilentVoice()
    assert sum(voice.clip(one, RATE).duration + report.PAUSE for one in said) <= 60_000
    assert said[0] == "In the last 90 days there were 180 sessions."
    assert any(one.endswith("percent of the seconds prescribed.") for one in said)


def test_what_does_not_fit_is_not_said() -> None:
    many = ["This is a sentence of a number of words."] * 100
    fitted = list(report.fitting(many, SilentVoice()))
    assert 5 < len(fitted) < 100
    assert sum(clip.duration + report.PAUSE for _, clip in fitted) <= 60_000


def test_without_a_loudspeaker_the_summary_is_printed(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = SilentSpeaker("There is no loudspeaker.")
    monkeypatch.setattr("voicecoach.speaker.choice.open_speaker", lambda *_: silent)
    days = str((datetime.now().astimezone() - NOW).days + 90)
    assert main(["report", "--say", "--diary", str(path), "--days", days]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "There is no loudspeaker. So it is printed:"
    assert told[1].startswith("In the last ")


class Mute(SilentVoice):
    def clip(self, text: str, rate: int) -> Clip:
        raise VoiceError(f"No voice at {rate} for {text}.")


def test_nothing_spoken_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The clips of other texts are kept in the cache; these tell of somebody's health."""
    folders: list[Path] = []
    monkeypatch.setattr("voicecoach.voice.store.ClipStore", folders.append)
    monkeypatch.setattr("voicecoach.voice.spoken.SpokenVoice", lambda **_: Mute())
    report._say(["One."])
    assert capsys.readouterr().out.endswith(" So it is printed:\nOne.\n")
    (folder,) = folders
    assert folder != cache_folder() / "clips"
    assert not folder.exists()


# -- files --------------------------------------------------------------------------------------


def write(path: Path, output: Path, *more: str) -> int:
    days = str((datetime.now().astimezone() - NOW).days + 90)
    return main(["report", "--diary", str(path), "--days", days, "-o", str(output), *more])


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        (".html", b"<!DOCTYPE html>"),
        (".TXT", b"Report of the exercise diary\n"),
        (".csv", b"session,began,"),
    ],
)
def test_a_file_for_its_owner_alone(
    path: Path, tmp_path: Path, ending: str, begins: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / f"report{ending}"
    assert write(path, output) == 0
    assert capsys.readouterr().out.startswith(f"{output}: the report was written.")
    assert output.read_bytes().startswith(begins)
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [output.name]


def test_what_is_there_is_not_written_over_unasked(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "report.txt"
    output.write_text("mine", encoding="utf-8")
    assert write(path, output) == 1
    assert (
        "there is such a file already. Name another one, or add --force." in capsys.readouterr().err
    )
    assert output.read_text(encoding="utf-8") == "mine"
    assert write(path, output, "--force") == 0
    assert output.read_text(encoding="utf-8").startswith("Report")


@pytest.mark.parametrize("name", ["report", "report.doc", "report.html.gz"])
def test_an_ending_that_is_no_form_of_a_report(
    path: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(path, tmp_path / name) == 1
    assert "a report is one of .html, .pdf, .txt, .csv." in capsys.readouterr().err


def test_a_folder_that_is_not_there(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(path, tmp_path / "nowhere" / "report.txt") == 1
    assert "cannot be written: No such file or directory." in capsys.readouterr().err


# -- without the extra ----------------------------------------------------------------------------


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where neither matplotlib nor WeasyPrint is installed."""
    real: Callable[..., object] = builtins.__import__

    def without(name: str, *more: object) -> object:
        if name.partition(".")[0] in {"matplotlib", "weasyprint"}:
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr("voicecoach.diary.report.page.can_plot", lambda: False)


@pytest.mark.usefixtures("no_extra")
def test_all_but_plots_and_pdf_works_without_the_extra(facts: Facts) -> None:
    html = page(facts, "today")
    assert "<svg" not in html
    assert html.count("<table>") == 4
    assert table(facts)
    with pytest.raises(VoicecoachError, match=r"pip install 'voicecoach\[report\]'"):
        pdf(html)


def test_pango_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., object] = builtins.__import__

    def broken(name: str, *more: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", broken)
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    with pytest.raises(VoicecoachError, match="needs the library Pango"):
        pdf("<p>Hello")


def test_an_empty_diary_is_a_report_too(tmp_path: Path) -> None:
    Diary(tmp_path / "diary.sqlite3").close()
    found = gather(read_period(tmp_path / "diary.sqlite3", 30, now=NOW))
    assert list(lines(found))[-1] == "The diary has no session in the last 30 days."
    assert summary(found) == ["The diary has no session in the last 30 days."]
    assert "The diary has no session in the last 30 days." in page(found, "today")


def test_what_was_felt_within_a_session_counts_as_the_highest(tmp_path: Path) -> None:
    begun, *rest = session(note("score", place(1), "within 7"), rep(place(1, rep=1)))
    assert isinstance(begun, Session)
    diary = Diary(tmp_path / "diary.sqlite3")
    began = Session(int(NOW.timestamp() * 1000), 0, "Any", 0, 0, often=False)
    diary.add([began, *rest])
    diary.close()
    found = gather(read_period(tmp_path / "diary.sqlite3", 1, now=NOW))
    assert found.spans[0].worst == 7
