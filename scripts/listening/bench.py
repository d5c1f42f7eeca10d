"""The bench of the ears: its parts, done on two cores, told as lines or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from listening import beginnings, corpus, spoken, unspoken, voices
from listening.coach import prepare
from listening.cost import cost_figures
from listening.measure import Job, Nets, Result, measured
from listening.plan import Part, Plan
from listening.report import (
    Figure,
    as_json,
    confused,
    confusions,
    missed,
    table,
    targets,
)
from voicecoach.ears.phones.network import WEIGHTS as PHONES
from voicecoach.ears.recogniser import DEFAULT, check_recogniser, names, sends_audio
from voicecoach.ears.spotter.spot import WEIGHTS as SPOTTER
from voicecoach.errors import VoicecoachError

PARTS = {
    "stop": Part(spoken.stop_jobs, spoken.stop_figures),
    "twice": Part(spoken.twice_jobs, spoken.twice_figures),
    "connected": Part(spoken.connected_jobs, spoken.connected_figures),
    "ouch": Part(spoken.ouch_jobs, spoken.ouch_figures),
    "commands": Part(spoken.command_jobs, spoken.command_figures),
    "answers": Part(spoken.answer_jobs, spoken.answer_figures),
    "digits": Part(spoken.digit_jobs, spoken.digit_figures),
    "others": Part(spoken.other_jobs, spoken.other_figures),
    "false": Part(unspoken.false_jobs, unspoken.false_figures),
    "coach": Part(unspoken.coach_jobs, unspoken.coach_figures),
    "beginnings": Part(beginnings.jobs, beginnings.figures),
}
COST = "cost"
CONFUSED = ("commands", "answers", "digits", "others")

FOLDS = Path(__file__).with_name("folds")


def say(text: str) -> None:
    """What is going on, beside the figures."""
    print(text, file=sys.stderr, flush=True)


def plan(chosen: argparse.Namespace) -> Plan:
    """What can be measured here; what cannot is told."""
    folder: Path | None = chosen.corpus or corpus.corpus_folder()
    if folder is None:
        say("No recordings of people: only synthetic voices are measured.")
    weights: dict[int | None, Nets] = {None: Nets(SPOTTER, PHONES)}
    if chosen.corpus is None and folder is not None:
        folds = {
            group: Nets(FOLDS / f"without-{group}.npz", FOLDS / f"phones-without-{group}.npz")
            for group in range(corpus.FOLDS)
        }
        lacking = {
            group: path.name
            for group, nets in folds.items()
            for path in (nets.spotter, nets.phones)
            if not path.exists()
        }
        weights |= {group: nets for group, nets in folds.items() if group not in lacking}
        if lacking:
            say(f"Not trained: {', '.join(lacking.values())}. Whom they should judge is left out.")
        if len(weights) == 1:
            folder = None
    for needed in ("speech", "noise", "rir", "echo"):
        if folder is not None and not any((folder / needed).rglob("*.wav")):
            say(f"{folder}: there is no recording in {needed}. What needs it is not measured.")
    if not voices.speakers():
        say("Neither flite nor espeak-ng is installed: no synthetic voices are measured.")
    return Plan(folder, weights, chosen.quick, chosen.engine, _speaks())


def _speaks() -> bool:
    try:
        prepare(("One.",))
    except VoicecoachError as error:
        say(f"The coach's own voice is not measured. {error}")
        return False
    return True


def done(jobs: Sequence[Job], processes: int) -> Iterator[Result]:
    """The longest first, so that no process is left with it alone."""
    jobs = sorted(jobs, key=lambda job: job.effort, reverse=True)
    if processes < 2:
        yield from map(measured, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(measured, jobs)


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench_ears",
        description="Measures how well the ears hear, on people they never met.",
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="few clips, some conditions: a minute")
    add("--json", action="store_true", help="print JSON instead of lines")
    add("--only", choices=[*PARTS, COST], action="append", help="measure this part alone")
    add("--floors", action="store_true", help="exit code 1 where a figure is below its floor")
    add("--corpus", type=Path, metavar="DIR", help="recordings of other people, same layout")
    add("--engine", default=DEFAULT, choices=names(), help="the recogniser for commands")
    add("--processes", type=int, default=min(2, os.cpu_count() or 1), help="at once (2)")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Measures, and prints one table."""
    chosen = arguments(words)
    try:
        check_recogniser(DEFAULT)
        check_recogniser(chosen.engine)
        if chosen.corpus and not (chosen.corpus / "words").is_dir():
            say(f"{chosen.corpus}: there is no folder words in it. Give a folder of recordings.")
            return 1
        return _measure(chosen)
    except VoicecoachError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130


