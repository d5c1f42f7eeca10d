"""The real listening process on a sound card: heard, unplugged, heard again."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from voicecoach.core.commands import Context, Intent
from voicecoach.core.events import Back, Heard, Lost
from voicecoach.core.units import Ms
from voicecoach.ears.base import Posted, Spoken
from voicecoach.ears.microphone import MicrophoneEars

pytestmark = [
    pytest.mark.device,
    pytest.mark.skipif("PULSE_SERVER" not in os.environ, reason="no sound card: no PULSE_SERVER"),
    pytest.mark.skipif(find_spec("pyaudio") is None, reason="PyAudio is not installed"),
    pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed"),
]


def run(*command: str) -> str:
    program = shutil.which(command[0])
    assert program is not None, f"{command[0]} is not installed"
    done = subprocess.run([program, *command[1:]], check=True, capture_output=True, text=True)
    return done.stdout.strip()


class Room:
    """Ears, and a person who can speak into their microphone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.events: queue.SimpleQueue[Posted] = queue.SimpleQueue()
        self.ears = MicrophoneEars()
        self.ears.start(self.events.put, self.now)
        # It answers "stop" as soon as it hears; a person would say it again as well.
        for _ in range(10):
            self.say("stop")
            if self.heard(2.0):
                break
        else:
            pytest.fail("the ears hear nothing")

    def now(self) -> Ms:
        return Ms(time.monotonic_ns() // 1_000_000)

    def say(self, words: str) -> None:
        path = self._folder / f"{words}.wav"
        if not path.exists():
            run("flite", "-voice", "slt", "-t", words, str(path))
        run("paplay", "-d", "micpipe", str(path))

    def heard(self, seconds: float) -> list[Posted]:
        """What was posted until it has been quiet for so long."""
        found: list[Posted] = []
        while True:
            try:
                found.append(self.events.get(timeout=seconds))
            except queue.Empty:
                return found

    def intents(self, words: str) -> list[Intent]:
        self.say(words)
        return [event.intent for event in self.heard(1.5) if isinstance(event, Heard)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    made = Room(tmp_path_factory.mktemp("voices"))
    yield made
    made.ears.close()


def test_commands_and_safety_are_heard(room: Room) -> None:
    assert room.intents("next") == [Intent.NEXT]
    assert room.intents("go back") == [Intent.GO_BACK]
    assert room.intents("stop, it hurts") == [Intent.STOP, Intent.PAIN]


def test_a_stop_is_decided_before_the_end_of_the_clip_plus_a_third_of_a_second(room: Room) -> None:
    room.say("stop")  # paplay returns when the clip has been played
    said = room.now()
    (event,) = room.heard(1.5)
    assert isinstance(event, Heard)
    assert event.intent is Intent.STOP
    assert event.at - said < 330


def test_the_context_decides_what_is_open(room: Room) -> None:
    assert room.intents("yes") == []
    room.ears.listen(Context.QUESTION)
    assert room.intents("yes") == [Intent.YES]
    room.ears.listen(Context.COACHING)


def test_the_coachs_own_words_are_no_command(room: Room) -> None:
    now = room.now()
    room.ears.speaking(Spoken(now, Ms(now + 1500), "next"))
    assert room.intents("next") == []
    room.ears.speaking(Spoken(room.now(), Ms(room.now() + 1500), "stop"))
    assert room.intents("stop") == [Intent.STOP]


def test_a_microphone_that_falls_silent_is_said_once_and_found_again(room: Room) -> None:
    run("pactl", "suspend-source", "mic", "1")
    lost = room.heard(6.0)
    assert [type(event) for event in lost] == [Lost]
    assert isinstance(lost[0], Lost)
    assert lost[0].organ == "microphone"
    run("pactl", "suspend-source", "mic", "0")
    assert [type(event) for event in room.heard(6.0)] == [Back]
    assert room.intents("next") == [Intent.NEXT]


def test_the_process_is_small_and_ends_with_the_coach(room: Room) -> None:
    pid = room.ears.pid
    assert pid is not None
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip("no /proc on this system")
    resident = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    assert int(resident.split()[1]) < 100_000
    script = (
        "import time\nfrom voicecoach.ears.microphone import MicrophoneEars\n"
        "ears = MicrophoneEars()\nears.start(print, lambda: 0)\n"
        "while ears.pid is None: time.sleep(0.01)\n"
        "print(ears.pid, flush=True)\ntime.sleep(60)\n"
    )
    coach = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert coach.stdout is not None
    child = int(coach.stdout.readline())
    coach.kill()
    coach.wait()
    coach.stdout.close()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
