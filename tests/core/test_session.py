"""The laws of the session, after any history."""

from __future__ import annotations

import pytest
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
from voicecoach.core.en import EN
from voicecoach.core.events import (
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
from voicecoach.core.plan import Role
from voicecoach.core.score import Kind, Say, Span
from voicecoach.core.session import step
from voicecoach.core.state import Part, Phase, State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import Ms
from voicecoach.core.wording import Circumstances

ORGANS = ("microphone", "recogniser", "speaker", "voice")


def heard(at: int, intent: Intent) -> Heard:
    return Heard(Ms(at), intent, intent.value, "test")


def run(state: State, *events: Event) -> tuple[State, list[object]]:
    done: list[object] = []
    for event in events:
        state, actions = step(state, event)
        done += actions
    return state, done


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


def finished(state: State) -> list[object]:
    """What the session ends with, when nobody wants to be talked up."""
    state, done = ended(state)
    (wake,) = wakes(done)
    state, _ = run(state, Woke(wake.at, wake.wake))
    assert state.halt is Name.GET_UP_OFFER
    state, _ = run(state, heard(wake.at, Intent.NO))
    return ended(state)[1]


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


# -- what a review found: each is a sentence that somebody on a mat would have missed --------------


def ended(state: State, at: int = 10) -> tuple[State, list[object]]:
    return run(state, Reached(Ms(at), state.performance, "end"))


def holding() -> State:
    state = in_rep(begin(wording()))
    return run(state, Reached(Ms(5), state.performance, "hold"))[0]


def released() -> State:
    state = holding()
    return run(state, Reached(Ms(5005), state.performance, "release"))[0]


def test_the_emergency_is_said_again_in_words() -> None:
    state, _ = run(holding(), heard(6, Intent.HELP), heard(7, Intent.PERSON), heard(8, Intent.YES))
    state, _ = ended(state)
    state, done = run(state, Woke(Ms(99), state.performance))
    assert any("emergency number" in sentence for sentence in say(done))


def test_a_question_is_asked_again() -> None:
    state, _ = run(holding(), heard(6, Intent.HELP), heard(7, Intent.PERSON))
    state, done = run(state, heard(8, Intent.REPEAT))
    assert state.halt is Name.HELP_PERSON
    assert say(done) == ["I am here. Are you hurt? Yes or no."]


@pytest.mark.parametrize("intent", [Intent.HELP, Intent.PAIN, Intent.DONT_STOP])
def test_the_goodbye_is_no_end_for_who_needs_something(intent: Intent) -> None:
    state, _ = run(holding(), heard(6, Intent.FINISH))
    assert state.phase is Phase.ENDING
    assert run(state, heard(7, intent))[0].phase is Phase.HALTED


def test_stop_in_the_goodbye_ends_it_but_not_before_the_way_out() -> None:
    state, _ = run(holding(), heard(6, Intent.FINISH))
    assert run(state, heard(7, Intent.STOP))[0].phase is Phase.HALTED
    resting, _ = run(begin(wording()), Started(Ms(0)), heard(6, Intent.FINISH))
    assert run(resting, heard(7, Intent.STOP))[1][-1] == End(Outcome.DONE)


@pytest.mark.parametrize("intent", [Intent.NEXT, Intent.FINISH, Intent.PAUSE, Intent.GO_BACK])
def test_who_breaks_into_the_release_is_led_out_all_the_same(intent: Intent) -> None:
    _, done = run(released(), heard(5200, intent))
    assert "Let go slowly." in say(done)


def test_stop_in_the_release_then_continue_says_the_release() -> None:
    state, _ = run(released(), heard(5200, Intent.STOP))
    state, done = run(state, heard(9000, Intent.CONTINUE))
    assert say(done) == ["And release.", "Let go slowly."]
    place = state.segment.place
    state, _ = ended(state)
    assert state.segment.place != place


@pytest.mark.parametrize("event", [
    heard(6, Intent.LOUDER), Lost(Ms(6), "microphone", "The microphone is gone."),
])  # fmt: skip
def test_nothing_erases_the_way_out(event: Event) -> None:
    state, _ = run(holding(), heard(5, Intent.PAIN))
    _, done = run(state, event)
    assert say(done)[-2:] == ["Let go slowly.", EN.say("pain_new")]


def test_say_again_while_being_led_out_leads_out_again() -> None:
    state, _ = run(holding(), heard(5, Intent.PAIN))
    again, done = run(state, heard(6, Intent.REPEAT))
    assert again.halt is Name.HURT
    assert "Let go slowly." in say(done)
    state, _ = ended(again)
    state, done = run(state, heard(60, Intent.REPEAT))
    assert say(done) == [EN.say("pain_new")]


def test_say_again_to_the_way_out_of_a_pause_leads_out_again_and_then_repeats_the_rep() -> None:
    state, _ = run(holding(), heard(5, Intent.PAUSE))
    again, done = run(state, heard(6, Intent.REPEAT))
    assert again.halt is Name.PAUSED
    assert "Let go slowly." in say(done)
    state, _ = run(ended(again)[0], heard(60, Intent.REPEAT))
    assert state.phase is Phase.COACHING


def test_help_in_pain_still_leads_out() -> None:
    state, _ = run(holding(), heard(5, Intent.PAIN))
    _, done = run(state, heard(6, Intent.HELP))
    assert "Let go slowly." in say(done)


def test_who_was_led_out_is_not_led_out_twice() -> None:
    state, _ = ended(run(holding(), heard(5, Intent.PAIN))[0])
    _, done = run(state, heard(60, Intent.SKIP))
    assert "Let go slowly." not in say(done)


def test_the_question_after_pain_comes_before_the_list_of_commands() -> None:
    state, done = run(holding(), heard(5, Intent.PAIN), heard(6, Intent.COMMANDS))
    assert state.halt is Name.HURT
    state, done = run(state, heard(9, Intent.FINISH))
    assert "We finish here today." in say(done)
    assert finished(state) == [End(Outcome.PAIN)]


def test_pain_is_over_when_the_person_goes_on() -> None:
    state, _ = run(holding(), heard(5, Intent.PAIN), heard(6, Intent.CONTINUE))
    state, _ = run(state, heard(9, Intent.FINISH))
    assert ended(state)[1] == [End(Outcome.DONE)]


def test_a_coach_that_cannot_hear_does_not_go_on() -> None:
    state, _ = run(
        holding(), Lost(Ms(6), "speaker", "Gone."), Lost(Ms(7), "microphone", "Gone."),
    )  # fmt: skip
    state, done = run(state, Back(Ms(8), "speaker"))
    assert state.halt is Name.MICROPHONE_LOST
    assert say(done)[:2] == ["The sound is back.", "I cannot hear you any more. Pausing."]


def test_a_pause_asked_for_outlives_a_lost_speaker() -> None:
    state, _ = run(holding(), Lost(Ms(6), "speaker", "Gone."), heard(7, Intent.PAUSE))
    state, _ = run(state, Back(Ms(8), "speaker"))
    assert (state.phase, state.halt) == (Phase.HALTED, Name.PAUSED)


def test_a_microphone_lost_while_stopped_in_the_opening_is_said() -> None:
    state, _ = run(begin(wording()), Started(Ms(0)), heard(1, Intent.STOP))
    _, done = run(state, Lost(Ms(6), "microphone", "The microphone is gone."))
    assert "The microphone is gone." in say(done)


def test_a_pause_at_the_gate_goes_on_at_the_gate() -> None:
    state, _ = run(begin(wording()), Started(Ms(0)))
    while state.phase is not Phase.WAITING:
        state, _ = ended(state)
    state, _ = run(state, heard(5, Intent.PAUSE))
    state, done = run(state, heard(6, Intent.CONTINUE))
    assert state.phase is Phase.WAITING
    assert say(done) == ["Say ready when you are in position."]


def test_repeat_in_a_rest_repeats_the_rep_that_was_done() -> None:
    state, _ = ended(released())
    assert state.segment.role is Role.REST
    state, _ = run(state, heard(6, Intent.REPEAT))
    assert (state.segment.role, state.segment.place.rep) == (Role.REP, 1)


def test_repeat_in_a_hold_leads_out_before_it_leads_in() -> None:
    _, done = run(holding(), heard(6, Intent.REPEAT))
    words = say(done)
    assert words.index("Let go slowly.") < words.index("Press your waist down.")


def getting_up() -> State:
    state = in_rep(begin(wording()))
    for _ in range(2):
        state, _ = run(state, heard(1, Intent.NEXT))
    state, _ = ended(state)
    return run(state, heard(3, Intent.YES), heard(4, Intent.NEXT))[0]


@pytest.mark.parametrize("intent", [Intent.STOP, Intent.PAIN])
def test_a_stop_on_the_way_up_goes_on_at_that_step(intent: Intent) -> None:
    state, _ = run(getting_up(), heard(5, intent))
    state, _ = run(state, heard(6, Intent.CONTINUE))
    assert state.halt is Name.GET_UP_2


def test_who_has_got_up_is_not_told_to_get_up() -> None:
    state = getting_up()
    for _ in range(5):
        state, done = run(state, heard(5, Intent.NEXT))
    assert say(done) == ["We finish here. Goodbye."]


def test_skip_after_the_last_exercise_is_the_end() -> None:
    state, _ = run(getting_up(), heard(5, Intent.STOP), heard(6, Intent.SKIP))
    assert state.phase is Phase.ENDING


def test_a_stop_that_nobody_answers_leads_out_with_the_first_reminder() -> None:
    state, _ = ended(run(holding(), heard(5, Intent.STOP))[0])
    _, done = run(state, Woke(Ms(99), state.performance))
    assert say(done)[1:] == ["Let go slowly.", "I am still here. Say continue, or finish."]


# -- who does not answer -------------------------------------------------------------------------


def wakes(actions: list[object]) -> list[Wake]:
    return [action for action in actions if isinstance(action, Wake)]


def waiting() -> tuple[State, list[object]]:
    state, done = run(begin(wording()), Started(Ms(0)))
    while state.phase is not Phase.WAITING:
        state, done = ended(state)
    return state, done


def test_at_a_gate_the_reminders_come_twice_and_then_there_is_quiet() -> None:
    state, done = waiting()
    told = []
    while wakes(done):
        (wake,) = wakes(done)
        assert wake.wake == state.performance
        told.append(wake.at - 10)
        state, _ = run(state, Woke(wake.at, wake.wake))
        state, done = ended(state)
    assert told == [45_000, 120_000]
    assert state.phase is Phase.WAITING
    assert run(state, Woke(Ms(1), state.performance))[0].phase is Phase.WAITING


def test_a_halt_reminds_at_its_moments_and_then_stays() -> None:
    state, done = ended(run(in_rep(begin(wording())), heard(5, Intent.STOP))[0])
    told: list[tuple[int, str]] = []
    while wakes(done):
        (wake,) = wakes(done)
        state, spoken = run(state, Woke(wake.at, wake.wake))
        told.append((wake.at - 10, say(spoken)[-1]))
        state, done = ended(state)
    assert told == [
        (20_000, "I am still here. Say continue, or finish."),
        (40_000, "Staying paused. Say continue when you want to go on."),
    ]
    assert state.halt is Name.STOPPED
    assert run(state, Woke(Ms(1), state.performance)) == (state, [])


def test_a_stop_in_a_stop_reminds_from_the_beginning() -> None:
    state, _ = ended(run(in_rep(begin(wording())), heard(5, Intent.STOP))[0])
    state, _ = run(state, Woke(Ms(1), state.performance))
    state, _ = run(state, heard(6, Intent.STOP))
    _, done = ended(state)
    assert wakes(done)[0].at == 10 + 20_000


def test_getting_up_begins_with_take_your_time_and_says_it_once() -> None:
    state = in_rep(begin(wording()))
    for _ in range(2):
        state, _ = run(state, heard(1, Intent.NEXT))
    state, _ = ended(state)
    state, done = run(state, heard(3, Intent.YES))
    assert say(done)[0] == "Take your time. Say next after each step."
    state, done = run(state, heard(3, Intent.NEXT))
    assert say(done) == ["Push with your hands until you sit on your hip."]
    state, done = ended(state)
    (wake,) = wakes(done)
    assert wake.at == 10 + 60_000
    _, done = run(state, Woke(wake.at, wake.wake))
    assert say(done) == ["Push with your hands until you sit on your hip."]


def test_nobody_who_stands_is_offered_a_way_up() -> None:
    state, _ = run(begin(wording()), Started(Ms(0)))
    for _ in range(3):
        state, _ = run(state, heard(1, Intent.NEXT))
    state, _ = ended(state)
    assert state.phase is Phase.ENDING


def test_where_nobody_can_answer_no_way_up_is_offered() -> None:
    alone = Circumstances(microphone=False, keys=False, wait=Ms(1000))
    state, _ = run(begin(wording(circumstances=alone)), Started(Ms(0)))
    for _ in range(80):
        if state.phase is Phase.WAITING:
            state, _ = run(state, Woke(Ms(9), state.performance))
        elif state.phase is Phase.COACHING:
            state, _ = ended(state)
    assert state.phase is Phase.ENDING


def test_ready_counts_only_where_it_is_asked_for() -> None:
    state = in_rep(begin(wording()))
    assert run(state, heard(1, Intent.READY)) == (state, [])


def test_a_stop_in_the_goodbye_is_silence_first() -> None:
    state, _ = run(begin(wording()), Started(Ms(0)), heard(6, Intent.FINISH))
    _, done = run(state, heard(7, Intent.STOP))
    assert isinstance(done[0], Silence)


def test_pain_between_two_positions_sends_nobody_back() -> None:
    state, _ = ended(run(begin(wording()), Started(Ms(0)))[0])
    assert state.segment.role is Role.MOVE
    _, done = run(state, heard(7, Intent.PAIN))
    assert say(done)[:2] == ["Stopped.", "Stay where you are. Breathe."]


def test_go_back_in_the_opening_is_the_opening_again() -> None:
    state, _ = run(begin(wording()), Started(Ms(0)), heard(5, Intent.GO_BACK))
    assert state.segment.role is Role.OPENING


def test_after_the_release_nothing_is_left_to_hold() -> None:
    assert released().held == 0


def test_go_back_in_the_first_rep_of_the_second_exercise_is_its_start() -> None:
    state, _ = run(in_rep(begin(wording())), heard(5, Intent.NEXT))
    while state.segment.role is not Role.REP:
        ready = state.phase is Phase.WAITING
        state, _ = run(state, heard(6, Intent.READY)) if ready else ended(state)
    assert (state.segment.place.exercise, state.segment.place.rep) == (2, 1)
    state, _ = run(state, heard(7, Intent.GO_BACK))
    assert (state.segment.place.exercise, state.segment.role) == (2, Role.GATE)


# -- perhaps a stop, and what the ears notice -----------------------------------------------------


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


def test_a_coach_that_is_silent_has_nothing_to_duck() -> None:
    state, _ = waiting()
    assert run(state, Suspected(Ms(20))) == (state, [])
    assert run(holding(), Suspected(Ms(20)))[1] == [Duck(-15, Ms(2020))]


LOUD = ["You come in too loud. Move a little away from the microphone."]


def test_what_is_noticed_in_a_hold_is_told_after_its_release_and_only_once() -> None:
    state, done = run(holding(), Noticed(Ms(6), "clipping"), Noticed(Ms(7), "clipping"))
    assert [type(one) for one in done] == [Note, Note]
    state, done = run(state, Reached(Ms(5005), state.performance, "release"))
    assert say(done) == []
    state, done = ended(state)
    assert state.segment.role is Role.REST
    assert say(done)[:1] == LOUD
    state, done = ended(state)
    assert LOUD[0] not in say(done)


def test_what_is_noticed_while_nothing_is_said_is_told_at_once_and_the_question_stays() -> None:
    state, _ = waiting()
    state, done = run(state, Noticed(Ms(20), "noisy"))
    assert say(done) == [EN.say("noticed_noisy")]
    assert state.phase is Phase.WAITING
    state, done = ended(state, 9000)
    assert [wake.at for wake in wakes(done)] == [9000 + 45_000]


def test_what_is_noticed_before_a_question_is_told_after_it() -> None:
    state, _ = run(holding(), Noticed(Ms(6), "noisy"), heard(7, Intent.STOP))
    state, done = ended(state)
    assert say(done) == [EN.say("noticed_noisy")]
    assert state.halt is Name.STOPPED
    assert wakes(ended(state)[1])


def test_nothing_is_told_between_a_hold_and_the_way_out() -> None:
    state, done = run(holding(), Noticed(Ms(6), "quiet"), heard(7, Intent.NEXT))
    assert EN.say("noticed_quiet") not in say(done)
    _, done = ended(state)
    assert say(done) == [EN.say("noticed_quiet")]


def test_what_has_no_words_is_only_noted() -> None:
    state, done = run(holding(), Noticed(Ms(6), "unheard of"))
    assert done == [Note("noticed", state.segment.place, "unheard of")]
    assert state.untold == ()


def test_a_recording_kept_and_a_test_not_made_are_told_at_the_beginning() -> None:
    now = Circumstances(checked=False, keeps_audio=True)
    _, done = run(begin(wording(circumstances=now)), Started(Ms(0)))
    assert say(done)[1:3] == [EN.say("keeps_audio"), EN.say("not_checked")]
