"""Sessions at certain moments, and what is done to them."""

from __future__ import annotations

from samples import wording

from voicecoach.core.actions import Perform, Wake
from voicecoach.core.commands import Intent
from voicecoach.core.events import Event, Heard, Reached, Started, Woke
from voicecoach.core.plan import Role
from voicecoach.core.score import Say
from voicecoach.core.session import step
from voicecoach.core.state import Phase, State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import Ms


def heard(at: int, intent: Intent) -> Heard:
    return Heard(Ms(at), intent, intent.value, "test")


def run(state: State, *events: Event) -> tuple[State, list[object]]:
    done: list[object] = []
    for event in events:
        state, actions = step(state, event)
        done += actions
    return state, done


def in_rep(state: State) -> State:
    """A session in the instruction of its first rep."""
    state, _ = step(state, Started(Ms(0)))
    for _ in range(9):
        if state.segment.role is Role.REP:
            return state
        if state.phase is Phase.WAITING:
            state, _ = step(state, heard(1, Intent.READY))
        else:
            state, _ = step(state, Reached(Ms(1), state.performance, "end"))
    raise AssertionError("no rep was reached")


def say(actions: list[object]) -> list[str]:
    return [
        item.text for a in actions if isinstance(a, Perform) for item in a.script
        if isinstance(item, Say)
    ]  # fmt: skip


def ended(state: State, at: int = 10) -> tuple[State, list[object]]:
    return run(state, Reached(Ms(at), state.performance, "end"))


def holding() -> State:
    state = in_rep(begin(wording()))
    return run(state, Reached(Ms(5), state.performance, "hold"))[0]


def released() -> State:
    state = holding()
    return run(state, Reached(Ms(5005), state.performance, "release"))[0]


def wakes(actions: list[object]) -> list[Wake]:
    return [action for action in actions if isinstance(action, Wake)]


def finished(state: State) -> list[object]:
    """What the session ends with, when nobody wants to be talked up."""
    state, done = ended(state)
    (wake,) = wakes(done)
    state, _ = run(state, Woke(wake.at, wake.wake))
    assert state.halt is Name.GET_UP_OFFER
    state, _ = run(state, heard(wake.at, Intent.NO))
    return ended(state)[1]
