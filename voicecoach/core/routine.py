"""The routine: what a physiotherapist prescribes, as plain frozen data.

`library/` builds these from YAML and has checked them; here they are taken as right.
Sentences may hold the side words `{side}` and `{other}`, which the engine fills in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voicecoach.core.units import Ms


class Side(StrEnum):
    """A side of the person's own body."""

    LEFT = "left"
    RIGHT = "right"


class Sides(StrEnum):
    """How an exercise treats the two sides; doses count per side where there are two."""

    NONE = "none"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"  # all of the first side, then all of the second
    ALTERNATE = "alternate"  # first, second, first, second ...


class Position(StrEnum):
    """Where the body is."""

    SUPINE = "supine"
    PRONE = "prone"
    SIDE_LYING = "side_lying"
    SITTING = "sitting"
    FLOOR_SITTING = "floor_sitting"
    STANDING = "standing"
    ALL_FOURS = "all_fours"

    @property
    def on_floor(self) -> bool:
        """Whether the person has to get up from the floor afterwards."""
        return self not in (Position.SITTING, Position.STANDING)


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: sets of reps (per side), each held, with rests between. Spans in ms."""

    reps: int
    hold: Ms
    sets: int = 1
    sides: Sides = Sides.NONE
    first_side: Side = Side.LEFT
    rest: Ms = Ms(3000)  # between reps
    set_rest: Ms = Ms(30000)  # between sets
    get_ready: Ms = Ms(3000)  # from "ready" to the first movement
    switch: Ms = Ms(5000)  # to change sides


@dataclass(frozen=True, slots=True)
class Step:
    """One movement: a sentence, and the time to do it in before the next one is said."""

    say: str
    time: Ms


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise, in sentences of one movement each."""

    id: str
    name: str
    position: Position
    setup: tuple[Step, ...]  # the start position, by contact points
    way_in: tuple[Step, ...]  # full, said at the first rep of each side
    again: tuple[Step, ...]  # short, said at every later rep
    check: tuple[Step, ...]  # self-check by touch, at the first rep, before the hold
    release: tuple[Step, ...]  # the way out of the hold
    dose: Dose
    purpose: str = ""
    cautions: tuple[str, ...] = ()
    breathing: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Routine:
    """Exercises in order, and what must be known before the first movement."""

    title: str
    summary: str
    exercises: tuple[Exercise, ...]
    cautions: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    source: str = ""
    prescribed_by: str = ""
    language: str = "en"
