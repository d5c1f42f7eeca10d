"""From nodes to values: one walk over a tree along the tables, reporting all that does not fit.

Law: every finding names its place and its remedy; a value that does not fit is left out, and
what fits is still handed on, so that one slip hides no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from voicecoach.library.nodes import Mapping, Node, Scalar, Sequence
from voicecoach.library.numbers import given, whole
from voicecoach.library.report import Report, Spot, shown
from voicecoach.library.schema import (
    Choice,
    Key,
    ListOf,
    Prescribed,
    Shape,
    Table,
    Text,
    Whole,
)
from voicecoach.library.source import UNPRINTABLE

_MEANT = {
    "side": "sides",
    "repetitions": "reps",
    "seconds": "hold",
    "start": "position",
    "duration": "work",
    "alternative": "or",
    "instead": "or",
    "muscles": "targets",
    "frequency": "times_per_day",
    "equipment": "props",
    "contraindications": "not_for",
    "regression": "easier",
    "progression": "harder",
    "way_out": "release",
    "warnings": "cautions",
}
"""What people write for a key, where it is not just a slip of the hand."""

_FEW = 14
"""Keys that can be listed in a message; more are not listened to."""

_SWITCHES = frozenset({"yes", "no", "on", "off", "true", "false", "y", "n"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text, number or choice, and where it stands."""

    value: Any
    at: Spot


@dataclass(slots=True)
class Filled:
    """A mapping that was walked: what fits, and where each key stands, fitting or not."""

    at: Spot
    values: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Spot] = field(default_factory=dict)

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - the tables know the type
        """The bare value of a leaf, or the default where the key is absent."""
        leaf = self.values.get(key)
        return default if leaf is None else leaf.value

    def items(self, key: str) -> list[Any]:
        """The entries of a list, or none."""
        found = self.values.get(key)
        return found if isinstance(found, list) else []


def walk(node: Node, table: Table, report: Report) -> Filled | None:
    """A mapping along its table; None when it is no mapping at all."""
    found = _mapping(node, table, report)
    return found if isinstance(found, Filled) else None


def _value(node: Node, shape: Shape, key: Key, report: Report) -> Any:  # noqa: ANN401
    match shape:
        case Table():
            return _mapping(node, shape, report)
        case ListOf():
            return _list(node, shape, key, report)
        case _:
            return _leaf(node, shape, key, report)


# ------------------------------------------------------------------ mappings


def _mapping(node: Node, table: Table, report: Report) -> Filled | None:
    if isinstance(node, Scalar) and table.short and not node.nothing:
        node = Mapping(node.at, [(Scalar(table.short, plain=True, at=node.at), node)])
    if not isinstance(node, Mapping):
        fix = f"Write keys and values here, beginning with {table.keys[0].name}:."
        if table.short:
            fix = "Write one text; in quotes, if it begins with a bracket or a brace."
        report.error(node.at, "type", f"Here {table.noun} is wanted, and {_is(node)} found.", fix)
        return None
    filled = Filled(node.at)
    for name, value in node.entries:
        if (key := _key(name, filled, table, report)) is not None:
            filled.keys[key.name] = name.at
            found = _value(value, key.shape, key, report)
            if found is not None:
                filled.values[key.name] = found
    _complete(filled, table, report, empty=not node.entries)
    return filled


def _complete(filled: Filled, table: Table, report: Report, *, empty: bool) -> None:
    """Reports keys that are missing, and keys that exclude each other."""
    for key in table.keys:
        if key.missing and not any(name in filled.keys for name in (key.name, *key.unless)):
            names = [key.name, *key.unless] if key.missing_rule == "missing-dose" else [key.name]
            what = f"{' or '.join(names)} is missing from {_called(table, filled)}."
            report.error(filled.at, key.missing_rule, what, key.missing)
    told = set()
    for pair in table.apart:
        if all(name in filled.keys for name in pair):
            first, second = sorted(pair, key=lambda name: filled.keys[name])
            if second in told:
                continue
            told.add(second)
            line = filled.keys[first].line
            what = f"{second} cannot stand beside {first} in line {line}: it is one or the other."
            report.error(filled.keys[second], "either-or", what, "Delete one of the two.")
    if table.least and empty:
        what = f"There is nothing in {table.noun}."
        report.error(filled.at, "empty-value", what, "Write what is different, or delete it.")


