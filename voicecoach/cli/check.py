"""`check`: what is wrong with routine files, and what could be said better."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.errors import RoutineError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.library import Advice

SUMMARY = "Check routine files: every error, with line, column and remedy; and advice."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the words after `check`."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a routine file, or the name of a shipped routine"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")


def run(arguments: argparse.Namespace) -> int:
    """Prints all findings; the exit code is 1 as soon as there is one error."""
    from voicecoach.library import check_routine

    errors: list[RoutineError] = []
    advice: list[Advice] = []
    for name in arguments.files:
        findings = check_routine(_file(name))
        errors += findings.errors
        advice += findings.advice
        if not arguments.json:
            for line in map(str, (*findings.errors, *findings.advice)):
                print(line)
    if arguments.json:
        found = [*map(_record, errors), *map(_record, advice)]
        counts = {"files": len(arguments.files), "errors": len(errors), "advice": len(advice)}
        print(json.dumps({**counts, "findings": found}, indent=2))
    else:
        print(_closing(len(arguments.files), len(errors), len(advice)))
    return Exit.ERROR if errors else Exit.DONE


def _file(name: str) -> Path:
    """A shipped routine by name; everything else is a path, whether or not something is there."""
    from voicecoach.library import find_routine

    try:
        return find_routine(name)
    except VoicecoachError:
        return Path(name)


def _record(finding: RoutineError | Advice) -> dict[str, str | int]:
    return {
        "file": str(finding.path),
        "line": finding.line,
        "column": finding.column,
        "kind": "error" if isinstance(finding, RoutineError) else "advice",
        "rule": finding.rule,
        "what": finding.what,
        "fix": finding.fix,
    }


def _closing(files: int, errors: int, advice: int) -> str:
    checked = "1 file checked" if files == 1 else f"{files} files checked"
    wrong = {0: "no errors", 1: "1 error"}.get(errors, f"{errors} errors")
    better = {0: "no advice", 1: "1 piece of advice"}.get(advice, f"{advice} pieces of advice")
    return f"{checked}: {wrong}, {better}."
