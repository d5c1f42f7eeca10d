"""The real stream on a (virtual) sound card, judged by what its sink was given."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from voicecoach.core.units import Ms
from voicecoach.speaker.base import Placed
from voicecoach.speaker.stream import StreamSpeaker
from voicecoach.voice.base import Clip

needs_card = [
    pytest.mark.device,
    pytest.mark.skipif("PULSE_SERVER" not in os.environ, reason="needs a sound card"),
]
PULSE = Clip("pulse", np.full(48 * 40, 9_000, np.int16))
TONE = Clip("tone", np.full(48 * 2_000, 9_000, np.int16))


def _nothing(*_: object) -> None:
    pass


class Recorder:
    """What the sink "spk" was given."""

    def __init__(self, path: Path) -> None:
        self.path = path
        command = "parec -d spk.monitor --rate=48000 --channels=1 --format=s16le --latency-msec=20"
        with path.open("wb") as out:
            self.process = subprocess.Popen(command.split(), stdout=out)
        end = time.monotonic() + 5
        while path.stat().st_size == 0 and time.monotonic() < end:
            time.sleep(0.05)

    def sounds(self) -> list[tuple[int, int]]:
        """First sample and length of each sound that is followed by 10 ms of silence."""
        time.sleep(0.3)
        self.process.terminate()
        self.process.wait()
        samples: npt.NDArray[np.int16] = np.fromfile(self.path, "<i2")
        loud = np.flatnonzero(np.abs(samples.astype(int)) > 20)
        parts = np.split(loud, np.flatnonzero(np.diff(loud) > 480) + 1)
        return [(int(part[0]), int(part[-1] - part[0]) + 1) for part in parts if len(part)]


@pytest.fixture
def speaker() -> Iterator[StreamSpeaker]:
    made = StreamSpeaker(_nothing, _nothing)
    yield made
    made.close()


class TestOnCard:
    pytestmark = needs_card

    def test_thirty_counts_are_a_second_apart(self, speaker: StreamSpeaker, tmp_path: Path) -> None:
        recorder = Recorder(tmp_path / "sink.raw")
        start = speaker.now() + speaker.lead + 100
        speaker.play([Placed(Ms(start + 1_000 * count), PULSE) for count in range(31)])
        time.sleep(31.0)
        sounds = recorder.sounds()
        gaps = np.diff([first for first, _ in sounds]) / 48
        print(f"largest error {np.abs(gaps - 1_000).max():.3f} ms; {speaker.device}")  # noqa: T201
        assert len(gaps) == 30
        # A clock at fault is wrong in every interval. A busy machine that takes its turn away from
        # the sound server (5 to 40 ms were seen, at a load of 3 on two cores) is wrong in one.
        assert np.sum(np.abs(gaps - 1_000) > 0.1) <= 5
        assert np.abs(np.sum(gaps - 1_000)) <= 150

    def test_a_cut_is_heard_within_50_ms(self, speaker: StreamSpeaker, tmp_path: Path) -> None:
        recorder = Recorder(tmp_path / "sink.raw")
        asked = []
        for number in range(15):
            start = Ms(speaker.now() + speaker.lead)
            speaker.play([Placed(start, TONE)])
            time.sleep(0.2 + number * 0.003)
            asked.append(speaker.now() - start)
            speaker.cut()
            time.sleep(0.2)
        late = [length / 48 - at for (_, length), at in zip(recorder.sounds(), asked, strict=True)]
        print(f"cut to silence: mean {np.mean(late):.1f}, most {max(late):.1f} ms")  # noqa: T201
        assert max(late) <= 50

    def test_opening_is_quiet_and_quick(self) -> None:
        code = (
            "from voicecoach.speaker.stream import StreamSpeaker; import time\n"
            "begun = time.monotonic(); s = StreamSpeaker(print, print)\n"
            "assert time.monotonic() - begun < 1; s.close()"
        )
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


_SESSION = """
import sys, time
from voicecoach.speaker.stream import StreamSpeaker
speaker = StreamSpeaker(lambda why: print("lost", why, flush=True),
                        lambda: print("back", flush=True))
begun, start = time.monotonic(), speaker.now()
print("open", flush=True)
for line in sys.stdin:
    error = speaker.now() - start - (time.monotonic() - begun) * 1000
    print("clock", round(error), speaker.audible, flush=True)
speaker.close()
print("closed", flush=True)
"""


class Server:
    """A PulseAudio of our own, which may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "native"
        conf = folder / "asound.conf"
        conf.write_text(
            'pcm.!default { type pulse hint { show on description "p" } }\n'
            "ctl.!default { type pulse }\n"
        )
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_STATE_PATH": str(folder),
            "PULSE_COOKIE": str(folder / "cookie"),
            "ALSA_CONFIG_PATH": str(conf),
        }
        self.environment.pop("PULSE_SERVER", None)
        self.environment.pop("PULSE_SINK", None)
        self.start()

    def start(self) -> None:
        options = "-n --daemonize=no --exit-idle-time=-1 --use-pid-file=no --realtime=no"
        self.process = subprocess.Popen(
            [
                *("pulseaudio", *options.split(), "-L"),
                f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}",
                *("-L", "module-null-sink sink_name=spk rate=48000 channels=1"),
            ],
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if shutil.which("pulseaudio") is None:
        pytest.skip("needs PulseAudio")
    made = Server(tmp_path)
    time.sleep(1.0)
    yield made
    made.process.send_signal(signal.SIGCONT)
    made.kill()


@pytest.mark.device
@pytest.mark.skipif("PULSE_SERVER" not in os.environ, reason="needs a sound card")
@pytest.mark.parametrize("fate", ["killed", "frozen"])
def test_a_session_outlives_its_sound_server(server: Server, fate: str) -> None:
    environment = server.environment | {"PULSE_SERVER": f"unix:{server.socket}"}
    session = subprocess.Popen(
        [sys.executable, "-c", _SESSION],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert session.stdin is not None
    assert session.stdout is not None

    def told() -> str:
        assert session.stdout is not None
        return session.stdout.readline().strip()

    def clock() -> tuple[int, bool]:
        assert session.stdin is not None
        print(file=session.stdin, flush=True)
        _, error, audible = told().split()
        return int(error), audible == "True"

    try:
        assert told() == "open"
        if fate == "killed":
            server.kill()
            assert told() == "lost The loudspeaker was taken away."
        else:
            server.process.send_signal(signal.SIGSTOP)
            assert told() == "lost The loudspeaker does not answer."
        time.sleep(1)
        error, audible = clock()
        assert abs(error) <= 40
        assert not audible
        if fate == "killed":
            server.start()
        else:
            server.process.send_signal(signal.SIGCONT)
        assert told() == "back"
        error, audible = clock()
        assert abs(error) <= 60
        assert audible
        session.stdin.close()
        assert told() == "closed"
        assert session.wait(5) == 0
    finally:
        session.kill()
        session.wait()
