"""The safety protocol, first part: pain, nerve signs, and what must be seen by a doctor at once.

New or same; strict, or measured where the person's own clinician has allowed for it; rest, and
whether it eases. The second one ends the session, after a safety check of at most five questions.
A nerve sign is never gone on with in a smaller movement, not even where a text would allow it:
whether it has gone completely is more than one answer can tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voicecoach.core.commands import Intent
from voicecoach.core.everyday import scores
from voicecoach.core.table import (
    ADVISE,
    DONT_KNOW,
    HELP,
    NO,
    UP,
    WAY_OUT,
    WORSE,
    YES,
    Do,
    Fork,
    Halt,
    If,
    Leads,
    Name,
    Nudge,
    Rank,
    asks,
    checked,
    each,
)
from voicecoach.core.units import seconds

RESCUE = seconds(8)
"""To get out of a position before anything is asked."""

FLAGS = 5
"""The questions of the safety check."""

_CHECK = Fork(If.ASKED, ADVISE, Do.FLAG)
_DROP = Fork(If.EXERCISING, Name.DROPPED, Name.RESTED)
_SPARE = Fork(If.SECOND, _CHECK, Fork(If.EXERCISING, Do.LEAVE_OUT, Name.RESTED))


def _after(easing: Leads) -> Leads:
    """Where it goes on when it eases: never on after the second pain, nor without another one."""
    on = Fork(If.EXERCISING, Fork(If.MORE, easing, ADVISE), Name.GO_ON)
    return Fork(If.SECOND, _CHECK, on)


def _flag(number: int) -> tuple[Name, Halt]:
    """One question of the safety check; none is asked in two events of one session."""
    name = Name(f"flag_{number}")
    return name, asks(
        *(("flags_intro", "flags_keys") if number == 1 else ()),
        name.value,
        answers={
            **each(Name.URGENT, YES, DONT_KNOW, Intent.NERVE),
            NO: _CHECK,
            **each(Do.ASK, Intent.PAIN, Intent.WORSENING),
        },
        nudges=checked(name.value),
        rank=Rank.NERVE,
    )


PAIN: Mapping[Name, Halt] = {
    # Pain: out of the position, then new or same.
    Name.HURT: replace(
        asks(
            *("stopped", WAY_OUT, RESCUE, "pain_new"),
            answers={
                Intent.SAME: Fork(If.MONITORED, Name.SCORE_WITHIN, _DROP),
                **each(_DROP, Intent.NEW, DONT_KNOW, Intent.WORSE, Intent.WORSENING),
                **each(_SPARE, Intent.SKIP, Intent.NEXT),
                Intent.CONTINUE: Do.RESUME,
                Intent.DONT_STOP: Name.UNSURE,
            },
            nudges=checked("pain_new"),
            choices=(Intent.NEW, Intent.SAME, DONT_KNOW),
        ),
        chime="stop",
        why="pain",
        again=True,
        confirms=frozenset(
            {
                *(Intent.NEW, Intent.SAME, DONT_KNOW, Intent.WORSE, Intent.WORSENING),
                *(Intent.SKIP, Intent.NEXT, Intent.FINISH),
            }
        ),
    ),
    # Only where the person's own clinician has allowed for it. The levels, 0-3 and up to 5, were
    # studied in pain of the Achilles tendon, not of the spine.
    **scores(
        Name.SCORE_WITHIN,
        Fork(If.MILD, Name.MILD, Fork(If.MODERATE, Name.MODERATE, _DROP)),
        _DROP,
        rank=Rank.PAIN,
    ),
    **{
        name: asks(
            name.value,
            answers={
                **({Intent.CONTINUE: Do.RESUME} if name is Name.MILD else {}),
                Intent.SMALLER: Do.SMALLER,
                **each(_SPARE, Intent.SKIP, Intent.NEXT),
                **each(_DROP, *WORSE),
            },
            nudges=checked(name.value),
            choices=(Intent.CONTINUE, Intent.SMALLER, Intent.SKIP)
            if name is Name.MILD
            else (Intent.SMALLER, Intent.SKIP),
        )
        for name in (Name.MILD, Name.MODERATE)
    },
    **{
        name: replace(
            asks(
                *words,
                answers={
                    **each(
                        Name.EASED,
                        *(YES, Intent.BETTER, Intent.NEXT, Intent.CONTINUE, Intent.SKIP),
                        *(Intent.READY, Intent.UNDERSTOOD),
                    ),
                    **each(_CHECK, NO, *WORSE),
                },
                nudges=(Nudge(seconds(60), leads=Name.EASED),),
                choices=(),
            ),
            drops=name is Name.DROPPED,
        )
        for name, words in (
            (Name.DROPPED, ("dropped", "rest_moment")),
            (Name.RESTED, ("rest_moment",)),
        )
    },
    Name.EASED: asks(
        "eased",
        answers={
            **each(_after(Name.OFFER_NEXT), YES, Intent.BETTER),
            **each(_CHECK, NO, Intent.SAME, DONT_KNOW, *WORSE),
        },
        nudges=checked("eased", 15, 15),
        choices=(YES, NO, Intent.WORSE),
    ),
    Name.OFFER_NEXT: asks(
        *("offer_next", "offer_next_which"),
        answers={
            **each(Do.NEXT, Intent.NEXT, Intent.CONTINUE, Intent.READY),
            **each(ADVISE, NO),
            **each(_CHECK, *WORSE, Intent.NERVE),
        },
        nudges=(Nudge(seconds(30), leads=ADVISE),),
        choices=(Intent.NEXT, Intent.FINISH),
    ),
    # Pins and needles, numb: half a minute out of the position, then whether they go.
    Name.NERVE: replace(
        asks(
            *("stopped", WAY_OUT, "rest_moment"),
            answers={
                **each(Name.NERVE_GONE, YES, NO, Intent.BETTER, Intent.SAME, *WORSE),
                Intent.CONTINUE: Do.RESUME,
                Intent.DONT_STOP: Name.UNSURE,
            },
            nudges=(Nudge(seconds(30), leads=Name.NERVE_GONE),),
            rank=Rank.NERVE,
            choices=(),
        ),
        chime="stop",
        why="nerve",
        again=True,
        confirms=frozenset({Intent.FINISH}),
    ),
    Name.NERVE_GONE: replace(
        asks(
            "nerve_gone",
            answers={
                **each(_after(Name.NERVE_DROPPED), YES, Intent.BETTER),
                **each(_CHECK, NO, Intent.SAME, DONT_KNOW, Intent.NERVE, *WORSE),
            },
            nudges=checked("nerve_gone"),
            rank=Rank.NERVE,
            choices=(YES, NO, Intent.WORSE),
        ),
        confirms=frozenset(
            {
                *(YES, NO, Intent.BETTER, Intent.SAME, DONT_KNOW, Intent.NERVE, *WORSE),
                Intent.FINISH,
            }
        ),
    ),
    Name.NERVE_DROPPED: replace(
        asks(
            *("nerve_dropped", "nerve_which"),
            answers={
                **each(Do.NEXT, Intent.NEXT, Intent.CONTINUE, Intent.READY),
                **each(ADVISE, NO),
                **each(_CHECK, *WORSE, Intent.NERVE),
            },
            nudges=(Nudge(seconds(30), leads=ADVISE),),
            rank=Rank.NERVE,
            choices=(Intent.NEXT, Intent.FINISH),
        ),
        drops=True,
    ),
    **dict(_flag(number) for number in range(1, FLAGS + 1)),
    Name.URGENT: replace(
        asks(
            *("urgent", "urgent_where"),
            answers={
                **each(UP, Intent.UNDERSTOOD, YES, Intent.CONTINUE, Intent.STOP),
                **each(Name.EMERGENCY, *HELP),
            },
            nudges=(Nudge(seconds(30), leads=Name.URGENT),),
            rank=Rank.PERSON,
            finish=UP,
            choices=(Intent.UNDERSTOOD,),
        ),
        chime="alarm",
        over=True,
        advises=True,
    ),
}
