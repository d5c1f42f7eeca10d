"""What the tables cannot say: rules between keys, and what the coach must never say.

Law: the coach is not its own user. No sentence it reads out may hold a word that stops the
session, and none may be a command; the proof is made with the live grammar itself.
"""

from __future__ import annotations

import re
from itertools import chain

from voicecoach.core.commands import SAFETY, Context, understand
from voicecoach.core.en import PHRASES
from voicecoach.core.estimate import estimate
from voicecoach.core.routine import Sides
from voicecoach.core.units import RATE, Ms, seconds
from voicecoach.library.build import breath_of, exercise_id, merged, numbers
from voicecoach.library.numbers import Given
from voicecoach.library.order import keep_order
from voicecoach.library.report import Report, Spot, shown
from voicecoach.library.schema import EXERCISE, FORM, ROUTINE, Table
from voicecoach.library.spoken import Spoken, forms, spoken
from voicecoach.library.walk import Filled

LONGEST = Ms(2 * 3600 * 1000)
"""No home routine takes two hours of holding and resting; a dose beyond is a slip."""

_LONGEST_PHRASE = max(len(phrase.split()) for phrase in chain(*PHRASES.values()))
_CHANGING = frozenset({Sides.BOTH, Sides.ALTERNATE})
_DOSED = ("reps", "sides")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def keep_rules(routine: Filled, report: Report) -> None:
    """Reports every broken rule of a walked file, whole or not."""
    for one in spoken(routine, ROUTINE):
        _no_command(one, report)
        _no_placeholder(one, report)
    exercises = routine.items("exercises")
    for exercise in exercises:
        _exercise(exercise, report)
    at = routine.keys.get("exercises", routine.at)
    _own_ids(exercises, report)
    keep_order(exercises, at, report)
    _not_endless(exercises, at, report)


def _exercise(exercise: Filled, report: Report) -> None:
    sides = exercise.get("sides")
    _said(exercise, EXERCISE, sides, report)
    _counted(exercise, exercise, report)
    _named_sides(exercise, exercise, report)
    for form in forms(exercise):
        _said(form, FORM, sides, report)
        whole = merged(exercise, form)
        _counted(whole, form, report)
        _named_sides(whole, form, report)
    if not report.errors:
        _no_effect(exercise, sides, report)


def _no_effect(exercise: Filled, sides: Sides | None, report: Report) -> None:
    for key, useless in (
        ("first_side", sides is not None and sides not in _CHANGING),
        ("switch", sides is not None and sides not in _CHANGING),
        ("pace", not _in_breaths(exercise) and not any(map(_in_breaths, forms(exercise)))),
        ("instead", "not_for" not in exercise.keys),
    ):
        if useless and key in exercise.keys:
            what = f"{key} has no effect here: {_WHY[key]}."
            report.advise(exercise.keys[key], "no-effect", what, "Delete the line.")


_WHY = {
    "first_side": "sides names no two sides",
    "switch": "sides names no two sides",
    "pace": "no hold is given in breaths",
    "instead": "not_for names nobody who leaves the exercise out",
}


def _in_breaths(exercise: Filled) -> bool:
    hold = exercise.get("hold")
    return isinstance(hold, Given) and hold.breaths


# ------------------------------------------------------------ what is spoken


def _said(exercise: Filled, table: Table, sides: Sides | None, report: Report) -> None:
    for one in spoken(exercise, table):
        _no_command(one, report)
        if one.moves:
            _placeholders(one, sides, report)
        else:
            _no_placeholder(one, report)


def _no_command(one: Spoken, report: Report) -> None:
    for text in one.aloud:
        match = understand(text, Context.COACHING, PHRASES, final=False)
        if match is not None and match.intent in SAFETY:
            what = f"The coach would hear its own {match.phrase!r} and halt."
            fix = f"Say it in other words, without {match.phrase!r}."
            report.error(one.at, "safety-word", what, fix)
            return
    for sentence in one.sentences:
        # Sides make no command, and no command has more words than the longest phrase.
        short = len(sentence.split()) <= _LONGEST_PHRASE
        if short and any(understand(sentence, context, PHRASES) for context in Context):
            what = f"{shown(sentence)!r} alone is a command, and the coach may hear itself."
            fix = f"Give the {one.key} more words than that."
            report.error(one.at, "command-phrase", what, fix)
            return


# --------------------------------------------------------------------- sides


