"""What becomes of a session when its microphone is in trouble; what is kept; the listening test."""

from __future__ import annotations

import io
import json
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.stage import PER_MS, ROOT, Clips, Coach, Person, Recording, own_card

from voicecoach.ears.worker import MUTED

Start = Callable[..., Coach]


def mute(number: int) -> None:
    command = ["pactl", "set-source-mute", "mic", str(number)]
    subprocess.run(command, check=True)


def test_a_muted_microphone_is_said_pauses_and_is_found_again(
    start: Start, sink: Recording, clips: Clips
) -> None:
    coach = start(terminal=True)
    coach.wait("said", "Welcome")
    coach.press(b"n")
    coach.wait("said", "Exercise one of two")
    mute(1)
    try:
        lost = coach.wait("lost", MUTED, seconds=4)
        assert lost["organ"] == "microphone"
        said = coach.wait("said", MUTED)
        coach.wait("said", "I cannot hear you any more. Pausing.")
        coach.press(b"w")  # the keys work
        coach.wait("heard", "w")
    finally:
        mute(0)
    coach.wait("back", "microphone", seconds=4)
    coach.wait("said", "I can hear you again.")
    coach.wait("said", "Say continue")
    sink.reach(len(sink) + 500 * PER_MS)
    assert sink.find(clips.word(said["text"]), 0, len(sink)) is not None
    coach.press(b"f")
    assert coach.ended() == 0


def test_a_session_is_kept_when_asked_for_which_is_announced_and_heard_again(
    start: Start, person: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "kept"
    coach = start("--keep-audio", folder, terminal=True)
    coach.wait("said", "What I hear in this session is kept")
    person.say("next")
    coach.wait("heard", "next")
    coach.press(b"f")
    assert coach.ended() == 0
    names = {path.name for path in folder.iterdir()}
    assert names == {"microphone.wav", "reference.wav", "decisions.jsonl"}
    hear = [sys.executable, "-m", "voicecoach", "hear", "--replay", str(folder), "--json"]
    done = subprocess.run(hear, check=True, capture_output=True, text=True, cwd=ROOT)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert ("both", "next") in {(line["told"], line.get("intent")) for line in told}


def test_a_folder_that_cannot_be_written_is_said_before_anything_else(
    start: Start, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    coach = start("--keep-audio", tmp_path / "file" / "below")
    assert coach.ended() == 1
    assert "no sound can be kept there" in coach.errors.read_text()
    assert coach.printed.read_text() == ""
    other = start("--keep-audio", tmp_path / "new", "--ears", "keys", terminal=True)
    assert other.ended() == 1
    assert "--keep-audio needs a microphone" in other.errors.read_text()


def test_keeping_is_never_done_unasked(start: Start, person: Person) -> None:
    coach = start(terminal=True)
    coach.wait("said", "Two exercises")
    worker = coach.child("voicecoach.ears.worker")
    person.say("next")
    coach.wait("heard", "next")
    files = [str(path.readlink()) for path in Path(f"/proc/{worker}/fd").iterdir()]
    assert [name for name in files if name.endswith((".wav", ".jsonl"))] == []
    coach.press(b"f")
    assert coach.ended() == 0


VOICE = "awb"  # the spotter knows people; of flite's voices it is sure of this one

ANSWERS = {"S, T, O, P": "stop", "N, E, X, T": "next"}


def beside(folder: Path, env: dict[str, str]) -> tuple[int, list[str], Path]:
    """The listening test, and a person who answers: exit code, lines, where it is kept."""
    clips = Clips(Path(env["XDG_CACHE_HOME"]))
    command = [sys.executable, "-m", "voicecoach", "listen-check"]
    lines = []
    with own_card() as card:
        person = Person(folder, card)
        card |= {"XDG_CACHE_HOME": env["XDG_CACHE_HOME"], "XDG_STATE_HOME": str(folder)}
        test = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=card, cwd=ROOT
        )
        for line in test.stdout or ():
            lines.append(line.strip())
            for spelled, word in ANSWERS.items():
                if spelled in line:
                    said = len(clips.word(line.strip())) / PER_MS / 1000
                    threading.Timer(said + 0.7, person.say, [word, VOICE]).start()
        code = test.wait(10)
    clips.close()
    return code, lines, folder / "voicecoach" / "listening.json"


@pytest.mark.timeout(180)
def test_the_listening_test_hears_a_person_and_is_kept(
    beside: Callable[[str], tuple[int, list[str], Path]],
) -> None:
    code, lines, path = beside(__name__)
    assert code == 0, lines
    assert "You: stop." in lines
    assert "You: next." in lines
    assert lines[-1] == "The listening test is over."
    kept = json.loads(path.read_text())
    assert kept["heard"] == ["stop", "next"]
    assert kept["noise"] < kept["speech"]


def test_the_listening_test_without_a_microphone_says_so(
    env: dict[str, str], tmp_path: Path
) -> None:
    env = {**env, "XDG_STATE_HOME": str(tmp_path), "PULSE_SERVER": "unix:/nowhere"}
    command = [sys.executable, "-m", "voicecoach", "listen-check", "--json"]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 4
    assert json.loads(done.stdout)["ended"] == "no microphone"
    assert "I cannot hear you. No microphone can be opened." in done.stderr
    assert not (tmp_path / "voicecoach").exists()


def test_a_stop_ends_the_listening_test(
    person: Person, clips: Clips, env: dict[str, str], tmp_path: Path
) -> None:
    env = {**env, "XDG_STATE_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "voicecoach", "listen-check"]
    test = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT
    )
    lines = iter(test.stdout or ())
    while "I listen to the room" not in (line := next(lines)):
        pass
    time.sleep(len(clips.word(line.strip())) / PER_MS / 1000 + 0.5)
    person.say("stop", VOICE)
    rest = [line.strip() for line in lines if "Perhaps" not in line]
    assert test.wait(10) == 1
    assert rest[0] == "You: stop."
    assert rest[-1] == "The listening test is over."


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_its_like_end_the_listening_test_and_give_the_terminal_back(
    env: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    env = {**env, "XDG_STATE_HOME": str(tmp_path)}
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    command = [sys.executable, "-m", "voicecoach", "listen-check"]
    test = subprocess.Popen(
        command, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, cwd=ROOT
    )
    while b"I listen to the room" not in (test.stdout or io.BytesIO(b"")).readline():
        assert test.poll() is None
    test.send_signal(number)
    _, errors = test.communicate(timeout=10)
    assert test.returncode == 130
    assert b"Traceback" not in errors
    assert termios.tcgetattr(slave) == before
    assert not (tmp_path / "voicecoach").exists()
    os.close(master)
    os.close(slave)
