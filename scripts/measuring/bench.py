"""Where it is measured: a virtual card that is recorded, a person, and coaches."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from e2e.stage import PER_MS, Clips, Coach, Person, Recording

ROUTINE = """voicecoach: 1
title: {title}
exercises:
  - name: Arm lift
    position: standing
    reps: 1
    hold: {hold}
    sides: none
    get_ready: 1
    setup: [{{say: Stand beside the chair., time: 0}}]
    way_in: [{{say: Lift your arm., time: 0}}]
    release: [{{say: Lower your arm., time: 0}}]
"""
USUAL = """
import sys, time, pyttsx3
engine = pyttsx3.init()
for words in sys.argv[1:]:
    engine.say(words)
    engine.runAndWait()
    time.sleep(1)
time.sleep(1)
"""
"""The usual way to speak and to count: it waits for the voice, and then for a second."""


@dataclass(frozen=True)
class Bench:
    """Where it is measured, and how thoroughly."""

    folder: Path
    env: dict[str, str]
    clips: Clips
    person: Person
    sink: Recording
    microphone: Recording
    quick: bool

    def often(self, full: int, quick: int) -> int:
        """So many times."""
        return quick if self.quick else full

    def silence(self) -> int:
        """Where the sound of what was played before is over."""
        while True:
            start = len(self.sink)
            self.sink.reach(start + 500 * PER_MS)
            if self.sink.silent(start, start + 500 * PER_MS):
                return start + 500 * PER_MS

    def usual(self, *words: str) -> None:
        """Says words the usual way, each followed by a second."""
        subprocess.run(
            [sys.executable, "-c", USUAL, *words],
            env=self.env,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def coach(self, name: str, title: str, *arguments: str, hold: int = 5) -> Coach:
        """A coach on a terminal, on a routine with this title and hold."""
        path = self.folder / f"{name}.yaml"
        path.write_text(ROUTINE.format(title=title, hold=hold))
        return Coach(self.folder / name, path, *arguments, env=self.env, terminal=True)
