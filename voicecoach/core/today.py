"""What has happened today, and where that leads: the reading side of the halts' table.

Pure bookkeeping on the state: no row is entered here and nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from voicecoach.core.actions import Action, Alert, Note
from voicecoach.core.commands import Context, Intent
from voicecoach.core.everyday import GETTING_UP, RESUMABLE
from voicecoach.core.pain import FLAGS
from voicecoach.core.routine import Exercise, PainRule
from voicecoach.core.safety import HALTS
from voicecoach.core.state import Phase, State, Today
from voicecoach.core.table import Do, Fork, If, Leads, Name, Rank

TWICE = 2
"""So often a session is the strength of pain asked for; and so many pains end it."""

WATCHES = 5
"""So often a person is asked whether the dizziness passes."""

_MILD, _MODERATE, _RISE = 3, 5, 2
"""Scores, and how far above the one before the session (Silbernagel 2007, Achilles tendons)."""

_SCORES = frozenset({Name.SCORE_BEFORE, Name.SCORE_WITHIN, Name.SCORE_AFTER})


def coming(state: State) -> Exercise | None:
    """The next exercise that is not left out today."""
    later = state.wording.routine.exercises[state.segment.place.exercise :]
    return next((one for one in later if one.id not in state.today.left_out), None)


def before(state: State) -> int:
    """The number of the exercise before this one that is not left out today, or 0."""
    earlier = state.wording.routine.exercises[: max(state.segment.place.exercise - 1, 0)]
    kept = (n for n, one in enumerate(earlier, 1) if one.id not in state.today.left_out)
    return max(kept, default=0)


# -- where a way leads ----------------------------------------------------------------------------


def _monitored(state: State) -> bool:
    scored = state.today.scored
    free = Name.SCORE_WITHIN not in scored and len(scored) < TWICE
    rule = state.wording.routine.pain_rule
    allowed = rule is PainRule.MONITOR and _exercising(state)
    return allowed and free and state.today.events < TWICE


def _exercising(state: State) -> bool:
    doing = state.segment.exercise is not None and state.origin is None
    return doing and not state.today.over


def _mild(state: State) -> bool:
    first = state.today.before
    return state.proposed <= _MILD and (first is None or state.proposed <= first)


def _moderate(state: State) -> bool:
    first = state.today.before
    return state.proposed <= _MODERATE and (first is None or state.proposed <= first + _RISE)


GUARDS: Mapping[If, Callable[[State], bool]] = {
    If.MONITORED: _monitored,
    If.EXERCISING: _exercising,
    If.SECOND: lambda state: state.today.events >= TWICE,
    If.MORE: lambda state: coming(state) is not None,
    If.MILD: _mild,
    If.MODERATE: _moderate,
    If.ASKED: lambda state: state.today.flags >= FLAGS,
    If.GOT_WORSE: lambda state: state.today.worse,
    If.ON_FLOOR: lambda state: state.body.on_floor,
    If.OVER: lambda state: state.today.over,
    If.WATCHED: lambda state: state.today.watches >= WATCHES,
}


_ONWARD = frozenset(
    {
        *(Do.RESUME, Do.SMALLER, Do.REPEAT, Do.NEXT, Do.SKIP, Do.BACK),
        *(Do.LEAVE_OUT, Do.PROCEED, Do.THERE),
    }
)


def way(state: State, lead: Leads) -> Name | Do:
    """Where a way leads now. A session that is over goes on only with its own questions."""
    while isinstance(lead, Fork):
        lead = lead.then if GUARDS[lead.when](state) else lead.other
    asking = lead is Do.RESUME and state.origin is not None
    return Do.FINISH if state.today.over and lead in _ONWARD and not asking else lead


# -- what is kept of it ---------------------------------------------------------------------------


def entered(state: State, name: Name) -> tuple[State, tuple[Action, ...]]:
    """What entering a row changes, and what is to be done and noted about it."""
    halt, place = HALTS[name], state.segment.place
    again = state.phase is Phase.HALTED and state.halt is name
    today = state.today if again else _counted(state.today, name)
    exercise = state.segment.exercise
    actions: list[Action] = []
    if halt.drops and exercise is not None and exercise.id not in today.left_out:
        today = replace(today, left_out=today.left_out | {exercise.id})
        actions.append(Note("dropped", place, "hurt"))
    if halt.alerts and state.wording.circumstances.alerts and not today.alerted:
        today = replace(today, alerted=True)
        actions.append(Alert())
    broken_off = state.phase is Phase.HALTED and state.halt in RESUMABLE and name not in RESUMABLE
    state = replace(
        state,
        today=today,
        why=halt.why or state.why,
        origin=state.halt if broken_off else state.origin,
        unanswered=state.halt if name is Name.CHECK_IN and not again else state.unanswered,
        in_position=state.in_position and name not in GETTING_UP,
    )
    return state, (*actions, Note("halted", place, name.value))


def _counted(today: Today, name: Name) -> Today:
    halt = HALTS[name]
    return replace(
        today,
        flags=max(today.flags, int(name[-1])) if name.startswith("flag_") else today.flags,
        watches=today.watches + (name is Name.WATCH),
        scored=today.scored | (_SCORES & {name}),
        over=today.over or halt.over,
        advised=today.advised or halt.advises,
    )


def answered(state: State, intent: Intent) -> tuple[State, tuple[Action, ...]]:
    """What an answer to the open question tells about today."""
    halt, name, place = HALTS[state.halt], state.halt, state.segment.place
    if halt.context is Context.HALTED:
        return state, ()
    today = state.today
    notes: list[Action] = [Note("answer", place, f"{name} {intent}")]
    if intent in halt.confirms:
        today = replace(today, events=today.events + 1)
        notes.append(Note("hurt", place, state.why, state.held))
    if intent in {Intent.WORSE, Intent.WORSENING} and halt.rank >= Rank.PAIN:
        today = replace(today, worse=True)
    if intent is Intent.APPROVED:
        notes.append(Note("approved", place))
    when = name.removeprefix("score_").removesuffix("_said")
    if name in _SCORES and intent is Intent.DONT_KNOW:
        notes.append(Note("score", place, f"{when} unknown"))
    if name.endswith("_said") and intent is Intent.YES:
        notes.append(Note("score", place, f"{when} {state.proposed}"))
        first = name is Name.SCORE_BEFORE_SAID
        today = replace(today, before=state.proposed if first else today.before)
    if name is Name.SAFE and intent is Intent.YES:
        today = replace(today, alerted=False)
    return replace(state, today=today), tuple(notes)
