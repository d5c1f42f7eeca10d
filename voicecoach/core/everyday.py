"""The halts of every day: stop and pause, what is asked before and after, what has failed.

A stop and a pause wait for the person's own word; only a loudspeaker that was lost, which nobody
asked to lose, goes on by itself when it is back. What is asked before and after an exercise goes
on without an answer, to a gate that waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from voicecoach.core.commands import Context, Intent
from voicecoach.core.table import (
    DONT_KNOW,
    NO,
    QUESTION,
    WAY_OUT,
    YES,
    Answers,
    Do,
    Halt,
    Leads,
    Name,
    Nudge,
    Rank,
    asks,
    each,
    twice,
)
from voicecoach.core.units import Ms, seconds

SCORES = range(11)
"""From zero to ten."""

CHOICES: Answers = {
    Intent.CONTINUE: Do.RESUME,
    Intent.REPEAT: Do.REPEAT,
    Intent.NEXT: Do.NEXT,
    Intent.SKIP: Do.SKIP,
    Intent.GO_BACK: Do.BACK,
    Intent.FINISH: Do.FINISH,
    Intent.PAUSE: Name.PAUSED,
    Intent.DONT_STOP: Name.UNSURE,
}
_REMIND = (Nudge(seconds(20), "still_here"), Nudge(seconds(40), "staying"))


_asks = partial(asks, rank=Rank.NONE, finish=Do.FINISH)


def _choice(*words: str | Ms, chime: str = "heard", rank: Rank = Rank.NONE) -> Halt:
    return Halt(words, CHOICES, _REMIND, chime, rank=rank)


def scores(name: Name, then: Leads, unanswered: Leads, rank: Rank = Rank.NONE) -> dict[Name, Halt]:
    """From zero to ten, said back: two rows. `unanswered`: where nobody knows, or none answers."""
    said = Name(f"{name}_said")
    return {
        name: Halt(
            (name.value,),
            {
                Intent.NUMBER: said,
                **each(unanswered, DONT_KNOW, Intent.SKIP),
                Intent.REPEAT: Do.ASK,
                Intent.FINISH: Do.FINISH,
            },
            twice("score_again", unanswered),
            context=Context.NUMBER,
            rank=rank,
            numbers=SCORES,
        ),
        said: _asks(
            "score_said",
            answers={YES: then, NO: name, DONT_KNOW: unanswered, Intent.SKIP: unanswered},
            nudges=twice("confirm_again", unanswered),
            rank=rank,
        ),
    }


_GET_UP_STEPS = 6
GETTING_UP = frozenset(Name(f"get_up_{step}") for step in range(1, _GET_UP_STEPS + 1))
"""The person is on the way up: out of any exercise's position."""


def _get_up(step: int) -> Halt:
    this = Name(f"get_up_{step}")
    after: Leads = Name(f"get_up_{step + 1}") if step < _GET_UP_STEPS else Do.FINISH
    onward = (Intent.NEXT, Intent.READY, Intent.CONTINUE, Intent.YES, Intent.UNDERSTOOD)
    return _asks(
        *(("get_up_start",) if step == 1 else ()),
        this.value,
        answers=each(after, *onward),
        # Nobody is hurried up from a floor. In the end the coach says goodbye and is quiet.
        nudges=(Nudge(seconds(60), this.value), Nudge(seconds(240), leads=Do.FINISH)),
        choices=(Intent.NEXT,),
    )


_NOT_TODAY = (NO, Intent.SKIP, Intent.NEXT)

