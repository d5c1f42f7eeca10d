"""From text to nodes: what YAML wrote, where, and nothing it guessed.

Law: no value is ever constructed here. PyYAML would read `hold: 1:30` as 90, `sides: no` as
False, `reps: 010` as 8 and the last of two `hold:` in silence; so a scalar stays the text that
was typed, and the tables decide what it means. Nodes are built from the event stream without
recursion, so nesting, aliases and tags are refused before they can cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

import yaml

from voicecoach.errors import RoutineError
from voicecoach.library.report import Spot, shown

if TYPE_CHECKING:
    from pathlib import Path

DEEPEST = 12
"""A routine is five levels deep; nobody nests by hand beyond this."""

MOST_NODES = 20_000
"""Fifty exercises of forty sentences, four fields each, twice over."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as typed; `plain` when it stood without quotes."""

    text: str
    plain: bool
    at: Spot

    @property
    def nothing(self) -> bool:
        """Whether nothing was written, or one of YAML's words for nothing."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True)
class Sequence:
    """A list."""

    at: Spot
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """Keys and values in file order, duplicates and all."""

    at: Spot
    entries: list[tuple[Node, Node]] = field(default_factory=list)


Node = Scalar | Sequence | Mapping


def compose(path: Path, text: str) -> Node:
    """The one document of a text. Raises RoutineError: a broken structure has no second error."""
    composer = _Composer(path)
    try:
        for event in _events(text):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise _translated(path, text, error) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        # The pure parser meets absurd escapes and version numbers with bare Python errors.
        fix = "Delete lines beginning with %, and escapes such as \\U in quoted texts."
        raise RoutineError(path, 1, 1, "yaml", "This is not YAML.", fix) from None
    if composer.root is None or (isinstance(composer.root, Scalar) and composer.root.nothing):
        fix = "Write a routine; routines/gentle-back.yaml is a good one to copy."
        raise RoutineError(path, 1, 1, "empty", "The file is empty.", fix)
    return composer.root


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


class _Composer:
    """Takes parser events one by one; holds the open lists and mappings."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root: Node | None = None
        self._open: list[Sequence | Mapping] = []
        self._keys: list[Node | None] = []  # per open node: the key that waits for its value
        self._documents = self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        at = Spot(event.start_mark.line + 1, event.start_mark.column + 1)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    fix = "Keep one routine in a file, and delete the line of three dashes."
                    self._refuse(at, "documents", "A second document begins here.", fix)
            case yaml.AliasEvent():
                what = f"YAML takes *{shown(event.anchor)} for a reference; references are not used here."
                self._refuse(at, "alias", what, "Put the text in quotes, or write it out in full.")
            case yaml.ScalarEvent():
                self._check(event, at)
                self._place(Scalar(event.value, not event.style, at))
            case yaml.SequenceStartEvent():
                self._check(event, at)
                self._enter(Sequence(at))
            case yaml.MappingStartEvent():
                self._check(event, at)
                self._enter(Mapping(at))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self._open.pop()
                self._keys.pop()

    def _check(self, event: yaml.NodeEvent, at: Spot) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            fix = "Split the routine into several files."
            self._refuse(at, "too-large", f"There are more than {MOST_NODES} values.", fix)
        if event.anchor is not None:
            what = f"YAML takes &{shown(event.anchor)} for an anchor; anchors are not used here."
            self._refuse(at, "anchor", what, "Put the text in quotes, or write it out in full.")
        if getattr(event, "tag", None) is not None:
            what = f"YAML takes {shown(event.tag)} for a type tag; tags are not used here."
            self._refuse(at, "tag", what, "Delete the tag, or put the text in quotes.")

    def _enter(self, node: Sequence | Mapping) -> None:
        if len(self._open) >= DEEPEST:
            what = f"Lists or mappings are nested more than {DEEPEST} deep."
            self._refuse(node.at, "nesting", what, "Delete brackets, or indent less.")
        self._place(node)
        self._open.append(node)
        self._keys.append(None)

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif key is None:
            self._keys[-1] = node
        else:
            parent.entries.append((key, node))
            self._keys[-1] = None

    def _refuse(self, at: Spot, rule: str, what: str, fix: str) -> NoReturn:
        raise RoutineError(self.path, at.line, at.column, rule, what, fix)


_USUAL = (
    # what the parser says, what stands on that line, rule, what, fix
    (r"\\t", "", "tab", "There is a tab where YAML wants spaces.", "Indent with spaces."),
    (
        "",
        r"^[\s-]*([a-z_]+: +)?\{(side|other)\}",
        "quotes",
        "A text that begins with a brace is no text for YAML.",
        'Put the whole sentence in quotes: "{side} knee up."',
    ),
    (
        "mapping values are not allowed",
        "",
        "quotes",
        "There is a second colon here, which YAML takes for a key.",
        "Put the text in quotes; or indent this line like its neighbours.",
    ),
    (
        "cannot start any token",
        r"[@`%]",
        "quotes",
        "A text cannot begin with this sign.",
        "Put the text in quotes.",
    ),
    (
        "unexpected end of stream|end of stream",
        "",
        "yaml",
        "A quotation mark or bracket is opened and never closed.",
        "Close it.",
    ),
    (
        "block (mapping|collection|sequence)|block end|could not find expected ':'",
        "",
        "indent",
        "This line does not fit the lines above it.",
        "Give it the same indent as its neighbours, and every key a colon and a space.",
    ),
)


def _translated(path: Path, text: str, error: yaml.MarkedYAMLError) -> RoutineError:
    """The parser's complaint in words for somebody who has never heard of a token."""
    mark = error.problem_mark or error.context_mark
    at = Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)
    lines = re.split("\r\n|[\n\r\x85\u2028\u2029]", text)
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    complaint = f"{error.context or ''} {error.problem or ''}"
    for said, stands, rule, what, fix in _USUAL:
        if re.search(said, complaint) and re.search(stands, line):
            return RoutineError(path, at.line, at.column, rule, what, fix)
    what = f"This is not YAML: {shown(complaint, 80).strip()}."
    fix = "Compare this line with a shipped routine."
    return RoutineError(path, at.line, at.column, "yaml", what, fix)
