"""The filter's path, moved as the place moves at which the reference is read."""

from __future__ import annotations

import numpy as np
import pytest

from voicecoach.ears.echo_filter import EchoFilter

BLOCK, PARTITIONS = 64, 4
SPAN = BLOCK * PARTITIONS


def learnt() -> EchoFilter:
    """One that knows a path."""
    made = EchoFilter(BLOCK, PARTITIONS, 0.9997, 0.75)
    taps = np.random.default_rng(1).standard_normal((PARTITIONS, BLOCK)).astype(np.float32)
    made.path[:] = np.fft.rfft(np.concatenate((taps, np.zeros_like(taps)), axis=1))
    return made


@pytest.mark.parametrize("samples", [0, 1, -1, 100, -100, SPAN - 1, 1 - SPAN])
def test_the_path_moves_with_the_place(samples: int) -> None:
    one = learnt()
    before = one.taps()
    one.shift(samples)
    after = one.taps()
    kept = before[max(0, -samples) : SPAN - max(0, samples)]
    assert np.allclose(after[max(0, samples) : SPAN + min(0, samples)], kept, atol=1e-5)
    assert np.count_nonzero(np.abs(after) > 1e-5) <= len(kept)


@pytest.mark.parametrize("samples", [SPAN, -SPAN, SPAN + 32, -SPAN - 32, 40 * SPAN])
def test_a_move_beyond_its_span_leaves_nothing(samples: int) -> None:
    """It ended the listening process, whenever an echo was found half a second elsewhere."""
    one = learnt()
    one.shift(samples)
    assert not one.taps().any()
