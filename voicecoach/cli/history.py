"""`voicecoach history`: past sessions, from the diary."""

from __future__ import annotations

import argparse
import json
import sys

from voicecoach.cli.exits import Exit
from voicecoach.cli.options import add_diary, add_period

SUMMARY = "List past sessions: what was done, and what was felt."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    add_period(parser)
    add_diary(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a session, one a line")
    form.add_argument("--csv", action="store_true", help="a table of every rep, change and note")


def run(arguments: argparse.Namespace) -> int:
    """Prints the sessions, oldest first."""
    from voicecoach.diary.listing import lines, record, write_csv
    from voicecoach.diary.reading import read_period

    period = read_period(arguments.diary, arguments.days, arguments.routine)
    if arguments.csv:
        write_csv(sys.stdout, period.sessions)
    elif arguments.json:
        for past in period.sessions:
            print(json.dumps(record(past), ensure_ascii=False))
    elif not period.sessions:
        print(period.nothing)
    else:
        for past in period.sessions:
            print("\n".join(lines(past)))
    return Exit.DONE
