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
class Step:
    """One movement: a sentence, and the time to do it in before the next one is said."""

    say: str
    time: Ms


class Clock(StrEnum):
    """What one rep has on the clock."""

    HOLD = "hold"  # still, counted, released at its end
    WORK = "work"  # moving, counted, released at its end
    PHASES = "phases"  # several spans after one another


@dataclass(frozen=True, slots=True)
class Amount:
    """The ends of a prescribed range; a fixed number has none."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Phase:
    """One span of a rep that has several: a paced movement, or a counted hold."""

    length: Ms
    say: str = ""  # paced: said as its span begins, on the clock
    hold: bool = False  # counted aloud, released at its end
    way_in: tuple[Step, ...] = ()  # said before it, outside the clock


@dataclass(frozen=True, slots=True)
class Dose:
    """How much is done now: sets of reps (per side), each with its time. Spans in ms.

    A range begins at its low end and may be moved within `limits`; a number that the source does
    not give is 0, stands in `asked`, and must be asked for before the exercise can begin. Both
    name numbers as the routine file does: "reps", "sets", "hold", "work", "phases.1" (counted
    from 1). Limits are in the unit of the file: times, seconds, or breaths. `reps` is 0 with
    `as_many`, too: no number was prescribed.
    """

    reps: int
    hold: Ms  # the whole span of a HOLD or WORK; 0 with PHASES
    sets: int = 1
    sides: Sides = Sides.NONE
    first_side: Side = Side.LEFT
    rest: Ms = Ms(3000)  # between reps
    set_rest: Ms = Ms(30000)  # between sets
    get_ready: Ms = Ms(3000)  # from "ready" to the first movement
    switch: Ms = Ms(5000)  # to change sides
    clock: Clock = Clock.HOLD
    phases: tuple[Phase, ...] = ()
    breaths: int = 0  # a hold prescribed in breaths, of `breath` each
    breath: Ms = Ms(8000)  # the coach's own pacing
    as_many: bool = False  # as many reps as are comfortable: goes on until the person moves on
    limits: tuple[tuple[str, Amount], ...] = ()
    asked: frozenset[str] = frozenset()


class Flag(StrEnum):
    """What a person's profile may say they must avoid."""

    BENDING = "bending forward"
    LEANING = "leaning back"
    PREGNANT = "pregnant"
    PRONE = "lying on the front"


class PainRule(StrEnum):
    """What pain in an exercise means. Whoever prescribes it decides, never the coach."""

    STRICT = "strict"  # the exercise is left out for the day
    MONITOR = "monitor"  # the same pain as before may be measured, and be small enough to go on


@dataclass(frozen=True, slots=True)
class Prop:
    """Something to have within reach, and what will do instead."""

    name: str
    instead: str = ""


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
    reference: str = ""  # where steps come from that the source does not give
    targets: tuple[str, ...] = ()
    as_before: bool = False  # the start position is that of the exercise before
    not_for: frozenset[Flag] = frozenset()
    instead: str = ""  # id of the exercise that is offered to those it is not for
    reserve: bool = False  # only done instead of another
    easier: Exercise | None = None  # a form of it: whole, and of the same id
    harder: Exercise | None = None
    props: tuple[Prop, ...] = ()
    times_per_day: Amount | None = None
    often: bool = False  # as often a day as the person can


@dataclass(frozen=True, slots=True)
class Routine:
    """Exercises in order, and what must be known before the first movement."""

    title: str
    summary: str
    exercises: tuple[Exercise, ...]
    cautions: tuple[str, ...] = ()
    props: tuple[Prop, ...] = ()  # all that its exercises need, too
    source: str = ""
    prescribed_by: str = ""
    approval: bool = False  # the source gives only names: the person's physiotherapist is needed
    times_per_day: Amount | None = None
    often: bool = False  # as often a day as the person can
    pain_rule: PainRule = PainRule.STRICT
    language: str = "en"
    left_out: tuple[tuple[str, str], ...] = ()  # for this person: names, and what is done instead
