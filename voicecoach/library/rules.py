"""What the tables cannot say: rules between keys, and rules for what is spoken.

Law: the coach is not its own user. No sentence it reads out may hold a word that stops the
session, and none may be a command; the proof is made with the live grammar itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voicecoach.core.commands import SAFETY, Context, understand
from voicecoach.core.en import PHRASES
from voicecoach.core.routine import Side, Sides
from voicecoach.core.units import Ms
from voicecoach.library.build import dose, exercise_id, steps
from voicecoach.library.report import Report, Spot, shown
from voicecoach.library.schema import EXERCISE, ROUTINE, ListOf, Table, Text
from voicecoach.library.walk import Filled

MOST_BEFORE_COUNT = Ms(10_000)
"""Between the movement that is held and the count: what is said then is strain nobody
prescribed. Own judgement, after a bridge that was up for twenty seconds before its five."""

WORD = Ms(400)
"""About how long a word takes to say, at a calm 150 words a minute."""

MOST_WORDS = 14
"""A sentence longer than this is forgotten before it is done (house rule)."""

LONGEST = Ms(2 * 3600 * 1000)
"""No home routine takes two hours of holding and resting; a dose beyond is a slip."""

_CHANGING = frozenset({Sides.BOTH, Sides.ALTERNATE})
_DOSED = ("reps", "hold", "sides")

_POINTING = re.compile(
    r"\b(like this|like that|as shown|this way|that way|over there|here|sees?|looks?|looking"
    r"|watch|pictured?|mirror)\b",
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
    for spoken in _spoken(routine, ROUTINE):
        _no_command(spoken, report)
        _well_said(spoken, report)
        _no_placeholder(spoken, report)
    exercises = routine.items("exercises")
    for exercise in exercises:
        _exercise(exercise, report)
    _own_ids(exercises, report)
    _not_endless(exercises, routine.keys.get("exercises", routine.at), report)


def _exercise(exercise: Filled, report: Report) -> None:
    sides = exercise.get("sides")
    _soon_counted(exercise, report)
    for spoken in _spoken(exercise, EXERCISE):
        _no_command(spoken, report)
        _well_said(spoken, report)
        if spoken.moves:
            _placeholders(spoken, sides, report)
        else:
            _no_placeholder(spoken, report)
    if sides in _CHANGING:
        _named_sides(exercise, report)
    elif sides is not None:
        for key in ("first_side", "switch"):
            if key in exercise.keys:
                what = f"{key} has no effect where sides is {sides}."
                report.advise(exercise.keys[key], "no-effect", what, "Delete the line.")


# ------------------------------------------------------------ what is spoken


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that the coach will say. `moves`: it tells a movement, so sides are filled in."""

    key: str
    text: str
    at: Spot
    moves: bool = False


def _spoken(filled: Filled, table: Table) -> Iterator[Spoken]:
    """Every text of a mapping that the coach will say."""
    for key in table.keys:
        found = filled.values.get(key.name)
        match key.shape:
            case Text(spoken=True) if found is not None:
                yield Spoken(key.name, found.value, found.at)
            case ListOf(item=Text(spoken=True)):
                yield from (Spoken(key.name, leaf.value, leaf.at) for leaf in found or ())
            case ListOf(item=Table(short=short)) if short:
                said = (sentence.values.get(short) for sentence in found or ())
                yield from (
                    Spoken(key.name, leaf.value, leaf.at, moves=True) for leaf in said if leaf
                )


def _no_command(spoken: Spoken, report: Report) -> None:
    for side, other in (tuple(Side), tuple(reversed(Side))):
        text = spoken.text.replace("{side}", side).replace("{other}", other)
        match = understand(text, Context.COACHING, PHRASES)
        if match is not None and match.intent in SAFETY:
            what = f"The coach would hear its own {match.phrase!r} and halt."
            fix = f"Say it in other words, without {match.phrase!r}."
            report.error(spoken.at, "safety-word", what, fix)
            return
        for sentence in _SENTENCE_END.split(text):
            if any(understand(sentence, context, PHRASES) for context in Context):
                what = f"{shown(sentence)!r} alone is a command, and the coach may hear itself."
                fix = f"Give the {spoken.key} more words than that."
                report.error(spoken.at, "command-phrase", what, fix)
                return


