"""What the tables cannot say: rules between keys, and rules for what is spoken.

Law: the coach is not its own user. No sentence it reads out may hold a word that stops the
session, and none may be a command; the proof is made with the live grammar itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from voicecoach.core.commands import SAFETY, Context, understand
from voicecoach.core.en import PHRASES
from voicecoach.core.routine import Side, Sides
from voicecoach.core.units import Ms
from voicecoach.library.build import dose, exercise_id
from voicecoach.library.report import Report, Spot, shown
from voicecoach.library.schema import EXERCISE, ROUTINE, ListOf, Table, Text
from voicecoach.library.walk import Filled, Leaf

MOST_WORDS = 14
"""A sentence longer than this is forgotten before it is done (house rule)."""

LONGEST = Ms(2 * 3600 * 1000)
"""No home routine takes two hours of holding and resting; a dose beyond is a slip."""

_CHANGING = frozenset({Sides.BOTH, Sides.ALTERNATE})
_DOSED = ("reps", "hold", "sides")

_POINTING = re.compile(
    r"\b(like this|like that|as shown|this way|that way|over there|over here|there|here|see|look"
    r"|looks|looking|watch|picture|pictured|mirror|imagine|visuali[sz]e)\b",
    re.IGNORECASE,
)
_OTHER_SIDE = re.compile(
    r"\b(?:other|opposite) (side|leg|arm|knee|foot|hand|hip|one|elbow|ankle|shoulder)\b",
    re.IGNORECASE,
)
_LITERAL_SIDE = re.compile(
    r"\b(left|right) (side|leg|arm|knee|foot|hand|hip|elbow|ankle|shoulder|thigh|heel)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def keep_rules(routine: Filled, report: Report) -> None:
    """Reports every broken rule of a walked file, whole or not."""
    for key, leaf in _spoken(routine, ROUTINE):
        _no_command(key, leaf, report)
        _well_said(leaf, report)
        _no_placeholder(key, leaf, report)
    exercises = routine.items("exercises")
    for exercise in exercises:
        _exercise(exercise, report)
    _own_ids(exercises, report)
    _not_endless(exercises, routine.keys.get("exercises", routine.at), report)


def _exercise(exercise: Filled, report: Report) -> None:
    sides = exercise.get("sides")
    for key, leaf in _spoken(exercise, EXERCISE):
        _no_command(key, leaf, report)
        _well_said(leaf, report)
        if isinstance(leaf, _Step):
            _placeholders(leaf, sides, report)
        else:
            _no_placeholder(key, leaf, report)
    if sides in _CHANGING:
        _named_sides(exercise, report)
    elif sides is not None:
        for key in ("first_side", "switch"):
            if key in exercise.keys:
                what = f"{key} has no effect where sides is {sides}."
                report.advise(exercise.keys[key], "no-effect", what, "Delete the line.")


# ------------------------------------------------------------ what is spoken


class _Step(Leaf):
    """A sentence that tells a movement; only here the engine fills in sides."""

    __slots__ = ()


def _spoken(filled: Filled, table: Table) -> Iterator[tuple[str, Leaf]]:
    """Every text of a mapping that the coach will say, with its key."""
    for key in table.keys:
        found = filled.values.get(key.name)
        match key.shape:
            case Text(spoken=True) if found is not None:
                yield key.name, found
            case ListOf(item=Text(spoken=True)):
                yield from ((key.name, leaf) for leaf in found or ())
            case ListOf(item=Table(short=short)) if short:
                said = (sentence.values.get(short) for sentence in found or ())
                yield from ((key.name, _Step(leaf.value, leaf.at)) for leaf in said if leaf)


def _no_command(key: str, leaf: Leaf, report: Report) -> None:
    for side, other in (tuple(Side), tuple(reversed(Side))):
        text = leaf.value.replace("{side}", side).replace("{other}", other)
        if match := understand(text, Context.COACHING, PHRASES):
            if match.intent in SAFETY:
                what = f"The coach would hear its own {match.phrase!r} and halt."
                fix = f"Say it in other words, without {match.phrase!r}."
                report.error(leaf.at, "safety-word", what, fix)
                return
        for sentence in _SENTENCE_END.split(text):
            if any(understand(sentence, context, PHRASES) for context in Context):
                what = f"{shown(sentence)!r} alone is a command, and the coach may hear itself."
                fix = f"Give the {key} more words than that."
                report.error(leaf.at, "command-phrase", what, fix)
                return


def _well_said(leaf: Leaf, report: Report) -> None:
    for sentence in _SENTENCE_END.split(leaf.value):
        if (words := len(sentence.split())) > MOST_WORDS:
            what = (
                f"This sentence has {words} words; {MOST_WORDS} is the most one can keep in mind."
            )
            report.advise(leaf.at, "long-sentence", what, "Make two sentences of it.")
    if found := _POINTING.search(leaf.value):
        what = f"{found[0]!r} means nothing to somebody who cannot look."
        fix = "Say what touches what, what moves where, or what it feels like."
        report.advise(leaf.at, "pointing", what, fix)
    if found := _OTHER_SIDE.search(leaf.value):
        what = f"{found[0]!r} makes the person work out which one."
        report.advise(
            leaf.at, "other-side", what, f"Write {{side}} {found[1]} or {{other}} {found[1]}."
        )


# --------------------------------------------------------------------- sides


def _braces(leaf: Leaf) -> str | None:
    """The first brace that is no side word, or None."""
    for found in _PLACEHOLDER.finditer(leaf.value):
        if found[1] not in ("side", "other"):
            return found[0]
    rest = _PLACEHOLDER.sub("", leaf.value)
    return next((brace for brace in "{}" if brace in rest), None)


def _no_placeholder(key: str, leaf: Leaf, report: Report) -> None:
    if "{" in leaf.value or "}" in leaf.value:
        what = f"There is a brace in {key}, where no side is filled in."
        fix = "Use {side} and {other} only in setup, way_in, again, check and release."
        report.error(leaf.at, "placeholder", what, fix)


def _placeholders(leaf: Leaf, sides: Sides | None, report: Report) -> None:
    if (wrong := _braces(leaf)) is not None:
        what = f"{shown(wrong)} is nothing that the coach can fill in."
        report.error(leaf.at, "placeholder", what, "Write {side} or {other}, or no braces.")
    elif sides is Sides.NONE and (found := _PLACEHOLDER.search(leaf.value)):
        what = f"There is no side to put for {found[0]}: sides is none."
        fix = "Write sides: both, alternate, left or right; or take the braces out."
        report.error(leaf.at, "no-side", what, fix)
    elif sides in _CHANGING and (literal := _LITERAL_SIDE.search(leaf.value)):
        what = f"{literal[0]!r} will be wrong on one of the two sides."
        fix = f"Write {{side}} {literal[2]} or {{other}} {literal[2]}."
        report.advise(leaf.at, "fixed-side", what, fix)


def _named_sides(exercise: Filled, report: Report) -> None:
    """The side is said at every repetition, by the engine, where the author left a place."""
    for key, found in (("way_in", report.error), ("again", report.advise)):
        said = [leaf.value for name, leaf in _spoken(exercise, EXERCISE) if name == key]
        if said and not any("{side}" in text for text in said):
            what = f"{key} never says which side."
            fix = 'Put {side} before the limb, as in "Lift your {side} knee."'
            found(exercise.keys[key], "side-unnamed", what, fix)


# ------------------------------------------------------- ids and total length


def _own_ids(exercises: list[Filled], report: Report) -> None:
    first: dict[str, Spot] = {}
    for number, exercise in enumerate(exercises, start=1):
        name = exercise_id(exercise, number)
        at = exercise.keys.get("id") or exercise.keys.get("name") or exercise.at
        if name in first:
            what = f"The id {shown(name)} is taken by the exercise in line {first[name].line}."
            fix = "Give one of the two another name, or an id: of its own."
            report.error(at, "duplicate-id", what, fix)
        else:
            first[name] = at


def _not_endless(exercises: list[Filled], at: Spot, report: Report) -> None:
    total = 0
    for exercise in exercises:
        if all(key in exercise.values for key in _DOSED):
            amount = dose(exercise)
            turns = amount.sets * amount.reps * (2 if amount.sides in _CHANGING else 1)
            total += turns * (amount.hold + amount.rest)
    if total > LONGEST:
        what = f"Holds and rests alone add up to {total // 60_000} minutes."
        fix = "Look for a slip in hold, reps or sets; two hours is the most."
        report.error(at, "endless", what, fix)
