"""What a person may say: intents, which are open when, and how words become an intent.

Law: the safety intents are open in every context and are found anywhere in the words, also in
the half-finished ones; everything else must be a whole phrase of the language's list.
The phrases themselves are data, per language (`core/en.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class Intent(StrEnum):
    """What the person wants; the values are the names used in logs and JSON."""

    READY = "ready"
    NEXT = "next"
    GO_BACK = "go_back"
    REPEAT = "repeat"
    PAUSE = "pause"
    CONTINUE = "continue"
    SKIP = "skip"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    QUIETER = "quieter"
    HOW_LONG = "how_long"
    WHERE = "where"
    COMMANDS = "commands"
    FINISH = "finish"
    YES = "yes"
    NO = "no"
    PERSON = "person"
    LONGER = "longer"
    SHORTER = "shorter"
    EASIER = "easier"
    HARDER = "harder"
    SAY_MORE = "say_more"
    SAY_LESS = "say_less"
    NUMBER = "number"
    NEW = "new"
    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    DONT_KNOW = "dont_know"
    UNDERSTOOD = "understood"
    SMALLER = "smaller"
    CANCEL = "cancel"
    START_AGAIN = "start_again"
    APPROVED = "approved"
    FORGET = "forget"
    EMERGENCY = "emergency"
    DIZZY = "dizzy"
    NERVE = "nerve"
    PAIN = "pain"
    WORSENING = "worsening"
    FALLEN = "fallen"
    HELP = "help"
    STOP = "stop"
    DONT_STOP = "dont_stop"


class Context(StrEnum):
    """What the coach is doing, as far as listening is concerned."""

    COACHING = "coaching"  # instructing, counting, resting
    READY = "ready"  # waiting for the person to be in position
    HALTED = "halted"  # stopped, paused or hurt: waiting for the person's choice
    QUESTION = "question"  # a question with a few answers is open
    NUMBER = "number"  # a number is asked for


GRAVITY = (
    *(Intent.EMERGENCY, Intent.DIZZY, Intent.NERVE, Intent.PAIN, Intent.WORSENING),
    *(Intent.FALLEN, Intent.HELP, Intent.STOP),
)
"""The safety words, the gravest first: in one sentence it wins (the safety protocol's order)."""

SAFETY = frozenset({*GRAVITY, Intent.DONT_STOP})
"""Open always. No filter, guard, mute or mode may stand before these (law 1)."""

_ANYWHERE = SAFETY | {
    Intent.REPEAT,
    Intent.SLOWER,
    Intent.FASTER,
    Intent.LOUDER,
    Intent.QUIETER,
    Intent.HOW_LONG,
    Intent.WHERE,
    Intent.COMMANDS,
    Intent.FINISH,
    Intent.FORGET,
}
OFFERED = frozenset(
    {
        *(Intent.YES, Intent.NO, Intent.NEW, Intent.SAME, Intent.BETTER, Intent.WORSE),
        *(Intent.DONT_KNOW, Intent.UNDERSTOOD, Intent.PERSON, Intent.APPROVED),
        *(Intent.NEXT, Intent.READY, Intent.CONTINUE, Intent.SKIP, Intent.SMALLER),
        *(Intent.CANCEL, Intent.START_AGAIN),
    }
)
"""The answers to the coach's questions."""

_MOVES = frozenset({Intent.NEXT, Intent.GO_BACK, Intent.SKIP})
_CHANGES = frozenset(
    {
        Intent.LONGER,
        Intent.SHORTER,
        Intent.EASIER,
        Intent.HARDER,
        Intent.SAY_MORE,
        Intent.SAY_LESS,
    }
)

OPEN: Mapping[Context, frozenset[Intent]] = {
    Context.COACHING: _ANYWHERE | _MOVES | _CHANGES | {Intent.PAUSE, Intent.CONTINUE},
    Context.READY: _ANYWHERE | _MOVES | _CHANGES | {Intent.PAUSE, Intent.READY, Intent.YES},
    Context.HALTED: _ANYWHERE | _MOVES | _CHANGES | {Intent.CONTINUE, Intent.PAUSE},
    Context.QUESTION: _ANYWHERE | OFFERED,
    Context.NUMBER: SAFETY
    | {Intent.NUMBER, Intent.DONT_KNOW, Intent.REPEAT, Intent.SKIP, Intent.FINISH},
}
"""Which intents count in which context; the rest is taken for talk and ignored."""

Phrases = Mapping[Intent, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Match:
    """An intent and the phrase that carried it."""

    intent: Intent
    phrase: str


def normal(words: str) -> str:
    """Lower case, no punctuation but the apostrophe: `Stop, it hurts!` is `stop it hurts`."""
    return " ".join(re.sub(r"[^\w' ]+", " ", words.replace("\u2019", "'").lower()).split())


@cache
def _index(phrases: tuple[tuple[Intent, tuple[str, ...]], ...]) -> dict[str, Intent]:
    return {phrase: intent for intent, variants in phrases for phrase in variants}


def understand(
    words: str, context: Context, phrases: Phrases, *, final: bool = True
) -> Match | None:
    """The intent of some words, or None when they are no open command.

    Safety phrases count anywhere in the words, and already while `final` is False (a partial
    result). A negation ("don't stop") wins over the stop inside it, the gravest over the rest.
    Any other phrase must be all that was said.
    """
    said = normal(words)
    for intent in (Intent.DONT_STOP, *GRAVITY):
        for phrase in phrases.get(intent, ()):
            if f" {phrase} " in f" {said} ":
                return Match(intent, phrase)
    if not final:
        return None
    found = _index(tuple(phrases.items())).get(said)
    return Match(found, said) if found is not None and found in OPEN[context] else None
