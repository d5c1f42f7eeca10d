"""A routine file in, a Routine out; or everything that is wrong with it.

Law: the Routine is built only from a file without a single error.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from voicecoach.core.routine import Routine
from voicecoach.errors import RoutineError
from voicecoach.library.build import build
from voicecoach.library.nodes import compose
from voicecoach.library.report import TOP, Advice, Report, Spot, TooManyErrors
from voicecoach.library.rules import keep_rules
from voicecoach.library.schema import ROUTINE
from voicecoach.library.source import read_text
from voicecoach.library.speaking import speak_well
from voicecoach.library.spoken import Spoken, everything
from voicecoach.library.walk import walk


@dataclass(frozen=True, slots=True)
class Findings:
    """All there is to say about a file.

    As soon as there is one error, `routine` is None, and no advice is given.
    """

    path: Path
    routine: Routine | None
    errors: tuple[RoutineError, ...]
    advice: tuple[Advice, ...]
    spoken: tuple[Spoken, ...] = ()  # all that the coach says of it
    title_at: Spot = TOP


def load_routine(path: Path) -> Routine:
    """The routine of a file. Raises RoutineError: the first one, in the order of the file."""
    findings = _read(path, advise=False)
    if findings.routine is None:
        raise findings.errors[0]
    return findings.routine


def check_routine(path: Path) -> Findings:
    """Everything that can be said about a file; raises nothing for anything it may hold."""
    return _read(path, advise=True)


def _read(path: Path, *, advise: bool) -> Findings:
    report = Report(path)
    routine, filled = None, None
    try:
        filled = walk(compose(path, read_text(path)), ROUTINE, report)
        if filled is not None:
            keep_rules(filled, report)
            if advise and not report.errors:
                # While something is wrong, advice would be noise, and may be wrong itself.
                speak_well(filled, report)
            routine = None if report.errors else build(filled)
    except RoutineError as error:
        # The file cannot be read, or its structure is broken: nothing else can be said.
        report.errors.append(error)
    except TooManyErrors:
        pass
    advice = [] if report.errors else report.advice
    # What else is "wrong" in a file of another format may well be right there.
    foreign = [error for error in report.errors if error.rule == "version"]
    whole = filled if routine is not None else None
    return Findings(
        path,
        routine,
        tuple(sorted(foreign or report.errors, key=lambda found: (found.line, found.column))),
        tuple(sorted(advice, key=lambda found: (found.line, found.column))),
        tuple(everything(whole)) if whole else (),
        whole.values["title"].at if whole else TOP,
    )
