"""How long `voicecoach --help` takes, from outside."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from e2e.stage import now

from measuring.bench import Bench
from measuring.figures import Figure


def figures(bench: Bench) -> list[Figure]:
    """`voicecoach --help`, as often as it takes to be sure."""
    took = []
    for _ in range(10):
        begun = now()
        subprocess.run(
            [Path(sys.prefix) / "bin" / "voicecoach", "--help"],
            env=bench.env,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took.append(now() - begun)
    return [Figure("voicecoach --help, median", statistics.median(took), 150, "ms", "10 runs")]
