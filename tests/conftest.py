"""What every test may ask for: the sound card in software, where there is one."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass

import pytest
from hypothesis import settings

# Machines are noisy: no test here is about time.
settings.register_profile("voicecoach", deadline=None)
settings.load_profile("voicecoach")


@pytest.fixture(scope="session", autouse=True)
def _nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Sessions of tests use no person's diary or profile, also in the processes they start."""
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))


@dataclass(frozen=True, slots=True)
class Card:
    """The sound card of scripts/virtual-audio: play into `microphone`, record `loudspeaker`."""

    pid: int
    loudspeaker: str = "spk.monitor"
    microphone: str = "micpipe"


def _lacking() -> str | None:
    # A desktop may set PULSE_SERVER too; only the virtual card's loudspeaker is called spk.
    if "PULSE_SERVER" not in os.environ or os.environ.get("PULSE_SINK") != "spk":
        return "needs the virtual sound card: run scripts/virtual-audio .venv/bin/python -m pytest"
    if importlib.util.find_spec("pyaudio") is None:
        return "needs PyAudio: run scripts/test --set-up"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips a test marked `device`, with the reason, where there is no card to run it on."""
    if item.get_closest_marker("device") and (lacking := _lacking()):
        pytest.skip(lacking)


@pytest.fixture
def virtual_card() -> Card:
    """The card this run has; a test that asks for it is skipped where there is none."""
    if lacking := _lacking():
        pytest.skip(lacking)
    return Card(pid=int(os.environ.get("VOICECOACH_PULSE_PID", "0")))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--golden` writes the golden transcripts anew, for a person to read the difference."""
    parser.addoption("--golden", action="store_true", help="write the golden transcripts anew")
