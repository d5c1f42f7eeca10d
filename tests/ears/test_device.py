"""The real listening process on a sound card: heard, unplugged, heard again."""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from voicecoach.core.commands import Context, Intent
from voicecoach.core.en import PHRASES
from voicecoach.core.events import Back, Heard, Lost
from voicecoach.core.units import Ms
from voicecoach.ears.base import Posted, Spoken
from voicecoach.ears.keeping import facts, kept, prepare
from voicecoach.ears.listening import listening
from voicecoach.ears.microphone import FROZE, MicrophoneEars, worker_command
from voicecoach.ears.worker import MUTED

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

    def __init__(self, folder: Path, pipe: str = "micpipe", keep_audio: Path | None = None) -> None:
        self._folder, self._pipe = folder, pipe
        self.events: queue.SimpleQueue[Posted] = queue.SimpleQueue()
        if keep_audio is not None:
            prepare(keep_audio)
        self.ears = MicrophoneEars(worker_command(keep_audio=keep_audio))
        self.ears.start(self.events.put, self.now)
        # It answers "stop" as soon as it hears; a person would say it again as well.
        for _ in range(10):
            self.say("stop")
            if any(isinstance(event, Heard) for event in self.heard(2.0)):
                break
        else:
            pytest.fail("the ears hear nothing")

    def now(self) -> Ms:
        return Ms(time.monotonic_ns() // 1_000_000)

    def say(self, words: str) -> None:
        path = self._folder / f"{words}.wav"
        if not path.exists():
            # The spotter knows people; of flite's voices it is sure of one.
            run("flite", "-voice", "awb" if "stop" in words else "slt", "-t", words, str(path))
        run("paplay", "-d", self._pipe, str(path))

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
    (event,) = [event for event in room.heard(1.5) if isinstance(event, Heard)]
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


def test_a_muted_microphone_is_noticed_within_two_seconds(room: Room) -> None:
    muted = room.now()
    run("pactl", "set-source-mute", "mic", "1")
    try:
        (lost,) = room.heard(3.0)
    finally:
        run("pactl", "set-source-mute", "mic", "0")
    assert isinstance(lost, Lost)
    assert (lost.organ, lost.why) == ("microphone", MUTED)
    assert lost.at - muted < 2000
    assert [type(event) for event in room.heard(3.0)] == [Back]
    assert room.intents("next") == [Intent.NEXT]


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_frozen_or_killed_process_is_noticed_within_two_seconds(room: Room, number: int) -> None:
    pid = room.ears.pid
    assert pid is not None
    ended = room.now()
    os.kill(pid, number)
    lost = room.events.get(timeout=5)
    assert isinstance(lost, Lost)
    assert lost.organ == "recogniser"
    assert lost.at - ended < 2000
    assert [type(event) for event in room.heard(6.0)] == [Back]
    assert room.ears.pid != pid
    assert room.intents("next") == [Intent.NEXT]


HANGS = """
import time, threading
from voicecoach.ears import worker
from voicecoach.ears.listening import Listening
feed = Listening.feed
def hang(self, chunk, at):
    if self.sample > 16000:
        {how}
    return feed(self, chunk, at)
Listening.feed = hang
worker.main([])
"""


@pytest.mark.parametrize(
    "how",
    ["time.sleep(99)", "import ctypes; ctypes.PyDLL(None).sleep(99)"],
    ids=["the decoder alone", "and with it every thread"],
)
def test_a_decoder_that_hangs_is_noticed_within_two_seconds(how: str) -> None:
    events: queue.SimpleQueue[Posted] = queue.SimpleQueue()
    ears = MicrophoneEars(command=(sys.executable, "-c", HANGS.format(how=how)))
    ears.start(events.put, lambda: Ms(time.monotonic_ns() // 1_000_000))
    deadline = time.monotonic() + 10
    while not ears.hearing and time.monotonic() < deadline:
        time.sleep(0.01)
    heard = time.monotonic_ns() // 1_000_000  # it hangs a second later
    lost = events.get(timeout=10)
    ears.close()
    assert isinstance(lost, Lost)
    assert (lost.organ, lost.why) == ("recogniser", FROZE)
    assert 1000 < lost.at - heard < 1000 + 2000 + 200


def test_what_is_heard_is_kept_when_asked_for_and_heard_again(tmp_path: Path) -> None:
    room = Room(tmp_path, keep_audio=tmp_path / "kept")
    room.ears.close()
    (one,) = kept(tmp_path / "kept")
    assert len(one.microphone) > 16_000
    (told, *_) = [line for line in one.told if line["is"] == "heard"]
    assert told["intent"] == "stop"
    again = [facts(told) for told in one.again(listening("pocketsphinx", PHRASES))]
    assert [line["intent"] for line in again if line["is"] == "heard"][:1] == ["stop"]


def test_a_sound_system_that_freezes_is_noticed_and_found_again(room: Room) -> None:
    server = int(os.environ["VOICECOACH_PULSE_PID"])
    room.heard(1.0)  # another test has spoken in this room
    os.kill(server, signal.SIGSTOP)
    frozen = room.now()
    try:
        lost = room.events.get(timeout=5)
        time.sleep(3)  # it is tried again, in vain
    finally:
        os.kill(server, signal.SIGCONT)
    assert isinstance(lost, Lost)
    assert lost.organ == "microphone"
    assert lost.at - frozen < 2000
    assert [type(event) for event in room.heard(8.0)] == [Back]
    assert room.intents("next") == [Intent.NEXT]


@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44_100, 2), (192_000, 2)])
def test_a_microphone_of_any_rate(tmp_path: Path, rate: int, channels: int) -> None:
    pipe = f"pipe{rate}"
    shape = (f"rate={rate}", f"channels={channels}")
    run("pactl", "load-module", "module-null-sink", f"sink_name={pipe}", *shape)
    whisper = subprocess.Popen(
        ["pacat", "-d", pipe, "--raw", "--latency-msec=20", "--volume=8192", "/dev/urandom"]  # noqa: S607
    )
    run("pactl", "set-default-source", f"{pipe}.monitor")
    before = os.environ.pop("PULSE_SOURCE")
    try:
        Room(tmp_path, pipe).ears.close()  # it waits until something is heard
    finally:
        os.environ["PULSE_SOURCE"] = before
        whisper.kill()
        whisper.wait()


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