def _called(table: Table, filled: Filled) -> str:
    """The mapping, by its own name where it has one: "the exercise Bridge"."""
    name = filled.get("name")
    return table.noun if name is None else f"the exercise {shown(name)}"


def _key(name: Node, filled: Filled, table: Table, report: Report) -> Key | None:
    """The key that a name means, or None after a report."""
    if not isinstance(name, Scalar) or name.nothing:
        report.error(name.at, "key", "A key must be a word.", "Write a word and a colon.")
        return None
    if name.text == "<<" and name.plain:
        what = "<< merges other mappings into this one; that is not used here."
        report.error(name.at, "merge-key", what, "Write the keys out in full.")
        return None
    exact = next((key for key in table.keys if key.name == name.text), None)
    key = exact or _misspelt(name, filled, table, report)
    if exact is not None and (first := filled.keys.get(exact.name)) is not None:
        what = f"{exact.name} stands here a second time; the first is in line {first.line}."
        report.error(name.at, "duplicate-key", what, "Delete one of the two.")
        return None
    return key


def _misspelt(name: Scalar, filled: Filled, table: Table, report: Report) -> Key | None:
    """Reports an unknown key; returns the key that was meant, if its place is still free.

    So a misspelt key is one error, not a second one that its right spelling is missing.
    """
    text = shown(name.text)
    if table.short and " " in name.text.strip():
        what = f"The colon after {text} makes this sentence a key for YAML."
        report.error(name.at, "quotes", what, "Put the whole sentence in quotes.")
        # What stands after the colon is lost, but a sentence was meant.
        filled.keys[table.short] = name.at
        return None
    known = {key.name: key for key in table.keys}
    near = _nearest(name.text, known)
    keys = f"The keys of {table.noun} are {', '.join(known)}."
    if len(known) > _FEW:
        keys = "Delete it; routines/README.md tells which keys there are."
    fix = f"Write {near}:." if near else keys
    report.error(name.at, "unknown-key", f"{text} is no key of {table.noun}.", fix)
    return known[near] if near and near not in filled.keys else None


