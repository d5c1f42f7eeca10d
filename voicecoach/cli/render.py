"""`voicecoach render`: routines as sound files, with chapters, captions and playlists."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.cli.options import add_person, add_voice, for_person, milliseconds
from voicecoach.core.profile import adapt, without_open_ends
from voicecoach.core.wording import Length
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from voicecoach.core.routine import Routine
    from voicecoach.outlets.job import Job
    from voicecoach.outlets.render import Rendered

SUMMARY = "Make sound files of routines, for a phone or a smart speaker."

_EVERY = 3.0
"""Seconds between two lines of progress."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    parser.add_argument(
        "routines",
        nargs="+",
        metavar="ROUTINE",
        help="a routine file, or the name of a shipped one; several are rendered at once",
    )
    parser.add_argument(
        *("-o", "--output"),
        type=Path,
        required=True,
        metavar="OUT",
        help="the file: .wav, or with ffmpeg .flac, .mp3, .opus, .m4b; "
        "for several routines, without that suffix, a folder",
    )
    add_person(parser)
    parser.add_argument(
        "--wait",
        type=milliseconds,
        default="20",
        metavar="SECONDS",
        help="go on so long after an exercise is explained (20)",
    )
    add_voice(parser)
    parser.add_argument(
        "--verbosity",
        choices=[length.name.lower() for length in reversed(Length)],
        default="full",
        help="how much is said; cautions and sides always are",
    )
    parser.add_argument(
        "--split", action="store_true", help="a file for each exercise, and a playlist"
    )
    parser.add_argument(
        "--captions", action="store_true", help="captions (WebVTT) and a transcript, too"
    )
    parser.add_argument("--force", action="store_true", help="replace files that are there")


def run(arguments: argparse.Namespace) -> int:
    """Renders; tells what was made, a line for each."""
    from voicecoach.outlets.job import outputs

    jobs = _jobs(arguments)
    there = [path for job in jobs for path in outputs(job) if path.exists()]
    if there and not arguments.force and not _may_replace(there):
        return Exit.ERROR
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupted)
    try:
        return _render_one(jobs[0]) if len(jobs) == 1 else _render_all(jobs)
    except KeyboardInterrupt:
        print("Interrupted. What was not finished is not there.", file=sys.stderr)
        return Exit.INTERRUPTED


def _interrupted(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# -- what is asked for -------------------------------------------------------------------------


def _jobs(arguments: argparse.Namespace) -> list[Job]:
    """One for each routine. Raises VoicecoachError, before any work, for what cannot be done."""
    from voicecoach.library import find_routine, load_routine
    from voicecoach.outlets.job import SUFFIXES, Job

    out: Path = arguments.output
    if out.suffix.lower() not in SUFFIXES:
        known = ", ".join(SUFFIXES)
        raise VoicecoachError(f"{out}: I do not know what to make of that. End it in {known}.")
    paths = [find_routine(name) for name in arguments.routines]
    stems = [path.stem for path in paths]
    twice = sorted({stem for stem in stems if stems.count(stem) > 1})
    if twice:
        raise VoicecoachError(f"{', '.join(twice)}: asked for twice. Name each routine once.")
    routines = [without_open_ends(load_routine(path)) for path in paths]
    adapted = _adapted(routines, arguments)
    return [
        Job(
            routine,
            out if len(paths) == 1 else out.with_suffix("") / f"{stem}{out.suffix}",
            rate=arguments.rate,
            wait=arguments.wait,
            length=Length[arguments.verbosity.upper()],
            voice=arguments.voice,
            split=arguments.split,
            captions=arguments.captions,
        )
        for routine, stem in zip(adapted, stems, strict=True)
    ]


def _adapted(routines: list[Routine], arguments: argparse.Namespace) -> list[Routine]:
    """The routines for the person, with no number open."""
    from voicecoach.library.profile import load_profile, profile_path
    from voicecoach.outlets.job import unanswered

    own = load_profile(profile_path())
    numbers = list(arguments.numbers)
    ids = {one.id for routine in routines for one in routine.exercises}
    adapted = []
    for routine in routines:
        here = {one.id for one in routine.exercises}
        # With several routines, a number belongs to those that have its exercise.
        arguments.numbers = [one for one in numbers if one[0] in here or one[0] not in ids]
        adapted.append(adapt(routine, for_person(routine, own, arguments)))
    open_numbers = {name: routine.title for routine in adapted for name in unanswered(routine)}
    if open_numbers:
        wanted = " ".join(f"--set {name}=NUMBER" for name in open_numbers)
        raise VoicecoachError(
            f"A file cannot ask: {', '.join(sorted(set(open_numbers.values())))} "
            f"leaves numbers open. Add what your physio told you: {wanted}"
        )
    return adapted


def _may_replace(there: list[Path]) -> bool:
    told = there[0] if len(there) == 1 else f"{there[0]} and {len(there) - 1} more"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        print(f"{told}: already there. Add --force to replace.", file=sys.stderr)
        return False
    # Not on stdout, which may be a file: what is made is told there.
    print(f"{told}: already there. Replace? yes/no: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    print("Nothing was replaced.", file=sys.stderr)
    return False


# -- doing it ----------------------------------------------------------------------------------


def _render_one(job: Job) -> int:
    from voicecoach.outlets.render import render

    progress = _progress()
    _tell(render(job, lambda stage, share: progress(f"{share:.0%} {stage}.")))
    return Exit.DONE


def _render_all(jobs: list[Job]) -> int:
    from voicecoach.outlets.several import render_several

    progress = _progress()
    code = Exit.DONE
    with closing(render_several(jobs, lambda share: progress(f"{share:.0%} done."))) as each:
        for job, made in each:
            if isinstance(made, str):
                print(f"{job.routine.title}: {made}", file=sys.stderr)
                code = Exit.ERROR
            else:
                _tell(made)
    return code


def _tell(made: Rendered) -> None:
    for warning in made.warnings:
        print(warning, file=sys.stderr)
    minutes, seconds = divmod(-(-made.lasts // 1000), 60)
    lasts = f"{_count(minutes, 'minute')} {_count(seconds, 'second')}"
    print(f"{made.path}: {lasts}, {_count(made.parts, 'part')}.", flush=True)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _progress() -> Callable[[str], None]:
    """Prints a line now and then, to a person who looks at a terminal; else nothing."""
    if not sys.stderr.isatty():
        return lambda _: None
    last = time.monotonic()

    def tell(line: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            print(line, file=sys.stderr, flush=True)

    return tell
