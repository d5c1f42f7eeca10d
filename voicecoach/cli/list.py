"""`list`: the routines on the shelf, each in a few lines."""

from __future__ import annotations

import argparse
import sys

from voicecoach.cli.exits import Exit
from voicecoach.errors import RoutineError

SUMMARY = "List the routines that come with the coach."


def configure(_parser: argparse.ArgumentParser) -> None:
    """Adds nothing: `list` stands alone."""


def run(_arguments: argparse.Namespace) -> int:
    """Prints title, name, exercises, start positions and things needed, routine by routine."""
    from voicecoach.library import load_routine, shipped_routines
    from voicecoach.library.plain import overview

    code = Exit.DONE
    files = shipped_routines()
    for number, file in enumerate(files):
        try:
            routine = load_routine(file)
        except RoutineError as error:
            print(error, file=sys.stderr)
            code = Exit.ERROR
            continue
        if number:
            print()
        print(f"{routine.title}. Its name is {file.stem}.")
        for line in overview(routine):
            print(line)
    if not files:
        print("There are no routines. Install voicecoach again, or name a file of your own.")
    return code