def _nearest(word: str, known: dict[str, Key]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong file pays for it

    plain = re.sub(r"[\s-]+", "_", word.strip().lower())[:40]
    if _MEANT.get(plain) in known:
        return _MEANT[plain]
    return next(iter(get_close_matches(plain, known, 1, 0.6)), "")


# --------------------------------------------------------------------- lists


def _list(node: Node, shape: ListOf, key: Key, report: Report) -> list[Any] | Leaf | None:
    if key.name == "setup" and isinstance(node, Scalar) and node.text[:5].lower() == "same ":
        return _as_phrase(node, shape, key, report)
    if shape.single and isinstance(node, Scalar) and not node.nothing:
        node = Sequence(node.at, [node])
    if not isinstance(node, Sequence):
        if isinstance(node, Scalar) and node.nothing:
            report.error(node.at, "empty-value", f"{key.name} is left empty.", _fill(key))
        else:
            what = f"{key.name} should be a list, and {_is(node)} was found."
            report.error(node.at, "type", what, "Begin each entry with a dash and a space.")
        return None
    if not node.items:
        report.error(node.at, "empty-value", f"{key.name} is an empty list.", _fill(key))
        return None
    if len(node.items) > shape.most:
        what = f"{key.name} has {len(node.items)} entries; {shape.most} is the most."
        report.error(node.at, "too-long", what, "Split it.")
        return None
    found = [_value(item, shape.item, key, report) for item in node.items]
    return [entry for entry in found if entry is not None]


def _as_phrase(node: Scalar, shape: ListOf, key: Key, report: Report) -> Leaf | None:
    if shape.phrase and node.text == shape.phrase:
        return Leaf(shape.phrase, node.at)
    what = f"{key.name} cannot be {shown(node.text).rstrip('.')!r} here."
    fix = "Describe it, one sentence after the other; or delete the line."
    if shape.phrase:
        fix = f"Write {key.name}: {shape.phrase}. Or describe it, one sentence after the other."
    report.error(node.at, "phrase", what, fix)
    return None


def _fill(key: Key) -> str:
    return key.missing or f"Write something after {key.name}:, or delete the line."


# -------------------------------------------------------------------- leaves


def _leaf(node: Node, shape: Shape, key: Key, report: Report) -> Leaf | None:
    if not isinstance(node, Scalar):
        what = f"{key.name} should be {_wanted(shape)}, and {_is(node)} was found."
        fix = "Put a text with a colon, brackets or braces in quotes; write one value only."
        report.error(node.at, "type", what, fix)
        return None
    if node.nothing:
        report.error(node.at, "empty-value", f"{key.name} is left empty.", _fill(key))
        return None
    match shape:
        case Whole() | Prescribed():
            return _number(node, shape, key.name, report)
        case Choice():
            return _choice(node, shape, key.name, report)
        case Text():
            return _text(node, shape, key, report)
    raise TypeError(shape)


def _number(node: Scalar, shape: Whole | Prescribed, key: str, report: Report) -> Leaf | None:
    found = whole(node, shape, key) if isinstance(shape, Whole) else given(node, shape, key)
    if isinstance(found, tuple):
        report.error(node.at, *found)
        return None
    return Leaf(found, node.at)


def _choice(node: Scalar, shape: Choice, key: str, report: Report) -> Leaf | None:
    options = [option.value for option in shape.options]
    if node.text in options:
        return Leaf(shape.options(node.text), node.at)
    word = node.text.strip().lower()
    if node.plain and word in _SWITCHES:
        fix = f"Write {key}: none." if "none" in options else _one_of(key, options)
        what = f"YAML reads {word} as a switch, not as a word."
        report.error(node.at, "boolean", what, fix)
        return None
    from difflib import get_close_matches  # noqa: PLC0415

    spaced = {re.sub(r"[\s_-]+", " ", option): option for option in options}
    near = get_close_matches(re.sub(r"[\s_-]+", " ", word)[:40], spaced, 1)
    fix = f"Write {key}: {spaced[near[0]]}." if near else _one_of(key, options)
    report.error(node.at, "choice", f"{key} cannot be {shown(node.text)}.", fix)
    return None


def _one_of(key: str, options: list[str]) -> str:
    if len(options) == 1:
        return f"Write {key}: {options[0]}; or delete the line."
    return f"Write one of {', '.join(options)}."


def _text(node: Scalar, shape: Text, key: Key, report: Report) -> Leaf | None:
    if bad := UNPRINTABLE.search(node.text):
        what = f"{key.name} holds a control character, code {ord(bad[0])}."
        report.error(node.at, "control", what, "Delete the escape that writes it.")
        return None
    text = " ".join(node.text.split())
    if not text:
        report.error(node.at, "empty-value", f"{key.name} is left empty.", _fill(key))
    elif len(text) > shape.most:
        what = f"{key.name} has {len(text)} characters; {shape.most} is the most."
        report.error(node.at, "too-long", what, "Say it shorter, or in several sentences.")
    elif shape.pattern and not re.fullmatch(shape.pattern, text):
        what = f"{key.name} {shown(text)} does not fit."
        report.error(node.at, "id", what, f"Use only {shape.pattern_words}; begin with a letter.")
    elif shape.spoken and not any(c.isalnum() for c in text):
        report.error(node.at, "empty-value", f"{key.name} has no word in it.", _fill(key))
    else:
        return Leaf(text, node.at)
    return None


def _wanted(shape: Shape) -> str:
    match shape:
        case Whole() | Prescribed():
            return "a number"
        case Choice():
            return "one word"
        case _:
            return "a text"


def _is(node: Node) -> str:
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping of keys"
        case Scalar() if node.nothing:
            return "nothing"
        case _:
            return "a text"
