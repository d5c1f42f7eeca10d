"""The shape of the halts' table: rows, answers, timeouts, and where each of them leads.

Law: a row is data. What it says are names of sentences, where it leads are names of rows; the
session (`session.py`, `protocol.py`) only reads it, and so does the diagram in the README.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from voicecoach.core.commands import Context, Intent
from voicecoach.core.units import Ms, seconds


class Name(StrEnum):
    """The rows."""

    STOPPED = "stopped"
    PAUSED = "paused"
    UNSURE = "unsure"
    GO_ON = "go_on"
    COMMANDS = "commands"
    MICROPHONE_LOST = "microphone_lost"
    SPEAKER_LOST = "speaker_lost"
    VOICE_LOST = "voice_lost"
    NUMBER = "number"
    CONFIRM = "confirm"
    LAST_TIME = "last_time"
    SEE_PHYSIO = "see_physio"
    WHERE_LEFT = "where_left"
    HURT_BEFORE = "hurt_before"
    LOCKED = "locked"
    SCORE_BEFORE = "score_before"
    SCORE_BEFORE_SAID = "score_before_said"
    SCORE_AFTER = "score_after"
    SCORE_AFTER_SAID = "score_after_said"
    HURT = "hurt"
    SCORE_WITHIN = "score_within"
    SCORE_WITHIN_SAID = "score_within_said"
    MILD = "mild"
    MODERATE = "moderate"
    DROPPED = "dropped"
    RESTED = "rested"
    EASED = "eased"
    OFFER_NEXT = "offer_next"
    NERVE = "nerve"
    NERVE_GONE = "nerve_gone"
    NERVE_DROPPED = "nerve_dropped"
    FLAG_1 = "flag_1"
    FLAG_2 = "flag_2"
    FLAG_3 = "flag_3"
    FLAG_4 = "flag_4"
    FLAG_5 = "flag_5"
    URGENT = "urgent"
    DIZZY = "dizzy"
    DIZZY_CHECK = "dizzy_check"
    DIZZY_EASED = "dizzy_eased"
    DIZZY_REST = "dizzy_rest"
    DIZZY_STAY = "dizzy_stay"
    WATCH = "watch"
    WATCH_END = "watch_end"
    EMERGENCY = "emergency"
    SAFE = "safe"
    HELP_WHICH = "help_which"
    HELP_PERSON = "help_person"
    CHECK_IN = "check_in"
    ADVICE = "advice"
    ADVICE_WORSE = "advice_worse"
    GET_UP_OFFER = "get_up_offer"
    GET_UP_1 = "get_up_1"
    GET_UP_2 = "get_up_2"
    GET_UP_3 = "get_up_3"
    GET_UP_4 = "get_up_4"
    GET_UP_5 = "get_up_5"
    GET_UP_6 = "get_up_6"


class Do(StrEnum):
    """What is done where the way leads out of the table, or to a row that only the session knows.

    The values stand in the README's diagram.
    """

    RESUME = "go on where it was broken off"
    SMALLER = "go on, with a smaller movement"
    REPEAT = "say it again from its start"
    NEXT = "the next exercise"
    SKIP = "leave this one out"
    BACK = "one back"
    FINISH = "the end"
    ASK = "the same question again"
    RETURN = "the question that was not answered"
    ACCEPT = "take the number"
    FLAG = "the next question of the safety check"
    LEAVE_OUT = "leave it out today, then the next exercise"
    PROCEED = "on to what was to come"
    THERE = "go on where the last session was left"


class If(StrEnum):
    """What a way may depend on. The values stand in the README's diagram."""

    MONITORED = "its prescriber allows for pain that is measured"
    EXERCISING = "it was in an exercise"
    SECOND = "it is the second time today"
    MORE = "another exercise is left"
    MILD = "0 to 3, and no more than before"
    MODERATE = "up to 5, and at most 2 more than before"
    ASKED = "all questions of the safety check were asked today"
    GOT_WORSE = "it got worse"
    ON_FLOOR = "on the floor"
    OVER = "the session is over"
    WATCHED = "asked five times"


