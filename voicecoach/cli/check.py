"""`check`: what is wrong with routine files, and what could be said better."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.errors import RoutineError, VoicecoachError

if TYPE_CHECKING:
    from voicecoach.library import Advice, Findings

SUMMARY = "Check routine files: every error, with line, column and remedy; and advice."


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the words after `check`."""
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a routine file, or the name of a shipped routine"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument(
        "--listen",
        action="store_true",
        help="render every sentence, and find those that the ears would take for a command",
    )


def run(arguments: argparse.Namespace) -> int:
    """Prints all findings; the exit code is 1 as soon as there is one error."""
    from voicecoach.library import check_routine

    found = [check_routine(_file(name)) for name in arguments.files]
    errors = [error for findings in found for error in findings.errors]
    errors += _one_title(found)
    advice = [piece for findings in found for piece in findings.advice]
    if arguments.listen:
        from voicecoach.cli.rehearsal import rehearse

        heard = list(rehearse(found))
        errors += [one for one in heard if isinstance(one, RoutineError)]
        advice += [one for one in heard if not isinstance(one, RoutineError)]
    listed = _by_file(found, errors, advice)
    if arguments.json:
        counts = {"files": len(found), "errors": len(errors), "advice": len(advice)}
        print(json.dumps({**counts, "findings": list(map(_record, listed))}, indent=2))
    else:
        for finding in listed:
            print(finding)
        print(_closing(len(found), len(errors), len(advice)))
    return Exit.ERROR if errors else Exit.DONE


def _by_file(
    found: list[Findings], errors: list[RoutineError], advice: list[Advice]
) -> list[RoutineError | Advice]:
    """File by file as named; in each the errors first."""
    listed: list[RoutineError | Advice] = []
    for path in dict.fromkeys(findings.path for findings in found):
        listed += [error for error in errors if error.path == path]
        listed += [piece for piece in advice if piece.path == path]
    return listed


def _one_title(found: list[Findings]) -> list[RoutineError]:
    """A title is how a person asks for a routine: no two files may share one."""
    errors: list[RoutineError] = []
    first: dict[str, list[Findings]] = {}
    for findings in {one.path.resolve(): one for one in reversed(found) if one.routine}.values():
        title = " ".join(findings.routine.title.casefold().split()) if findings.routine else ""
        first.setdefault(title, []).append(findings)
    for same in first.values():
        *others, kept = same
        for one in others:
            what = f"The title of this routine is that of {kept.path}, too."
            at, fix = one.title_at, "Give one of the two another title."
            errors.append(RoutineError(one.path, at.line, at.column, "one-title", what, fix))
    return errors


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