def _braces(one: Spoken) -> str | None:
    """The first brace that is no side word, or None."""
    for found in _PLACEHOLDER.finditer(one.text):
        if found[1] not in ("side", "other"):
            return found[0]
    rest = _PLACEHOLDER.sub("", one.text)
    return next((brace for brace in "{}" if brace in rest), None)


def _no_placeholder(one: Spoken, report: Report) -> None:
    if "{" in one.text or "}" in one.text:
        what = f"There is a brace in {one.key}, where no side is filled in."
        fix = "Use {side} and {other} only in setup, way_in, again, check, release and phases."
        report.error(one.at, "placeholder", what, fix)


def _placeholders(one: Spoken, sides: Sides | None, report: Report) -> None:
    if "{" not in one.text and "}" not in one.text:
        return
    if (wrong := _braces(one)) is not None:
        what = f"{shown(wrong)} is nothing that the coach can fill in."
        report.error(one.at, "placeholder", what, "Write {side} or {other}, or no braces.")
    elif sides is Sides.NONE and (found := _PLACEHOLDER.search(one.text)):
        what = f"There is no side to put for {found[0]}: sides is none."
        fix = "Write sides: both, alternate, left or right; or take the braces out."
        report.error(one.at, "no-side", what, fix)


def _named_sides(whole: Filled, own: Filled, report: Report) -> None:
    """The side is said at every repetition, by the engine, where the author left a place."""
    if whole.get("sides") not in _CHANGING:
        return
    # Phases are said at every repetition; with them, the way in need not name the side again.
    key = "phases" if "phases" in whole.keys else "way_in"
    if key in own.keys:
        said = [one.text for one in spoken(whole, EXERCISE) if one.key in (key, "way_in")]
        if said and not any("{side}" in text for text in said):
            what = f"{key} never says which side."
            fix = 'Put {side} before the limb, as in "Lift your {side} knee."'
            report.error(own.keys[key], "side-unnamed", what, fix)


# ---------------------------------------------------------------- the clock


def _counted(whole: Filled, own: Filled, report: Report) -> None:
    """Whatever is counted has a way in and a way out; a sentence fits into its seconds."""
    phases = whole.items("phases")
    counted = any(key in whole.keys for key in ("hold", "work"))
    held = any("hold" in phase.keys for phase in phases)
    at = own.keys.get("phases", own.at)
    # What is missing from an exercise with a plain hold, the tables have told.
    if "release" not in whole.keys and (held or (counted and whole is not own)):
        what = "There is a hold, and release is missing: nobody would know the way out."
        report.error(at, "no-release", what, "Write release: and how to come out of the hold.")
    if counted and "way_in" not in whole.keys and whole is not own:
        what = "The hold has no way in: the exercise itself has phases instead."
        report.error(own.at, "missing-key", what, "Write way_in: and the movement.")
    for phase in own.items("phases"):
        length, said = phase.get("seconds"), phase.values.get("say")
        if not isinstance(length, Given) or length.ask or said is None:
            continue
        takes = max(estimate(text, RATE) for text in Spoken("", said.value, said.at).aloud)
        if takes > seconds(length.low):
            what = f"Saying this takes about {-(-takes // 1000)} seconds, and it has {length.low}."
            fix = "Say it in fewer words; tell the rest in setup or way_in."
            report.error(said.at, "too-long-to-say", what, fix)


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
    total = sum(_at_most(exercise) for exercise in exercises if "reserve" not in exercise.keys)
    if total > LONGEST:
        what = f"Holds and rests alone add up to {total // 60_000} minutes."
        fix = "Look for a slip in hold, reps or sets; two hours is the most."
        report.error(at, "endless", what, fix)


def _at_most(exercise: Filled) -> int:
    """Milliseconds of holds and rests, every range at its high end, what is asked for not counted.

    0 where numbers are missing.
    """
    if not all(key in exercise.values for key in _DOSED):
        return 0
    found = dict(numbers(exercise))
    turns = max(found["reps"].high, 1) * (found["sets"].high if "sets" in found else 1)
    turns *= 2 if exercise.get("sides") in _CHANGING else 1
    length = 0
    for name, number in found.items():
        if name not in ("reps", "sets"):
            length += number.high * (breath_of(exercise) if number.breaths else 1000)
    rest: int = exercise.get("rest", 3)
    return turns * (length + rest * 1000)
