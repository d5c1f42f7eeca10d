"""The laws of the session, after any history."""

from __future__ import annotations

import pytest
from core.moments import ended, finished, heard, in_rep, run, say
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import wording

from voicecoach.core.actions import (
    Duck,
    End,
    Interject,
    Note,
    Outcome,
    Perform,
    Silence,
    Wake,
    When,
)
from voicecoach.core.commands import SAFETY, Intent
from voicecoach.core.events import (
    Back,
    Event,
    Interrupted,
    Lost,
    Noticed,
    Reached,
    Started,
    Suspected,
    Woke,
)
from voicecoach.core.plan import Role
from voicecoach.core.score import Kind, Span
from voicecoach.core.session import step
from voicecoach.core.state import Part, Phase, State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import Ms
from voicecoach.core.wording import Circumstances

ORGANS = ("microphone", "recogniser", "speaker", "voice")


# A history is drawn as small moves; `live` events get the number of the running performance.
MOVES = st.one_of(
    st.tuples(st.just("heard"), st.sampled_from(Intent)),
    st.tuples(st.just("mark"), st.sampled_from([k.value for k in Kind])),
    st.tuples(st.just("stale"), st.sampled_from([k.value for k in Kind])),
    st.tuples(st.just("woke"), st.integers(-1, 1)),
    st.tuples(st.just("lost"), st.sampled_from(ORGANS)),
    st.tuples(st.just("back"), st.sampled_from(ORGANS)),
    st.tuples(st.just("suspected"), st.none()),
    st.tuples(st.just("noticed"), st.sampled_from(["clipping", "noisy", "unheard of"])),
)
HISTORIES = st.lists(st.tuples(st.integers(0, 9000), MOVES), max_size=40)


def event_of(state: State, at: Ms, move: tuple[str, object]) -> Event:
    match move:
        case ("heard", Intent() as intent):
            return heard(at, intent)
        case ("mark", str(mark)):
            return Reached(at, state.performance, mark)
        case ("stale", str(mark)):
            return Reached(at, state.performance - 1, mark)
        case ("woke", int(offset)):
            return Woke(at, state.performance + offset)
        case ("suspected", _):
            return Suspected(at)
        case ("noticed", str(what)):
            return Noticed(at, what)
        case ("lost", organ):
            return Lost(at, organ, "It is gone.")  # type: ignore[arg-type]
        case _:
            return Back(at, move[1])  # type: ignore[arg-type]


def after(history: list[tuple[int, tuple[str, object]]]) -> tuple[State, Ms]:
    state, _ = step(begin(wording()), Started(Ms(0)))
    now = Ms(0)
    for passed, move in history:
        now = Ms(now + passed)
        state, _ = step(state, event_of(state, now, move))
    return state, now


@settings(max_examples=400)
@given(HISTORIES, st.sampled_from(sorted(SAFETY)))
def test_a_safety_word_is_silence_first_and_leaves_nothing_running(
    history: list[tuple[int, tuple[str, object]]], intent: Intent
) -> None:
    state, now = after(history)
    if state.phase is Phase.ENDED:
        return
    halted, actions = step(state, heard(now, intent))
    assert isinstance(actions[0], Silence)
    assert halted.phase in {Phase.HALTED, Phase.ENDED}
    if intent is Intent.PAIN:
        assert halted.phase is Phase.HALTED
        assert any(isinstance(a, Note) and a.kind == "pain" for a in actions)


@settings(max_examples=400)
@given(HISTORIES, HISTORIES)
def test_nothing_but_a_word_leaves_a_halt_that_pain_made(
    history: list[tuple[int, tuple[str, object]]], later: list[tuple[int, tuple[str, object]]]
) -> None:
    state, now = after(history)
    state, _ = step(state, heard(now, Intent.PAIN))
    for passed, move in later:
        if move[0] == "heard" or state.phase is Phase.ENDED:
            continue
        now = Ms(now + passed)
        state, _ = step(state, event_of(state, now, move))
        assert state.phase is not Phase.COACHING
        assert state.phase is not Phase.WAITING


@settings(max_examples=300)
@given(HISTORIES, st.sampled_from([k.value for k in Kind]), st.integers(1, 9))
def test_stale_events_change_nothing(
    history: list[tuple[int, tuple[str, object]]], mark: str, old: int
) -> None:
    state, now = after(history)
    assert step(state, Reached(now, state.performance - old, mark)) == (state, ())
    assert step(state, Woke(now, state.performance - old)) == (state, ())


@settings(max_examples=300)
@given(HISTORIES)
def test_an_interrupt_ends_within_two_steps(history: list[tuple[int, tuple[str, object]]]) -> None:
    state, now = after(history)
    if state.phase in {Phase.ENDED, Phase.ENDING}:
        return
    state, actions = step(state, Interrupted(now))
    assert isinstance(actions[0], Silence)
    state, actions = step(state, Reached(now, state.performance, "end"))
    assert actions == (End(Outcome.INTERRUPTED),)
    assert step(state, heard(now, Intent.STOP)) == (state, ())


