"""The moves that all transitions of a session are made of: freeze, speak, perform, halt, resume.

Each takes a state and gives a new one with the actions that bring it about.
"""

from __future__ import annotations

from dataclasses import replace

from voicecoach.core.actions import (
    Action,
    Interject,
    Listen,
    Note,
    Outcome,
    Perform,
    Silence,
    When,
)
from voicecoach.core.everyday import GETTING_UP
from voicecoach.core.halted import halted, way_out
from voicecoach.core.plan import GATES, Role, start_of
from voicecoach.core.profile import in_order
from voicecoach.core.routine import Exercise
from voicecoach.core.safety import HALTS
from voicecoach.core.score import Chime, Say, Script
from voicecoach.core.state import Part, Phase, Result, State
from voicecoach.core.table import WAY_OUT, Name
from voicecoach.core.today import entered
from voicecoach.core.units import RATE, Ms
from voicecoach.core.wording import Wording, exercise_of


def freeze(state: State, at: Ms) -> State:
    """Stops the hold's clock: what has been held so far is kept, to the millisecond."""
    running = state.phase is Phase.COACHING and state.part is Part.DURING
    if not running or state.segment.role is not Role.REP:
        return state
    held = min(Ms(state.held + max(at - state.began, 0)), state.segment.length)
    return replace(state, held=Ms(held), part=Part.BEFORE)


def enter(state: State, name: Name, *, prefix: Script = (), leads_out: bool = False) -> Result:
    """Into a row of the halts' table, or into it again."""
    halt = HALTS[name]
    first = halt.words[0]
    stopped = state.phase is Phase.HALTED and HALTS[state.halt].words[0] == first == "stopped"
    state, actions = entered(state, name)
    leads_out = leads_out or (state.in_position and WAY_OUT in halt.words)
    words = (*prefix, *halted(state, name, again=stopped))
    state = replace(state, phase=Phase.HALTED, halt=name, nudge=0)
    return prefixed((Listen(state.context), *actions), speak(state, words, leads_out=leads_out))


def resume(state: State, prefix: Script = ()) -> Result:
    """Goes on where it was broken off: the rest of the hold, or the segment anew."""
    segment, done = state.segment, state.part is Part.AFTER
    if state.origin is not None:
        why = state.why if state.today.over else ""
        return enter(replace(state, origin=None, why=why), state.origin, prefix=prefix)
    if segment.role in GATES and done:
        ask = (*prefix, *state.wording.ask_ready(), Chime("ready"))
        state, actions = speak(replace(state, phase=Phase.WAITING, nudge=0, why=""), ask)
        return state, (Listen(state.context), *actions)
    if segment.role is Role.REP and done and state.in_position:
        return start(state, (*prefix, *state.wording.let_go(segment)))
    if segment.role is Role.REP and done:
        return perform(state, state.index + 1, prefix=prefix)
    if segment.role is Role.REP and state.held:
        return start(state, (*prefix, *state.wording.resumed(segment, state.held)))
    return perform(state, state.index, prefix=prefix)


def perform(
    state: State, index: int, *, full: bool = False, prefix: Script = (), leads_out: bool = False
) -> Result:
    """A segment from its start; a move to where the body is already is passed over."""
    index = min(index, len(state.wording.segments) - 1)
    state = replace(state, index=index, part=Part.BEFORE, held=Ms(0))
    segment, exercise = state.segment, state.segment.exercise
    if segment.role is Role.MOVE:
        barred = _barred(state, exercise_of(segment), prefix, leads_out=leads_out)
        if barred is not None:
            return barred
    if exercise is not None and exercise.dose.asked:
        return _ask(state, prefix, leads_out=leads_out)
    if segment.role is Role.MOVE:
        if exercise is None or exercise.position is state.body:
            return perform(state, index + 1, full=full, prefix=prefix, leads_out=leads_out)
        segment = replace(segment, start=state.body)
    elif exercise is not None:
        state = replace(state, body=exercise.position)
    segment = replace(segment, full=segment.full or full)
    words = state.wording.segment(segment)
    if segment.role is Role.OPENING and state.greeted:
        words = state.wording.contents()
    return start(state, (*prefix, *words), leads_out=leads_out)


def _barred(state: State, exercise: Exercise, prefix: Script, *, leads_out: bool) -> Result | None:
    """What stands before an exercise today: it is left out, or it hurt the last time."""
    if exercise.id in state.today.left_out:
        return _pass_over(state, exercise, prefix, leads_out=leads_out)
    if exercise.id in state.today.asked:
        return None
    name = Name.LOCKED if exercise.id in state.memory.locked else Name.HURT_BEFORE
    if exercise.id not in state.memory.locked | state.memory.hurt:
        return None
    if state.wording.circumstances.anybody:
        return enter(state, name, prefix=prefix, leads_out=leads_out)
    return _pass_over(state, exercise, prefix, leads_out=leads_out)


