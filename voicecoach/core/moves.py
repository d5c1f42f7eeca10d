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
from voicecoach.core.answers import proposal, question
from voicecoach.core.plan import GATES, Role, start_of
from voicecoach.core.profile import in_order
from voicecoach.core.safety import GETTING_UP, HALTS, PAINFUL, QUESTION, WAY_OUT, Name
from voicecoach.core.score import Chime, Say, Script
from voicecoach.core.state import Part, Phase, Result, State
from voicecoach.core.units import RATE, Ms
from voicecoach.core.wording import Wording, exercise_of


def freeze(state: State, at: Ms) -> State:
    """Stops the hold's clock: what has been held so far is kept, to the millisecond."""
    running = state.phase is Phase.COACHING and state.part is Part.DURING
    if not running or state.segment.role is not Role.REP:
        return state
    held = min(Ms(state.held + max(at - state.began, 0)), state.segment.length)
    return replace(state, held=Ms(held), part=Part.BEFORE)


def way_out(state: State) -> Script:
    """What leads the person out of where she may be; nothing where she has been led out."""
    return state.wording.way_out(state.segment) if state.in_position else ()


def enter(state: State, name: Name, *, prefix: Script = ()) -> Result:
    """Into a row of the halts' table, or into it again."""
    halt = HALTS[name]
    first = halt.words[0]
    stopped = state.phase is Phase.HALTED and HALTS[state.halt].words[0] == first == "stopped"
    state = replace(
        state,
        hurt=state.hurt or name in PAINFUL,
        in_position=state.in_position and name not in GETTING_UP,
    )
    moving = state.in_position
    words = state.wording.halt(halt, state.segment, moving=moving, again=stopped)
    if QUESTION in halt.words:
        words = (*words, *_question(state, name))
    state = replace(state, phase=Phase.HALTED, halt=name, nudge=0)
    leads_out = moving and WAY_OUT in halt.words
    state, actions = speak(state, (*prefix, *words), leads_out=leads_out)
    note = Note("halted", state.segment.place, name.value)
    return state, (Listen(state.context), note, *actions)


def _question(state: State, name: Name) -> Script:
    exercise = exercise_of(state.segment)
    if name is Name.CONFIRM:
        return proposal(state.wording, state.asking, state.proposed)
    return question(state.wording, exercise, state.asking)


def resume(state: State, prefix: Script = ()) -> Result:
    """Goes on where it was broken off: the rest of the hold, or the segment anew."""
    segment, done = state.segment, state.part is Part.AFTER
    if state.origin is not None:
        return enter(replace(state, origin=None, hurt=False), state.origin, prefix=prefix)
    if segment.role in GATES and done:
        ask = (*prefix, *state.wording.ask_ready(), Chime("ready"))
        state, actions = speak(replace(state, phase=Phase.WAITING, nudge=0, hurt=False), ask)
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
    if exercise is not None and exercise.dose.asked:
        return _ask(state, prefix)
    if segment.role is Role.MOVE:
        if exercise is None or exercise.position is state.body:
            return perform(state, index + 1, full=full, prefix=prefix, leads_out=leads_out)
        segment = replace(segment, start=state.body)
    elif exercise is not None:
        state = replace(state, body=exercise.position)
    segment = replace(segment, full=segment.full or full)
    return start(state, (*prefix, *state.wording.segment(segment)), leads_out=leads_out)


def _ask(state: State, prefix: Script) -> Result:
    """For the first number that is missing; where nobody can answer, the exercise is left out."""
    exercise = exercise_of(state.segment)
    if state.wording.circumstances.anybody:
        asking = replace(state, asking=in_order(exercise.dose)[0])
        return enter(asking, Name.NUMBER, prefix=prefix)
    words = state.wording.sentence("ask_nobody", name=exercise.name)
    after = start_of(state.wording.segments, state.segment.place.exercise + 1)
    return perform(state, after, prefix=(*prefix, *words))


def start(state: State, script: Script, *, leads_out: bool = False) -> Result:
    """Coaching goes on with this script."""
    if not (state.in_position or leads_out):
        state, script = replace(state, untold=()), (*untold(state), *script)
    moving = state.in_position or state.segment.role is Role.REP
    state = replace(
        state, phase=Phase.COACHING, nudge=0, hurt=False, origin=None, in_position=moving
    )
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
    wording = state.wording
    if state.hurt:
        names: tuple[str, ...] = ("goodbye_hurt", "goodbye_hurt_advice")
    else:
        up = state.phase is Phase.HALTED and state.halt in GETTING_UP
        lying = state.body.on_floor and not up
        names = ("slowly_up", "goodbye") if lying else ("goodbye",)
    goodbye = (item for name in names for item in wording.sentence(name))
    outcome = Outcome.PAIN if state.hurt else state.outcome
    words = (*way_out(state), *goodbye)
    ending = replace(state, phase=Phase.ENDING, outcome=outcome)
    return speak(ending, words, leads_out=state.in_position)


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


def say_into(state: State, script: Script) -> Interject:
    """The action that says something without losing the thread, or a second of a hold."""
    when = {Part.BEFORE: When.NOW, Part.DURING: When.OVER, Part.AFTER: When.LAST}[state.part]
    return Interject(state.performance, script, state.rate, when)


def silenced(result: Result) -> Result:
    """The same, with silence first."""
    return prefixed((Silence(),), result)


def prefixed(actions: tuple[Action, ...], result: Result) -> Result:
    """The same, with these actions first."""
    return result[0], (*actions, *result[1])
