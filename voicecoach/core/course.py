"""The course of a session around its exercises: what is asked before, between and after them.

Law: what is remembered of the last time is asked before it comes, and whoever does not answer is
spared the exercise, not the question.
"""

from __future__ import annotations

from dataclasses import replace

from voicecoach.core.actions import Note
from voicecoach.core.halted import left, way_out
from voicecoach.core.moves import end, enter, perform, resume, silenced
from voicecoach.core.plan import Role, find, start_of
from voicecoach.core.state import Result, State
from voicecoach.core.table import Name
from voicecoach.core.today import TWICE
from voicecoach.core.wording import exercise_of


def started(state: State) -> Result:
    """The opening; or first what must be asked about the last time."""
    if not state.wording.circumstances.anybody:
        return perform(state, 0)
    if state.memory.ended is None:
        return _where_left(state, greeting=True)
    greeting = state.wording.greeting()
    return enter(replace(state, greeted=True), Name.LAST_TIME, prefix=greeting)


def _where_left(state: State, *, greeting: bool = False) -> Result:
    if left(state) is None:
        return perform(state, 0)
    prefix = state.wording.greeting() if greeting else ()
    return enter(replace(state, greeted=True), Name.WHERE_LEFT, prefix=prefix)


def there(state: State) -> Result:
    """On where the last session was left: by the way to its position, and its start."""
    return silenced(perform(replace(state, goal=left(state)), 0))


def proceed(state: State) -> Result:
    """On to what was to come before the coach asked."""
    match state.halt:
        case Name.LAST_TIME:
            ended = state.memory.ended
            asked = {ended.exercise} if ended else set()
            today = replace(state.today, asked=state.today.asked | asked)
            return silenced(_where_left(replace(state, today=today)))
        case Name.WHERE_LEFT:
            return silenced(perform(state, 0))
        case Name.SCORE_AFTER | Name.SCORE_AFTER_SAID:
            return silenced(close(state))
        case Name.HURT_BEFORE | Name.LOCKED:
            asked = {exercise_of(state.segment).id}
            today = replace(state.today, asked=state.today.asked | asked)
            return silenced(perform(replace(state, today=today), state.index))
        case _:
            return silenced(first(state))


def opened(state: State) -> Result:
    """The opening is over."""
    scores = state.wording.circumstances.scores and state.wording.circumstances.anybody
    if scores and Name.SCORE_BEFORE not in state.today.scored:
        return enter(state, Name.SCORE_BEFORE)
    return first(state)


def first(state: State) -> Result:
    """The exercise to begin with."""
    number = state.goal.exercise if state.goal else 1
    return perform(state, start_of(state.wording.segments, number))


def begun(state: State) -> Result:
    """The time to get ready is over: to the first rep, or to the one that was to come."""
    goal = state.goal
    if goal is None or goal.exercise != state.segment.place.exercise:
        return perform(state, state.index + 1)
    index = find(state.wording.segments, replace(state.segment, role=Role.REP, place=goal))
    there = state.wording.segments[index].role is Role.REP
    state = replace(state, goal=None)
    return perform(state, index if there else state.index + 1, full=True)


def closed(state: State) -> Result:
    """The last exercise is over."""
    now = state.wording.circumstances
    if now.scores and now.anybody and len(state.today.scored) < TWICE:
        return enter(state, Name.SCORE_AFTER)
    return close(state)


def close(state: State) -> Result:
    """Offers the way up from the floor; where nobody can answer, just says goodbye."""
    if state.body.on_floor and state.wording.circumstances.anybody:
        return enter(state, Name.GET_UP_OFFER)
    return end(state)


def leave_out(state: State) -> Result:
    """Leaves this exercise out for today; on to the next, by the way out of the position."""
    exercise, place = exercise_of(state.segment), state.segment.place
    why = {Name.HURT_BEFORE: "remembered", Name.LOCKED: "locked"}.get(state.halt, "hurt")
    today = replace(state.today, left_out=state.today.left_out | {exercise.id})
    said = state.wording.sentence("left_out_today", name=exercise.name)
    index = start_of(state.wording.segments, place.exercise + 1)
    result = perform(
        replace(state, today=today),
        index,
        prefix=(*said, *way_out(state)),
        leads_out=state.in_position,
    )
    return silenced(result, Note("dropped", place, why))


def smaller(state: State) -> Result:
    """Goes on, with less of the movement."""
    return silenced(resume(state, prefix=state.wording.sentence("smaller")))
