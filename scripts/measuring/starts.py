"""From the start of the process to the first sample that is not silence."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from e2e.stage import ROOT, Coach, now

from measuring.bench import Bench
from measuring.figures import Figure, median

COACH = str(ROOT / "scripts" / "coach")


def figures(bench: Bench) -> list[Figure]:
    """From the start of the process to the first sample that is not silence."""
    subprocess.run([COACH, "--version"], check=True, env=bench.env, stdout=subprocess.DEVNULL)
    often = bench.often(5, 2)
    cold = [_start(bench, cold=True) for _ in range(often)]
    _start(bench, cold=False)  # fills the cache
    warm = [_start(bench, cold=False) for _ in range(often)]
    usual = median([_usual_start(bench) for _ in range(2)]) or 0.0
    return [
        *_times("scripts/coach to the first sound, empty cache", cold, 1200, f"{usual:.0f} ms"),
        *_times("scripts/coach to the first sound, again", warm, 600, f"{usual:.0f} ms"),
    ]


def _times(name: str, values: Sequence[float], target: float, usual: str) -> list[Figure]:
    middle, runs = statistics.median(values), f"{len(values)} runs"
    return [
        Figure(f"{name}, median", middle, target, "ms", runs, usual),
        Figure(f"{name}, worst", max(values), target, "ms"),
    ]


def _start(bench: Bench, *, cold: bool) -> float:
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    env = {**bench.env, "XDG_CACHE_HOME": str(folder)} if cold else bench.env
    before = bench.silence()
    coach = Coach(folder, env=env, command=(COACH, "play"), terminal=True)
    try:
        coach.wait("said", "Welcome")
        time.sleep(0.4)
    finally:
        coach.close()
    first, _ = bench.sink.sounds(before, len(bench.sink))[0]
    return bench.sink.moment(first) - coach.started


def _usual_start(bench: Bench) -> float:
    before, begun = bench.silence(), now()
    bench.usual("Welcome.")
    return bench.sink.moment(bench.sink.sounds(before, len(bench.sink))[0][0]) - begun
