"""Measures what voicecoach promises, beside its targets and beside the usual way to do it.

A topic is a file here whose `figures(bench)` gives its figures, and its name in TOPICS.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from e2e.stage import Clips, Person, Recording, missing

from measuring.bench import Bench
from measuring.figures import Figure, table

TOPICS = (
    "help_time",
    "routines",
    "rendering",
    "diary",
    "starts",
    "counts",
    "silences",
    "session",
)

ALIGNED = (
    "Microphone and loudspeaker are two recordings, aligned by the moment on the monotonic clock\n"
    "at which their samples arrived, in parts of 20 ms from one server. Silence is where the\n"
    "sentence that was being said breaks off; the tone and the answer that follow are not speech\n"
    "that went on. The usual way is say(), runAndWait(), sleep(1), with pyttsx3; for files\n"
    "it is a process of espeak-ng for each phrase, joined by ffmpeg."
)


def main() -> int:
    """Measures, and prints one table."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--quick", action="store_true", help="fewer repetitions: two minutes")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--only",
        choices=TOPICS,
        action="append",
        help="measure this topic alone",
    )
    chosen = parser.parse_args()
    if lacking := missing():
        print(f"Not installed: {', '.join(lacking)}. Run scripts/test --set-up.", file=sys.stderr)
        return 1
    with ExitStack() as closing:
        folder = Path(tempfile.mkdtemp(prefix="voicecoach-bench-"))
        closing.callback(shutil.rmtree, folder, ignore_errors=True)
        # Where compiled modules are not kept, every start would compile them anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        env = {**os.environ, "XDG_CACHE_HOME": str(folder)}
        sink, microphone = Recording(), Recording("micpipe.monitor")
        clips = Clips(folder)
        for one in (sink, microphone, clips):
            closing.callback(one.close)
        busy = f"Load when it began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
        bench = Bench(folder, env, clips, Person(folder), sink, microphone, chosen.quick)
        figures: list[Figure] = []
        for topic in TOPICS:
            if not chosen.only or topic in chosen.only:
                print(f"Measuring: {topic.replace('_', ' ')}.", file=sys.stderr)
                figures += import_module(f"measuring.{topic}").figures(bench)
    if chosen.json:
        print(json.dumps([{**asdict(one), "verdict": one.verdict} for one in figures], indent=1))
    else:
        print(table(figures), f"{ALIGNED}\n{busy}", sep="\n\n")
    return 0
