"""The result of the listening test: kept, read again, and what is worth telling later."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from voicecoach.ears.checked import Checked, changed, checked_path, load_checked, save_checked
from voicecoach.ears.told import Signs
from voicecoach.errors import EarsError

RESULT = Checked(("stop",), Signs(noise=-58.5, speech=-22.0, echo=-40.0, left=-55.0, delay=41))


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "listening.json"
    save_checked(path, RESULT)
    assert load_checked(path) == RESULT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    save_checked(path, Checked((), Signs()))
    assert load_checked(path) == Checked((), Signs())
    assert [one.name for one in path.parent.iterdir()] == ["listening.json"]


def test_no_test_is_no_result(tmp_path: Path) -> None:
    assert load_checked(tmp_path / "listening.json") is None


GOOD: dict[str, object] = {
    "version": 1,
    "heard": [],
    **dict.fromkeys(("noise", "speech", "echo", "left", "delay")),
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\x00",
        "[" * 100_000,
        json.dumps({**GOOD, "version": 2}),
        json.dumps({**GOOD, "noise": "loud"}),
        json.dumps({**GOOD, "noise": True}),
        json.dumps({**GOOD, "noise": float("nan")}),
        json.dumps({**GOOD, "heard": None}),
        json.dumps({"version": 1}),
    ],
)
def test_a_damaged_result_is_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "listening.json"
    path.write_text(text)
    with pytest.raises(EarsError, match=r"passed over\. Make the test anew"):
        load_checked(path)


@given(data=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_there_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "listening.json"
    path.write_bytes(data)
    with pytest.raises(EarsError):
        load_checked(path)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EarsError, match="cannot be kept"):
        save_checked(tmp_path / "file" / "listening.json", RESULT)


def test_it_lies_in_the_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/some/where")
    assert checked_path() == Path("/some/where/voicecoach/listening.json")
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    assert checked_path() == Path.home() / ".local/state/voicecoach/listening.json"


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (Signs(noise=-58, echo=-40, delay=41), False),
        (Signs(noise=-44), False),
        (Signs(noise=-40), True),
        (Signs(echo=-20), True),
        (Signs(echo=-80), False),
        (Signs(delay=100), False),
        (Signs(delay=160), True),
        (Signs(), False),
    ],
)
def test_a_change_for_the_worse_is_told(now: Signs, told: bool) -> None:  # noqa: FBT001
    assert changed(RESULT.signs, now) is told
    assert not changed(Signs(), now)


def test_soft_noise_is_never_a_change_for_the_worse() -> None:
    assert not changed(Signs(noise=-90), Signs(noise=-55))