def _pass_over(state: State, exercise: Exercise, prefix: Script, *, leads_out: bool) -> Result:
    words = (*prefix, *state.wording.sentence("left_out_today", name=exercise.name))
    after = start_of(state.wording.segments, state.segment.place.exercise + 1)
    return perform(state, after, prefix=words, leads_out=leads_out)


def _ask(state: State, prefix: Script, *, leads_out: bool) -> Result:
    """For the first number that is missing; where nobody can answer, the exercise is left out."""
    exercise = exercise_of(state.segment)
    if state.wording.circumstances.anybody:
        asking = replace(state, asking=in_order(exercise.dose)[0])
        return enter(asking, Name.NUMBER, prefix=prefix, leads_out=leads_out)
    words = state.wording.sentence("ask_nobody", name=exercise.name)
    after = start_of(state.wording.segments, state.segment.place.exercise + 1)
    return perform(state, after, prefix=(*prefix, *words), leads_out=leads_out)


def start(state: State, script: Script, *, leads_out: bool = False) -> Result:
    """Coaching goes on with this script."""
    if not (state.in_position or leads_out):
        state, script = replace(state, untold=()), (*untold(state), *script)
    moving = state.in_position or state.segment.role is Role.REP
    state = replace(state, phase=Phase.COACHING, nudge=0, why="", origin=None, in_position=moving)
    state, actions = speak(state, script, leads_out=leads_out)
    return state, (Listen(state.context), *actions)


def leave(state: State, exercise: int, sentence: str, wording: Wording | None = None) -> Result:
    """Out of the position first, then on to an exercise; `wording` may bring another form of it."""
    note = Note(sentence, state.segment.place)
    prefix = (*state.wording.sentence(sentence), *way_out(state))
    state = replace(state, wording=wording or state.wording)
    index = start_of(state.wording.segments, exercise)
    result = perform(state, index, prefix=prefix, leads_out=state.in_position)
    return silenced(prefixed((note,), result))


def end(state: State) -> Result:
    """Says goodbye; after pain with the advice that belongs to it, and as an end for pain."""
    words = [item for name in _goodbye(state) for item in state.wording.sentence(name)]
    done = state.segment.role is Role.CLOSING
    note = Note("finished" if done else "unfinished", state.segment.place, state.why)
    outcome = Outcome.PAIN if state.hurt else state.outcome
    ending = replace(state, phase=Phase.ENDING, outcome=outcome)
    leads_out = state.in_position
    return prefixed((note,), speak(ending, (*way_out(state), *words), leads_out=leads_out))


def _goodbye(state: State) -> tuple[str, ...]:
    if state.today.advised:
        return ("goodbye_short",)
    if state.hurt:
        advice = "advice_worse" if state.today.worse else "goodbye_hurt_advice"
        return ("goodbye_hurt", advice)
    up = state.phase is Phase.HALTED and state.halt in GETTING_UP
    lying = state.body.on_floor and not up
    return ("slowly_up", "goodbye") if lying else ("goodbye",)


def speak(state: State, script: Script, *, leads_out: bool = False) -> Result:
    """A new performance; whatever belonged to the one before is stale from here on."""
    number = state.performance + 1
    action = Perform(number, _unhurried(script, state.rate), state.rate, state.segment.place)
    state = replace(state, performance=number, leading_out=leads_out, speaking=True)
    return state, (action,)


def untold(state: State) -> Script:
    """What was noticed about the sound and is still to be said: never into a hold."""
    told = (f"noticed_{what}" for what in state.untold)
    return tuple(item for name in told for item in state.wording.sentence(name))


def _unhurried(script: Script, rate: int) -> Script:
    """Who wants to hear more slowly gets more time to move, too; spans are never touched."""
    return tuple(
        replace(item, then=Ms(item.then * RATE // rate)) if isinstance(item, Say) else item
        for item in script
    )


def answer(state: State, script: Script) -> Result:
    """Says something, and goes on with what was going on.

    A sentence that it breaks into is said again after it; inside a hold or a rest it is said over
    the counts, and the clock goes on; the way out of a position comes before any answer.
    """
    match state.phase:
        case Phase.HALTED:
            return silenced(enter(state, state.halt, prefix=script))
        case Phase.WAITING:
            return silenced(speak(state, script))
        case Phase.COACHING:
            return state, (say_into(state, script),)
        case _:
            return state, ()


def say_into(state: State, script: Script) -> Interject:
    """The action that says something without losing the thread, or a second of a hold."""
    when = {Part.BEFORE: When.NOW, Part.DURING: When.OVER, Part.AFTER: When.LAST}[state.part]
    return Interject(state.performance, script, state.rate, when)


def silenced(result: Result, *notes: Action) -> Result:
    """The same, with silence first, and only there."""
    state, actions = result
    rest = (action for action in actions if not isinstance(action, Silence))
    return state, (Silence(), *notes, *rest)


def prefixed(actions: tuple[Action, ...], result: Result) -> Result:
    """The same, with these actions first."""
    return result[0], (*actions, *result[1])
