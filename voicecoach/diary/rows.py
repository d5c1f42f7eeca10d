"""What is written down, as frozen data: one class a table, one field a column.

Law: rows are only ever added. What a session has become is read from all of them; the one thing
that is taken away again is a note that the person asked to be deleted.

`at_ms` is counted from the session's start, on its own clock; `number` is that of the exercise
in the session, from 1, with 0 before the first; an exercise without sides has the side "".
"""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.core.commands import SAFETY, Intent


@dataclass(frozen=True, slots=True)
class Session:
    """A session has begun: when, with which routine, prescribed how often a day."""

    began_ms: int  # since 1970, UTC
    utc_offset: int  # seconds east of Greenwich, there and then: a day is the person's own
    routine: str  # the title: no two routines share one
    per_day_low: int  # 0: the text gives no number
    per_day_high: int
    often: bool  # as often a day as the person can


@dataclass(frozen=True, slots=True)
class Exercise:
    """What was to be done in a session, written at its start. A number not yet given is 0."""

    number: int
    exercise: str  # id
    name: str
    sets: int
    reps: int  # of a set, and of a side where there are two
    sides: str
    each_ms: int  # on the clock, of one rep
    as_many: bool  # as many reps as are comfortable: no number was prescribed


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done from here on. `how`: "reps", "hold", ... as told; "easier", "harder"."""

    at_ms: int
    number: int
    how: str
    name: str
    sets: int
    reps: int
    sides: str
    each_ms: int
    as_many: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The session has come here. `rep` is 0 before the first."""

    at_ms: int
    number: int
    set: int
    side: str
    rep: int


@dataclass(frozen=True, slots=True)
class Rep:
    """A rep was done to its end, or broken off after `held_ms` on the clock.

    One that was broken off and gone on with has several rows; each counts from its beginning.
    """

    at_ms: int
    number: int
    set: int
    side: str
    rep: int
    held_ms: int
    prescribed_ms: int
    done: bool


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened: a safety word, a score, an answer, something left out, the end.

    `kind` is one of those that `core/memory.py` names, or "ended"; `words` are what was heard, or
    its detail; `by` tells what heard them ("decoder", "keys", ...). How sure that was is not kept:
    no number of the decoder's tells right from wrong. `held_ms` of the place's hold had run.
    """

    at_ms: int
    kind: str
    number: int
    set: int
    side: str
    rep: int
    words: str
    by: str
    held_ms: int


@dataclass(frozen=True, slots=True)
class Forget:
    """The person wants the session's latest note of a stop or a pain deleted."""


Row = Session | Exercise | Change | Place | Rep | Note
Entry = Row | Forget

ENDED = "ended"
"""The last note of a session that was not broken off; its words are the outcome."""

STOPS = frozenset(intent.value for intent in SAFETY - {Intent.DONT_STOP})
"""The notes of safety words."""

IN_ANSWER = frozenset({"hurt", "answer", "dropped", "score", "halted"})
"""What is noted after one of them, and tells of it, too."""
