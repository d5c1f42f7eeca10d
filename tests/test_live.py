"""How a live session is put together: what the listening test has to do with it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from voicecoach.ears.checked import Checked, checked_path, load_checked, save_checked
from voicecoach.ears.told import Signs
from voicecoach.live import _listening_test
from voicecoach.screen import Screen


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def asked() -> tuple[Signs, bool, list[str]]:
    lines = io.StringIO()
    signs, checked = _listening_test(Screen(lines))
    return signs, checked, lines.getvalue().splitlines()


def test_the_listening_test_is_offered_once() -> None:
    assert asked() == (Signs(), False, ["The listening test: voicecoach listen-check."])
    assert asked() == (Signs(), True, [])


def test_what_it_found_is_expected_again() -> None:
    save_checked(checked_path(), Checked(("stop",), Signs(speech=-30)))
    assert asked() == (Signs(speech=-30), True, [])


def test_a_damaged_result_is_told_and_left_as_it_is(state: Path) -> None:
    path = state / "voicecoach" / "listening.json"
    path.parent.mkdir()
    path.write_text("{")
    signs, checked, (why, how) = asked()
    assert (signs, checked) == (Signs(), False)
    assert "passed over" in why
    assert "listen-check" in how
    assert path.read_text() == "{"


def test_where_nothing_can_be_kept_it_is_offered_and_the_session_goes_on(state: Path) -> None:
    (state / "voicecoach").write_text("in the way")
    signs, checked, lines = asked()
    assert (signs, checked) == (Signs(), False)
    assert len(lines) == 2
    assert load_checked(state / "nowhere") is None
