"""A Piper voice for tests: files that the twin in fake_piper understands."""

import json
import os
from pathlib import Path

import pytest

FAKE = Path(__file__).with_name("fake_piper")
CONFIG = {
    "audio": {"sample_rate": 22_050},
    "espeak": {"voice": "en-us"},
    "inference": {"length_scale": 1.3},
}


def with_fake_piper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the twin on the path of every child that is started from here on."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(FAKE), os.environ.get("PYTHONPATH", "")]))


def voice_file(folder: Path, kind: str = "good", config: str = json.dumps(CONFIG)) -> Path:
    """A voice of some kind, and its .json beside it."""
    path = folder / "en_US-hum-low.onnx"
    path.write_text(kind)
    path.with_name(f"{path.name}.json").write_text(config)
    return path
