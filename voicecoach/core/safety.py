"""Halts: every state in which the coach waits for the person's own word, as one table.

Law: a halt is silent first and speaks second; nothing but the person's own word leads back to
the exercise (a lost loudspeaker, which nobody asked to lose, is the one exception: its return
does); a question nobody answers leads somewhere safe. Wording follows the safety protocol: no
cause, no reassurance, one question at a time.

The whole pain protocol (new or same, scores, red flags) will grow here, as more rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from voicecoach.core.commands import Context, Intent
from voicecoach.core.units import Ms, seconds


class Do(StrEnum):
    """What an answer does when it leads out of the halt."""

    RESUME = "resume"
    REPEAT = "repeat"
    NEXT = "next"
    SKIP = "skip"
    BACK = "back"
    FINISH = "finish"
    ASK = "ask"  # the same question again
    ACCEPT = "accept"  # the number that was proposed


class Name(StrEnum):
    """The halts."""

    STOPPED = "stopped"
    PAUSED = "paused"
    HURT = "hurt"
    UNSURE = "unsure"
    COMMANDS = "commands"
    HELP_WHICH = "help_which"
    HELP_PERSON = "help_person"
    EMERGENCY = "emergency"
    SAFE = "safe"
    MICROPHONE_LOST = "microphone_lost"
    SPEAKER_LOST = "speaker_lost"
    VOICE_LOST = "voice_lost"
    NUMBER = "number"
    CONFIRM = "confirm"
    GET_UP_OFFER = "get_up_offer"
    GET_UP_1 = "get_up_1"
    GET_UP_2 = "get_up_2"
    GET_UP_3 = "get_up_3"
    GET_UP_4 = "get_up_4"
    GET_UP_5 = "get_up_5"
    GET_UP_6 = "get_up_6"


QUESTION = "*question*"
"""In a row's words: the question for a number, or the number said back."""

WAY_OUT = "*way out*"
"""In a row's words: the sentences that lead out of the position the person is in."""

Leads = Name | Do


@dataclass(frozen=True, slots=True)
class Nudge:
    """What happens when nobody answers for that long after the coach fell silent."""

    after: Ms
    say: str = ""  # a sentence, by name
    leads: Leads | None = None


@dataclass(frozen=True, slots=True)
class Halt:
    """One row of the table."""

    words: tuple[str | Ms, ...]  # sentences by name; a number is silence, in ms
    answers: Mapping[Intent, Leads]
    nudges: tuple[Nudge, ...]
    chime: str = "heard"
    context: Context = Context.HALTED
    rank: int = 0  # a safety word never leads to a row of lower rank: help outranks stop


_CHOICES: Mapping[Intent, Leads] = {
    Intent.CONTINUE: Do.RESUME,
    Intent.REPEAT: Do.REPEAT,
    Intent.NEXT: Do.NEXT,
    Intent.SKIP: Do.SKIP,
    Intent.GO_BACK: Do.BACK,
    Intent.FINISH: Do.FINISH,
}
_REMIND = (Nudge(seconds(20), "still_here"), Nudge(seconds(40), "staying"))


def _choice(*words: str | Ms, chime: str = "heard", rank: int = 0) -> Halt:
    return Halt(words, _CHOICES, _REMIND, chime, rank=rank)


def _question(
    *words: str | Ms, answers: Mapping[Intent, Leads], nudges: tuple[Nudge, ...], rank: int = 0
) -> Halt:
    answers = {Intent.FINISH: Do.FINISH, Intent.REPEAT: Do.ASK, **answers}
    return Halt(words, answers, nudges, context=Context.QUESTION, rank=rank)


_GET_UP_STEPS = 6
GETTING_UP = frozenset(Name(f"get_up_{step}") for step in range(1, _GET_UP_STEPS + 1))
"""The person is on the way up: out of any exercise's position."""

QUESTIONS = GETTING_UP | {Name.NUMBER, Name.CONFIRM}
"""Broken off by a stop, these are asked again when the person goes on."""

PAINFUL = frozenset({Name.HURT, Name.EMERGENCY})
"""An end from here, before the person has gone on, is an end for pain."""


def _get_up(step: int) -> Halt:
    this = Name(f"get_up_{step}")
    after: Leads = Name(f"get_up_{step + 1}") if step < _GET_UP_STEPS else Do.FINISH
    going = dict.fromkeys((Intent.NEXT, Intent.READY, Intent.CONTINUE, Intent.YES), after)
    return _question(
        *(("get_up_start",) if step == 1 else ()),
        this.value,
        answers=going,
        # Nobody is hurried up from a floor. In the end the coach says goodbye and is quiet.
        nudges=(Nudge(seconds(60), this.value), Nudge(seconds(240), leads=Do.FINISH)),
    )


