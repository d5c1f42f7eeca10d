"""A stretch of the shipped routine: processor and memory, of all processes together."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

from e2e.stage import PLAY, Coach, alive, descendants, now

from measuring.bench import Bench
from measuring.figures import Figure

_ECHO = ("load-module", "module-loopback", "source=spk.monitor", "sink=micpipe", "latency_msec=20")
_TICKS = os.sysconf("SC_CLK_TCK")


def figures(bench: Bench) -> list[Figure]:
    """A stretch of the shipped routine: processor and memory, of all processes together."""
    length = bench.often(60, 20)
    quiet = _session(bench, length)
    figures = [
        Figure("session: processor", quiet[0], 20, "%", f"of one core, {length} s, with start"),
        Figure("session: memory, all processes, RSS", quiet[1], 200, "MB", quiet[3]),
        Figure("session: memory, all processes, PSS", quiet[2], 200, "MB", "shared pages once"),
    ]
    if not bench.quick:
        with ExitStack() as closing:
            closing.callback(_pactl, "unload-module", _pactl(*_ECHO))
            echo = _session(bench, 30)
        note = "the coach hears itself all the time, 30 s"
        figures.append(Figure("session: processor, with echo", echo[0], None, "%", note))
    return figures


def _pactl(*words: str) -> str:
    done = subprocess.run(["pactl", *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _session(bench: Bench, length: float) -> tuple[float, float, float, str]:
    """Percent of a core, and the most MB of RSS and PSS; and what the processes are."""
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    command = (*PLAY, "gentle-back", "--wait", "1")
    coach = Coach(folder, env=bench.env, command=command, terminal=True)
    begun, used = now(), dict[int, int]()
    most = (0.0, 0.0, "")
    try:
        while now() - begun < length * 1000:
            time.sleep(1)
            parts = {}
            for pid, said in [(coach.process.pid, "coach"), *descendants(coach.process.pid)]:
                with suppress(OSError):
                    used[pid] = _ticks(pid)
                    rss, pss = _memory(pid)
                    parts[said.split("voicecoach.")[-1].split()[0]] = (rss, pss)
            total = sum(rss for rss, _ in parts.values()), sum(pss for _, pss in parts.values())
            told = ", ".join(f"{name} {rss:.0f}" for name, (rss, _) in parts.items())
            most = max(most, (*total, told))
        if not alive(coach.process.pid):
            raise AssertionError(f"the session ended: {coach.story()}")
        took = now() - begun
        coach.signal(signal.SIGINT)
        coach.ended()
    finally:
        coach.close()
    percent = 100 * sum(used.values()) / _TICKS / (took / 1000)
    return percent, *most


def _ticks(pid: int) -> int:
    """Processor time of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _memory(pid: int) -> tuple[float, float]:
    """RSS and PSS in MB."""
    found = {"Rss:": 0.0, "Pss:": 0.0}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, *rest = line.split()
        if name in found:
            found[name] = int(rest[0]) * 1024 / 1e6
    return found["Rss:"], found["Pss:"]
