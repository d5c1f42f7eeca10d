"""`voicecoach timeline`: a whole session, without sound or waiting, as a transcript or as JSON."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.cli.options import add_person, add_routine, for_person, milliseconds
from voicecoach.core.profile import Profile

if TYPE_CHECKING:
    from voicecoach.record import Entry
    from voicecoach.simulation import Words

SUMMARY = "Print a whole session, with times, without sound or waiting."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    add_routine(parser)
    add_person(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument(
        "--say",
        action="append",
        default=[],
        metavar='"SECONDS WORDS"',
        help='what the person says, and when: --say "12.5 stop, it hurts"; may be repeated',
    )
    parser.add_argument(
        "--ready",
        type=milliseconds,
        default="3",
        metavar="SECONDS",
        help="how long after an exercise is explained the person is ready (3)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the timeline; the exit code is that of the session."""
    from voicecoach.library import find_routine, load_routine
    from voicecoach.record import Recorder, json_lines
    from voicecoach.simulation import simulate

    try:
        words = [_words(said) for said in arguments.say]
    except ValueError as error:
        print(f"--say: {error}", file=sys.stderr)
        return Exit.USAGE
    routine = load_routine(find_routine(arguments.routine))
    profile = for_person(routine, Profile(), arguments)
    write = json_lines(sys.stdout) if arguments.json else _print
    outcome, ignored = simulate(routine, [Recorder(write)], words, arguments.ready, profile)
    for said in ignored:
        print(f"{said.text!r} was no command at that moment.", file=sys.stderr)
    return Exit[outcome.name]


def _words(said: str) -> Words:
    from voicecoach.simulation import Words

    moment, _, text = said.strip().partition(" ")
    if not text.strip():
        raise ValueError(f"{said!r} has no words. Write a time and words, as in '12.5 next'.")
    try:
        return Words(milliseconds(moment), text.strip())
    except argparse.ArgumentTypeError as error:
        raise ValueError(str(error)) from None


def _print(entry: Entry) -> None:
    minutes, rest = divmod(entry["at_ms"], 60_000)
    seconds, thousandths = divmod(rest, 1000)
    time = f"{minutes:02}:{seconds:02}.{thousandths:03}"
    print(f"{time} {entry['kind']}: {entry['text']}")