@settings(max_examples=300)
@given(HISTORIES)
def test_a_suspicion_ducks_and_changes_nothing(
    history: list[tuple[int, tuple[str, object]]],
) -> None:
    state, now = after(history)
    suspected, actions = step(state, Suspected(now))
    assert suspected == state
    if state.speaking and state.phase is not Phase.ENDED:
        assert actions == (Duck(-15, Ms(now + 2000)),)
    else:
        assert actions == ()


@settings(max_examples=200)
@given(st.lists(st.integers(0, 4999), max_size=6))
def test_a_hold_in_pieces_lasts_what_was_prescribed(breaks: list[int]) -> None:
    """Stopped and continued any number of times, the pieces add up to the hold."""
    state = in_rep(begin(wording()))
    now, held = Ms(100_000), 0
    for passed in breaks:
        state, _ = step(state, Reached(now, state.performance, "hold"))
        now = Ms(now + passed)
        state, _ = step(state, heard(now, Intent.STOP))
        held = min(held + passed, 5000)
        state, actions = step(state, heard(now, Intent.CONTINUE))
        spans = [
            item for a in actions if isinstance(a, Perform) for item in a.script
            if isinstance(item, Span) and item.kind is Kind.HOLD
        ]  # fmt: skip
        assert [span.length for span in spans] == [5000 - held]
        counts = [int(count.at) for count in spans[0].counts]
        assert counts == [at - held for at in range(1000, 5001, 1000) if at > held]


def test_pain_in_a_hold_says_the_way_out_and_waits() -> None:
    state = in_rep(begin(wording()))
    state, done = run(state, Reached(Ms(5), state.performance, "hold"), heard(9, Intent.PAIN))
    assert (state.phase, state.halt) == (Phase.HALTED, Name.HURT)
    assert say(done)[:3] == ["Stopped.", "Ease out slowly.", "Let go slowly."]


def test_stop_then_it_hurts_goes_on_to_the_way_out_without_saying_stopped_twice() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, heard(9, Intent.STOP))
    state, done = run(state, heard(10, Intent.PAIN))
    assert state.halt is Name.HURT
    assert say(done)[:2] == ["Ease out slowly.", "Let go slowly."]


def test_stop_while_stopped_is_only_silence() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, heard(9, Intent.STOP))
    state, done = run(state, heard(10, Intent.STOP))
    assert isinstance(done[0], Silence)
    assert say(done) == []


def test_pause_and_continue_finish_the_remaining_seconds() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, Reached(Ms(1000), state.performance, "hold"))
    state, _ = run(state, heard(3300, Intent.PAUSE))
    state, done = run(state, heard(60_000, Intent.CONTINUE))
    assert "Hold for the last three seconds." in say(done)
    assert state.held == 2300


def test_finish_after_pain_ends_for_pain() -> None:
    state, _ = run(in_rep(begin(wording())), heard(9, Intent.PAIN))
    state, done = run(state, heard(20, Intent.FINISH))
    assert say(done) == [
        "Ease out slowly.",
        "Let go slowly.",
        "We finish here today.",
        "If it does not settle, or gets worse, talk to your physio or doctor.",
    ]
    assert finished(state) == [End(Outcome.PAIN)]


@pytest.mark.parametrize("intent", [Intent.NEXT, Intent.SKIP])
def test_next_and_skip_lead_to_the_next_exercise_by_the_way_out(intent: Intent) -> None:
    state = in_rep(begin(wording()))
    state, done = run(state, Reached(Ms(5), state.performance, "hold"), heard(9, intent))
    assert state.segment.role is Role.GATE
    assert state.segment.place.exercise == 2
    assert "Let go slowly." in say(done)


def test_go_back_goes_to_the_start_of_a_begun_exercise_then_to_the_one_before() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, heard(9, Intent.NEXT))
    state, _ = run(state, heard(9, Intent.GO_BACK))
    assert (state.segment.role, state.segment.place.exercise) == (Role.GATE, 1)
    state = in_rep(begin(wording()))
    state, _ = run(state, heard(9, Intent.GO_BACK))
    assert (state.segment.role, state.segment.place.exercise) == (Role.GATE, 1)


def test_an_answer_inside_a_hold_leaves_its_clock_alone() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, Reached(Ms(5), state.performance, "hold"))
    later, done = run(state, heard(9, Intent.HOW_LONG))
    assert later == state
    assert [type(action) for action in done] == [Interject]


def test_slower_in_an_instruction_breaks_in_at_the_new_rate() -> None:
    state = in_rep(begin(wording()))
    slower, done = run(state, heard(9, Intent.SLOWER))
    (said,) = [action for action in done if isinstance(action, Interject)]
    assert said.rate == slower.rate < state.rate
    assert said.when is When.NOW
    assert slower.segment == state.segment


def test_faster_is_faster() -> None:
    state = in_rep(begin(wording()))
    faster, _ = run(state, heard(9, Intent.FASTER))
    assert faster.rate > state.rate


