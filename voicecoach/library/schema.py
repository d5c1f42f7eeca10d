"""The format of a routine file, as tables: every key, its shape, its limits and why.

The walk (`walk.py`) knows only shapes; what a routine may hold stands here and nowhere else: a
new key is a new line, and `json_schema.py` prints the same tables for editors. Times in a file
are whole seconds. Limits are wide: they catch slips of the hand ("300" for "30"), they do not
prescribe.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from voicecoach.core.routine import Dose, Flag, PainRule, Position, Side, Sides

FORMAT = 1
"""The version that stands in a file's first line: `voicecoach: 1`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `spoken`: the coach says them. `moves`: they tell a movement; sides are filled in."""

    most: int = 300
    spoken: bool = True
    moves: bool = False
    pattern: str = ""
    pattern_words: str = ""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number from `low` to `high`, in plain digits."""

    low: int
    high: int
    why: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A number that is a dose: one number, a range, or `ask` where the source gives none."""

    whole: Whole
    ask: bool = True
    breaths: Whole | None = None  # may also be given in breaths
    phrase: str = ""  # words that may stand in its place


@dataclass(frozen=True, slots=True)
class Choice:
    """One word, or one fixed phrase, of a closed list."""

    options: type[StrEnum]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; a single text stands for a list of one. `phrase`: words that stand for a list."""

    item: Shape
    most: int
    single: bool = True
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `missing` says why a file without it is refused, or is empty: it may be left out.

    `unless` names keys of which one will do instead.
    """

    name: str
    shape: Shape
    note: str
    missing: str = ""
    default: str | int | None = None
    missing_rule: str = "missing-key"
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with known keys. `short`: the key a bare text stands for."""

    noun: str
    keys: tuple[Key, ...]
    short: str = ""
    apart: tuple[tuple[str, str], ...] = ()  # keys that exclude each other
    least: bool = False  # one key must be there, whichever


Shape = Text | Whole | Prescribed | Choice | ListOf | Table


class Language(StrEnum):
    """Languages the coach can speak and understand."""

    ENGLISH = "en"


class Approval(StrEnum):
    """Whether somebody has to agree first. A word, not a switch: YAML misreads switches."""

    REQUIRED = "required"


class Reserve(StrEnum):
    """When an exercise is done that is not part of the order."""

    INSTEAD = "instead"


# One home for the defaults: the dose itself.
_PACING: dict[str, Any] = {field.name: field.default for field in fields(Dose)}

_DOSE_ASK = "A dose is never invented: ask the person who prescribed it, then write"
_OR_ASK = "; or ask, and the coach asks the person."

AS_BEFORE = "same as before"
AS_MANY = "as many as comfortable"
AS_OFTEN = "as often as you can"

_SLUG = Text(60, spoken=False, pattern="[a-z][a-z0-9-]*", pattern_words="a-z, 0-9 and -")
_SECONDS = Whole(1, 600, "nobody holds still longer than ten minutes", "seconds")
_MOVING = Whole(1, 1800, "half an hour in one go is a slip of the hand", "seconds")
_SPAN = Whole(1, 120, "one part of a repetition takes no longer", "seconds")

SENTENCE = Table(
    "a sentence",
    (
        Key(
            "say",
            Text(moves=True),
            "the sentence",
            missing="Write what the coach says, as say: TEXT.",
        ),
        Key(
            "time",
            Whole(0, 60, "one movement takes no longer", "seconds"),
            "seconds to do it in before the next sentence; left out, it follows from the words",
        ),
    ),
    short="say",
)
SENTENCES = ListOf(SENTENCE, most=40)
CAUTIONS = ListOf(Text(), most=20)
PROP = Table(
    "a thing to have at hand",
    (
        Key("name", Text(80), "what it is", missing="Write name: and what it is."),
        Key("or", Text(80), "what will do for somebody who has none"),
    ),
    short="name",
)
PROPS = ListOf(PROP, most=20)

PHASE = Table(
    "a phase",
    (
        Key(
            "say",
            Text(moves=True),
            "the movement, in one sentence, said as its seconds begin",
            missing="Write say: and the movement.",
            unless=("hold",),
        ),
        Key(
            "seconds",
            Prescribed(_SPAN),
            "how long the movement takes",
            missing=f"{_DOSE_ASK} seconds: NUMBER{_OR_ASK}",
            missing_rule="missing-dose",
            unless=("hold",),
        ),
        Key("hold", Prescribed(_SECONDS), "seconds of stillness, counted aloud"),
        Key("way_in", SENTENCES, "sentences before the hold, outside its clock"),
    ),
    apart=(("hold", "seconds"), ("hold", "say"), ("seconds", "way_in")),
)

_DAY = Prescribed(
    Whole(1, 24, "more than once an hour is a slip of the hand"), ask=False, phrase=AS_OFTEN
)

EXERCISE = Table(
    "an exercise",
    (
        Key(
            "name",
            Text(most=60),
            "what the exercise is called, aloud",
            missing="Write name: and what the exercise is called.",
        ),
        Key("id", _SLUG, "a name for the diary; left out, it is made from the name"),
        Key(
            "position",
            Choice(Position),
            "where the body is at the start",
            missing="Write position: and one of " + ", ".join(Position) + ".",
        ),
        Key("purpose", Text(), "what it is good for, in one sentence"),
        Key("targets", ListOf(Text(60), 20), "the muscles and joints it is for"),
        Key(
            "reps",
            Prescribed(Whole(1, 100, "more in one go is a slip of the hand"), phrase=AS_MANY),
            "repetitions; per side where there are two",
            missing=f"{_DOSE_ASK} reps: NUMBER{_OR_ASK}",
            missing_rule="missing-dose",
        ),
        Key(
            "hold",
            Prescribed(_SECONDS, breaths=Whole(1, 50, "that is a hold of minutes", "breaths")),
            "seconds, or breaths, each repetition is held; counted aloud",
            missing=f"{_DOSE_ASK} hold: SECONDS, work: SECONDS or phases:{_OR_ASK}",
            missing_rule="missing-dose",
            unless=("work", "phases"),
        ),
        Key("work", Prescribed(_MOVING), "seconds each repetition is kept moving; counted aloud"),
        Key(
            "phases",
            ListOf(PHASE, 12, single=False),
            "what happens in one repetition, in order, each with its seconds",
        ),
        Key(
            "pace",
            Table(
                "a pace",
                (
                    Key(
                        "breath",
                        Whole(2, 20, "nobody breathes that slowly", "seconds"),
                        "seconds the coach gives one breath",
                        missing="Write breath: SECONDS.",
                        default=_PACING["breath"] // 1000,
                    ),
                ),
            ),
            "the coach's pacing of a hold in breaths",
        ),
        Key(
            "sides",
            Choice(Sides),
            "none; left or right only; both: one side after the other; alternate: in turn",
            missing=f"{_DOSE_ASK} sides: none, left, right, both or alternate.",
            missing_rule="missing-dose",
        ),
        Key(
            "sets",
            Prescribed(Whole(1, 20, "more in one session is a slip of the hand")),
            "how often all repetitions are done",
            default=_PACING["sets"],
        ),
        Key(
            "first_side",
            Choice(Side),
            "the side that begins, where there are two",
            default=Side.LEFT,
        ),
        Key(
            "rest",
            Whole(0, 300, "a longer rest is the end of a set", "seconds"),
            "the coach's pacing: seconds between repetitions",
            default=_PACING["rest"] // 1000,
        ),
        Key(
            "set_rest",
            Whole(0, 900, "after a quarter of an hour the body is cold", "seconds"),
            "the coach's pacing: seconds between sets",
            default=_PACING["set_rest"] // 1000,
        ),
        Key(
            "get_ready",
            Whole(1, 60, "nobody waits longer for the first movement", "seconds"),
            "the coach's pacing: seconds before the first movement",
            default=_PACING["get_ready"] // 1000,
        ),
        Key(
            "switch",
            Whole(1, 60, "changing sides takes no longer", "seconds"),
            "the coach's pacing: seconds to change sides",
            default=_PACING["switch"] // 1000,
        ),
        Key("times_per_day", _DAY, "how often a day, where it is said for this exercise alone"),
        Key(
            "setup",
            replace(SENTENCES, phrase=AS_BEFORE),
            "the start position, by what touches the mat, the chair or the wall; or "
            f"{AS_BEFORE}, where the exercise before has the same one",
            missing="Nobody can see the start position: write setup: and how to lie, sit or stand.",
        ),
        Key(
            "way_in",
            SENTENCES,
            "the movement, in full, said at the first repetition",
            missing="Write way_in: and the movement, one sentence each.",
            unless=("phases",),
        ),
        Key("again", SENTENCES, "the same, short, for later repetitions; left out: way_in"),
        Key("check", SENTENCES, "how to feel, by touch, that it is right"),
        Key(
            "release",
            SENTENCES,
            "the way out of the hold; also said when the person is in pain",
            missing="Write release: and how to come out of the hold.",
            missing_rule="no-release",
            unless=("phases",),
        ),
        Key("breathing", Text(), "how to breathe during the hold"),
        Key("cautions", CAUTIONS, "what to know before this exercise"),
        Key("props", PROPS, "what this exercise needs within reach"),
        Key(
            "not_for",
            ListOf(Choice(Flag), len(Flag)),
            "who leaves it out: people who avoid this, or to whom this applies",
        ),
        Key("instead", _SLUG, "the id of the exercise that is offered to them"),
        Key("reserve", Choice(Reserve), "instead: only done in place of another exercise"),
        Key("source", Text(spoken=False), "where this exercise comes from"),
        Key(
            "reference",
            Text(spoken=False),
            "where steps come from that the source does not give: a physiotherapy text, by name",
        ),
    ),
    apart=(("hold", "work"), ("hold", "phases"), ("work", "phases")),
)

_OF_A_FORM = frozenset(
    {"name", "purpose", "reps", "hold", "work", "phases", "pace", "sets", "setup", "way_in"}
    | {"again", "check", "release", "breathing", "cautions", "props"}
)
FORM = Table(
    "an easier or harder form",
    tuple(
        replace(
            key,
            missing="",
            default=None,
            shape=SENTENCES if key.name == "setup" else key.shape,
        )
        for key in EXERCISE.keys
        if key.name in _OF_A_FORM
    ),
    apart=EXERCISE.apart,
    least=True,
)
EXERCISE = replace(
    EXERCISE,
    keys=(
        *EXERCISE.keys,
        Key("easier", FORM, 'what replaces the above when the person says "easier"'),
        Key("harder", FORM, 'what replaces the above when the person says "harder"'),
    ),
)

ROUTINE = Table(
    "a routine",
    (
        Key(
            "voicecoach",
            Whole(FORMAT, FORMAT, "this coach reads no other format"),
            "the version of this format",
            missing=f"Write voicecoach: {FORMAT} as the first line.",
        ),
        Key("title", Text(80), "what the routine is called", missing="Write title: and a name."),
        Key("summary", Text(600), "what it is, in a sentence or two"),
        Key("language", Choice(Language), "the language of the sentences", default="en"),
        Key("source", Text(600, spoken=False), "where the exercises come from"),
        Key("prescribed_by", Text(120, spoken=False), "who agreed these exercises with the person"),
        Key(
            "approval",
            Choice(Approval),
            "required: the source gives only names; the coach says that a physio must agree",
        ),
        Key("pain_rule", Choice(PainRule), "what pain in an exercise means", default="strict"),
        Key("times_per_day", _DAY, f"how often a day: a number, a range, or {AS_OFTEN}"),
        Key("cautions", CAUTIONS, "what must be known before the first movement"),
        Key("props", PROPS, "what must lie within reach before the start"),
        Key(
            "exercises",
            ListOf(EXERCISE, 1000, single=False),
            "the exercises, in order",
            missing="Write exercises: and below it a list.",
        ),
    ),
)