_HURT_YES = dict.fromkeys((Intent.YES, Intent.PAIN, Intent.HELP), Name.EMERGENCY)

HALTS: Mapping[Name, Halt] = {
    Name.STOPPED: _choice("stopped", "choices", chime="stop", rank=2),
    Name.PAUSED: _choice("paused", WAY_OUT, "say_continue"),
    Name.HURT: _choice("stopped", WAY_OUT, seconds(8), "choices", chime="stop", rank=3),
    Name.UNSURE: _choice("unsure", WAY_OUT, "choices", rank=1),
    Name.COMMANDS: _choice(
        WAY_OUT, "list_1", "list_2", "list_3", "list_4", "list_5", "say_continue"
    ),
    Name.HELP_WHICH: _question(
        *(WAY_OUT, "help_which", "help_which_say"),
        answers={
            Intent.PERSON: Name.HELP_PERSON,
            Intent.HELP: Name.HELP_PERSON,
            Intent.COMMANDS: Name.COMMANDS,
            Intent.CONTINUE: Do.RESUME,
        },
        nudges=(Nudge(seconds(8), "help_call_out"), Nudge(seconds(12), leads=Name.EMERGENCY)),
        rank=4,
    ),
    Name.HELP_PERSON: _question(
        "help_person",
        answers={**_HURT_YES, Intent.NO: Name.GET_UP_1},
        nudges=(Nudge(seconds(8), leads=Name.EMERGENCY),),
        rank=5,
    ),
    # Left only by two different words: one that says "go on", one that says "I am safe".
    Name.EMERGENCY: _question(
        "emergency",
        answers={
            **dict.fromkeys((Intent.CONTINUE, Intent.READY, Intent.FINISH, Intent.NO), Name.SAFE),
        },
        nudges=(Nudge(seconds(15), leads=Name.EMERGENCY),),
        rank=6,
    ),
    Name.SAFE: _question(
        "safe",
        answers={
            Intent.YES: Name.STOPPED,
            **dict.fromkeys((Intent.NO, Intent.FINISH, Intent.HELP, Intent.PAIN), Name.EMERGENCY),
        },
        nudges=(Nudge(seconds(10), leads=Name.EMERGENCY),),
        rank=6,
    ),
    Name.MICROPHONE_LOST: Halt(
        ("microphone_lost", WAY_OUT, "microphone_lost_way"),
        {**_CHOICES, Intent.PAUSE: Name.PAUSED},
        (Nudge(seconds(20), "microphone_lost_way"), Nudge(seconds(60), "microphone_lost_way")),
    ),
    Name.SPEAKER_LOST: Halt(("speaker_lost",), {**_CHOICES, Intent.PAUSE: Name.PAUSED}, _REMIND),
    Name.VOICE_LOST: _choice("voice_lost", chime="alarm"),
    # A number that the source does not give is asked for, said back, and never guessed.
    Name.NUMBER: Halt(
        (QUESTION,),
        {
            Intent.NUMBER: Name.CONFIRM,
            Intent.REPEAT: Do.ASK,
            Intent.SKIP: Do.SKIP,
            Intent.FINISH: Do.FINISH,
        },
        (Nudge(seconds(20), "ask_again"), Nudge(seconds(60), "ask_again")),
        context=Context.NUMBER,
    ),
    Name.CONFIRM: _question(
        QUESTION,
        answers={Intent.YES: Do.ACCEPT, Intent.NO: Name.NUMBER, Intent.SKIP: Do.SKIP},
        nudges=(Nudge(seconds(12), "confirm_again"), Nudge(seconds(60), leads=Name.NUMBER)),
    ),
    Name.GET_UP_OFFER: _question(
        "get_up_offer",
        answers={Intent.YES: Name.GET_UP_1, Intent.NO: Do.FINISH, Intent.CONTINUE: Do.FINISH},
        nudges=(Nudge(seconds(30), leads=Do.FINISH),),
    ),
    **{Name(f"get_up_{step}"): _get_up(step) for step in range(1, _GET_UP_STEPS + 1)},
}

SAFETY_HALTS: Mapping[Intent, Name] = {
    Intent.STOP: Name.STOPPED,
    Intent.PAIN: Name.HURT,
    Intent.HELP: Name.HELP_WHICH,
    Intent.DONT_STOP: Name.UNSURE,
}
"""Where each safety word leads, from anywhere. Silence comes before any of them."""