EVERYDAY: Mapping[Name, Halt] = {
    Name.STOPPED: _choice("stopped", "choices", chime="stop", rank=Rank.STOP),
    Name.PAUSED: _choice("paused", WAY_OUT, "say_continue"),
    Name.UNSURE: _choice("unsure", WAY_OUT, "choices", rank=Rank.UNSURE),
    Name.GO_ON: _choice("say_continue"),
    Name.COMMANDS: _choice(
        WAY_OUT, "list_1", "list_2", "list_3", "list_4", "list_5", "say_continue"
    ),
    # What is asked before anything is done: of the last time, and of today.
    Name.LAST_TIME: _asks(
        "last_time",
        "last_time_today",
        answers={
            **each(Do.PROCEED, Intent.BETTER, Intent.SAME),
            **each(Name.SEE_PHYSIO, Intent.WORSE, Intent.WORSENING, Intent.PAIN, DONT_KNOW),
        },
        nudges=twice("last_time_today", Name.GO_ON, patience=45),
        choices=(Intent.BETTER, Intent.SAME, Intent.WORSE),
    ),
    Name.SEE_PHYSIO: Halt(
        ("see_physio",),
        {Intent.FINISH: Do.FINISH},
        (Nudge(Ms(0), leads=Do.FINISH),),
        context=Context.QUESTION,
        why="pain",
        over=True,
        advises=True,
    ),
    Name.WHERE_LEFT: _asks(
        "where_left",
        answers={Intent.CONTINUE: Do.THERE, Intent.START_AGAIN: Do.PROCEED},
        nudges=twice("where_left", Do.PROCEED),
        choices=(Intent.CONTINUE, Intent.START_AGAIN),
    ),
    **scores(Name.SCORE_BEFORE, Do.PROCEED, Do.PROCEED),
    **scores(Name.SCORE_AFTER, Do.PROCEED, Do.PROCEED),
    # Before an exercise that hurt the last time, or the last two times.
    Name.HURT_BEFORE: _asks(
        "hurt_before",
        answers={
            **each(Do.PROCEED, Intent.BETTER, Intent.SAME),
            **each(Do.LEAVE_OUT, Intent.WORSE, DONT_KNOW, *_NOT_TODAY),
            # A pain that is felt now is no answer about the last time: "it hurts" breaks in.
            Intent.WORSENING: Name.DROPPED,
        },
        nudges=twice("hurt_before", Do.LEAVE_OUT),
        choices=(Intent.BETTER, Intent.SAME, Intent.WORSE),
    ),
    Name.LOCKED: _asks(
        "locked",
        "locked_way",
        answers={
            Intent.APPROVED: Do.PROCEED,
            **each(Do.LEAVE_OUT, DONT_KNOW, *_NOT_TODAY),
        },
        nudges=twice("locked_way", Do.LEAVE_OUT),
        choices=(Intent.APPROVED, Intent.NO),
    ),
    # A number that the source does not give is asked for, said back, and never guessed.
    Name.NUMBER: Halt(
        (QUESTION,),
        {
            Intent.NUMBER: Name.CONFIRM,
            Intent.REPEAT: Do.ASK,
            **each(Do.SKIP, Intent.SKIP, DONT_KNOW),
            Intent.FINISH: Do.FINISH,
        },
        (Nudge(seconds(20), "ask_again"), Nudge(seconds(60), "ask_again")),
        context=Context.NUMBER,
    ),
    Name.CONFIRM: _asks(
        QUESTION,
        answers={YES: Do.ACCEPT, NO: Name.NUMBER, Intent.SKIP: Do.SKIP},
        nudges=(Nudge(seconds(12), "confirm_again"), Nudge(seconds(60), leads=Name.NUMBER)),
    ),
    # What has failed.
    Name.MICROPHONE_LOST: Halt(
        ("microphone_lost", WAY_OUT, "microphone_lost_way"),
        CHOICES,
        (Nudge(seconds(20), "microphone_lost_way"), Nudge(seconds(60), "microphone_lost_way")),
    ),
    Name.SPEAKER_LOST: Halt(("speaker_lost",), CHOICES, _REMIND),
    Name.VOICE_LOST: _choice("voice_lost", chime="alarm"),
    # The way up from the floor: the normal end of every session there.
    Name.GET_UP_OFFER: _asks(
        "get_up_offer",
        answers={YES: Name.GET_UP_1, **each(Do.FINISH, NO, Intent.CONTINUE)},
        nudges=(Nudge(seconds(30), leads=Do.FINISH),),
    ),
    **{Name(f"get_up_{step}"): _get_up(step) for step in range(1, _GET_UP_STEPS + 1)},
}

RESUMABLE = GETTING_UP | {
    *(Name.NUMBER, Name.CONFIRM, Name.LAST_TIME, Name.WHERE_LEFT, Name.HURT_BEFORE, Name.LOCKED),
    *(Name.SCORE_BEFORE, Name.SCORE_BEFORE_SAID, Name.SCORE_AFTER, Name.SCORE_AFTER_SAID),
    Name.GET_UP_OFFER,
}
"""Broken off by a stop, these are asked again when the person goes on."""