def _well_said(spoken: Spoken, report: Report) -> None:
    for sentence in _SENTENCE_END.split(spoken.text):
        if (words := len(sentence.split())) > MOST_WORDS:
            what = f"This sentence has {words} words, more than {MOST_WORDS}."
            report.advise(spoken.at, "long-sentence", what, "Make two sentences of it.")
    if found := _POINTING.search(spoken.text):
        what = f"{found[0]!r} means nothing to somebody who cannot see."
        fix = "Say what touches what, what moves where, or what it feels like."
        report.advise(spoken.at, "pointing", what, fix)
    if found := _OTHER_SIDE.search(spoken.text):
        what = f"{found[0]!r} makes the person work out which one."
        report.advise(
            spoken.at, "other-side", what, f"Write {{side}} {found[1]} or {{other}} {found[1]}."
        )


# --------------------------------------------------------------------- sides


def _braces(spoken: Spoken) -> str | None:
    """The first brace that is no side word, or None."""
    for found in _PLACEHOLDER.finditer(spoken.text):
        if found[1] not in ("side", "other"):
            return found[0]
    rest = _PLACEHOLDER.sub("", spoken.text)
    return next((brace for brace in "{}" if brace in rest), None)


def _no_placeholder(spoken: Spoken, report: Report) -> None:
    if "{" in spoken.text or "}" in spoken.text:
        what = f"There is a brace in {spoken.key}, where no side is filled in."
        fix = "Use {side} and {other} only in setup, way_in, again, check and release."
        report.error(spoken.at, "placeholder", what, fix)


def _placeholders(spoken: Spoken, sides: Sides | None, report: Report) -> None:
    if (wrong := _braces(spoken)) is not None:
        what = f"{shown(wrong)} is nothing that the coach can fill in."
        report.error(spoken.at, "placeholder", what, "Write {side} or {other}, or no braces.")
    elif sides is Sides.NONE and (found := _PLACEHOLDER.search(spoken.text)):
        what = f"There is no side to put for {found[0]}: sides is none."
        fix = "Write sides: both, alternate, left or right; or take the braces out."
        report.error(spoken.at, "no-side", what, fix)
    elif sides in _CHANGING and (literal := _LITERAL_SIDE.search(spoken.text)):
        what = f"{literal[0]!r} will be wrong on one of the two sides."
        fix = f"Write {{side}} {literal[2]} or {{other}} {literal[2]}."
        report.advise(spoken.at, "fixed-side", what, fix)


def _named_sides(exercise: Filled, report: Report) -> None:
    """The side is said at every repetition, by the engine, where the author left a place."""
    for key, tell in (("way_in", report.error), ("again", report.advise)):
        said = [found.text for found in _spoken(exercise, EXERCISE) if found.key == key]
        if said and not any("{side}" in text for text in said):
            what = f"{key} never says which side."
            fix = 'Put {side} before the limb, as in "Lift your {side} knee."'
            tell(exercise.keys[key], "side-unnamed", what, fix)


# --------------------------------------------------------- strain and length


def _soon_counted(exercise: Filled, report: Report) -> None:
    """Check and breathing are said while the position is already held."""
    check = [step for step in steps(exercise, "check") if step.say]
    words = [*(step.say for step in check), exercise.get("breathing", "")]
    total = sum(step.time for step in check) + sum(WORD * len(said.split()) for said in words)
    if "check" in exercise.keys and total > MOST_BEFORE_COUNT:
        what = (
            f"About {total // 1000} seconds of hold pass in check and breathing, before the count."
        )
        fix = "Keep one short check, with time: 1; put what can be felt earlier into setup."
        report.advise(exercise.keys["check"], "long-check", what, fix)


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
