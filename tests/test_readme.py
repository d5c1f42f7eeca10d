"""The README says what the code says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from voicecoach.cli import VERBS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_generated_parts_are_fresh() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "readme"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_path_it_names_exists() -> None:
    for path in re.findall(r"(?<![/\w])(?:scripts|routines|voicecoach|tests)/[\w./-]+\w", README):
        assert (ROOT / path).exists() or (ROOT / f"{path}.py").exists(), path


def test_every_option_it_names_exists() -> None:
    helps = ""
    for verb in VERBS:
        command = [sys.executable, "-m", "voicecoach", verb, "--help"]
        helps += subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for option in set(re.findall(r"--[a-z]+", README)):
        assert option in helps, option
