"""Numbers as people type them, and what to write instead when YAML or we would misread them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from voicecoach.library.nodes import Scalar
from voicecoach.library.report import shown
from voicecoach.library.schema import Prescribed, Whole

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MINUTES = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?")
_UNIT = re.compile(r"(\d{1,6}) ?(s|sec|secs|seconds?|x|times|reps)\.?", re.IGNORECASE)
_UNIT_MINUTES = re.compile(r"(\d{1,4}) ?(m|min|mins|minutes?)\.?", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,9}) ?[-\u2013] ?(\d{1,9})")
_RANGE_WORDS = re.compile(
    r"(?:from |between )?(\d{1,6}) ?(?:-|\u2013|\u2014|to|or|and|/|\.\.+) ?(\d{1,6})"
    r"(?: ?(?:s|secs?|seconds?|x|times|reps))?",
    re.IGNORECASE,
)
_OPEN_RANGE = re.compile(r"(\d{1,6}) ?(?:[-\u2013\u2014+]|to|or more)")
_BREATHS = re.compile(r"(.*\S) breaths?", re.IGNORECASE)
_UNKNOWN = re.compile(r"\?+|asked?|unknown|tb[dc]|not (given|stated|said)|n/?a", re.IGNORECASE)
_PLENTY = re.compile(r"as (many|often) as .*|amrap|max(imum)?|to fatigue|many", re.IGNORECASE)
_LONGEST = 9
_ENOUGH = 100  # characters: what is longer is no number either way

Wrong = tuple[str, str, str]
"""Rule, what and fix."""


@dataclass(frozen=True, slots=True)
class Given:
    """A prescribed number: its ends, which are equal unless it is a range."""

    low: int
    high: int
    breaths: bool = False
    ask: bool = False  # the person is asked; both ends are 0
    free: bool = False  # the words that stand in its place were used; both ends are 0


def given(node: Scalar, shape: Prescribed, key: str) -> Given | Wrong:
    """The prescribed number of a scalar, or what is wrong with it."""
    text = " ".join(node.text[:_ENOUGH].split())
    word = text.lower().rstrip(".")
    if word == "ask":
        if shape.ask:
            return Given(0, 0, ask=True)
        return "ask", f"{key} is not asked for.", f"Write {_choices(shape)}, or delete the line."
    if shape.phrase and word == shape.phrase:
        return Given(0, 0, free=True)
    if wrong := _phrase(text, shape, key):
        return wrong
    if found := _BREATHS.fullmatch(text):
        return _breaths(replace(node, text=found[1]), shape, key)
    return _ends(replace(node, text=text), shape, shape.whole, key)


def _breaths(node: Scalar, shape: Prescribed, key: str) -> Given | Wrong:
    if shape.breaths is None:
        fix = f"Write {_choices(shape)}; only a hold can be given in breaths."
        return "unit", f"{key} cannot be given in breaths.", fix
    word = node.text.lower()
    if word in _WORDS:
        fix = f"Write {key}: {_WORDS.index(word) + 1} breaths."
        return "number", f"{key} has a word for its number.", fix
    found = _ends(node, shape, shape.breaths, key)
    if isinstance(found, Given):
        return replace(found, breaths=True)
    rule, what, fix = found
    return rule, what, re.sub(r"([0-9])\.$", r"\1 breaths.", fix)


def _ends(node: Scalar, shape: Prescribed, of: Whole, key: str) -> Given | Wrong:
    text = node.text
    if found := _RANGE.fullmatch(text):
        if not node.plain:
            fix = f"Write {key}: {found[1]}-{found[2]} without quotes."
            return "type", f"{key} is a text in quotes.", fix
        ends = [whole(replace(node, text=end), of, key) for end in found.groups()]
        wrong = next((end for end in ends if not isinstance(end, int)), None)
        low, high = (end for end in found.groups())
        return wrong or _in_order(int(low), int(high), key)
    if found := _RANGE_WORDS.fullmatch(text):
        low, high = sorted(map(int, found.groups()))
        fix = f"Write {key}: {low}-{high}." if low < high else f"Write {key}: {low}."
        return "range", f"{key} is {shown(text)}, which is no range as it is written here.", fix
    if found := _OPEN_RANGE.fullmatch(text):
        fix = f"Write {key}: {int(found[1])}, or both ends, as in {key}: 10-20."
        return "range", f"{key} is {shown(text)}, a range without its high end.", fix
    number = whole(node, of, key)
    if isinstance(number, int):
        return Given(number, number)
    rule, what, fix = number
    return rule, what, f"{fix[:-1]}, or ask." if shape.ask and fix.startswith("Write a ") else fix


def _in_order(low: int, high: int, key: str) -> Given | Wrong:
    if low > high:
        what = f"{key} is {low}-{high}, which begins with its high end."
        return "range", what, f"Write {key}: {high}-{low}."
    if low == high:
        return "range", f"{key} is a range with one end, {low}.", f"Write {key}: {low}."
    return Given(low, high)


def _phrase(text: str, shape: Prescribed, key: str) -> Wrong | None:
    if _UNKNOWN.fullmatch(text):
        fix = f"Write {key}: ask." if shape.ask else "Delete the line."
        return "number", f"{key} is {shown(text)}, which is no number.", fix
    if _PLENTY.fullmatch(text):
        fix = f"Write {key}: {shape.phrase}." if shape.phrase else f"Write {_choices(shape)}."
        what = f"{key} is {shown(text)}, words that are not used here."
        return "phrase", what, fix
    return None


def _choices(shape: Prescribed) -> str:
    words = [f"{_span(shape.whole)}, or a range as in 2-3"]
    words += [shape.phrase] if shape.phrase else []
    return ", or ".join(words)


def whole(node: Scalar, shape: Whole, key: str) -> int | Wrong:
    """The whole number of a scalar, or what is wrong with it."""
    text = node.text[:_ENOUGH].strip()
    if not node.plain and re.fullmatch(r"[0-9]+", text):
        return "type", f"{key} is a text in quotes.", f"Write {key}: {text[:9]} without quotes."
    if node.plain and re.fullmatch(r"0|[1-9][0-9]*", text):
        return _within(text, shape, key)
    if re.fullmatch(r"-[0-9]+", text):
        return "negative", f"{key} is below zero.", f"Write {_span(shape)}."
    for guess in (_octal, _sexagesimal, _fraction, _several, _worded):
        if wrong := guess(text, shape, key):
            return wrong
    return "number", f"{key} is {shown(text)}, which is no whole number.", f"Write {_span(shape)}."


def _within(text: str, shape: Whole, key: str) -> int | Wrong:
    if len(text) <= _LONGEST and shape.low <= int(text) <= shape.high:
        return int(text)
    if shape.low == shape.high:
        what = f"{key} is {shown(text)}, and {shape.why}."
        return "version", what, f"Write {key}: {shape.low}, or install a newer voicecoach."
    if text == "0":
        return "zero", f"{key} cannot be zero.", f"Write {_span(shape)}."
    if len(text) <= _LONGEST and int(text) < shape.low:
        what = f"{key} is {text}, less than {shape.low}{_unit(shape)}."
        return "too-little", what, f"Write {_span(shape)}."
    what = f"{key} is {shown(text)}, more than {shape.high}{_unit(shape)}: {shape.why}."
    return "too-much", what, f"Write {_span(shape)}."


def _octal(text: str, shape: Whole, key: str) -> Wrong | None:
    if re.fullmatch(r"0[0-9_]+", text):
        what = f"YAML reads {shown(text)} in eights, not in tens."
        plain = text.replace("_", "").lstrip("0")[:_LONGEST] or str(shape.low)
        return "octal", what, f"Write {key}: {plain}."
    if re.fullmatch(r"0[xob][0-9a-fA-F_]+", text):
        return "number", f"{key} is {shown(text)}, a number for machines.", f"Write {_span(shape)}."
    return None


def _sexagesimal(text: str, shape: Whole, key: str) -> Wrong | None:
    if not (found := _MINUTES.fullmatch(text)):
        return None
    if not shape.unit:
        what = f"YAML reads {shown(text)} as a time of day."
        return "sexagesimal", what, f"Write {key} as one whole number."
    total = 0
    for part in found.groups():
        total = total if part is None else total * 60 + int(part)
    what = f"YAML reads {shown(text)} in sixties, here {key} counts {shape.unit}."
    return "sexagesimal", what, f"For minutes and seconds write {total}."


def _fraction(text: str, shape: Whole, key: str) -> Wrong | None:
    if re.fullmatch(r"[+-]?([0-9][0-9_]*)?[.,]?[0-9]*([eE][+-]?[0-9]+)?", text) and re.search(
        r"[.,eE]", text
    ):
        what = f"{key} is {shown(text)}, and only whole numbers are counted."
        return "whole-number", what, f"Write {_span(shape)}."
    return None


def _several(text: str, shape: Whole, key: str) -> Wrong | None:
    if _RANGE_WORDS.fullmatch(text):
        what = f"{key} is {shown(text)}, two numbers; a range is for doses, and this is pacing."
        return "range", what, f"Write {_span(shape)}."
    return None


def _worded(text: str, shape: Whole, key: str) -> Wrong | None:
    if found := _UNIT.fullmatch(text):
        return "unit", f"{key} has a word beside its number.", f"Write {key}: {found[1]}."
    if (found := _UNIT_MINUTES.fullmatch(text)) and shape.unit == "seconds":
        fix = f"Write {key}: {int(found[1]) * 60}."
        return "unit", f"{key} counts seconds, not minutes.", fix
    if text.lower() in _WORDS:
        fix = f"Write {key}: {_WORDS.index(text.lower()) + 1}."
        return "number", f"{key} is a word, not a number.", fix
    if text.lower() in ("yes", "no", "on", "off", "true", "false"):
        return "boolean", f"YAML reads {text} as a switch.", f"Write {_span(shape)}."
    return None


def _span(shape: Whole) -> str:
    return f"a whole number from {shape.low} to {shape.high}{_unit(shape)}"


def _unit(shape: Whole) -> str:
    return f" {shape.unit}" if shape.unit else ""