@dataclass(frozen=True, slots=True)
class Fork:
    """Two ways."""

    when: If
    then: Leads
    other: Leads


Leads = Name | Do | Fork
Answers = Mapping[Intent, Leads]


QUESTION = "*question*"
"""In a row's words: the question for a number of the dose, or that number said back."""

WAY_OUT = "*way out*"
"""In a row's words: the sentences that lead out of the position the person is in."""

POSITION = "*position*"
"""In a row's words: how to come to rest from where the body is. Who stands needs no way out."""


class Rank(IntEnum):
    """What a safety word must exceed, with the row that it leads to, to break into a row."""

    NONE = 0
    UNSURE = 1
    STOP = 2
    PAIN = 3
    NERVE = 4
    HELP = 5
    PERSON = 6
    DIZZY = 7
    EMERGENCY = 8


@dataclass(frozen=True, slots=True)
class Nudge:
    """What happens when nobody answers for that long after the coach fell silent."""

    after: Ms
    say: str = ""  # a sentence, by name
    leads: Leads | None = None


@dataclass(frozen=True, slots=True)
class Halt:
    """One row of the table."""

    words: tuple[str | Ms, ...]  # sentences by name; a number is time to get out of a position
    answers: Answers
    nudges: tuple[Nudge, ...]
    chime: str = "heard"
    context: Context = Context.HALTED
    rank: Rank = Rank.NONE
    choices: tuple[Intent, ...] = ()  # the answers that are offered: by keys 1, 2, 3
    numbers: range = range(1, 61)  # what counts as one, where a number is asked for
    why: str = ""  # an end from here is an end for this
    over: bool = False  # from here the session only ends: nothing goes on
    advises: bool = False  # what to do about it has been said when the session ends
    alerts: bool = False  # calls whom the person has named
    drops: bool = False  # the exercise is left out for today
    confirms: frozenset[Intent] = frozenset()  # the answers that say: yes, it hurt
    again: bool = False  # the same safety word leads here once more


def ends(lead: Leads) -> tuple[Name | Do, ...]:
    """All that a way may lead to."""
    if isinstance(lead, Fork):
        return (*ends(lead.then), *ends(lead.other))
    return (lead,)


# -- how rows are made ----------------------------------------------------------------------------

YES, NO, DONT_KNOW = Intent.YES, Intent.NO, Intent.DONT_KNOW
WORSE = (Intent.WORSE, Intent.WORSENING, Intent.PAIN)
HELP = (Intent.HELP, Intent.FALLEN)

UP = Fork(If.ON_FLOOR, Name.GET_UP_OFFER, Do.FINISH)
ADVISE = Fork(If.GOT_WORSE, Name.ADVICE_WORSE, Name.ADVICE)


def each(lead: Leads, *intents: Intent) -> dict[Intent, Leads]:
    """The same way for several answers."""
    return dict.fromkeys(intents, lead)


def asks(
    *words: str | Ms,
    answers: Answers,
    nudges: tuple[Nudge, ...],
    rank: Rank = Rank.PAIN,
    finish: Leads = ADVISE,
    choices: tuple[Intent, ...] = (YES, NO),
) -> Halt:
    """A question that may be heard again, or left by ending the session."""
    answers = {Intent.FINISH: finish, Intent.REPEAT: Do.ASK, **answers}
    return Halt(words, answers, nudges, context=Context.QUESTION, rank=rank, choices=choices)


def twice(sentence: str, leads: Leads, after: int = 15, patience: int = 15) -> tuple[Nudge, ...]:
    """Asked once more, then on without an answer; in seconds."""
    return (Nudge(seconds(after), sentence), Nudge(seconds(patience), leads=leads))


def checked(sentence: str, after: int = 12, patience: int = 18) -> tuple[Nudge, ...]:
    """Asked once more, then whether anybody is there; in seconds."""
    return twice(sentence, Name.CHECK_IN, after, patience)