def test_ready_is_waited_for_and_reminded_of() -> None:
    state, _ = run(begin(wording()), Started(Ms(0)))
    while state.phase is not Phase.WAITING:
        state, _ = run(state, Reached(Ms(1), state.performance, "end"))
    gate = state.index
    state, done = run(state, Woke(Ms(2), state.performance))
    assert state.index == gate
    assert say(done) == ["Take your time.", "Say ready when you are in position."]


def test_nobody_to_ask_goes_on_after_the_set_time() -> None:
    alone = Circumstances(microphone=False, keys=False, wait=Ms(20_000))
    state, done = run(begin(wording(circumstances=alone)), Started(Ms(0)))
    assert "I can hear neither voice nor keys." in say(done)
    assert say(done).index("I can hear neither voice nor keys.") <= 1
    while state.phase is not Phase.WAITING:
        state, done = run(state, Reached(Ms(1), state.performance, "end"))
    (wake,) = [action for action in done if isinstance(action, Wake)]
    assert wake.at == 20_001
    gate = state.index
    state, _ = run(state, Woke(Ms(20_001), state.performance))
    assert (state.phase, state.index) == (Phase.COACHING, gate + 1)


def test_help_asks_whether_a_person_or_the_list_is_wanted() -> None:
    state = in_rep(begin(wording()))
    state, done = run(state, heard(9, Intent.HELP))
    assert state.halt is Name.HELP_WHICH
    assert "Say person, or commands." in say(done)
    person, _ = run(state, heard(10, Intent.PERSON))
    assert person.halt is Name.HELP_PERSON
    listed, _ = run(state, heard(10, Intent.COMMANDS))
    assert listed.halt is Name.COMMANDS
    silent, _ = run(state, Reached(Ms(11), state.performance, "end"))
    silent, _ = run(silent, Woke(Ms(12), silent.performance))
    silent, _ = run(silent, Reached(Ms(13), silent.performance, "end"))
    silent, _ = run(silent, Woke(Ms(14), silent.performance))
    assert silent.halt is Name.EMERGENCY


def test_an_emergency_is_left_only_by_two_words() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, heard(1, Intent.HELP), heard(2, Intent.PERSON), heard(3, Intent.YES))
    assert state.halt is Name.EMERGENCY
    for intent in (Intent.STOP, Intent.PAIN, Intent.HELP, Intent.YES):
        assert run(state, heard(4, intent))[0].halt is Name.EMERGENCY
    state, _ = run(state, heard(5, Intent.CONTINUE), heard(6, Intent.YES))
    assert state.halt is Name.STOPPED


def test_a_lost_microphone_pauses_and_its_return_is_said_but_does_not_resume() -> None:
    state = in_rep(begin(wording()))
    state, done = run(state, Lost(Ms(5), "microphone", "The microphone is gone."))
    assert state.halt is Name.MICROPHONE_LOST
    assert say(done)[0] == "The microphone is gone."
    state, done = run(state, Back(Ms(9), "microphone"))
    assert state.phase is Phase.HALTED
    assert say(done)[0] == "I can hear you again."
    assert say(done)[-1] == "Say continue when you want to go on."


def test_a_lost_speaker_pauses_and_its_return_goes_on() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, Lost(Ms(5), "speaker", "The loudspeaker is gone."))
    assert state.halt is Name.SPEAKER_LOST
    state, done = run(state, Back(Ms(9), "speaker"))
    assert state.phase is Phase.COACHING
    assert say(done)[0] == "The sound is back."


def test_a_speaker_lost_while_stopped_does_not_resume() -> None:
    state = in_rep(begin(wording()))
    state, _ = run(state, heard(1, Intent.STOP), Lost(Ms(5), "speaker", "Gone."))
    state, _ = run(state, Back(Ms(9), "speaker"))
    assert (state.phase, state.halt) == (Phase.HALTED, Name.STOPPED)


def test_the_end_offers_the_way_up_from_the_floor() -> None:
    state = in_rep(begin(wording()))
    for _ in range(2):
        state, _ = run(state, heard(1, Intent.NEXT))
    state, _ = ended(state)
    assert state.halt is Name.GET_UP_OFFER
    state, done = run(state, heard(3, Intent.YES))
    assert say(done)[-1] == "Bend both knees. Roll onto your side."
    for _ in range(5):
        state, _ = run(state, heard(4, Intent.NEXT))
    assert state.halt is Name.GET_UP_6
    state, done = run(state, heard(4, Intent.NEXT))
    assert state.phase is Phase.ENDING


def test_the_part_is_known() -> None:
    state = in_rep(begin(wording()))
    assert state.part is Part.BEFORE
    state, _ = run(state, Reached(Ms(5), state.performance, "hold"))
    assert state.part is Part.DURING
    state, done = run(state, Reached(Ms(5005), state.performance, "release"))
    assert state.part is Part.AFTER
    assert [a.kind for a in done if isinstance(a, Note)] == ["held"]
