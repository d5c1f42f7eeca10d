"""The format of a routine file, as tables: every key, its shape, its limits and why.

The walk (`walk.py`) knows only shapes; what a routine may hold stands here and nowhere else,
so a new key is a new line, and the tables can be printed as documentation or as a schema.
Times in a file are whole seconds. Limits are wide: they catch slips of the hand ("300" for
"30"), they do not prescribe.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from voicecoach.core.routine import Dose, Position, Side, Sides

FORMAT = 1
"""The version that stands in a file's first line: `voicecoach: 1`."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `spoken`: the coach says them, so the speaking rules hold."""

    most: int = 300
    spoken: bool = True
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
class Choice:
    """One word of a closed list."""

    options: type[StrEnum]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; a single text stands for a list of one."""

    item: Shape
    most: int
    single: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `missing` says why a file without it is refused, or is empty: it may be left out."""

    name: str
    shape: Shape
    note: str
    missing: str = ""
    default: str | int | None = None
    missing_rule: str = "missing-key"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping with known keys. `short`: the key a bare text stands for."""

    noun: str
    keys: tuple[Key, ...]
    short: str = ""


Shape = Text | Whole | Choice | ListOf | Table


class Language(StrEnum):
    """Languages the coach can speak and understand."""

    ENGLISH = "en"


# One home for the defaults: the dose itself.
_PACING: dict[str, Any] = {field.name: field.default for field in fields(Dose)}

_DOSE_ASK = "A dose is never invented: ask the person who prescribed it, then write"

SENTENCE = Table(
    "a sentence",
    (
        Key("say", Text(), "the sentence", missing="Write what the coach says, as say: TEXT."),
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

EXERCISE = Table(
    "an exercise",
    (
        Key(
            "name",
            Text(most=60),
            "what the exercise is called, aloud",
            missing="Write name: and what the exercise is called.",
        ),
        Key(
            "id",
            Text(60, spoken=False, pattern="[a-z][a-z0-9-]*", pattern_words="a-z, 0-9 and -"),
            "a name for the diary; left out, it is made from the name",
        ),
        Key(
            "position",
            Choice(Position),
            "where the body is at the start",
            missing="Write position: and one of " + ", ".join(Position) + ".",
        ),
        Key("purpose", Text(), "what it is good for, in one sentence"),
        Key(
            "reps",
            Whole(1, 100, "more in one go is a slip of the hand"),
            "repetitions; per side where there are two",
            missing=f"{_DOSE_ASK} reps: NUMBER.",
            missing_rule="missing-dose",
        ),
        Key(
            "hold",
            Whole(1, 600, "nobody holds still longer than ten minutes", "seconds"),
            "seconds each repetition is held",
            missing=f"{_DOSE_ASK} hold: SECONDS.",
            missing_rule="missing-dose",
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
            Whole(1, 20, "more in one session is a slip of the hand"),
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
        Key(
            "setup",
            SENTENCES,
            "the start position, by what touches the mat, the chair or the wall",
            missing="Nobody can see the start position: write setup: and how to lie, sit or stand.",
        ),
        Key(
            "way_in",
            SENTENCES,
            "the movement, in full, said at the first repetition",
            missing="Write way_in: and the movement, one sentence each.",
        ),
        Key("again", SENTENCES, "the same, short, for later repetitions; left out: way_in"),
        Key("check", SENTENCES, "how to feel, by touch, that it is right"),
        Key(
            "release",
            SENTENCES,
            "the way out of the hold; also said when the person is in pain",
            missing="Write release: and how to come out of the hold.",
            missing_rule="no-release",
        ),
        Key("breathing", Text(), "how to breathe during the hold"),
        Key("cautions", CAUTIONS, "what to know before this exercise"),
        Key("source", Text(spoken=False), "where this exercise comes from"),
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
        Key("cautions", CAUTIONS, "what must be known before the first movement"),
        Key("props", ListOf(Text(80), 20), "what must lie within reach before the start"),
        Key(
            "exercises",
            ListOf(EXERCISE, 50, single=False),
            "the exercises, in order",
            missing="Write exercises: and below it a list.",
        ),
    ),
)
