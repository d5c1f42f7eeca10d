"""What a review found: each is a sentence that somebody on a mat would have missed."""

from __future__ import annotations

import pytest
from core.moments import ended, finished, heard, holding, in_rep, released, run, say, wakes
from samples import wording

from voicecoach.core.actions import (
    Duck,
    End,
    Note,
    Outcome,
    Silence,
)
from voicecoach.core.commands import Intent
from voicecoach.core.en import EN
from voicecoach.core.events import (
    Back,
    Event,
    Lost,
    Noticed,
    Reached,
    Started,
    Suspected,
    Woke,
)
from voicecoach.core.plan import Role
from voicecoach.core.state import Phase, State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import Ms
from voicecoach.core.wording import Circumstances


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
