"""The page in a real browser: no violation of axe, words as words, two pages of A4."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from diary.browser import opened
from diary.sessions import note, place
from diary.years import write_years
from playwright.sync_api import Page

from voicecoach.diary.diary import Diary
from voicecoach.diary.reading import Period, read_period
from voicecoach.diary.report import page as pages
from voicecoach.diary.report.facts import gather
from voicecoach.diary.report.page import page
from voicecoach.diary.report.paper import pdf
from voicecoach.diary.rows import Entry, Exercise, Note, Place, Rep, Session

pytestmark = pytest.mark.timeout(400)  # a browser on a busy machine

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = "20 November 2026"
EVIL = "<script>document.title='caught'</script><img src=x onerror=\"document.title='caught'\">"


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with opened() as tab:
        yield tab


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Ninety days, twice a day."""
    path = tmp_path_factory.mktemp("quarter") / "diary.sqlite3"
    write_years(path, NOW, 90)
    return page(gather(read_period(path, 90, now=NOW)), DAY)


@pytest.fixture(scope="module")
def empty() -> str:
    return page(gather(Period(date(2026, 11, 1), date(2026, 11, 20), ())), DAY)


def crowded(path: Path) -> str:
    """As much as a diary can hold: long names, many routines, many exercises, many stops."""
    diary = Diary(path)
    for number in range(30):
        began = int((NOW - timedelta(days=3 * number)).timestamp() * 1000)
        title = f"{number % 20} " + "A very long title of a routine " * 3
        rows: list[Entry] = [Session(began, 0, title[:80], 3, 4, often=False)]
        for one in range(1, 41):
            name = f"{one} " + "A name that goes on and on " * 3
            rows.append(Exercise(one, name[:60], name[:60], 3, 10, "both", 30_000, as_many=False))
        rows.append(Note(0, "score", 0, 1, "", 0, f"before {number % 11}", "keys", 0))
        for one in range(1, 41, 3):
            where = (one, 3, "right", 10)
            rows += [
                Place(one, *where),
                Rep(one, *where, 3000, 30_000, done=False),
                Note(one, "worsening", *where, "it is getting worse and worse " * 4, "decoder", 3),
                Note(one, "skipped", *where, "", "keys", 0),
            ]
        diary.add(rows)
    diary.close()
    return page(gather(read_period(path, 90, now=NOW)), DAY)


def violations(tab: Page, html: str) -> list[str]:
    tab.set_content(html)
    found = Axe().run(tab).response
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def test_axe_finds_no_violation(browser: Page, quarter: str) -> None:
    assert quarter.count("<svg ") == 3
    assert violations(browser, quarter) == []


def test_axe_finds_no_violation_in_an_empty_report(browser: Page, empty: str) -> None:
    assert violations(browser, empty) == []


def test_axe_finds_no_violation_without_the_plotting_library(
    browser: Page, quarter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "can_plot", lambda: False)
    path = tmp_path / "diary.sqlite3"
    write_years(path, NOW, 10)
    html = page(gather(read_period(path, 10, now=NOW)), DAY)
    assert "<svg" not in html
    assert "There are no plots, because the plotting library is missing" in html
    assert html.count("<table>") == quarter.count("<table>")
    assert violations(browser, html) == []


def test_axe_is_awake(browser: Page, quarter: str) -> None:
    """A check that never finds anything proves nothing."""
    broken = quarter.replace('lang="en"', "").replace('role="img"', 'role="image-of-it"')
    assert {line.split(":")[0] for line in violations(browser, broken)} >= {
        "html-has-lang",
        "aria-roles",
    }


def test_every_plot_has_a_text_alternative_and_a_table(browser: Page, quarter: str) -> None:
    browser.set_content(quarter)
    for plot in browser.get_by_role("img").all():
        name = plot.evaluate(
            "svg => svg.getAttribute('aria-labelledby').split(' ')"
            ".map(id => document.getElementById(id).textContent).join(' ')"
        )
        assert len(name) > 40
    assert browser.locator("table").count() == 4
    assert browser.locator("table caption").count() == 4
    ids = re.findall(r'\bid="([^"]*)"', quarter)
    assert len(ids) == len(set(ids))


def test_words_are_words(browser: Page, tmp_path: Path) -> None:
    """In a title, a name and a phrase; shown in Chromium with scripts allowed to run."""
    path = tmp_path / "diary.sqlite3"
    evil = Exercise(1, "evil", EVIL, 1, 2, "none", 5000, as_many=False)
    at = place(1, rep=1)
    words = [Note(1, "pain", 1, 1, "", 1, EVIL, "decoder", 0), note("skipped", at)]
    diary = Diary(path)
    for back in (1, 2):
        began = int((NOW - timedelta(days=back)).timestamp() * 1000)
        begun = Session(began, 0, EVIL, 1, 1, often=False)
        rep = Rep(1, 1, 1, "", 1, 5000, 5000, done=True)
        diary.add([begun, evil, at, rep, *words, note("score", at, f"before {EVIL}")])
    diary.close()
    html = page(gather(read_period(path, 10, EVIL, now=NOW)), DAY)
    assert "<script" not in html
    assert "<img" not in html
    browser.set_content(html)
    assert browser.title().endswith(f", 10 days, {EVIL[:79]}…")
    assert browser.get_by_text(f"{EVIL[:79]}…").count() > 3
    assert browser.evaluate("document.scripts.length") == 0
    assert violations(browser, html) == []


def test_nothing_is_fetched_and_nothing_could_run(browser: Page, quarter: str) -> None:
    asked: list[str] = []
    browser.on("request", lambda request: asked.append(request.url))
    browser.set_content(quarter)
    assert asked == []
    policy = browser.locator("meta[http-equiv]").get_attribute("content")
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "script-src" not in policy


def printed(tab: Page, html: str) -> int:
    """On how many pages Chromium prints it."""
    tab.set_content(html)
    return len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True)))


def test_two_pages_of_a4(browser: Page, quarter: str, tmp_path: Path) -> None:
    """Also where everything is as long and as much as it can be: what is left out is told."""
    assert printed(browser, quarter) == 2
    html = crowded(tmp_path / "diary.sqlite3")
    assert printed(browser, html) == 2
    assert "and 30 more exercises; all of them stand in the page itself." in html
    assert browser.locator("tr:visible").count() > 400


def objects(made: bytes) -> bytes:
    """What stands in a PDF, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL)
    unpacked = []
    for one in packed:
        with suppress(zlib.error):
            unpacked.append(zlib.decompress(one))
    return b"\n".join([made, *unpacked])


def test_a_pdf_of_two_tagged_pages(quarter: str, tmp_path: Path) -> None:
    for html in (quarter, crowded(tmp_path / "diary.sqlite3")):
        made = pdf(html)
        assert made.startswith(b"%PDF-1.7")
        assert len(re.findall(rb"/Type\s*/Page\b", objects(made))) == 2
        assert b"/StructTreeRoot" in objects(made)
        assert b"/Lang (en)" in objects(made)
