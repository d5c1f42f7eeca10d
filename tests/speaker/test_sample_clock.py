from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.speaker.clock import JUMP, SampleClock

MS = 1_000_000


class Hand:
    def __init__(self) -> None:
        self.time = 77 * MS

    def __call__(self) -> int:
        return self.time

    def move(self, ms: float) -> None:
        self.time += round(ms * MS)


def test_it_starts_at_zero_and_goes_on_without_samples() -> None:
    hand = Hand()
    clock = SampleClock(hand)
    assert clock.now() == 0
    hand.move(1_234)
    assert clock.now() == 1_234


def test_it_follows_a_card_that_runs_fast_or_slow() -> None:
    for drift in (-0.001, 0.001):
        hand = Hand()
        clock = SampleClock(hand)
        position = 0.0
        for _ in range(10_000):
            hand.move(8)
            position += 8 * (1 + drift)
            clock.follow(position)
        assert abs(clock.now() - position) < 2


def test_bursts_do_not_make_it_jump() -> None:
    hand = Hand()
    clock = SampleClock(hand)
    seen = []
    for burst in range(100):
        for part in range(4):
            clock.follow(burst * 32 + part * 8)
            seen.append(clock.now())
        hand.move(32)
    steps = [b - a for a, b in pairwise(seen)]
    assert min(steps) >= 0
    assert max(steps) <= 33


def test_a_stall_is_told_and_time_goes_on() -> None:
    hand = Hand()
    clock = SampleClock(hand)
    hand.move(1_000)
    assert clock.behind(995) == 0
    hand.move(JUMP + 100)
    assert clock.now() == 1_250
    assert clock.behind(1_000) == 250


def test_a_long_buffer_taken_at_once_moves_it_forward() -> None:
    hand = Hand()
    clock = SampleClock(hand)
    clock.follow(2_000)
    assert clock.now() == 2_000


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(-1_000, 5_000), st.booleans())))
def test_it_never_runs_backwards(history: list[tuple[float, float, bool]]) -> None:
    hand = Hand()
    clock = SampleClock(hand)
    last = clock.now()
    for pause, position, anew in history:
        hand.move(pause)
        if anew:
            clock.set(position)
        else:
            clock.follow(position)
        assert clock.now() >= last
        last = clock.now()
