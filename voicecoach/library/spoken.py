"""Everything in a file that the coach will say aloud, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voicecoach.core.routine import Side
from voicecoach.library.report import Spot
from voicecoach.library.schema import EXERCISE, FORM, ROUTINE, ListOf, Table, Text
from voicecoach.library.walk import Filled, Leaf

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

FORMS = ("easier", "harder")
_APART = frozenset({"exercises", *FORMS})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that the coach will say. `moves`: it tells a movement, so sides are filled in."""

    key: str
    text: str
    at: Spot
    moves: bool = False

    @property
    def sentences(self) -> list[str]:
        """Its sentences, as written."""
        return _SENTENCE_END.split(self.text)

    @property
    def aloud(self) -> tuple[str, ...]:
        """As it is said: for the left and for the right side, where it names sides."""
        if "{" not in self.text:
            return (self.text,)
        left, right = Side.LEFT, Side.RIGHT
        return tuple(
            self.text.replace("{side}", side).replace("{other}", other)
            for side, other in ((left, right), (right, left))
        )


def spoken(filled: Filled, table: Table) -> Iterator[Spoken]:
    """Every text of a mapping, but for the exercises and forms in it."""
    for key in table.keys:
        found = filled.values.get(key.name)
        if found is None or key.name in _APART:
            continue
        match key.shape:
            case Text(spoken=True, moves=moves):
                yield Spoken(key.name, found.value, found.at, moves)
            case ListOf(item=Text(spoken=True)):
                yield from (Spoken(key.name, leaf.value, leaf.at) for leaf in found)
            case ListOf(item=Table() as inner) if not isinstance(found, Leaf):
                for entry in found:
                    yield from (
                        one if one.key in _OWN else Spoken(key.name, one.text, one.at, one.moves)
                        for one in spoken(entry, inner)
                    )


_OWN = frozenset({"way_in"})
"""Keys inside the entries of a list that are named by themselves."""


def everything(routine: Filled) -> Iterator[Spoken]:
    """Every text of a whole file."""
    yield from spoken(routine, ROUTINE)
    for exercise in routine.items("exercises"):
        yield from spoken(exercise, EXERCISE)
        for form in forms(exercise):
            yield from spoken(form, FORM)


def forms(exercise: Filled) -> list[Filled]:
    """The easier and the harder form of an exercise, as far as they are there."""
    found = [exercise.values.get(key) for key in FORMS]
    return [form for form in found if isinstance(form, Filled)]
