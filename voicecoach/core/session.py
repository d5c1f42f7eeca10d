"""The session: `step(state, event) -> (state, actions)`, and all transitions in one place.

Laws kept here, whatever the history:
- a safety word gives Silence as the very first action and leaves the session halted;
- only the person's own word leads on after a stop or a pain (or the return of a lost loudspeaker);
- events of an older performance, and wake-ups of one, change nothing;
- a hold is the length prescribed, also in pieces: what was held before a halt is remembered.

`step` is total: every event is an answer in every phase, if only "nothing".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from voicecoach.core.actions import End, Listen, Note, Silence, Wake
from voicecoach.core.changes import ANSWERS, Command, accept
from voicecoach.core.commands import OFFERED, SAFETY, Context, Intent
from voicecoach.core.course import (
    begun,
    closed,
    leave_out,
    opened,
    proceed,
    smaller,
    started,
    there,
)
from voicecoach.core.events import (
    Alerted,
    Back,
    Event,
    Heard,
    Interrupted,
    Lost,
    Noticed,
    Reached,
    Started,
    Suspected,
    Woke,
)
from voicecoach.core.faults import heed, interrupt, tell
from voicecoach.core.halted import sentence, way_out
from voicecoach.core.moves import (
    end,
    enter,
    freeze,
    leave,
    perform,
    prefixed,
    resume,
    silenced,
    speak,
)
from voicecoach.core.plan import GATES, Role
from voicecoach.core.safety import HALTS, LED_OUT, SAFETY_HALTS
from voicecoach.core.score import Chime, Kind
from voicecoach.core.state import Part, Phase, Result, State
from voicecoach.core.table import Do, Leads, Name
from voicecoach.core.today import answered, before, way
from voicecoach.core.units import Ms, seconds

_ZERO_KEY = 10
"""What the key 0 says where nothing can be zero."""

REMIND_AFTER = (seconds(45), seconds(120))  # at a gate, where nobody is hurried


def step(state: State, event: Event) -> Result:
    """What an event does to the session: the new state, and what is to be done, in order."""
    if state.phase is Phase.NEW:
        return started(state) if isinstance(event, Started) else (state, ())
    if state.phase is Phase.ENDED:
        return state, ()
    match event:
        case Heard():
            return _heard(state, event)
        case Reached():
            return _reached(state, event) if event.performance == state.performance else (state, ())
        case Woke():
            return _woke(state, event.at) if event.wake == state.performance else (state, ())
        case Lost() | Back() | Suspected() | Noticed() | Alerted():
            return heed(state, event)
        case Interrupted():
            return interrupt(state, event.at)
        case Started():
            return state, ()


# -- what the person said --------------------------------------------------------------------


def _heard(state: State, heard: Heard) -> Result:
    if heard.intent in SAFETY:
        return _safety(state, heard)
    intent = heard.intent
    if state.phase is Phase.HALTED:
        state, intent = _numbered(state, heard)
        lead = _lead(state, intent)
        if lead is not None:
            state, notes = answered(state, intent)
            return silenced(_follow(state, lead, heard.at), *notes)
    command = _COMMANDS.get((state.phase, intent)) or ANSWERS.get(intent)
    if command is None or state.phase is Phase.ENDING:
        return state, ()
    return command(state, heard.at)


def _numbered(state: State, heard: Heard) -> tuple[State, Intent]:
    """A number, where one is asked for; in a question, the answer with that number."""
    halt, intent = HALTS[state.halt], heard.intent
    if intent is not Intent.NUMBER:
        return state, intent
    number = state.wording.language.numbers.get(heard.phrase, 0)
    if halt.context is not Context.NUMBER:
        return state, dict(enumerate(halt.choices, 1)).get(number, intent)
    if heard.by == "keys" and number not in halt.numbers:
        number = number or _ZERO_KEY
    return replace(state, proposed=number), intent


def _lead(state: State, intent: Intent) -> Leads | None:
    """Where an answer leads; what answers another question has this one asked again."""
    halt = HALTS[state.halt]
    if intent is Intent.NUMBER and state.proposed not in halt.numbers:
        return Do.ASK
    misplaced = intent in OFFERED and halt.choices
    return halt.answers.get(intent, Do.ASK if misplaced else None)


def _safety(state: State, heard: Heard) -> Result:
    """Silence first. A word of lower rank than the halt it falls into only silences it."""
    state = freeze(state, heard.at)
    intent, target = heard.intent, SAFETY_HALTS[heard.intent]
    note = Note(intent.value, state.segment.place, heard.phrase, state.held)
    if state.phase is Phase.ENDING and intent is Intent.STOP and not state.in_position:
        return replace(state, phase=Phase.ENDED), (Silence(), note, End(state.outcome))
    if state.phase is Phase.HALTED:
        lead = HALTS[state.halt].answers.get(intent)
        if lead is not None:
            state, notes = answered(state, intent)
            return silenced(_follow(state, lead, heard.at), note, *notes)
        if not _breaks_in(target, state.halt):
            return silenced(_hush(state), note)
    if target in LED_OUT:
        state = replace(state, in_position=True)  # she is led out, wherever she is
    if intent is Intent.WORSENING:
        state = replace(state, today=replace(state.today, worse=True))
    return silenced(enter(state, target), note)


def _breaks_in(target: Name, current: Name) -> bool:
    """Pain said again is answered again: with the way out."""
    again = target is current and HALTS[target].again
    return HALTS[target].rank > HALTS[current].rank or again


def _hush(state: State) -> Result:
    """Stays in the halt, silent; its reminders begin anew."""
    return speak(replace(state, nudge=0), (Chime("stop"),))


def _ready(state: State, _at: Ms) -> Result:
    return silenced(perform(state, state.index + 1))


def _pause(state: State, at: Ms) -> Result:
    return silenced(enter(freeze(state, at), Name.PAUSED))


def _list(state: State, at: Ms) -> Result:
    return silenced(enter(freeze(state, at), Name.COMMANDS))


def _again(state: State, _at: Ms) -> Result:
    """Says it again, from the start and in full; in a rest, the rep that has just been done.

    Who is in the hold, was stopped in it or is being led out of it is led out first.
    """
    back = state.segment.role is Role.REST
    begun = state.part is not Part.BEFORE or bool(state.held)
    prefix = way_out(state) if begun else ()
    return silenced(perform(state, state.index - back, full=True, prefix=prefix))


def _next(state: State, _at: Ms) -> Result:
    return _onward(state, "next_up")


def _skip(state: State, _at: Ms) -> Result:
    return _onward(state, "skipped")


def _onward(state: State, name: str) -> Result:
    """To the next exercise; after the last there is only the end."""
    if state.segment.role is Role.CLOSING:
        return silenced(end(state))
    if state.segment.role is Role.OPENING and state.goal:
        return leave(state, state.goal.exercise, name)
    return leave(state, state.segment.place.exercise + 1, name)


def _go_back(state: State, _at: Ms) -> Result:
    """To the start of this exercise once it has begun, else to the one before."""
    place = state.segment.place
    if place.rep > 0 or place.exercise == 1:
        return leave(state, place.exercise, "from_the_start")
    return leave(state, before(state), "going_back")


def _finish(state: State, _at: Ms) -> Result:
    return silenced(end(state))


def _list_in_halt(state: State, _at: Ms) -> Result:
    """The list, unless a question is open, which comes first."""
    if HALTS[state.halt].context is Context.QUESTION:
        return state, ()
    return silenced(enter(state, Name.COMMANDS))


_MOVES: Mapping[Intent, Command] = {
    Intent.NEXT: _next,
    Intent.SKIP: _skip,
    Intent.GO_BACK: _go_back,
    Intent.REPEAT: _again,
    Intent.PAUSE: _pause,
    Intent.FINISH: _finish,
    Intent.COMMANDS: _list,
}
_COMMANDS: Mapping[tuple[Phase, Intent], Command] = {
    **{
        (phase, intent): command
        for phase in (Phase.COACHING, Phase.WAITING)
        for intent, command in _MOVES.items()
    },
    (Phase.HALTED, Intent.COMMANDS): _list_in_halt,
    (Phase.WAITING, Intent.READY): _ready,
    (Phase.WAITING, Intent.YES): _ready,
    (Phase.COACHING, Intent.READY): lambda state, at: (
        _ready(state, at) if state.segment.role in GATES else (state, ())
    ),
}
"""What a command does in a phase; in a halt the halt's own answers come first."""


