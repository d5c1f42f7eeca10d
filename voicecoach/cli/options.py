"""Arguments that several verbs share."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation

from voicecoach.core.units import Ms

DEFAULT_ROUTINE = "gentle-back"
_LONGEST = 24 * 60 * 60


def add_routine(parser: argparse.ArgumentParser) -> None:
    """The routine to use: a file, or the name of one that is shipped."""
    parser.add_argument(
        "routine",
        nargs="?",
        default=DEFAULT_ROUTINE,
        metavar="ROUTINE",
        help=f"a routine file, or the name of a shipped one ({DEFAULT_ROUTINE})",
    )


def milliseconds(text: str) -> Ms:
    """Seconds as a person writes them, up to a day, as whole milliseconds."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= _LONGEST):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds. Write one, as in 2.5.")
    return Ms(int(value * 1000))
