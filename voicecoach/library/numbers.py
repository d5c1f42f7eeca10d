"""Whole numbers as people type them, and what to write instead when YAML would misread them."""

from __future__ import annotations

import re

from voicecoach.library.nodes import Scalar
from voicecoach.library.report import shown
from voicecoach.library.schema import Whole

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_MINUTES = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?")
_UNIT = re.compile(r"(\d{1,6}) ?(s|sec|secs|seconds?|x|times|reps)\.?", re.IGNORECASE)
_UNIT_MINUTES = re.compile(r"(\d{1,4}) ?(m|min|mins|minutes?)\.?", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,6}) ?(-|\u2013|to|or) ?(\d{1,6})")
_LONGEST = 9

Wrong = tuple[str, str, str]
"""Rule, what and fix."""


def whole(node: Scalar, shape: Whole, key: str) -> int | Wrong:
    """The number of a scalar, or what is wrong with it."""
    text = node.text.strip()
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
    what = f"YAML reads {shown(text)} in sixties, here {key} counts seconds."
    return "sexagesimal", what, f"For minutes and seconds write {total}."


def _fraction(text: str, shape: Whole, key: str) -> Wrong | None:
    if re.fullmatch(r"[+-]?([0-9][0-9_]*)?[.,]?[0-9]*([eE][+-]?[0-9]+)?", text) and re.search(
        r"[.,eE]", text
    ):
        what = f"{key} is {shown(text)}, and only whole numbers are counted."
        return "whole-number", what, f"Write {_span(shape)}."
    return None


def _several(text: str, _shape: Whole, key: str) -> Wrong | None:
    if _RANGE.fullmatch(text):
        what = f"{key} is {shown(text)}, two numbers."
        fix = "Ask the person who prescribed it for one number, and write that."
        return "range", what, fix
    return None


def _worded(text: str, shape: Whole, key: str) -> Wrong | None:
    if found := _UNIT.fullmatch(text):
        return "unit", f"{key} has a word beside its number.", f"Write {key}: {found[1]}."
    if (found := _UNIT_MINUTES.fullmatch(text)) and shape.unit:
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
