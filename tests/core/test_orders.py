"""What is asked for in a session, at every moment at which it may be asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from core.moments import ended, heard, holding, in_rep, released, run, say
from samples import wording

from voicecoach.core.actions import Gain, Listen, Note, Perform, Silence
from voicecoach.core.commands import OPEN, SAFETY, Context, Intent
from voicecoach.core.en import EN
from voicecoach.core.events import Heard, Reached, Started, Woke
from voicecoach.core.memory import Left, Memory
from voicecoach.core.plan import Role
from voicecoach.core.safety import HALTS
from voicecoach.core.score import Kind
from voicecoach.core.session import step
from voicecoach.core.state import Part, Phase, State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import Ms


def opened() -> State:
    return step(begin(wording()), Started(Ms(0)))[0]


def to_gate(state: State) -> State:
    """To the gate of an exercise, through the moves that lead there."""
    while state.segment.role is not Role.GATE:
        waits = state.phase is Phase.WAITING
        state, _ = run(state, heard(1, Intent.READY)) if waits else ended(state)
    return state


def at_gate() -> State:
    """Waiting for "ready" before the first exercise."""
    state, _ = ended(to_gate(opened()))
    assert state.phase is Phase.WAITING
    return state


def closing() -> State:
    """In the words after the last exercise."""
    state = at_gate()
    while state.segment.role is not Role.CLOSING:
        state, _ = run(state, heard(1, Intent.NEXT))
    return state


def moments() -> Iterator[tuple[str, State]]:
    yield "opening", opened()
    yield "gate", at_gate()
    yield "instruction", in_rep(begin(wording()))
    yield "hold", holding()
    yield "release", released()
    yield "rest", ended(released())[0]
    yield "closing", closing()
    for name in HALTS:
        halted = replace(holding(), phase=Phase.HALTED, halt=name, asking="reps")
        yield name, replace(halted, part=Part.BEFORE, held=Ms(2000))


MOMENTS = dict(moments())


@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_is_said_and_changes_what_is_said_is_silence_first(moment: str) -> None:
    state = MOMENTS[moment]
    for intent in sorted(SAFETY | OPEN[state.context]):
        _, actions = step(state, heard(9000, intent))
        kinds = [type(one) for one in actions if isinstance(one, Silence | Perform)]
        assert kinds in ([], [Silence], [Silence, Perform]), intent
        if intent in SAFETY:
            assert isinstance(actions[0], Silence), intent


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_safety_word_is_noted_where_it_was_said(moment: str) -> None:
    state = MOMENTS[moment]
    for intent in sorted(SAFETY):
        _, actions = step(state, heard(9000, intent))
        notes = [one for one in actions if isinstance(one, Note)]
        assert (intent.value, state.segment.place) in [(one.kind, one.place) for one in notes]


def test_before_it_has_begun_nothing_is_done() -> None:
    new = begin(wording())
    for event in (heard(0, Intent.STOP), heard(0, Intent.NEXT), Woke(Ms(0), 0)):
        assert step(new, event) == (new, ())


# -- ready ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", [Intent.READY, Intent.YES])
def test_at_the_gate_both_ready_and_yes_go_on(intent: Intent) -> None:
    state, _ = run(at_gate(), heard(1, intent))
    assert (state.phase, state.segment.role) == (Phase.COACHING, Role.GET_READY)


def test_ready_before_the_gate_has_been_said_to_its_end_goes_on() -> None:
    state = to_gate(opened())
    assert state.phase is Phase.COACHING
    state, _ = run(state, heard(1, Intent.READY))
    assert (state.phase, state.segment.role) == (Phase.COACHING, Role.GET_READY)


def test_ready_anywhere_else_changes_nothing() -> None:
    state = in_rep(begin(wording()))
    assert step(state, heard(1, Intent.READY)) == (state, ())


def test_at_the_gate_the_ears_are_told_what_is_waited_for() -> None:
    _, done = ended(to_gate(opened()))
    assert Listen(Context.READY) in done


def test_what_comes_before_the_first_rep_is_not_left_out() -> None:
    """Get ready, then the rep: with the clock that was announced."""
    state, _ = run(at_gate(), heard(1, Intent.READY))
    state, _ = ended(state)
    assert (state.segment.role, state.segment.place.rep) == (Role.REP, 1)


# -- again ---------------------------------------------------------------------------------------


def test_again_is_in_full() -> None:
    state = ended(released())[0]
    state, _ = ended(state)
    assert (state.segment.role, state.segment.place.rep) == (Role.REP, 2)
    _, short = run(replace(state, phase=Phase.WAITING), heard(1, Intent.READY))
    state, done = run(state, heard(1, Intent.REPEAT))
    assert "Press your waist down." in say(done)
    assert "Press your waist down." not in say(short)


@pytest.mark.parametrize("state", [
    holding(), released(), run(holding(), heard(2000, Intent.STOP))[0],
], ids=["hold", "release", "stopped in the hold"])  # fmt: skip
def test_who_may_be_in_the_position_is_led_out_before_it_is_said_again(state: State) -> None:
    _, done = run(state, heard(6000, Intent.REPEAT))
    words = say(done)
    assert words.index("Let go slowly.") < words.index("Press your waist down.")


def test_who_is_not_yet_in_the_position_just_hears_it_again() -> None:
    _, done = run(in_rep(begin(wording())), heard(1, Intent.REPEAT))
    assert say(done).count("Let go slowly.") == 1  # where it belongs
    assert say(done)[1] == "Press your waist down."


def test_say_again_to_the_way_out_does_not_go_on() -> None:
    for intent in (Intent.PAUSE, Intent.COMMANDS):
        state, _ = run(holding(), heard(5, intent))
        assert state.leading_out
        again, _ = run(state, heard(6, Intent.REPEAT))
        assert (again.phase, again.halt) == (Phase.HALTED, state.halt)


# -- from one exercise to another ------------------------------------------------------------------


def test_next_in_the_opening_goes_to_where_the_last_session_was_left() -> None:
    memory = Memory(left=Left("knee"))
    state = step(begin(wording(), memory=memory), Started(Ms(0)))[0]
    state, _ = ended(state)
    state, _ = run(state, heard(5, Intent.CONTINUE))
    assert state.goal is not None
    assert state.segment.role is Role.OPENING
    there, _ = run(state, heard(6, Intent.NEXT))
    assert there.segment.place.exercise == 2
    # Later it is not gone back to.
    beyond, _ = run(replace(there, goal=state.goal), heard(7, Intent.NEXT))
    assert beyond.segment.role is Role.CLOSING


def test_who_goes_on_where_it_was_left_begins_with_that_repetition() -> None:
    memory = Memory(left=Left("tilt", 1, None, 2))
    state = step(begin(wording(), memory=memory), Started(Ms(0)))[0]
    state, _ = run(ended(state)[0], heard(5, Intent.CONTINUE))
    state, _ = run(ended(to_gate(state))[0], heard(6, Intent.READY))
    assert state.segment.role is Role.GET_READY
    state, done = ended(state)
    assert (state.segment.role, state.segment.place.rep) == (Role.REP, 2)
    assert "Press your waist down." in say(done)


@pytest.mark.parametrize(("ends", "to"), [(0, 1), (1, 1), (2, 1), (3, 2)])
def test_go_back_before_the_first_rep_is_the_exercise_before(ends: int, to: int) -> None:
    state, _ = run(at_gate(), heard(1, Intent.NEXT))
    assert state.segment.place.exercise == 2
    state = to_gate(state)
    for _ in range(ends):
        if state.phase is Phase.WAITING:
            state, _ = run(state, heard(2, Intent.READY))
        else:
            state, _ = ended(state)
    state, _ = run(state, heard(3, Intent.GO_BACK))
    assert state.segment.place.exercise == to


# -- what goes on after it -------------------------------------------------------------------------


@pytest.mark.parametrize("intent", [Intent.COMMANDS, Intent.PAUSE])
def test_what_breaks_into_a_hold_leaves_the_rest_of_it(intent: Intent) -> None:
    state, _ = run(holding(), heard(2005, intent))
    assert (state.held, state.part) == (2000, Part.BEFORE)


def test_after_the_release_a_pain_is_noted_with_nothing_held() -> None:
    state, _ = run(holding(), heard(2005, Intent.STOP), heard(4000, Intent.CONTINUE))
    hold = Reached(Ms(5000), state.performance, Kind.HOLD)
    out = Reached(Ms(8000), state.performance, Kind.RELEASE)
    state, done = run(state, hold, out, heard(8001, Intent.PAIN))
    (note,) = (one for one in done if isinstance(one, Note) and one.kind == "pain")
    assert note.held == 0


def test_the_reminder_after_a_stop_leads_out_and_then_she_is_out() -> None:
    state, _ = run(holding(), heard(2005, Intent.STOP))
    state, _ = ended(state)
    state, done = run(state, Woke(Ms(30_000), state.performance))
    assert "Let go slowly." in say(done)
    assert state.in_position
    assert not ended(state)[0].in_position


def test_louder_is_no_answer_to_a_question_and_is_done() -> None:
    state, _ = run(holding(), heard(2005, Intent.PAIN))
    louder, done = run(state, heard(3000, Intent.LOUDER))
    assert any(isinstance(one, Gain) for one in done)
    assert louder.halt is state.halt


def test_a_number_that_is_none_is_no_answer() -> None:
    state, _ = run(ended(run(holding(), heard(5, Intent.PAIN))[0])[0])
    for phrase in ("umpteen", ""):
        unknown = Heard(Ms(9000), Intent.NUMBER, phrase, "keys")
        assert run(state, unknown)[0].halt is Name.HURT


def test_it_gets_worse_is_remembered_to_the_goodbye() -> None:
    state, _ = run(holding(), heard(5, Intent.WORSENING))
    assert state.today.worse
    state, _ = run(state, heard(9, Intent.FINISH))
    assert state.halt is Name.ADVICE_WORSE
    assert EN.say("advice_worse") in say(run(state, heard(10, Intent.REPEAT))[1])


def test_stop_in_the_goodbye_is_the_end() -> None:
    state, _ = run(at_gate(), heard(1, Intent.FINISH))
    assert state.phase is Phase.ENDING
    assert run(state, heard(2, Intent.STOP))[0].phase is Phase.ENDED
