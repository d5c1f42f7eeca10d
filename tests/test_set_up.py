"""`voicecoach setup`: asks, shows, and keeps only what was called right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.library.profile import load_profile


def set_up(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voicecoach", "setup"],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"XDG_CONFIG_HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )


def kept(folder: Path) -> Path:
    return folder / "voicecoach" / "profile.yaml"


def test_what_was_answered_is_shown_and_kept(tmp_path: Path) -> None:
    done = set_up(tmp_path, "112", "0800 1", "the emergency room", "true --now", "no", "yes")
    assert done.returncode == 0
    assert "Call one one two." in done.stdout
    assert "Call zero eight zero zero one." in done.stdout
    assert "In an emergency it runs: ['true', '--now']" in done.stdout
    profile = load_profile(kept(tmp_path))
    assert profile.contacts == {
        "emergency": "112",
        "urgent_line": "0800 1",
        "place": "the emergency room",
    }
    assert (profile.alert, profile.scores) == ("true --now", False)


def test_enter_keeps_and_a_dash_takes_away(tmp_path: Path) -> None:
    set_up(tmp_path, "112", "my doctor", "", "true", "n", "y")
    done = set_up(tmp_path, "", "-", "", "-", "y", "")
    assert "[112]" in done.stdout
    profile = load_profile(kept(tmp_path))
    assert profile.contacts == {"emergency": "112"}
    assert (profile.alert, profile.scores) == ("", True)


def test_nothing_is_guessed_for_who_says_nothing(tmp_path: Path) -> None:
    done = set_up(tmp_path, "", "", "", "", "", "yes")
    assert "Call your emergency number." in done.stdout
    assert "In an emergency it runs nothing." in done.stdout
    assert load_profile(kept(tmp_path)).contacts == {}


def test_a_command_that_is_not_there_is_asked_for_again(tmp_path: Path) -> None:
    done = set_up(tmp_path, "", "", "", "/nowhere/send", "'", "true", "", "yes")
    assert done.stdout.count("There is no such command here.") == 2
    assert load_profile(kept(tmp_path)).alert == "true"


@pytest.mark.parametrize("lines", [(), ("112",), ("1", "2", "3", "", "", "no")])
def test_nothing_is_kept_that_was_not_called_right(tmp_path: Path, lines: tuple[str, ...]) -> None:
    done = set_up(tmp_path, *lines)
    assert "Nothing was changed." in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert not kept(tmp_path).exists()


def test_a_damaged_profile_is_not_written_over(tmp_path: Path) -> None:
    kept(tmp_path).parent.mkdir()
    kept(tmp_path).write_text("avoid: [flying]")
    done = set_up(tmp_path, *[""] * 9)
    assert done.returncode == 1
    assert "Mend it" in done.stderr
    assert kept(tmp_path).read_text() == "avoid: [flying]"
