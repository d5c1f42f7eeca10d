"""The person's own numbers and limits: on the command line and in their file."""

from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from voicecoach.core.profile import Profile, adapt
from voicecoach.core.routine import Flag, PainRule
from voicecoach.errors import VoicecoachError
from voicecoach.library import find_routine, load_routine
from voicecoach.library.profile import load_profile, profile_path, save_profile


def timeline(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voicecoach", "timeline", "turn-and-roll", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_a_number_set_is_not_asked_for() -> None:
    done = timeline("--set", "s2-side-lying-rotation.reps=2")
    assert done.returncode == 0
    assert "One of two." in done.stdout
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
    profile = Profile(
        frozenset({Flag.PREGNANT}),
        {"cat": {"reps": 5}},
        {"emergency": "0112", "place": "the emergency room"},
        "text-my-sister --now",
        scores=False,
        pain_rule=PainRule.MONITOR,
    )
    save_profile(path, profile)
    assert load_profile(path) == profile
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["profile.yaml"]


def test_the_physios_rule_for_pain_is_the_persons_before_the_routines() -> None:
    strict = load_routine(find_routine("gentle-back"))
    assert strict.pain_rule is PainRule.STRICT
    assert adapt(strict, Profile(pain_rule=PainRule.MONITOR)).pain_rule is PainRule.MONITOR
    monitored = replace(strict, pain_rule=PainRule.MONITOR)
    assert adapt(monitored, Profile()).pain_rule is PainRule.MONITOR
    assert adapt(monitored, Profile(pain_rule=PainRule.STRICT)).pain_rule is PainRule.STRICT


def test_no_profile_is_an_empty_one(tmp_path: Path) -> None:
    assert load_profile(tmp_path / "none.yaml") == Profile()
    (tmp_path / "empty.yaml").write_text("")
    assert load_profile(tmp_path / "empty.yaml") == Profile()


@pytest.mark.parametrize("text", [
    "[1]", "avoid: pregnant", "avoid: [flying]", "avoid: [[1]]", "doses: 3", "doses: {cat: 5}",
    "emergency_number: 0112", "emergency_number: 112", "urgent_line: [1]", "scores: often",
    "alert_command: 'a\tb'", "pain_rule: brave",
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
