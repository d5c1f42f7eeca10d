"""All shipped routines checked; a very large one loaded and planned."""

from __future__ import annotations

import subprocess
import sys
import time

from measuring.bench import Bench
from measuring.figures import Figure, median
from voicecoach.library import shipped_routines

_LARGE = """
  - name: Lift {number}
    position: supine
    reps: 1
    hold: 1
    sides: none
    setup: Lie on your back on the mat.
    way_in: Lift your right knee.
    release: Lower your right knee.
"""
_LOAD = """
import resource, sys
from pathlib import Path
from voicecoach.core.plan import plan
from voicecoach.library import load_routine
plan(load_routine(Path(sys.argv[1])))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def figures(bench: Bench) -> list[Figure]:
    """All shipped routines checked; a very large one loaded and planned."""
    shipped = [str(path) for path in shipped_routines()]
    checked = [_process("-m", "voicecoach", "check", *shipped)[0] for _ in range(5)]
    sizes = {}
    for count in (500, 1000):
        file = bench.folder / f"large-{count}.yaml"
        exercises = "".join(_LARGE.format(number=number) for number in range(count))
        file.write_text(f"voicecoach: 1\ntitle: Large\nexercises:{exercises}")
        sizes[count] = [_process("-c", _LOAD, str(file)) for _ in range(3)]
    seconds = {count: median([one[0] for one in runs]) for count, runs in sizes.items()}
    memory = max(float(one[1]) / 1000 for one in sizes[1000])
    ratio = (seconds[1000] or 0) / (seconds[500] or 1)
    return [
        Figure(f"check of {len(shipped)} routines, median", median(checked), 500, "ms"),
        Figure("1,000 exercises loaded and planned", seconds[1000], 1000, "ms"),
        Figure("the same, beside 500", ratio, None, "times as long", "linear is 2"),
        Figure("its memory, the whole process", memory, 100, "MB"),
    ]


def _process(*arguments: str) -> tuple[float, str]:
    """How long a whole process takes, in ms, and what it printed last."""
    begun = time.monotonic()
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return (time.monotonic() - begun) * 1000, done.stdout.strip().rpartition("\n")[2]