# -- what the clock brought --------------------------------------------------------------------


def _reached(state: State, reached: Reached) -> Result:
    if reached.mark != Kind.END:
        return _part(state, reached) if state.phase is Phase.COACHING else (state, ())
    state = replace(state, speaking=False)
    if state.leading_out or (state.phase is Phase.COACHING and state.segment.role is Role.REP):
        state = replace(state, in_position=False, leading_out=False)
    match state.phase:
        case Phase.COACHING:
            return _segment_done(state, reached.at)
        case Phase.WAITING | Phase.HALTED:
            return _wait_on(state, reached.at)
        case _:
            ended = replace(state, phase=Phase.ENDED)
            return ended, (End(state.outcome),)


def _part(state: State, reached: Reached) -> Result:
    """A hold, a rest or another span has begun, or a hold has run its whole length."""
    if reached.mark != Kind.RELEASE:
        return replace(state, part=Part.DURING, began=reached.at), ()
    note = Note("held", state.segment.place, str(state.segment.length))
    return replace(state, part=Part.AFTER, held=Ms(0)), (note,)


def _segment_done(state: State, at: Ms) -> Result:
    if state.segment.role in GATES:
        return _wait_on(replace(state, phase=Phase.WAITING, part=Part.AFTER), at)
    after = _AFTER.get(state.segment.role)
    return after(state) if after else perform(state, state.index + 1)


