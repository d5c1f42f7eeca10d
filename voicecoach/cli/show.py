"""`show`: a whole routine in plain words."""

from __future__ import annotations

import argparse

from voicecoach.cli.exits import Exit

SUMMARY = "Show a whole routine in plain words, with its doses."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the word after `show`."""
    parser.add_argument(
        "routine", metavar="ROUTINE", help="the name of a shipped routine, or a routine file"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the routine; errors of its file are for `main` to print."""
    from voicecoach.library import find_routine, load_routine
    from voicecoach.library.plain import whole

    for line in whole(load_routine(find_routine(arguments.routine))):
        print(line)
    return Exit.DONE
