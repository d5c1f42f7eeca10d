"""What listening costs: processor, memory, and how long it takes until it hears.

Measured from outside, in processes of their own, on the ears as they run live. Seconds depend on
the machine, so no floor stands on them.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from listening import lines
from listening.coach import coaching, sentences
from listening.conditions import CLEAN, Condition, Setting, stream
from listening.measure import as_pcm
from listening.plan import Plan
from listening.report import Figure
from voicecoach.core.commands import Intent

CHILD = """
import json, resource, sys, time
import voicecoach.ears.worker
from voicecoach.core.en import PHRASES
from voicecoach.ears.endpoint import CHUNK_BYTES
from voicecoach.ears.hearing import ms
from voicecoach.ears.listening import listening
microphone, loudspeaker = (open(path, "rb").read() for path in sys.argv[1:3])
ears = listening("pocketsphinx", PHRASES)
ears.feed(bytes(CHUNK_BYTES), 0)
first = time.monotonic()
began = time.process_time()
for start in range(0, len(microphone) - CHUNK_BYTES + 1, CHUNK_BYTES):
    if loudspeaker:
        ears.reference(start // 2, loudspeaker[start:start + CHUNK_BYTES], ms(start // 2))
    ears.feed(microphone[start:start + CHUNK_BYTES], ms((start + CHUNK_BYTES) // 2))
spent = time.process_time() - began
if sys.platform == "darwin":
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
else:  # where ru_maxrss also counts what the parent was before this process began
    lines = open("/proc/self/status").read().splitlines()
    memory = 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
print(json.dumps({"first": first, "spent": spent, "memory": memory}))
"""


def cost_figures(plan: Plan) -> list[Figure]:
    """Of a minute of a session: the coach speaks, a person now and then, a noise is in the room."""
    said = lines.of_people(plan.some("stop", 6), Intent.STOP)
    said = said or lines.of_voices(("next",), Intent.NEXT, lines.mouths()[:6])
    items = [lines.item(line) for line in said * plan.of(3, 1)]
    random = np.random.default_rng(4)
    texts, around = sentences()[::40], plan.around(None)
    busy = Condition("pink", 20, echo=0 if plan.speaks else None)
    coach = coaching(texts)[0] if plan.speaks else None
    streams = {"a session": stream(items, Setting(busy, around, coach), random)}
    streams["a quiet room"] = stream(items[:1], Setting(CLEAN, around), random)
    figures, starts, memory = list[Figure](), list[float](), 0.0
    with tempfile.TemporaryDirectory(prefix="voicecoach-bench-") as folder:
        for name, one in streams.items():
            paths = [Path(folder, "microphone"), Path(folder, "loudspeaker")]
            paths[0].write_bytes(as_pcm(one.sound))
            paths[1].write_bytes(b"" if one.reference is None else as_pcm(one.reference))
            runs = [_run(paths) for _ in range(plan.of(3, 1))]
            seconds = len(one.sound) / 16_000
            shares = [run["spent"] / seconds * 100 for run in runs]
            if name == "a session":
                figures.append(_figure(f"processor, {name}", shares, "% of a core"))
            starts += [run["started"] for run in runs]
            memory = max(memory, *(run["memory"] / 1e6 for run in runs))
    figures.append(_figure("memory of the listening process", [memory], "MB"))
    figures.append(_figure("start to the first sound taken", starts, "s"))
    return figures


def _run(paths: list[Path]) -> dict[str, float]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *map(str, paths)], check=True, capture_output=True, text=True
    )
    found = json.loads(done.stdout)
    return {**found, "started": found["first"] - began}


def _figure(name: str, values: list[float], unit: str) -> Figure:
    of = f"{len(values)} runs" if len(values) > 1 else "1 run"
    middle = statistics.median(values)
    return Figure(name, middle, min(values), max(values), unit, of, "less", "least to most")
