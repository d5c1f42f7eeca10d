from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from samples import exercise, routine

from voicecoach.core.plan import Role, plan, start_of
from voicecoach.core.routine import Dose, Side, Sides
from voicecoach.core.units import Ms, seconds

DOSES = st.builds(
    Dose,
    reps=st.integers(1, 6),
    hold=st.integers(1, 60).map(seconds),
    sets=st.integers(1, 3),
    sides=st.sampled_from(Sides),
    first_side=st.sampled_from(Side),
)


def sequence(dose: Dose) -> list[tuple[int, str | None, int]]:
    segments = plan(routine(exercise("Any", dose)))
    return [
        (one.place.set, one.place.side and one.place.side.value, one.place.rep)
        for one in segments
        if one.role is Role.REP
    ]


def test_alternating_sides_take_turns_from_the_first_side() -> None:
    dose = Dose(reps=2, hold=Ms(5000), sides=Sides.ALTERNATE, first_side=Side.RIGHT)
    assert sequence(dose) == [(1, "right", 1), (1, "left", 1), (1, "right", 2), (1, "left", 2)]


def test_both_sides_one_after_the_other() -> None:
    dose = Dose(reps=2, hold=Ms(5000), sides=Sides.BOTH)
    assert sequence(dose) == [(1, "left", 1), (1, "left", 2), (1, "right", 1), (1, "right", 2)]


@given(DOSES)
def test_each_side_gets_exactly_the_same(dose: Dose) -> None:
    segments = [s for s in plan(routine(exercise("Any", dose))) if s.role is Role.REP]
    per_side: dict[Side | None, Counter[tuple[int, int, int]]] = {}
    for one in segments:
        key = (one.place.set, one.place.rep, one.length)
        per_side.setdefault(one.place.side, Counter())[key] += 1
    assert len({frozenset(counts.items()) for counts in per_side.values()}) == 1
    assert all(set(counts.values()) == {1} for counts in per_side.values())
    assert len(per_side) == (2 if dose.sides in (Sides.BOTH, Sides.ALTERNATE) else 1)
    expected = {(s, r, dose.hold) for s in range(1, dose.sets + 1) for r in range(1, dose.reps + 1)}
    assert all(set(counts) == expected for counts in per_side.values())


@given(DOSES)
def test_between_two_reps_stands_one_rest_or_one_switch(dose: Dose) -> None:
    segments = plan(routine(exercise("Any", dose)))
    reps = [i for i, one in enumerate(segments) if one.role is Role.REP]
    for before, after in pairwise(reps):
        (between,) = segments[before + 1 : after]
        same_set = segments[before].place.set == segments[after].place.set
        changes = segments[before].place.side is not segments[after].place.side
        expected = dose.switch if changes else dose.rest
        assert between.length == (expected if same_set else dose.set_rest)
        assert between.place == segments[after].place


@given(DOSES)
def test_full_instruction_once_a_side(dose: Dose) -> None:
    full = [s.place.side for s in plan(routine(exercise("Any", dose))) if s.full]
    assert len(full) == len(set(full)) == (2 if dose.sides in (Sides.BOTH, Sides.ALTERNATE) else 1)


def test_start_of_is_the_gate_and_never_out_of_range() -> None:
    one = exercise("Any", Dose(reps=1, hold=Ms(1000)))
    segments = plan(routine(one, one))
    assert segments[start_of(segments, 2)].role is Role.MOVE
    assert segments[start_of(segments, -3)].role is Role.OPENING
    assert segments[start_of(segments, 99)].role is Role.CLOSING
