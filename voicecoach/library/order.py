"""Rules between exercises: which comes after which, which stands in for which.

Law: whoever leaves an exercise out is never sent to one that is not for them either.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from voicecoach.core.routine import Position, Sides
from voicecoach.library.build import exercise_id, is_as_before
from voicecoach.library.report import Report, Spot, shown
from voicecoach.library.schema import AS_BEFORE
from voicecoach.library.walk import Filled, Leaf

_LEFT, _RIGHT = (Sides.LEFT, Sides.LEFT), (Sides.RIGHT, Sides.RIGHT)
_NAMED = 12
"""Exercises that a better order is spelt out for; more cannot be kept in mind."""


def keep_order(exercises: list[Filled], at: Spot, report: Report) -> None:
    """Reports what does not fit between exercises; `at` is where they are listed."""
    _as_before(exercises, report)
    ids = {exercise_id(found, number): found for number, found in enumerate(exercises, start=1)}
    for name, exercise in ids.items():
        if (leaf := exercise.values.get("instead")) is not None:
            _stand_in(name, exercise, leaf, ids, report)
    _no_circle(ids, report)
    _reserves(ids, at, report)
    _few_changes([found for found in exercises if "reserve" not in found.keys], at, report)


# ------------------------------------------------------------ same as before


def _as_before(exercises: list[Filled], report: Report) -> None:
    before: Filled | None = None
    setup: list[Any] = []  # as it is really said, over several exercises of one position
    for exercise in exercises:
        reserve = "reserve" in exercise.keys
        if is_as_before(exercise):
            wrong = _not_as_before(exercise, before, setup, reserve=reserve)
            if wrong:
                fix = "Describe the start position here, one sentence after the other."
                report.error(exercise.values["setup"].at, "same-as-before", wrong, fix)
        elif not reserve:
            setup = exercise.items("setup")
        before = before if reserve else exercise


def _not_as_before(
    exercise: Filled, before: Filled | None, setup: list[Any], *, reserve: bool
) -> str:
    if reserve:
        return f"This exercise takes the place of others, so nothing is {AS_BEFORE!r}."
    if before is None:
        return f"There is no exercise before this one for {AS_BEFORE!r}."
    here, there = exercise.get("position"), before.get("position")
    if here and there and here is not there:
        return f"The exercise before is done {there}, this one {here}."
    sides = exercise.get("sides"), before.get("sides")
    if sides in (_LEFT, _RIGHT):
        return ""
    if any("{" in sentence.get("say", "") for sentence in setup):
        return "The setup before names a side, and that exercise ended on the other side."
    return ""


# ---------------------------------------------------------- one for another


def _stand_in(
    name: str,
    exercise: Filled,
    leaf: Leaf,
    ids: dict[str, Filled],
    report: Report,
) -> None:
    meant = leaf.value
    if meant == name:
        what, fix = "An exercise cannot stand in for itself.", "Name another, or delete the line."
        report.error(leaf.at, "instead", what, fix)
        return
    other = ids.get(meant)
    if other is None:
        from difflib import get_close_matches  # noqa: PLC0415 - only a wrong file pays for it

        near = get_close_matches(meant, ids, 1, 0.5)
        known = ", ".join([one for one in ids if one != name][:_NAMED])
        fix = f"Write instead: {near[0]}." if near else f"The ids of this file are {known}."
        what = f"There is no exercise with the id {shown(meant)}."
        report.error(leaf.at, "unknown-id", what, fix if near or known else "Delete the line.")
        return
    both = {flag.value for flag in exercise.items("not_for")} & {
        flag.value for flag in other.items("not_for")
    }
    if both:
        what = f"{shown(meant)} is not for the same people: {', '.join(sorted(both))}."
        fix = "Name an exercise that they may do, or delete the line."
        report.error(leaf.at, "instead", what, fix)


def _no_circle(ids: dict[str, Filled], report: Report) -> None:
    following = {name: found.get("instead") for name, found in ids.items()}
    done: set[str] = set()
    for name in ids:
        path: list[str] = []
        here: str | None = name
        while here in ids and here not in done:
            done.add(here)
            path.append(here)
            here = following[here]
        if here in path and following[here] != here:
            circle = path[path.index(here) :]
            what = f"These stand in for one another in a circle: {', '.join(circle[:_NAMED])}."
            at = ids[circle[-1]].values["instead"].at
            report.error(at, "instead", what, "Delete one of their lines with instead.")


def _reserves(ids: dict[str, Filled], at: Spot, report: Report) -> None:
    reserves = [name for name, found in ids.items() if "reserve" in found.keys]
    if reserves and len(reserves) == len(ids):
        what = "Every exercise is kept in reserve, so there is nothing to do."
        report.error(at, "reserve", what, "Delete reserve: where an exercise is always done.")
    named = {found.get("instead") for found in ids.values()}
    for name in reserves:
        if name not in named:
            what = f"Nobody is ever sent to {shown(name)}: no exercise names it with instead."
            report.advise(ids[name].keys["reserve"], "no-effect", what, "Name it, or delete it.")


# ------------------------------------------------------------------ positions


def _few_changes(exercises: list[Filled], at: Spot, report: Report) -> None:
    """Every change of position is spoken step by step; getting down and up is the hardest."""
    places = [found.get("position") for found in exercises]
    if not places or not all(isinstance(place, Position) for place in places):
        return
    groups = sorted(dict.fromkeys(places), key=lambda one: one.on_floor is not places[0].on_floor)
    better = sorted(exercises, key=lambda found: groups.index(found.get("position")))
    now, then = _effort(places), _effort([found.get("position") for found in better])
    if now > then:
        what = (
            f"The position changes {_times(now[1])}, down to the floor or up {_times(now[0])}; "
            f"{_times(then[1])} and {_times(then[0])} would do."
        )
        names = [str(found.get("name", "")) for found in better]
        fix = "Sort the exercises by position."
        if len(names) <= _NAMED:
            fix = f"If their order is free, put them so: {', '.join(names)}."
        report.advise(at, "position-order", what, fix)


def _effort(places: list[Any]) -> tuple[int, int]:
    """Changes between floor and chair or feet, and changes in all."""
    pairs = list(pairwise(places))
    floor = sum(one.on_floor is not two.on_floor for one, two in pairs)
    return floor, sum(one is not two for one, two in pairs)


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
