"""Arguments that several verbs share."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from voicecoach.core.profile import LARGEST, Profile, with_numbers
from voicecoach.core.routine import Exercise, Routine
from voicecoach.core.units import Ms
from voicecoach.errors import VoicecoachError

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


def add_numbers(parser: argparse.ArgumentParser) -> None:
    """Numbers that the routine asks for, or leaves a range for."""
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


def apply_numbers(
    routine: Routine, profile: Profile, numbers: Sequence[tuple[str, str, int]]
) -> Profile:
    """The profile with these numbers. Raises VoicecoachError for one that cannot be set."""
    for exercise_id, name, value in numbers:
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
