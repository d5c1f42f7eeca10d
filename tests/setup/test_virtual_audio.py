from __future__ import annotations

import array
import math
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from setup.machine import REPOSITORY

VIRTUAL_AUDIO = REPOSITORY / "scripts" / "virtual-audio"

TONE = """
parec -d mic --rate=48000 --channels=1 --format=s16le >"$1/mic.raw" & mic=$!
parec -d spk.monitor --rate=48000 --channels=1 --format=s16le >"$1/spk.raw" & spk=$!
sleep 0.5
pacat --playback -d "$2" --raw --rate=48000 --channels=1 --format=s16le "$1/tone.raw"
kill $mic $spk
"""


def loudest_dbfs(recording: Path) -> float:
    """The level of the loudest tenth of a second."""
    samples = array.array("h", recording.read_bytes()[: recording.stat().st_size // 2 * 2])
    powers = [
        sum(sample * sample for sample in samples[start : start + 4800]) / 4800
        for start in range(0, len(samples) - 4800, 4800)
    ]
    return 10 * math.log10(max([1.0, *powers]) / 32768**2)


def tone_in(folder: Path, sink: str, *options: str) -> tuple[float, float]:
    """Plays a tone into a sink; the levels that the loudspeaker and the microphone then have."""
    wave = [int(8000 * math.sin(2 * math.pi * 440 * n / 48000)) for n in range(48000)]
    (folder / "tone.raw").write_bytes(array.array("h", wave).tobytes())
    subprocess.run(
        [VIRTUAL_AUDIO, *options, "bash", "-c", TONE, "-", folder, sink], check=True, timeout=30
    )
    return loudest_dbfs(folder / "spk.raw"), loudest_dbfs(folder / "mic.raw")


@pytest.mark.device
@pytest.mark.parametrize(("options", "echo_db"), [((), None), (("--loopback", "-10"), -10.0)])
def test_the_coach_hears_itself_only_through_a_loopback(
    tmp_path: Path, options: tuple[str, ...], echo_db: float | None
) -> None:
    loudspeaker, microphone = tone_in(tmp_path, "spk", *options)
    assert loudspeaker == pytest.approx(-15.3, abs=0.5)
    if echo_db is None:
        assert -70 < microphone < -50  # a whisper of noise: it is on
    else:
        assert microphone - loudspeaker == pytest.approx(echo_db, abs=0.5)


@pytest.mark.device
def test_the_person_is_heard_and_not_played(tmp_path: Path) -> None:
    loudspeaker, microphone = tone_in(tmp_path, "micpipe")
    assert microphone == pytest.approx(-15.3, abs=0.5)
    assert loudspeaker < -90


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        status = Path(f"/proc/{pid}/status")
        # In a container nobody may collect the dead.
        if not status.exists() or "State:\tZ" in status.read_text(encoding="utf-8"):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.device
def test_it_passes_the_exit_code_on_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [VIRTUAL_AUDIO, "bash", "-c", "echo $VOICECOACH_PULSE_PID; exit 7"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7
    assert gone(int(done.stdout))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.device
def test_its_card_ends_even_when_it_is_killed(tmp_path: Path) -> None:
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed")
    script = subprocess.Popen(
        [VIRTUAL_AUDIO, "bash", "-c", "echo $VOICECOACH_PULSE_PID; exec sleep 30"],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert script.stdout
    card = int(script.stdout.readline())
    script.send_signal(signal.SIGKILL)
    assert gone(card)
    os.killpg(script.pid, signal.SIGKILL)


@pytest.mark.parametrize("words", [[], ["--loopback", "loud", "true"], ["--loopback", "-10"]])
def test_a_wrong_call_is_told_and_starts_nothing(words: list[str]) -> None:
    done = subprocess.run(
        [VIRTUAL_AUDIO, *words], capture_output=True, text=True, check=False, timeout=10
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