def _measure(chosen: argparse.Namespace) -> int:
    began = time.monotonic()
    if sends_audio(chosen.engine):
        say(f"The recogniser {chosen.engine} sends these recordings over the internet.")
    planned = plan(chosen)
    wanted = chosen.only or [*PARTS, COST]
    jobs = {name: part.jobs(planned) for name, part in PARTS.items() if name in wanted}
    every = [job for some in jobs.values() for job in some]
    _render(every)
    if texts := {text for job in every for text in job.coach}:
        prepare(texts)
    minutes = sum(job.effort for job in every) / 60
    say(f"Measuring: {', '.join(wanted)}. About {minutes:.0f} minutes of sound.")
    results = list(done(every, chosen.processes))
    figures: list[Figure] = []
    mistaken: dict[str, dict[str, dict[str, int]]] = {}
    found: list[Result] = []
    for name, some in jobs.items():
        mine = sorted(
            (one for one in results if one.job.part == name), key=lambda one: some.index(one.job)
        )
        found += mine
        figures += PARTS[name].figures(mine)
        if name in CONFUSED:
            for condition in dict.fromkeys(one.job.name for one in mine):
                trials = [t for one in mine if one.job.name == condition for t in one.trials]
                mistaken[f"{name}, {condition}"] = confusions(trials)
    if COST in wanted:
        figures += cost_figures(planned)
    _print(chosen, figures, mistaken, found)
    say(f"Took {time.monotonic() - began:.0f} s.")
    faults = missed(figures, targets(), quick=chosen.quick) if chosen.floors else []
    for fault in faults:
        say(f"Below its floor: {fault}")
    return 1 if faults else 0


def _render(jobs: Sequence[Job]) -> None:
    wanted = [(one.voice, one.text) for job in jobs for one in job.lines if one.voice]
    try:
        voices.render_all(wanted)
    except subprocess.CalledProcessError as error:
        raise VoicecoachError(f"{error.cmd[0]} failed. Install it again.") from error


def _print(
    chosen: argparse.Namespace,
    figures: Sequence[Figure],
    mistaken: dict[str, dict[str, dict[str, int]]],
    results: Sequence[Result],
) -> None:
    aims = targets()
    if not chosen.json:
        print(table(figures, aims), confused(mistaken), sep="\n\n", flush=True)
        return
    strays = {
        f"{one.job.part}, {one.job.name}, {n}": one.strays.heard
        for n, one in enumerate(results)
        if one.strays.heard
    }
    parts = dict.fromkeys(one.job.part for one in results)
    about = {
        "recogniser": chosen.engine,
        "short form": chosen.quick,
        "networks": sorted({one.job.weights.spotter.name for one in results}),
        "seconds of sound, and of the processor": {
            part: [
                round(sum(one.seconds for one in results if one.job.part == part)),
                round(sum(one.processor for one in results if one.job.part == part)),
            ]
            for part in parts
        },
    }
    report = {
        "figures": as_json(figures, aims),
        "confusions": mistaken,
        "false": strays,
        "about": about,
    }
    print(json.dumps(report, indent=1), flush=True)
