"""The person's own numbers and limits: on the command line and in their file."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.core.profile import Profile
from voicecoach.core.routine import Flag
from voicecoach.errors import VoicecoachError
from voicecoach.library.profile import load_profile, profile_path, save_profile


def timeline(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voicecoach", "timeline", "turn-and-roll", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_number_set_is_not_asked_for() -> None:
    done = timeline("--set", "s2-side-lying-rotation.reps=2")
    assert done.returncode == 0
    assert "First of two." in done.stdout
    assert "no number for Turn" not in done.stdout


@pytest.mark.parametrize("number", [
    "reps=5", "x.reps=5", "s2-side-lying-rotation.hold=5", "s2-side-lying-rotation.reps=0",
    "s2-side-lying-rotation.reps=1000", "s2-side-lying-rotation.reps=five", "=", "",
])  # fmt: skip
def test_a_number_that_cannot_be_set_is_told(number: str) -> None:
    done = timeline("--set", number)
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "set" in done.stderr


def test_what_must_be_avoided_is_said_at_the_start() -> None:
    done = timeline("--avoid", "leaning back", "--avoid", "bending forward")
    assert "because of what you must avoid" in done.stdout


def test_the_profile_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "new" / "profile.yaml"
    profile = Profile(frozenset({Flag.PREGNANT}), {"cat": {"reps": 5}})
    save_profile(path, profile)
    assert load_profile(path) == profile
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["profile.yaml"]


def test_no_profile_is_an_empty_one(tmp_path: Path) -> None:
    assert load_profile(tmp_path / "none.yaml") == Profile()
    (tmp_path / "empty.yaml").write_text("")
    assert load_profile(tmp_path / "empty.yaml") == Profile()


@pytest.mark.parametrize("text", [
    "[1]", "avoid: pregnant", "avoid: [flying]", "avoid: [[1]]", "doses: 3", "doses: {cat: 5}",
    "doses: {cat: {reps: yes}}", "doses: {cat: {reps: -1}}", "doses: {cat: {reps: 1000}}",
    "doses: {cat: {speed: 1}}", "other: 1", "a: [", "\x00", "!!python/object:os.system {}",
])  # fmt: skip
def test_a_damaged_profile_is_an_error_and_is_not_touched(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(text)
    with pytest.raises(VoicecoachError, match="Mend it"):
        load_profile(path)
    assert path.read_text() == text


def test_a_profile_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(VoicecoachError, match="cannot be written"):
        save_profile(tmp_path / "file" / "profile.yaml", Profile())


def test_it_lies_in_the_configuration_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    assert profile_path() == Path("/somewhere/voicecoach/profile.yaml")
