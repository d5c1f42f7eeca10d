"""Numbered sound: what is kept, what lies between two samples, what is left when it is thinned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.ears.echo_track import KEPT, Decimator, Track


def tone(frequency: float, places: np.ndarray) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * places)


@given(st.lists(st.tuples(st.integers(0, 3 * KEPT), st.integers(0, 300)), max_size=12))
def test_what_is_put_is_got_and_the_rest_is_silence(pieces: list[tuple[int, int]]) -> None:
    track, known, end = Track(), dict[int, float](), 0
    for number, (index, count) in enumerate(pieces, 1):
        track.put(index, np.full(count, number, np.float32))
        known |= {index + i: float(number) for i in range(count) if index + i >= end - KEPT}
        end = max(end, index + count)
    known = {index: value for index, value in known.items() if index >= end - KEPT}
    assert track.end == end
    for index, count in pieces:
        wanted = [known.get(i, 0.0) for i in range(index - 3, index + count + 3)]
        assert track.get(index - 3, count + 6).tolist() == wanted


def test_before_the_beginning_and_after_the_end_is_silence() -> None:
    assert not Track().get(-5_000_000, 10).any()
    assert not Track().between(-1e9, 1.0, 10).any()


@pytest.mark.parametrize("step", [1.0, 1.0002, 0.9998])
def test_between_two_samples_lies_what_was_there(step: float) -> None:
    track = Track()
    track.put(0, tone(0.19, np.arange(4_000)).astype(np.float32))
    for start in (1_000.0, 1_000.37, 1_000.999_9):
        wanted = tone(0.19, start + np.arange(600) * step)
        assert np.abs(track.between(start, step, 600) - wanted).max() < 0.01


@given(st.lists(st.integers(0, 700), max_size=12))
def test_a_thinned_stream_does_not_depend_on_its_parts(counts: list[int]) -> None:
    stream = np.random.default_rng(0).normal(0, 1, sum(counts)).astype(np.float32)
    parts, one = np.split(stream, np.cumsum(counts)), Decimator(3)
    together = np.concatenate([one.feed(part) for part in parts])
    assert np.allclose(together, Decimator(3).feed(stream), atol=1e-5)
    assert len(together) == -(-len(stream) // 3)


def test_thinning_keeps_what_is_low_and_drops_what_is_high() -> None:
    at = np.arange(4_800)
    low, high = Decimator(3), Decimator(3)
    kept = low.feed(tone(0.05, at).astype(np.float32))
    assert (
        np.abs(kept[low.delay :] - tone(0.15, np.arange(len(kept)))[: -low.delay])[50:].max() < 0.01
    )
    assert np.abs(high.feed(tone(0.3, at).astype(np.float32)))[50:].max() < 0.01
