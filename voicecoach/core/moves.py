"""The moves that all transitions of a session are made of: freeze, speak, perform, halt, resume.

Each takes a state and gives a new one with the actions that bring it about.
"""

from __future__ import annotations

from dataclasses import replace

from voicecoach.core.actions import Action, Listen, Note, Outcome, Perform, Silence
from voicecoach.core.plan import Role, start_of
from voicecoach.core.safety import HALTS, Name
from voicecoach.core.score import Script
from voicecoach.core.state import Part, Phase, Result, State
from voicecoach.core.units import Ms


def freeze(state: State, at: Ms) -> State:
    """Stops the hold's clock: what has been held so far is kept, to the millisecond."""
    running = state.phase is Phase.COACHING and state.part is Part.DURING
    if not running or state.segment.role is not Role.REP:
        return state
    held = min(Ms(state.held + max(at - state.began, 0)), state.segment.length)
    return replace(state, held=Ms(held), part=Part.BEFORE)


def in_position(state: State) -> bool:
    """Whether the person may be in, or on the way into, an exercise's position."""
    return state.segment.role is Role.REP and state.part is not Part.AFTER


def enter(state: State, name: Name, *, prefix: Script = ()) -> Result:
    """Into a row of the halts' table. The pain row always says the way out."""
    moving = in_position(state) or name is Name.HURT
    halt = HALTS[name]
    again = state.phase is Phase.HALTED and HALTS[state.halt].words[0] == halt.words[0]
    words = state.wording.halt(halt, state.segment, moving=moving, again=again)
    state = replace(state, phase=Phase.HALTED, halt=name, nudge=0)
    state, actions = speak(state, (*prefix, *words))
    note = Note("halted", state.segment.place, name.value)
    return state, (Listen(state.context), note, *actions)


def resume(state: State, prefix: Script = ()) -> Result:
    """Goes on where it was broken off: the rest of the hold, or the segment anew."""
    segment = state.segment
    if segment.role is Role.REP and state.part is Part.AFTER:
        return perform(state, state.index + 1, prefix=prefix)
    if segment.role is Role.REP and state.held:
        script = (*prefix, *state.wording.resumed(segment, state.held))
        return start(replace(state, part=Part.BEFORE), script)
    return perform(state, state.index, prefix=prefix)


def perform(state: State, index: int, *, full: bool = False, prefix: Script = ()) -> Result:
    """A segment from its start."""
    index = min(index, len(state.wording.segments) - 1)
    state = replace(state, index=index, part=Part.BEFORE, held=Ms(0))
    segment = replace(state.segment, full=True) if full else state.segment
    return start(state, (*prefix, *state.wording.segment(segment)))


def start(state: State, script: Script) -> Result:
    """Coaching goes on with this script."""
    state = replace(state, phase=Phase.COACHING, nudge=0)
    state, actions = speak(state, script)
    return state, (Listen(state.context), *actions)


def end(state: State) -> Result:
    """Says goodbye; after pain with the advice that belongs to it, and as an end for pain."""
    hurt = state.hurting
    wording = state.wording
    names = ("goodbye_hurt", "goodbye_hurt_advice") if hurt else ("slowly_up", "goodbye")
    way_out = wording.way_out(state.segment) if in_position(state) and not hurt else ()
    words = (*way_out, *(item for name in names for item in wording.sentence(name)))
    outcome = Outcome.PAIN if hurt else state.outcome
    state = replace(state, phase=Phase.ENDING, outcome=outcome)
    return speak(state, words)


def speak(state: State, script: Script) -> Result:
    """A new performance; whatever belonged to the one before is stale from here on."""
    number = state.performance + 1
    perform = Perform(number, script, state.rate, state.segment.place)
    return replace(state, performance=number), (perform,)


def silenced(result: Result) -> Result:
    """The same, with silence first."""
    return prefixed((Silence(),), result)


def prefixed(actions: tuple[Action, ...], result: Result) -> Result:
    """The same, with these actions first."""
    return result[0], (*actions, *result[1])


def leave(state: State, exercise: int, sentence: str) -> Result:
    """Out of the position first, then on to another exercise."""
    wording = state.wording
    way_out = wording.way_out(state.segment) if in_position(state) else ()
    index = start_of(wording.segments, exercise)
    note = Note(sentence, state.segment.place)
    prefix = (*wording.sentence(sentence), *way_out)
    return silenced(prefixed((note,), perform(state, index, prefix=prefix)))
