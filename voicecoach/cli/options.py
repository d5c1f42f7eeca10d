"""Arguments that several verbs share."""

from __future__ import annotations

import argparse
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from voicecoach.core.profile import LARGEST, Profile, with_numbers
from voicecoach.core.routine import Exercise, Flag, Routine
from voicecoach.core.units import RATE, RATES, Ms
from voicecoach.errors import VoicecoachError

DEFAULT_ROUTINE = "gentle-back"
_LONGEST = 24 * 60 * 60
_LONGEST_PERIOD = 36_500


def add_routine(parser: argparse.ArgumentParser) -> None:
    """The routine to use: a file, or the name of one that is shipped."""
    parser.add_argument(
        "routine",
        nargs="?",
        default=DEFAULT_ROUTINE,
        metavar="ROUTINE",
        help=f"a routine file, or the name of a shipped one ({DEFAULT_ROUTINE})",
    )


def add_person(parser: argparse.ArgumentParser) -> None:
    """What one person needs: numbers that the routine leaves open, and what they must avoid."""
    parser.add_argument(
        "--avoid",
        action="append",
        default=[],
        choices=[flag.value for flag in Flag],
        help="what is then left out, or done in another way; may be repeated",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_number,
        dest="numbers",
        metavar="EXERCISE.NAME=NUMBER",
        help="a number that is asked for or has a range: --set s2-figure4-glute.reps=5",
    )


def _number(text: str) -> tuple[str, str, int]:
    exercise, dot, rest = text.partition(".")
    name, equals, value = rest.partition("=")
    if exercise and dot and name and equals and value.isascii() and value.isdigit():
        return exercise, name, int(value)
    raise argparse.ArgumentTypeError(f"{text!r} is not of the form EXERCISE.NAME=NUMBER.")


def for_person(routine: Routine, profile: Profile, arguments: argparse.Namespace) -> Profile:
    """The profile with what was asked for here. Raises VoicecoachError for a wrong number."""
    avoid = profile.avoid | {Flag(name) for name in arguments.avoid}
    profile = replace(profile, avoid=avoid)
    for exercise_id, name, value in arguments.numbers:
        exercise = _exercise(routine, exercise_id)
        limits = dict(exercise.dose.limits)
        names = sorted(exercise.dose.asked | set(limits))
        if name not in names:
            can = f"Set one of: {', '.join(names)}." if names else "It leaves no number open."
            raise VoicecoachError(f"--set: {exercise_id} has no open number {name}. {can}")
        low, high = 1, LARGEST[name.partition(".")[0]]
        if name in limits:
            low, high = limits[name].low, limits[name].high
        if not low <= value <= high:
            raise VoicecoachError(f"--set: {exercise_id}.{name} is a number from {low} to {high}.")
        profile = with_numbers(profile, {(exercise_id, name): value})
    return profile


def _exercise(routine: Routine, exercise_id: str) -> Exercise:
    for exercise in routine.exercises:
        if exercise.id == exercise_id:
            return exercise
    ids = ", ".join(exercise.id for exercise in routine.exercises)
    raise VoicecoachError(f"--set: there is no exercise {exercise_id}. This routine has: {ids}.")


def milliseconds(text: str) -> Ms:
    """Seconds as a person writes them, up to a day, as whole milliseconds."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not (value.is_finite() and 0 <= value <= _LONGEST):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds. Write one, as in 2.5.")
    return Ms(int(value * 1000))


def add_rate(parser: argparse.ArgumentParser) -> None:
    """How fast is spoken."""
    parser.add_argument(
        "--rate",
        type=_rate,
        default=RATE,
        metavar="WPM",
        help=f"words a minute, {RATES[0]} to {RATES[-1]} ({RATE})",
    )


def add_voice(parser: argparse.ArgumentParser) -> None:
    """Who speaks, and how fast."""
    parser.add_argument(
        "--voice",
        metavar="NAME",
        help="a voice of this machine (voicecoach voices), or a Piper voice file: PATH.onnx",
    )
    add_rate(parser)


def _rate(text: str) -> int:
    """Words a minute, as a person writes them."""
    if text.isascii() and text.isdigit() and int(text) in RATES:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} is no speaking rate. Write words a minute, {RATES[0]} to {RATES[-1]}."
    )


def add_diary(parser: argparse.ArgumentParser) -> None:
    """The diary to use: the person's own, or a file."""
    parser.add_argument(
        "--diary",
        type=Path,
        metavar="PATH",
        help="the diary's file (in your state folder: voicecoach/diary.sqlite3)",
    )


def add_period(parser: argparse.ArgumentParser) -> None:
    """Which sessions of the diary: of so many days, of one routine."""
    parser.add_argument(
        "--days", type=_days, default=30, metavar="N", help="how many days, up to today (30)"
    )
    parser.add_argument(
        "--routine", default="", metavar="TITLE", help="only sessions of the routine of that title"
    )


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _LONGEST_PERIOD:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} is no number of days. Write one from 1 to {_LONGEST_PERIOD}."
    )