_AFTER: Mapping[Role, Callable[[State], Result]] = {
    Role.OPENING: opened,
    Role.GET_READY: begun,
    Role.CLOSING: closed,
}
"""What comes after a segment, where it is not simply the next one."""


def _wait_on(state: State, at: Ms) -> Result:
    """Listens, and asks to be woken for the next nudge, if there is one left."""
    listens = Listen(state.context)
    if state.untold:
        return prefixed((listens,), tell(state))
    after = _next_nudge(state)
    if after is None:
        return state, (listens,)
    return state, (listens, Wake(state.performance, Ms(at + after)))


def _next_nudge(state: State) -> Ms | None:
    if state.phase is Phase.HALTED:
        nudges = HALTS[state.halt].nudges
        return nudges[state.nudge].after if state.nudge < len(nudges) else None
    if state.wording.circumstances.wait is not None:
        return state.wording.circumstances.wait
    return REMIND_AFTER[state.nudge] if state.nudge < len(REMIND_AFTER) else None


def _woke(state: State, at: Ms) -> Result:
    if state.phase is Phase.WAITING:
        if state.wording.circumstances.wait is not None:
            return perform(state, state.index + 1)
        reminded = replace(state, nudge=state.nudge + 1)
        words = (*state.wording.sentence("take_your_time"), *state.wording.ask_ready())
        return speak(reminded, words)
    if state.phase is not Phase.HALTED or state.nudge >= len(HALTS[state.halt].nudges):
        return state, ()
    nudge = HALTS[state.halt].nudges[state.nudge]
    state = replace(state, nudge=state.nudge + 1)
    if nudge.leads is not None:
        return _follow(state, nudge.leads, at)
    words = (*way_out(state), *sentence(state, nudge.say))
    return speak(state, words, leads_out=state.in_position)


# -- out of a halt -----------------------------------------------------------------------------


def _follow(state: State, lead: Leads, at: Ms) -> Result:
    """Where an answer or a nudge leads."""
    goal = way(state, lead)
    if isinstance(goal, Name):
        return enter(state, goal)
    if goal is Do.REPEAT and state.leading_out:
        goal = Do.ASK  # "say that again" to the way out
    return _WAYS[goal](state, at)


_WAYS: Mapping[Do, Command] = {
    Do.RESUME: lambda state, _at: resume(state),
    Do.SMALLER: lambda state, _at: smaller(state),
    Do.ASK: lambda state, _at: enter(state, state.halt),
    Do.RETURN: lambda state, _at: enter(state, state.unanswered),
    Do.FLAG: lambda state, _at: enter(state, Name(f"flag_{state.today.flags + 1}")),
    Do.ACCEPT: lambda state, _at: accept(state),
    Do.LEAVE_OUT: lambda state, _at: leave_out(state),
    Do.PROCEED: lambda state, _at: proceed(state),
    Do.THERE: lambda state, _at: there(state),
    Do.REPEAT: _again,
    Do.NEXT: _next,
    Do.SKIP: _skip,
    Do.BACK: _go_back,
    Do.FINISH: _finish,
}
