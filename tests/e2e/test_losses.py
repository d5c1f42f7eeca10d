"""What breaks in the middle of a session is said, and leads somewhere; nothing is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.stage import PER_MS, Clips, Coach, Recording, alive, own_card, until

Start = Callable[..., Coach]

WORKER = "voicecoach.ears.worker"
RENDERER = "voicecoach.voice.renderer"


@pytest.mark.parametrize(
    ("fate", "said"),
    [
        (signal.SIGKILL, "The listening process has ended."),
        (signal.SIGSTOP, "The listening process does not answer."),
    ],
)
def test_a_killed_or_frozen_listening_process_is_missed_and_found_again(
    start: Start, sink: Recording, clips: Clips, fate: signal.Signals, said: str
) -> None:
    coach = start(terminal=True)
    coach.wait("said", "Welcome")
    coach.press(b"n")
    coach.wait("said", "Exercise one of two")
    worker = coach.child(WORKER)
    assert worker is not None
    os.kill(worker, fate)
    lost = coach.wait("lost", said, seconds=4)
    assert lost["organ"] == "recogniser"
    coach.wait("said", lost["text"])
    coach.wait("back", "recogniser", seconds=15)
    back = coach.wait("said", "I can hear you again.")
    coach.wait("said", "Say continue")
    sink.reach(len(sink) + 500 * PER_MS)
    for text in (lost["text"], back["text"]):
        assert sink.find(clips.word(text), 0, len(sink)) is not None, f"{text!r} was not heard"
    assert [e for e in coach.entries if e["kind"] == "prompt"][-1]["text"].startswith("Say")
    again = coach.child(WORKER)
    assert again not in (None, worker)
    coach.press(b"f")
    assert coach.ended() == 0
    assert coach.errors.read_text() == ""


def test_a_killed_coach_leaves_no_process(
    start: Start, env: dict[str, str], tmp_path: Path
) -> None:
    coach = start("--ears", "microphone", env={**env, "XDG_CACHE_HOME": str(tmp_path / "cold")})
    until(lambda: coach.child(RENDERER) and coach.child(WORKER), 10, "both processes")
    coach.wait("said", "Welcome")
    children = coach.children()
    coach.signal(signal.SIGKILL)
    coach.process.wait()
    until(lambda: not any(map(alive, children)), 5, f"the end of {children}")


def test_a_killed_sound_server_pauses_and_keys_work_on(start: Start, env: dict[str, str]) -> None:
    with own_card() as card:
        coach = start("--ears", "keys", terminal=True, env={**card, **only_cache(env)})
        coach.wait("said", "Two exercises")
        os.kill(int(card["VOICECOACH_PULSE_PID"]), signal.SIGKILL)
        lost = coach.wait("lost", seconds=5)
        assert lost["organ"] == "speaker"
        coach.wait("said", "The loudspeaker is gone")
        coach.press(b"n")
        coach.wait("heard", "n")
        coach.wait("said", "Exercise one of two")
        coach.press(b" ")
        coach.wait("stop", "space")
        coach.press(b"f")
        assert coach.ended() == 0
        # PortAudio itself complains there, a line or three.
        assert "Traceback" not in coach.errors.read_text()
        assert coach.terminal_given_back


def test_without_card_microphone_and_keys_it_goes_on_as_text(alone: Coach) -> None:
    assert alone.ended(90) == 0
    lines = alone.printed.read_text().splitlines()
    assert lines[0].endswith("The session goes on as text.")
    assert "I can hear neither voice nor keys." in lines
    assert "I go on one second after each exercise is explained." in lines
    assert [e["text"] for e in alone.all("ended")] == ["done"]
    holds, over = alone.all("hold"), alone.all("release", "release")
    lasted = [after["at_ms"] - at["at_ms"] for at, after in zip(holds, over, strict=True)]
    assert lasted == [3000, 10_000, 10_000]
    assert alone.errors.read_text() == ""


def only_cache(env: dict[str, str]) -> dict[str, str]:
    return {"XDG_CACHE_HOME": env["XDG_CACHE_HOME"]}
