"""A fresh checkout for each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from setup.machine import FAKE_ID, FAKE_PYTHON, REAL, REPOSITORY, SCRIPTS, Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh checkout: no .venv yet, a fit Python, apt-get, and root's rights."""
    root = tmp_path / "voice coach"
    (root / "scripts").mkdir(parents=True)
    for name in SCRIPTS:
        shutil.copy(REPOSITORY / "scripts" / name, root / "scripts")
    shutil.copy(REPOSITORY / "pyproject.toml", root)
    (root / "voicecoach" / "cli").mkdir(parents=True)
    (root / "voicecoach" / "cli" / "list.py").touch()
    path = tmp_path / "bin"
    path.mkdir()
    for name in REAL:
        real = shutil.which(name)
        assert real, name
        # A script and not a link: some systems keep many programmes in one, which reads its name.
        (path / name).write_text(f'#!/bin/sh\nexec {real} "$@"\n', encoding="utf-8")
        (path / name).chmod(0o755)
    (path / "bash").unlink()
    (path / "bash").symlink_to(os.path.realpath(shutil.which("bash") or "/bin/bash"))
    made = Checkout(root, path, tmp_path / "calls")
    made.fake("python3", FAKE_PYTHON)
    made.fake("id", FAKE_ID)
    # A machine that has all: no test depends on what the real one lacks.
    for name in ("apt-get", "gcc", "espeak-ng", "pulseaudio", "pactl", "pacat", "parec", "aplay"):
        made.fake(name)
    for name in ("flite", "ffmpeg", "ffprobe"):
        made.fake(name)
    made.fake("chromium")
    return made
