"""Ranges, numbers that are asked for, paced movements, positions, forms: as sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core.moments import ended, run
from hypothesis import given
from hypothesis import strategies as st
from samples import exercise, routine, wording

from voicecoach.core.actions import Interject, Perform, Remember
from voicecoach.core.commands import Context, Intent
from voicecoach.core.en import EN, NUMBERS
from voicecoach.core.events import Heard, Started, Woke
from voicecoach.core.plan import Role, plan
from voicecoach.core.positions import STATIONS, way
from voicecoach.core.profile import Profile, adapt, movable, settle, value_of
from voicecoach.core.routine import (
    Amount,
    Clock,
    Dose,
    Exercise,
    Flag,
    Phase,
    Position,
    Routine,
    Sides,
)
from voicecoach.core.score import Kind, Say, Span
from voicecoach.core.state import Phase as Doing
from voicecoach.core.state import State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import Ms, seconds
from voicecoach.core.wording import Circumstances, Length

ASKED = Dose(reps=0, hold=Ms(0), asked=frozenset({"reps", "hold"}))
RANGED = Dose(reps=3, hold=seconds(10), limits=(("hold", Amount(10, 20)),))


def heard(intent: Intent, phrase: str = "") -> Heard:
    return Heard(Ms(1), intent, phrase or intent.value, "test")


def session(of: Routine, circumstances: Circumstances | None = None) -> State:
    return run(begin(wording(of, circumstances)), Started(Ms(0)))[0]


def to(state: State, role: Role) -> State:
    """On to the next segment of that role, saying ready where it is asked."""
    for _ in range(20):
        if state.segment.role is role and state.phase is Doing.COACHING:
            return state
        if state.phase is Doing.WAITING:
            state, _ = run(state, heard(Intent.READY))
        else:
            state, _ = ended(state)
    raise AssertionError(f"{role} was not reached")


def say(actions: list[object]) -> list[str]:
    scripts = [a.script for a in actions if isinstance(a, Perform | Interject)]
    return [item.text for script in scripts for item in script if isinstance(item, Say)]


def spans(actions: list[object], kind: Kind) -> list[Span]:
    scripts = [a.script for a in actions if isinstance(a, Perform)]
    return [i for s in scripts for i in s if isinstance(i, Span) and i.kind is kind]


# -- numbers that the source does not give ----------------------------


def test_a_missing_dose_is_asked_for_said_back_and_kept() -> None:
    state = session(routine(exercise("Cat", ASKED)))
    state, done = ended(state)
    assert (state.halt, state.context) == (Name.NUMBER, Context.NUMBER)
    assert say(done) == ["The text gives no number for Cat.", "How many times? Say a number."]
    state, done = run(state, heard(Intent.NUMBER, "eight"))
    assert say(done) == ["Eight times. Is that right? Yes or no."]
    state, done = run(state, heard(Intent.NO))
    assert state.halt is Name.NUMBER
    state, _ = run(state, heard(Intent.NUMBER, "five"))
    state, done = run(state, heard(Intent.YES))
    assert Remember("cat", "reps", 5) in done
    assert "How many seconds is each hold? Say a number." in say(done)
    state, _ = run(state, heard(Intent.NUMBER, "ten"))
    state, done = run(state, heard(Intent.YES))
    assert Remember("cat", "hold", 10) in done
    assert state.segment.role is Role.MOVE
    reps = [s for s in state.wording.segments if s.role is Role.REP]
    assert [s.length for s in reps] == [10_000] * 5


def test_a_missing_dose_can_be_skipped_and_broken_off() -> None:
    state = session(routine(exercise("Cat", ASKED), exercise("Dog", Dose(reps=1, hold=Ms(1000)))))
    state, _ = ended(state)
    stopped, _ = run(state, heard(Intent.STOP))
    assert stopped.halt is Name.STOPPED
    again, _ = run(stopped, heard(Intent.CONTINUE))
    assert again.halt is Name.NUMBER
    skipped, _ = run(state, heard(Intent.SKIP))
    assert skipped.segment.place.exercise == 2


def test_nobody_to_ask_leaves_the_exercise_out_and_says_so() -> None:
    alone = Circumstances(microphone=False, keys=False, wait=Ms(1000))
    of = routine(exercise("Cat", ASKED), exercise("Dog", Dose(reps=1, hold=Ms(1000))))
    state, done = ended(session(of, alone))
    assert state.segment.place.exercise == 2
    assert say(done)[0] == "Nobody can tell me the number for Cat. We leave it out."


def test_a_routine_of_nothing_but_missing_numbers_still_ends_when_nobody_is_there() -> None:
    alone = Circumstances(microphone=False, keys=False, wait=Ms(1000))
    state, _ = ended(session(routine(exercise("Cat", ASKED)), alone))
    assert state.segment.role is Role.CLOSING


def test_every_number_phrase_has_its_value() -> None:
    assert NUMBERS["one"] == 1
    assert NUMBERS["twenty five"] == 25
    assert NUMBERS["60"] == 60
    assert len({value for phrase, value in NUMBERS.items() if not phrase.isdigit()}) == 61


# -- ranges ----------------------------


def test_longer_and_shorter_move_within_the_range_and_never_beyond() -> None:
    state = to(session(routine(exercise("Lift", RANGED))), Role.REP)
    assert state.segment.length == 10_000
    state, done = run(state, heard(Intent.LONGER))
    assert "Fifteen seconds, from the next one on." in say(done)
    assert Remember("lift", "hold", 15) in done
    assert state.segment.length == 15_000
    state, _ = run(state, heard(Intent.LONGER))
    state, done = run(state, heard(Intent.LONGER))
    assert state.segment.length == 20_000
    assert "That is as far as your text goes." in say(done)
    for _ in range(9):
        state, _ = run(state, heard(Intent.SHORTER))
    assert state.segment.length == 10_000


def test_a_fixed_number_stays_fixed() -> None:
    state = to(session(routine(exercise("Lift", Dose(reps=2, hold=Ms(5000))))), Role.REP)
    later, done = run(state, heard(Intent.LONGER))
    assert later.wording is state.wording
    assert "Your text gives one number only." in say(done)


@given(st.integers(1, 50), st.integers(0, 50), st.integers(-5, 200))
def test_what_is_set_lies_in_the_range(low: int, room: int, value: int) -> None:
    dose = Dose(reps=low, hold=Ms(1000), limits=(("reps", Amount(low, low + room)),))
    assert low <= settle(exercise("Any", dose), "reps", value).dose.reps <= low + room


def test_what_the_author_fixed_cannot_be_set() -> None:
    fixed = exercise("Any", Dose(reps=5, hold=Ms(5000)))
    assert settle(fixed, "reps", 9) is fixed


def test_time_moves_before_times() -> None:
    both = replace(RANGED, limits=(("reps", Amount(3, 5)), ("hold", Amount(10, 20))))
    assert movable(both) == ("hold", Amount(10, 20))
    assert value_of(both, "hold") == 10


# -- what a rep has on the clock ----------------------------


def test_paced_movements_follow_each_other_on_one_clock() -> None:
    phases = (Phase(seconds(4), "Breathe out, roll up."), Phase(seconds(3), "Breathe in, rest."))
    dose = Dose(reps=2, hold=Ms(0), clock=Clock.PHASES, phases=phases)
    script = wording(routine(exercise("Roll", dose))).segment(
        next(s for s in plan(routine(exercise("Roll", dose))) if s.role is Role.REP)
    )
    paced = [item for item in script if isinstance(item, Span)]
    assert [(one.kind, one.length, one.says) for one in paced] == [
        (Kind.PACE, 4000, "Breathe out, roll up."),
        (Kind.PACE, 3000, "Breathe in, rest."),
    ]
    assert script.index(paced[1]) == script.index(paced[0]) + 1
    assert "And release." not in [item.text for item in script if isinstance(item, Say)]


def test_a_hold_in_breaths_is_paced_in_breaths() -> None:
    dose = Dose(reps=1, hold=seconds(24), breaths=3)
    of = routine(exercise("Rest", dose))
    rep = next(s for s in plan(of) if s.role is Role.REP)
    (held,) = [i for i in wording(of).segment(rep) if isinstance(i, Span)]
    assert held.length == 24_000
    assert [count.at for count in held.counts] == [0, 4000, 8000, 12_000, 16_000, 20_000]


def test_as_many_as_are_comfortable_has_no_total() -> None:
    dose = Dose(reps=0, hold=seconds(2), as_many=True)
    of = routine(exercise("Lift", dose), exercise("Dog", Dose(reps=1, hold=Ms(1000))))
    state = to(session(of), Role.REP)
    words = wording(of)
    rep = next(s for s in words.segments if s.role is Role.REP and s.place.rep == 3)
    assert words.which(rep) == "Third."
    assert run(state, heard(Intent.NEXT))[0].segment.place.exercise == 2


def test_timed_work_is_counted_and_released() -> None:
    dose = Dose(reps=1, hold=seconds(30), clock=Clock.WORK)
    of = routine(exercise("March", dose))
    rep = next(s for s in plan(of) if s.role is Role.REP)
    script = wording(of).segment(rep)
    assert [i.kind for i in script if isinstance(i, Span)] == [Kind.WORK]
    assert "Keep going for thirty seconds." in [i.text for i in script if isinstance(i, Say)]


# -- positions ----------------------------


@pytest.mark.parametrize("start", Position)
@pytest.mark.parametrize("goal", Position)
def test_there_is_a_way_between_any_two_positions(start: Position, goal: Position) -> None:
    stations = way(start, goal)
    here = start
    for station in stations:
        assert station in STATIONS[here]
        assert EN.moves[here, station]
        here = station
    assert here is goal
    assert len(stations) == len(set(stations))


def test_every_station_has_its_words_and_no_more() -> None:
    moves = {(here, there) for here, stations in STATIONS.items() for there in stations}
    assert set(EN.moves) == moves


def test_nobody_goes_straight_from_standing_to_the_back_and_up_again() -> None:
    down = way(Position.STANDING, Position.SUPINE)
    assert down == (Position.ALL_FOURS, Position.SIDE_LYING, Position.SUPINE)
    up = way(Position.SUPINE, Position.STANDING)
    assert up == (Position.SIDE_LYING, Position.ALL_FOURS, Position.STANDING)


def test_the_way_starts_where_the_body_is_not_where_the_plan_thought() -> None:
    hold = Dose(reps=1, hold=Ms(1000))
    of = routine(
        exercise("Back", hold),
        exercise("Front", hold, Position.PRONE),
        exercise("Chair", hold, Position.SITTING),
    )
    state = to(session(of), Role.REP)
    assert state.body is Position.SUPINE
    state, _ = run(state, heard(Intent.NEXT), heard(Intent.NEXT))
    assert state.segment.place.name == "Chair"
    words = [s.text for s in state.wording.segment(replace(state.segment, start=state.body))
             if isinstance(s, Say)]  # fmt: skip
    assert words[1] == "Bend both knees, and roll onto your side."


def test_who_is_there_already_is_not_moved() -> None:
    hold = Dose(reps=1, hold=Ms(1000))
    state = to(session(routine(exercise("One", hold), exercise("Two", hold))), Role.REP)
    state, _ = run(state, heard(Intent.NEXT))
    assert (state.segment.role, state.segment.place.name) == (Role.GATE, "Two")


# -- forms, lengths, profiles ----------------------------


def test_easier_and_harder_lead_to_the_other_form_and_back() -> None:
    hold = Dose(reps=1, hold=Ms(1000))
    easy = exercise("Easy lift", hold)
    lift = replace(exercise("Lift", hold), easier=easy)
    state = to(session(routine(lift)), Role.REP)
    state, done = run(state, heard(Intent.EASIER))
    assert "We take the easier form." in say(done)
    assert state.segment.place.name == "Easy lift"
    assert "There is no easier form of this one." in say(run(state, heard(Intent.EASIER))[1])
    state, _ = run(state, heard(Intent.HARDER))
    assert state.segment.place.name == "Lift"


def test_say_less_says_less_but_never_less_than_the_cautions() -> None:
    hold = Dose(reps=3, hold=Ms(1000), sides=Sides.ALTERNATE)
    one = replace(exercise("Lift", hold), cautions=("Go easy now.",), purpose="It helps.")
    words = wording(routine(one))
    lengths = []
    for length in Length:
        of_length = replace(words, length=length)
        texts = [
            item.text
            for segment in of_length.segments
            for item in of_length.segment(segment)
            if isinstance(item, Say)
        ]
        assert "Go easy now." in texts
        assert "Left side. Two of three." in texts
        lengths.append(len(texts))
    assert lengths == sorted(set(lengths))


def test_say_less_then_say_more_comes_back() -> None:
    state = to(session(routine(exercise("Lift", RANGED))), Role.REP)
    less, _ = run(state, heard(Intent.SAY_LESS))
    assert less.wording.length is Length.SHORT
    more, _ = run(less, heard(Intent.SAY_MORE))
    assert more.wording.length is Length.FULL
    assert "That is as far as I can go." in say(run(more, heard(Intent.SAY_MORE))[1])


def named(of: Routine) -> list[str]:
    return [one.name for one in of.exercises]


def test_what_must_be_avoided_is_replaced_or_left_out_and_said() -> None:
    hold = Dose(reps=1, hold=Ms(1000))
    bend = replace(exercise("Bend", hold), not_for=frozenset({Flag.BENDING}), instead="stand")
    lean = replace(exercise("Lean", hold), not_for=frozenset({Flag.LEANING}))
    stand: Exercise = replace(exercise("Stand", hold), reserve=True)
    of = routine(bend, lean, stand)
    assert named(adapt(of, Profile())) == ["Bend", "Lean"]
    both = adapt(of, Profile(avoid=frozenset({Flag.BENDING, Flag.LEANING})))
    assert named(both) == ["Stand"]
    words = wording(both)
    opening = [i.text for i in words.segment(words.segments[0]) if isinstance(i, Say)]
    assert "Instead of Bend we do Stand." in opening
    assert "We leave out Lean, because of what you must avoid." in opening


def test_own_numbers_are_not_asked_for_again() -> None:
    of = adapt(routine(exercise("Cat", ASKED)), Profile(doses={"cat": {"reps": 4, "hold": 3}}))
    (one,) = of.exercises
    assert (one.dose.reps, one.dose.hold, one.dose.asked) == (4, 3000, frozenset())


def test_slower_gives_more_time_to_move_and_the_same_holds() -> None:
    state = to(session(routine(exercise("Lift", RANGED))), Role.GATE)
    slow, _ = run(state, heard(Intent.SLOWER), heard(Intent.SLOWER))
    _, before = run(state, heard(Intent.READY))
    _, after = run(slow, heard(Intent.READY))
    assert spans(before, Kind.READY)[0].length == spans(after, Kind.READY)[0].length
    pauses = [
        [i.then for a in done if isinstance(a, Perform) for i in a.script if isinstance(i, Say)]
        for done in (before, after)
    ]
    assert all(one < two for one, two in zip(*pauses, strict=True))


def test_a_number_that_nobody_confirms_is_asked_for_again_and_not_for_ever() -> None:
    state, _ = ended(session(routine(exercise("Cat", ASKED))))
    state, _ = ended(run(state, heard(Intent.NUMBER, "five"))[0])
    state, done = run(state, Woke(Ms(2), state.performance))
    assert say(done) == ["Is that right? Yes or no."]
    state, _ = ended(state)
    state, _ = run(state, Woke(Ms(3), state.performance))
    assert state.halt is Name.NUMBER
