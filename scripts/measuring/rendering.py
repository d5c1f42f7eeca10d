"""Routines as files of sound: how fast, on how many cores, in how much memory.

The usual way, beside it, is a process of `espeak-ng` for each phrase, and ffmpeg that joins them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from measuring.bench import Bench
from measuring.figures import Figure, median
from voicecoach.core.profile import Profile, adapt, with_numbers, without_open_ends
from voicecoach.core.units import RATE
from voicecoach.library import find_routine, load_routine
from voicecoach.outlets.job import unanswered
from voicecoach.record import Entry, Recorder
from voicecoach.simulation import simulate
from voicecoach.speaker.encoder import CODECS

LONGEST = "back-and-hips"
NUMBERS = {"reps": 10, "sets": 2, "hold": 30, "work": 30, "phases": 10}
"""For what the text leaves open."""

_TITLE = """voicecoach: 1
title: {title}
exercises:
"""
_EXERCISE = """
  - name: Arm lift {number}
    position: standing
    sets: {sets}
    reps: 10
    hold: 5
    rest: 3
    sides: none
    setup: [{{say: Stand beside the chair., time: 0}}]
    way_in: [{{say: Lift your arm., time: 26}}]
    release: [{{say: Lower your arm., time: 26}}]
"""
_HOUR = 6  # sets of it. It mostly moves: of holds alone two hours are the most in a routine.


@dataclass(frozen=True)
class Done:
    """What a command took: s of time and of processor, and the MB of its largest process."""

    seconds: float
    processor: float
    memory: float


def figures(bench: Bench) -> list[Figure]:
    """Speed cold and warm, beside the usual way; cores; encoders; ten hours; 200 routines."""
    folder = bench.folder / "rendering"
    folder.mkdir()
    made = Rendering(bench, folder)
    return [*made.speed(), *made.cores(), *made.encoders(), *made.hours(), *made.many()]


@dataclass(frozen=True)
class Rendering:
    """Where it is measured."""

    bench: Bench
    folder: Path

    def render(self, routines: Iterable[Path | str], out: str, *more: str, cores: int = 1) -> Done:
        """`voicecoach render`, as a whole process."""
        names = [str(one) for one in routines]
        command = [sys.executable, "-m", "voicecoach", "render", *names, *more]
        env = {**self.bench.env, "XDG_CACHE_HOME": str(self.folder / "cache")}
        return _run([*command, "-o", str(self.folder / out), "--force"], env, cores)

    # -- speed ------------------------------------------------------------------------------------

    def speed(self) -> list[Figure]:
        """The longest routine to WAV on one core; the same words the usual way."""
        often = self.bench.often(3, 1)
        cold = []
        for _ in range(often):
            shutil.rmtree(self.folder / "cache", ignore_errors=True)
            cold.append(self._longest("long.wav"))
        warm = [self._longest("long.wav") for _ in range(self.bench.often(5, 2))]
        length = _length(self.folder / "long.wav")
        usual = self._usual()
        told = f"{usual:.0f} s the usual way: {length / usual:.0f} x"
        return [
            self._times("render to WAV, empty cache", length, cold, 150, told),
            self._times("render to WAV, again", length, warm, 1500, told),
        ]

    def _longest(self, out: str) -> Done:
        return self.render([LONGEST], out, *_settings(LONGEST))

    @staticmethod
    def _times(name: str, length: float, runs: Sequence[Done], target: float, usual: str) -> Figure:
        took = median([one.seconds for one in runs]) or 0.0
        processor = median([one.processor for one in runs]) or 0.0
        note = (
            f"{length / 60:.0f} minutes of sound in {took:.1f} s, one core, {len(runs)} runs; "
            f"{processor:.1f} s of processor"
        )
        return Figure(name, length / took, target, "x", note, usual, least=True)

    def _usual(self) -> float:
        """Seconds for the same phrases, without any timing between them; a share is enough."""
        phrases = _phrases(LONGEST)
        some = phrases[: self.bench.often(200, 40)]
        folder = self.folder / "usual"
        folder.mkdir()
        begun = time.monotonic()
        names = [folder / f"{number}.wav" for number in range(len(some))]
        for name, phrase in zip(names, some, strict=True):
            _run(["espeak-ng", "-s", str(RATE), "-w", str(name), phrase], self.bench.env)
        (folder / "list").write_text("".join(f"file '{name}'\n" for name in names))
        join = ("-f", "concat", "-safe", "0", "-i", str(folder / "list"), str(folder / "all.wav"))
        _run(["ffmpeg", "-y", "-loglevel", "error", *join], self.bench.env)
        return (time.monotonic() - begun) * len(phrases) / len(some)

    # -- cores and encoders -----------------------------------------------------------------------

    def cores(self) -> list[Figure]:
        """Six routines at once, of equal length, with every clip at hand."""
        suffixes = (".flac", ".wav")
        names = {one: f"six routines to {one}: two cores beside one" for one in suffixes}
        if len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004 - there is nothing to compare
            why = "there is one core"
            return [Figure(names[one], None, 1.7, "x as fast", why, least=True) for one in names]
        text = find_routine(LONGEST).read_text()
        routines = [self.folder / f"copy-{number}.yaml" for number in range(6)]
        for routine in routines:
            routine.write_text(text)
        return [self._cores(names[suffix], routines, suffix) for suffix in suffixes]

    def _cores(self, name: str, routines: Sequence[Path], suffix: str) -> Figure:
        settings = _settings(LONGEST)
        took = {
            cores: median(
                [
                    self.render(routines, f"copies{suffix}", *settings, cores=cores).seconds
                    for _ in range(self.bench.often(3, 1))
                ]
            )
            or 0.0
            for cores in (1, 2)
        }
        note = f"{took[1]:.1f} s and {took[2]:.1f} s"
        if suffix == ".wav":
            note += "; two gigabytes for the disk"
        shutil.rmtree(self.folder / "copies")
        return Figure(name, took[1] / took[2], 1.7, "x as fast", note, least=True)

    def encoders(self) -> list[Figure]:
        """What a compressed file takes longer than a WAV file, beside ffmpeg alone."""
        found = []
        sound = self.folder / "long.wav"
        for suffix in (".m4b", ".mp3"):
            ratios = []
            for _ in range(self.bench.often(3, 1)):
                plain = self._longest("long.wav").seconds
                whole = self._longest(f"long{suffix}").seconds
                out = str(self.folder / "alone")
                alone = [
                    "ffmpeg",
                    "-y",
                    "-loglevel",
                    "error",
                    "-i",
                    str(sound),
                    *CODECS[suffix],
                    out,
                ]
                ratios.append(100 * (whole - plain) / _run(alone, self.bench.env).seconds)
            name = f"render to {suffix}: more than to WAV, of ffmpeg's own time"
            found.append(Figure(name, median(ratios), 110, "%", "one core, streamed"))
        return found

    # -- length and number ------------------------------------------------------------------------

    def hours(self) -> list[Figure]:
        """A very long routine: memory must not grow with it."""
        long = self.bench.often(10, 2)
        done = {}
        for hours in (1, long):
            routine = self.folder / f"hours-{hours}.yaml"
            routine.write_text(_text("Long", hours, _HOUR))
            done[hours] = self.render([routine], f"hours-{hours}.flac")
            (self.folder / f"hours-{hours}.flac").unlink()
        note = f"1 hour: {done[1].memory:.0f} MB; {done[long].seconds:.0f} s for {long} hours"
        return [Figure(f"render of {long} hours: memory", done[long].memory, 150, "MB", note)]

    def many(self) -> list[Figure]:
        """Many routines in one call."""
        counts = (self.bench.often(100, 20), self.bench.often(200, 40))
        done = {}
        for count in counts:
            routines = [self.folder / f"many-{number}.yaml" for number in range(count)]
            for routine in routines:
                routine.write_text(_text(routine.stem, 1, 1))
            done[count] = self.render(routines, "many.wav")
            shutil.rmtree(self.folder / "many")
        half, whole = (done[count] for count in counts)
        told = f"{counts[1]} routines in one call, beside {counts[0]}"
        grown = 100 * whole.memory / half.memory
        return [
            Figure(told, whole.seconds / half.seconds, 2.2, "x as long", f"{whole.seconds:.0f} s"),
            Figure(f"{told}: memory", grown, 105, "%", f"{whole.memory:.0f} MB, largest process"),
        ]


def _text(title: str, exercises: int, sets: int) -> str:
    """A routine of so many exercises of so many sets."""
    numbers = range(1, exercises + 1)
    parts = (_EXERCISE.format(number=number, sets=sets) for number in numbers)
    return _TITLE.format(title=title) + "".join(parts)


_TOOK = """
import json, os, resource, subprocess, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:int(sys.argv[1])])
begun = time.monotonic()
code = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
seconds = time.monotonic() - begun
of = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([code, seconds, of.ru_utime + of.ru_stime, of.ru_maxrss / 1000]))
"""
"""A small process between: a child begins with the memory of the one that it is forked from."""


def _run(command: Sequence[str], env: dict[str, str], cores: int = 1) -> Done:
    """On so many cores. Memory is of the largest process in it, which has all the others."""
    between = [sys.executable, "-c", _TOOK, str(cores), *command]
    told = subprocess.run(between, env=env, capture_output=True, check=False)
    code, *took = json.loads(told.stdout) if told.returncode == 0 else (told.returncode,)
    if code:
        raise RuntimeError(f"{command[:4]}: {told.stderr.decode(errors='replace')}")
    return Done(*took)


def _length(path: Path) -> float:
    with wave.open(str(path)) as file:
        return float(file.getnframes() / file.getframerate())


def _settings(name: str) -> list[str]:
    """`--set` for each number that a text leaves open."""
    routine = adapt(without_open_ends(load_routine(find_routine(name))), Profile())
    return [
        word
        for open_number in unanswered(routine)
        for word in ("--set", f"{open_number}={NUMBERS[open_number.rpartition('.')[2]]}")
    ]


def _phrases(name: str) -> list[str]:
    """All that is said in it, in order."""
    routine = without_open_ends(load_routine(find_routine(name)))
    profile = Profile()
    for open_number in unanswered(adapt(routine, profile)):
        exercise, _, number = open_number.rpartition(".")
        profile = with_numbers(profile, {(exercise, number): NUMBERS[number]})
    entries: list[Entry] = []
    simulate(routine, [Recorder(entries.append)], profile=profile)
    return [entry["text"] for entry in entries if entry["kind"] in {"prompt", "count"}]
