"""A diary of ten years: what it adds to the start, to a report, and to the conductor's thread."""

from __future__ import annotations

import os
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from diary.years import routine_of_years, write_years
from e2e.stage import ROOT

from measuring.bench import Bench
from measuring.figures import Figure
from voicecoach.core.actions import Action
from voicecoach.core.events import Event
from voicecoach.core.plan import Place
from voicecoach.core.score import Cue
from voicecoach.core.units import Ms
from voicecoach.diary.diary import Diary
from voicecoach.diary.keeping import SessionDiary
from voicecoach.diary.rows import Entry
from voicecoach.diary.scribe import Scribe
from voicecoach.simulation import simulate

DAYS = 3650
CALLS = 4000
_RESUME = """
import pickle, sys, time
import voicecoach.conductor
from pathlib import Path
routine = pickle.loads(Path(sys.argv[2]).read_bytes())
begun = time.perf_counter()
from voicecoach.diary.keeping import SessionDiary
diary = SessionDiary(Path(sys.argv[1]), routine, sys.exit)
print((time.perf_counter() - begun) * 1000)
diary.close()
"""
"""With what is loaded for the diary alone; the conductor and its core are there without it."""


def figures(bench: Bench) -> list[Figure]:
    """Two sessions a day, with every rep, and now and then a pain."""
    path = bench.folder / "years.sqlite3"
    sessions, rows = write_years(path, datetime.now().astimezone(), DAYS)
    routine = bench.folder / "routine.pickle"
    routine.write_bytes(pickle.dumps(routine_of_years()))
    resume = ("-c", _RESUME, str(path), str(routine))
    resumed = [float(_run(*resume)[1]) for _ in range(bench.often(20, 5))]
    reports = [_report(bench, path) for _ in range(bench.often(5, 2))]
    waits = _waits(path, bench.often(CALLS, CALLS // 4))
    usual = _usual(path)
    return [
        Figure(
            "diary of ten years, opened and resumed, median",
            statistics.median(resumed),
            50,
            "ms",
            f"{sessions:,} sessions, {rows:,} rows",
        ),
        Figure("the same, worst", max(resumed), 50, "ms", f"{len(resumed)} runs"),
        Figure("report --days 90 of it, worst", max(reports), 2000, "ms", f"{len(reports)} runs"),
        Figure(
            "diary: wait of the conductor's thread, 99 %",
            _hundredth(waits),
            5,
            "ms",
            f"{len(waits)} calls; the longest {max(waits):.1f} ms",
            f"{_hundredth(usual):.1f} ms",
        ),
    ]


def _run(*arguments: str) -> tuple[float, str]:
    """How long a whole process takes, in ms, and what it printed."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return (time.perf_counter() - begun) * 1000, done.stdout


def _report(bench: Bench, path: Path) -> float:
    """A page with its plots."""
    output = bench.folder / "report.html"
    command = ("report", "--days", "90", "--diary", str(path), "-o", str(output), "--force")
    return _run("-m", "voicecoach", *command)[0]


def _hundredth(waits: Sequence[float]) -> float:
    return statistics.quantiles(waits, n=100)[-1]


@dataclass
class _Timed:
    """The scribe, and how long each of its calls keeps the conductor, in ms."""

    scribe: Scribe
    waits: list[float] = field(default_factory=list)

    def event(self, event: Event) -> None:
        """Timed."""
        begun = time.perf_counter()
        self.scribe.event(event)
        self._took(begun)

    def cue(self, cue: Cue, place: Place) -> None:
        """Timed."""
        begun = time.perf_counter()
        self.scribe.cue(cue, place)
        self._took(begun)

    def action(self, at: Ms, action: Action) -> None:
        """Timed."""
        begun = time.perf_counter()
        self.scribe.action(at, action)
        self._took(begun)

    def _took(self, begun: float) -> None:
        self.waits.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.001)  # or all of a session would be one transaction


def _waits(path: Path, count: int) -> list[float]:
    """Sessions written through the scribe, faster than any person could do them."""
    waits: list[float] = []
    while len(waits) < count:
        routine = routine_of_years()
        diary = SessionDiary(path, routine, sys.exit)
        timed = _Timed(diary.scribe)
        simulate(routine, [timed])
        diary.close()
        waits += timed.waits
    return waits


def _usual(path: Path) -> list[float]:
    """The usual way: each row is written, durably, by whoever has it."""
    diary, waits = Diary(path), list[float]()

    def write(entry: Entry) -> None:
        begun = time.perf_counter()
        diary.add([entry])
        waits.append((time.perf_counter() - begun) * 1000)

    scribe = Scribe(routine_of_years(), write, lambda: datetime.now().astimezone())
    simulate(routine_of_years(), [scribe])
    diary.close()
    return waits
