"""The YAML parser's complaints, in words for somebody who has never heard of a token.

The table is searched from the top; a row fits when the complaint and the faulty line both do.
Both of PyYAML's parsers are covered: they word the same complaint differently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from voicecoach.errors import RoutineError
from voicecoach.library.report import Spot, shown
from voicecoach.library.source import LINE_END

_SIGN = "A text cannot begin with this sign."
_QUOTE = "Put the whole text in quotes."


@dataclass(frozen=True, slots=True)
class Complaint:
    """One row: what the parser says, what stands on the line, and what we say."""

    says: str
    line: str  # `^` in the pattern is the line's begin, `\0` the place of the complaint
    rule: str
    what: str
    fix: str
    opened: bool = False  # point at where the thing began, not at where the parser gave up


_TABLE = (
    Complaint("", r"^[ \0]*\t", "tab", "There is a tab where YAML wants spaces.", "Use spaces."),
    Complaint(r"\\t", "", "tab", "There is a tab where YAML wants spaces.", "Use spaces."),
    Complaint(
        "",
        r"^[\s-]*([a-z_]+: +)?\{(side|other)\}",
        "quotes",
        "A text that begins with a brace is no text for YAML.",
        'Put the whole text in quotes, as in "{side} knee up".',
    ),
    Complaint(
        "mapping values are not allowed",
        r":\s.*\0",
        "quotes",
        "A second colon in one line makes a key of the text before it.",
        _QUOTE,
    ),
    Complaint(
        "mapping values are not allowed",
        "",
        "indent",
        "This line does not fit the line above it.",
        "Give both the same indent, and see that the line above has a colon and a space.",
    ),
    Complaint(
        "end of stream",
        "",
        "quotes",
        "A quotation mark opens here and never closes.",
        "Close it, or take it away.",
        opened=True,
    ),
    Complaint(
        "flow (sequence|mapping)",
        "",
        "brackets",
        "A bracket or brace opens here and is not closed.",
        "Close it; or put the whole text in quotes.",
        opened=True,
    ),
    Complaint(
        "block (mapping|collection)",
        r"""["'] *\0""",
        "quotes",
        "The text goes on after its closing quotation mark.",
        "Put the quotation marks around the whole text; double ones, if it has an apostrophe.",
    ),
    Complaint(
        "start any token|node content|scanning an? (anchor|alias|tag|block scalar)|parsing a tag",
        "",
        "quotes",
        _SIGN,
        _QUOTE,
        opened=True,
    ),
    Complaint(
        "escape",
        "",
        "quotes",
        "A backslash in a quoted text means something else to YAML.",
        "Take it away, or write it twice.",
    ),
    Complaint(
        "incompatible YAML|version",
        "",
        "yaml",
        "This line asks for a YAML version that nobody has.",
        "Delete the line that begins with a percent sign.",
    ),
    Complaint(
        "could not find expected ':'",
        "",
        "indent",
        "This line is neither a key with a colon nor an entry with a dash.",
        "Put a colon and a space after a key; put a dash and a space before a sentence.",
        opened=True,
    ),
    Complaint(
        "block (mapping|collection)",
        "",
        "indent",
        "This line does not fit the lines above it.",
        "Give it the same indent as its neighbours; after a key a colon, a space; no stray dash.",
    ),
)


def translated(path: Path, text: str, error: yaml.MarkedYAMLError) -> RoutineError:
    """The same complaint as a RoutineError."""
    complaint = f"{error.context or ''} {error.problem or ''}"
    lines = LINE_END.split(text)
    at = _spot(error.problem_mark or error.context_mark, lines)
    # The place itself becomes a character that no text can hold.
    line = lines[at.line - 1]
    line = f"{line[: at.column - 1]}\0{line[at.column - 1 :]}"
    for row in _TABLE:
        if re.search(row.says, complaint) and re.search(row.line, line):
            if row.opened and error.context_mark is not None:
                at = _spot(error.context_mark, lines)
            return RoutineError(path, at.line, at.column, row.rule, row.what, row.fix)
    what = f"This is not YAML: {shown(complaint, 80)}."
    fix = "Compare this line with a shipped routine."
    return RoutineError(path, at.line, at.column, "yaml", what, fix)


def _spot(mark: Any, lines: list[str]) -> Spot:  # noqa: ANN401 - two classes of one shape, or None
    """The spot of a mark; libyaml may count one line more than there are."""
    if mark is None:
        return Spot(1, 1)
    if mark.line >= len(lines):
        return Spot(len(lines), len(lines[-1]) + 1)
    return Spot(mark.line + 1, mark.column + 1)
