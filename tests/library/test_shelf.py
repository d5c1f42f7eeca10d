"""Names, paths and the three verbs of the library."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.cli import check, show
from voicecoach.cli import list as list_verb
from voicecoach.errors import RoutineError, VoicecoachError
from voicecoach.library import find_routine, load_routine, shipped_routines

WRONG = Path(__file__).parent / "wrong"


@pytest.mark.parametrize(
    "name", ["gentle-back", "Gentle back", "GENTLE BACK", "gentle_back", "gentle-back.yaml"]
)
def test_a_name_is_understood_however_it_is_typed(name: str) -> None:
    assert find_routine(name).name == "gentle-back.yaml"
    assert find_routine(name) in shipped_routines()


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "gentle-back.yaml"
    mine.write_text("title: mine\n", encoding="utf-8")
    assert find_routine(str(mine)) == mine
    missing = tmp_path / "none.yaml"
    assert find_routine(str(missing)) == missing


def test_a_file_here_comes_before_a_shipped_one_of_that_file_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("gentle-back.yaml").write_text("title: mine\n", encoding="utf-8")
    assert find_routine("gentle-back.yaml") == Path("gentle-back.yaml")
    assert find_routine("gentle-back") in shipped_routines()


@pytest.mark.parametrize("name", ["gentel-back", "gentle", "gentle-bak.yaml"])
def test_an_unknown_name_is_answered_with_the_near_ones(name: str) -> None:
    with pytest.raises(VoicecoachError, match="Did you mean gentle-back"):
        find_routine(name)


@pytest.mark.parametrize("name", ["zzz", "", ".", "a\0b", "\udcff", "x" * 5000])
def test_a_name_like_no_other_is_still_an_error(name: str) -> None:
    with pytest.raises(VoicecoachError):
        load_routine(find_routine(name))


def test_check_says_everything_and_sums_up(capsys: pytest.CaptureFixture[str]) -> None:
    code = _run(check, str(WRONG / "several.yaml"), str(WRONG / "advice_look.yaml"), "gentle-back")
    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[1].startswith(f"{WRONG / 'several.yaml'}:7:11: number: reps is 0x5")
    assert lines[4].startswith(f"{WRONG / 'advice_look.yaml'}:13:9: advice: rule-1-never-point: ")
    assert lines[-1] == "3 files checked: 4 errors, 1 piece of advice."
    assert len(lines) == 6


def test_check_is_content_with_advice_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(check, str(WRONG / "advice_look.yaml")) == 0
    assert capsys.readouterr().out.endswith("1 file checked: no errors, 1 piece of advice.\n")


def test_check_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(check, "--json", str(WRONG / "sides_off.yaml"), str(WRONG)) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["files"], told["errors"], told["advice"]) == (2, 2, 0)
    assert told["findings"][0] == {
        "file": str(WRONG / "sides_off.yaml"),
        "line": 9,
        "column": 12,
        "kind": "error",
        "rule": "boolean",
        "what": "YAML reads off as a switch, not as a word.",
        "fix": "Write sides: none.",
    }
    assert told["findings"][1]["rule"] == "folder"


def test_list_tells_what_one_chooses_by(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(list_verb) == 0
    told = capsys.readouterr().out
    for fact in (
        "Gentle back",
        "gentle-back",
        "3 exercises",
        "minutes",
        "lying on your back",
        "mat",
    ):
        assert fact in told


def test_show_tells_every_sentence_and_dose(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(show, "gentle-back") == 0
    told = capsys.readouterr().out
    routine = load_routine(find_routine("gentle-back"))
    for exercise in routine.exercises:
        for step in (*exercise.setup, *exercise.way_in, *exercise.check, *exercise.release):
            assert step.say.replace("{side}", "left").replace("{other}", "right") in told
    assert "5 times on each side in turn, the left side first, each held for 5 seconds." in told
    assert "{" not in told


def test_show_tells_when_each_sentence_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(show, "gentle-back") == 0
    lines = capsys.readouterr().out.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("As it is said")]
    assert len(starts) == 3
    assert all(lines[number + 1].startswith("0:00 ") for number in starts)
    assert sum(": Exercise" in line or " Exercise " in line for line in lines) >= 3
    assert any(re.fullmatch(r"\d:\d\d Counted aloud: five seconds\.", line) for line in lines)
    assert "At the end:" in lines


def test_show_never_makes_up_a_dose(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = find_routine("gentle-back").read_text(encoding="utf-8")
    file = tmp_path / "asking.yaml"
    file.write_text(text.replace("reps: 5", "reps: ask").replace("hold: 5", "hold: 10-20"))
    assert _run(show, str(file)) == 0
    told = capsys.readouterr().out
    assert "A number of times that the coach asks you for, each held for 10 to 20 seconds." in told
    assert re.search(r"At least \d+ minutes; 3 numbers that the coach asks you for\.", told)


def test_two_files_of_one_title(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shipped = find_routine("gentle-back")
    copy = tmp_path / "copy.yaml"
    copy.write_bytes(shipped.read_bytes())
    assert _run(check, "gentle-back", "gentle-back", str(shipped)) == 0
    capsys.readouterr()
    assert _run(check, "gentle-back", str(copy)) == 1
    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith(f"{copy}:3:8: one-title: The title of this routine is that of {shipped}")


def test_show_raises_what_main_prints() -> None:
    with pytest.raises(RoutineError):
        _run(show, str(WRONG / "sides_off.yaml"))


@pytest.mark.parametrize("verb", ["check", "list", "show"])
def test_plain_lines_and_no_audio(verb: str) -> None:
    script = (
        "import argparse, sys\n"
        f"from voicecoach.cli import {verb} as verb\n"
        "parser = argparse.ArgumentParser()\n"
        "verb.configure(parser)\n"
        "code = verb.run(parser.parse_args(sys.argv[1:]))\n"
        "heavy = {'pyaudio', 'pyttsx3', 'speech_recognition', 'pocketsphinx', 'soxr'}\n"
        "sys.exit(f'imported {heavy & set(sys.modules)}' if heavy & set(sys.modules) else code)\n"
    )
    words = [] if verb == "list" else ["gentle-back"]
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.isprintable() and line == line.strip() for line in done.stdout.splitlines())
    assert done.stdout.isascii()


def _run(verb: object, *words: str) -> int:
    parser = argparse.ArgumentParser()
    verb.configure(parser)  # type: ignore[attr-defined]
    return int(verb.run(parser.parse_args(words)))  # type: ignore[attr-defined]
