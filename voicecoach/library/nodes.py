"""From text to nodes: what YAML wrote, where, and nothing it guessed.

Law: no value is ever constructed here. PyYAML would read `hold: 1:30` as 90, `sides: no` as
False, `reps: 010` as 8 and the last of two `hold:` in silence; so a scalar stays the text that
was typed, and the tables decide what it means. Nodes are built from the event stream without
recursion, so nesting, aliases and tags are refused before they can cost anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from voicecoach.errors import RoutineError
from voicecoach.library.complaints import translated
from voicecoach.library.report import Spot, shown

if TYPE_CHECKING:
    from pathlib import Path

DEEPEST = 12
"""A routine is five levels deep; nobody nests by hand beyond this."""

MOST_NODES = 60_000
"""A thousand exercises of the usual twelve sentences, four values each."""

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
        raise translated(path, text, error) from None
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
        mark: Any = event.start_mark  # never None in events that come from a text
        at = Spot(mark.line + 1, mark.column + 1)
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    fix = "Keep one routine in a file, and delete the line of three dashes."
                    self._refuse(at, "documents", "A second document begins here.", fix)
            case yaml.AliasEvent():
                what = (
                    f"YAML takes *{shown(str(event.anchor))} for a reference; none are used here."
                )
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

    def _check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, at: Spot) -> None:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            fix = "Split the routine into several files."
            self._refuse(at, "too-large", f"There are more than {MOST_NODES} values.", fix)
        if event.anchor is not None:
            what = f"YAML takes &{shown(event.anchor)} for an anchor; none are used here."
            self._refuse(at, "anchor", what, "Put the text in quotes, or write it out in full.")
        if event.tag is not None:
            tag = shown(event.tag.replace("tag:yaml.org,2002:", "!!"))
            what = f"YAML takes {tag} for a type tag; none are used here."
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
