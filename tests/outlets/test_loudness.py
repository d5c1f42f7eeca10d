"""The meter against a plain reading of the standard, and against ffmpeg's."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outlets.stage import Speech, loudness, needs_ffmpeg

from voicecoach.core.units import Ms
from voicecoach.outlets.loudness import BIN, Energies, Meter, weighted
from voicecoach.voice.base import Pcm

Placed = list[tuple[int, Pcm]]
BLOCK, STEP = 400 // BIN, 100 // BIN


def measured(placed: Placed) -> float | None:
    meter = Meter()
    for at, samples in placed:
        meter.add(Ms(at), weighted(samples))
    return meter.integrated()


def by_the_book(bins: Energies, stricter: float = 0.0) -> float | None:
    """Of the energies of bins, without any of the meter's thrift; its gate so many LU higher."""
    power = [bins[at : at + BLOCK].sum() / (BLOCK * BIN * 48) for at in range(0, len(bins), STEP)]
    loud = np.array([one for one in power if -0.691 + 10 * np.log10(max(one, 1e-12)) > -70])
    if not len(loud):
        return None
    gated = loud[loud > loud.mean() / 10 ** (1 - stricter / 10)]
    return float(-0.691 + 10 * np.log10(gated.mean()))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 200_000), st.integers(1, 4_000 // BIN)), max_size=12),
    st.integers(0, 1_000),
)
def test_what_is_measured_as_it_comes_is_what_the_standard_says(
    places: list[tuple[int, int]], seed: int
) -> None:
    random = np.random.default_rng(seed)
    drawn = [(at, random.uniform(0, 300, length) ** random.uniform(0, 1)) for at, length in places]
    whole = np.zeros(220_000 // BIN)
    meter = Meter()
    for at, energies in sorted(drawn, key=lambda one: one[0]):
        meter.add(Ms(at), energies)
        whole[at // BIN : at // BIN + len(energies)] += energies
    found, least = meter.integrated(), by_the_book(whole)
    assert (found is None) == (least is None)
    # The gates are in classes of 0.1 LU, and of few blocks one more or less may weigh much.
    most = by_the_book(whole, stricter=0.1)
    if found is not None and least is not None and most is not None:
        assert least - 1e-6 <= found <= most + 1e-6


def test_a_sine_of_997_hz_at_full_scale_is_3_01_lufs_below_zero() -> None:
    sine = np.rint(32_767 * np.sin(2 * np.pi * 997 * np.arange(480_000) / 48_000))
    assert measured([(0, sine.astype(np.int16))]) == pytest.approx(-3.01, abs=0.1)


def test_silence_has_no_loudness_and_makes_nothing_softer() -> None:
    assert measured([]) is None
    assert measured([(5_000, np.zeros(48_000, np.int16))]) is None
    clip = Speech().clip("Hold for five, and breathe easily.", 165).samples
    once, later = measured([(1_000, clip)]), measured([(1_000, clip), (7_200_000, clip)])
    assert once is not None
    assert later == pytest.approx(once, abs=0.05)


def test_twice_as_loud_is_six_more() -> None:
    clip = Speech().clip("Hold for five.", 165).samples // 4
    once, twice = measured([(300, clip)]), measured([(300, 2 * clip)])
    assert once is not None
    assert twice == pytest.approx(once + 6.02, abs=0.05)


@needs_ffmpeg
def test_ffmpeg_measures_the_same(tmp_path: Path) -> None:
    voice = Speech()
    placed: Placed = []
    at = 130
    for number in range(40):
        samples = voice.clip("breathe in and out " * (1 + number % 4), 165).samples
        samples = (samples * (0.1 + 0.8 * (number % 3) / 2)).astype(np.int16)
        placed.append((at, samples))
        at += len(samples) // 48 + (37 * number) % 1_900
    whole = np.zeros((at + 1_000) * 48, np.int16)
    for start, samples in placed:
        whole[start * 48 : start * 48 + len(samples)] = samples
    with wave.open(str(tmp_path / "whole.wav"), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(whole.tobytes())
    integrated, _ = loudness(tmp_path / "whole.wav")
    assert measured(placed) == pytest.approx(integrated, abs=0.15)
