"""`show`: a whole routine in plain words, and every sentence with its time."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.core.routine import Exercise, Routine
    from voicecoach.record import Entry

SUMMARY = "Show a whole routine as it will be said, with its doses and times."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the word after `show`."""
    parser.add_argument(
        "routine", metavar="ROUTINE", help="the name of a shipped routine, or a routine file"
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints the routine; errors of its file are for `main` to print."""
    from voicecoach.library import find_routine, load_routine

    for line in _lines(load_routine(find_routine(arguments.routine))):
        print(line)
    return Exit.DONE


def _lines(routine: Routine) -> Iterator[str]:
    from voicecoach.library.plain import settled, unsettled, whole

    yield from whole(routine)
    known = settled(routine)
    said = _said(known)
    if unsettled(routine) or any(one.dose.as_many for one in routine.exercises):
        yield "Where the coach asks, one time and one second stand below."
    yield ""
    yield "Before the first exercise, in minutes and seconds:"
    yield from said[0]
    done = [one for one in routine.exercises if not one.reserve]
    for number, exercise in enumerate(done, start=1):
        yield from _exercise(f"Exercise {number} of {len(done)}", exercise, said[number])
    if said[-1]:
        yield ""
        yield "At the end:"
        yield from said[-1]
    for exercise in routine.exercises:
        if exercise.reserve:
            yield from _exercise("In reserve", exercise, [])


def _exercise(heading: str, exercise: Exercise, said: list[str]) -> Iterator[str]:
    from voicecoach.library.plain import exercise_lines, forms

    yield ""
    yield f"{heading}: {exercise.name}."
    yield from exercise_lines(exercise)
    yield from forms(exercise)
    if said:
        yield "As it is said, in minutes and seconds:"
    yield from said


def _said(routine: Routine) -> list[list[str]]:
    """What is said in a session where all goes well: the opening, each exercise, the end."""
    from voicecoach.record import Recorder
    from voicecoach.simulation import simulate

    entries: list[Entry] = []
    simulate(routine, [Recorder(entries.append)])
    said: list[list[str]] = [[] for _ in range(len(routine.exercises) + 2)]
    began: dict[int, int] = {}
    for entry in entries:
        number = entry["place"]["exercise"] if entry["place"] else 0
        at = entry["at_ms"] - began.setdefault(number, entry["at_ms"])
        if line := _line(entry):
            said[number].append(f"{at // 60_000}:{at // 1000 % 60:02} {line}")
    return said


def _line(entry: Entry) -> str:
    """A sentence; of a hold only its length, because its numbers are counted."""
    match entry["kind"]:
        case "prompt":
            return str(entry["text"])
        case "hold" | "work":
            return f"Counted aloud: {entry['text']}."
        case _:
            return ""
