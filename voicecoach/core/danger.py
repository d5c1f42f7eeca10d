"""The safety protocol, second part: dizziness, emergencies, calls for help, and silence.

Dizziness always ends the session. An emergency is repeated until two different words call it off.
The coach claims to have called nobody; an alert that the person has set up is told when it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voicecoach.core.commands import Intent
from voicecoach.core.table import (
    ADVISE,
    DONT_KNOW,
    HELP,
    NO,
    POSITION,
    UP,
    WAY_OUT,
    WORSE,
    YES,
    Do,
    Fork,
    Halt,
    If,
    Name,
    Nudge,
    Rank,
    asks,
    checked,
    each,
)
from voicecoach.core.units import Ms, seconds

_HERE = (
    *(Intent.UNDERSTOOD, YES, NO, DONT_KNOW, Intent.READY, Intent.CONTINUE, Intent.NEXT),
    *(Intent.SKIP, Intent.REPEAT, Intent.STOP, Intent.DONT_STOP, Intent.CANCEL),
    *(Intent.NEW, Intent.SAME, Intent.BETTER, Intent.WORSE),
)
"""Whatever is said, or any key that is pressed: somebody is there."""

_GRAVE = (Intent.WORSE, Intent.WORSENING, *HELP)
"""What makes of dizziness an emergency."""

DANGER: Mapping[Name, Halt] = {
    # Dizziness: to rest by position, then whether it is worse than dizziness. It ends the session.
    Name.DIZZY: replace(
        asks(
            *("stopped", POSITION, WAY_OUT),
            answers={
                **each(Name.DIZZY_CHECK, YES, Intent.UNDERSTOOD, Intent.CONTINUE, Intent.BETTER),
                **each(Name.DIZZY_CHECK, *WORSE),
                **each(Name.EMERGENCY, *HELP),
                Intent.DONT_STOP: Name.UNSURE,
            },
            nudges=(Nudge(seconds(60), leads=Name.DIZZY_CHECK),),
            rank=Rank.DIZZY,
            finish=Name.DIZZY_CHECK,
            choices=(),
        ),
        chime="stop",
        why="dizzy",
        again=True,
    ),
    Name.DIZZY_CHECK: replace(
        asks(
            "dizzy_check",
            answers={
                NO: Name.DIZZY_EASED,
                **each(Name.EMERGENCY, YES, DONT_KNOW, *WORSE, *HELP),
                Intent.DONT_STOP: Do.ASK,
            },
            nudges=checked("dizzy_check", 10, 10),
            rank=Rank.DIZZY,
            finish=Do.ASK,
        ),
        over=True,
    ),
    Name.DIZZY_EASED: asks(
        "dizzy_eased",
        answers={
            **each(Name.DIZZY_REST, YES, Intent.BETTER),
            **each(Name.DIZZY_STAY, NO, Intent.SAME, DONT_KNOW, Intent.DIZZY),
            **each(Name.EMERGENCY, *_GRAVE),
            Intent.PAIN: Name.DIZZY_CHECK,
        },
        nudges=checked("dizzy_eased", 10, 10),
        rank=Rank.DIZZY,
        finish=Name.DIZZY_STAY,
    ),
    Name.DIZZY_REST: replace(
        asks(
            "dizzy_rest",
            answers=each(Name.DIZZY_CHECK, *WORSE),
            nudges=(Nudge(seconds(120), leads=UP),),
            rank=Rank.STOP,
            finish=Do.FINISH,
            choices=(),
        ),
        advises=True,
    ),
    Name.DIZZY_STAY: asks(
        *("dizzy_stay", "dizzy_call"),
        answers={
            **each(Name.DIZZY_REST, Intent.BETTER),
            **each(Name.EMERGENCY, *_GRAVE),
            Intent.PAIN: Name.DIZZY_CHECK,
        },
        nudges=(Nudge(seconds(60), leads=Name.WATCH),),
        rank=Rank.DIZZY,
        finish=Name.WATCH_END,
        choices=(),
    ),
    Name.WATCH: asks(
        "watch",
        answers={
            **each(Name.DIZZY_REST, Intent.BETTER, YES),
            **each(
                Fork(If.WATCHED, Name.WATCH_END, Name.DIZZY_STAY),
                *(Intent.SAME, NO, DONT_KNOW, Intent.DIZZY),
            ),
            **each(Name.EMERGENCY, *_GRAVE),
            Intent.PAIN: Name.DIZZY_CHECK,
        },
        nudges=checked("watch", 15, 15),
        rank=Rank.DIZZY,
        finish=Name.WATCH_END,
        choices=(Intent.BETTER, Intent.SAME, Intent.WORSE),
    ),
    Name.WATCH_END: replace(
        asks(
            *("watch_end", "dizzy_call"),
            answers={**each(Name.EMERGENCY, *_GRAVE), Intent.PAIN: Name.DIZZY_CHECK},
            nudges=(Nudge(Ms(0), leads=Do.FINISH),),
            rank=Rank.DIZZY,
            finish=Do.FINISH,
            choices=(),
        ),
        advises=True,
    ),
    # Left only by two different words: one that calls it off, one that says "I am safe".
    Name.EMERGENCY: replace(
        asks(
            "emergency",
            answers=each(
                Name.SAFE,
                *(Intent.CANCEL, Intent.CONTINUE, Intent.READY, Intent.FINISH, NO),
            ),
            nudges=(Nudge(seconds(15), leads=Name.EMERGENCY),),
            rank=Rank.EMERGENCY,
            choices=(Intent.CANCEL,),
        ),
        chime="alarm",
        why="emergency",
        alerts=True,
        again=True,
    ),
    Name.SAFE: asks(
        "safe",
        answers={
            YES: Fork(If.OVER, ADVISE, Name.STOPPED),
            **each(Name.EMERGENCY, NO, DONT_KNOW, Intent.FINISH, *HELP, *WORSE),
        },
        nudges=(Nudge(seconds(10), leads=Name.EMERGENCY),),
        rank=Rank.EMERGENCY,
    ),
    Name.HELP_WHICH: asks(
        *(WAY_OUT, "help_which", "help_which_say"),
        answers={
            **each(Name.HELP_PERSON, Intent.PERSON, Intent.HELP),
            Intent.COMMANDS: Name.COMMANDS,
            **each(Do.RESUME, Intent.CONTINUE),
            **each(Name.UNSURE, Intent.CANCEL, Intent.DONT_STOP),
        },
        nudges=(Nudge(seconds(8), "help_call_out"), Nudge(seconds(12), leads=Name.EMERGENCY)),
        rank=Rank.HELP,
        finish=Do.FINISH,
        choices=(Intent.PERSON, Intent.COMMANDS),
    ),
    Name.HELP_PERSON: asks(
        "help_person",
        answers={
            **each(Name.EMERGENCY, YES, DONT_KNOW, *HELP, *WORSE),
            NO: Name.GET_UP_1,
            **each(Name.UNSURE, Intent.CONTINUE, Intent.CANCEL, Intent.DONT_STOP),
        },
        nudges=(Nudge(seconds(8), leads=Name.EMERGENCY),),
        rank=Rank.PERSON,
        finish=Name.UNSURE,
    ),
    # Nobody has answered.
    Name.CHECK_IN: asks(
        "check_in",
        answers=each(Do.RETURN, *_HERE),
        nudges=(Nudge(seconds(15), "help_call_out"), Nudge(seconds(30), leads=Name.EMERGENCY)),
        rank=Rank.STOP,
        choices=(Intent.UNDERSTOOD,),
    ),
    # The end of a session that something has ended.
    **{
        name: replace(
            asks(
                *(WAY_OUT, first, second),
                answers={},
                nudges=(Nudge(Ms(0), leads=UP),),
                rank=Rank.STOP,
                finish=Do.FINISH,
                choices=(),
            ),
            over=True,
            advises=True,
        )
        for name, first, second in (
            (Name.ADVICE, "goodbye_hurt", "goodbye_hurt_advice"),
            (Name.ADVICE_WORSE, "goodbye_hurt", "advice_worse"),
        )
    },
}
