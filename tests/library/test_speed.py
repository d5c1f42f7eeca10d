"""A routine of a thousand exercises is read and planned in time that grows with its length."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

from voicecoach.core.plan import plan
from voicecoach.library import load_routine

EXERCISE = """
  - name: Knee lift {number}
    position: supine
    reps: 1
    hold: 1
    sides: none
    rest: 0
    setup:
      - Lie on your back on the mat.
      - Bend both knees, feet flat.
    way_in:
      - say: Lift your right knee slowly.
        time: 3
    check: Feel your back on the mat.
    release: Lower your right knee to the mat.
"""


def large(folder: Path, count: int) -> Path:
    file = folder / f"{count}.yaml"
    exercises = "".join(EXERCISE.replace("{number}", str(n)) for n in range(count))
    file.write_text(f"voicecoach: 1\ntitle: Large\nexercises:{exercises}", encoding="utf-8")
    return file


def lasts(file: Path) -> float:
    begun = time.process_time()
    assert len(plan(load_routine(file))) > 100
    return time.process_time() - begun


def test_a_thousand_exercises(tmp_path: Path) -> None:
    few, many = large(tmp_path, 200), large(tmp_path, 1000)
    lasts(few)
    # Five times as long a file; the rest is what a busy machine may add.
    assert min(lasts(many) for _ in range(2)) < 10 * min(lasts(few) for _ in range(3))
    tracemalloc.start()
    try:
        lasts(many)
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()
