from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outlets.stage import Speech

from voicecoach.outlets.mastering import CEILING, mastered, true_peak
from voicecoach.voice.base import Pcm

TEXT = "Bend both knees, and roll onto your back."


def interpolated(samples: Pcm) -> float:
    """The highest value of the sound, of full scale, sixteen times as finely sampled."""
    padded = np.concatenate((np.zeros(960), samples / 32_768, np.zeros(960)))
    spectrum = np.fft.rfft(padded)
    fine = np.fft.irfft(spectrum, 16 * len(padded)) * 16
    return float(np.abs(fine).max())


def noise(seed: int, length: int, highest: int) -> Pcm:
    """Loud noise without anything above a frequency."""
    drawn = np.random.default_rng(seed).standard_normal(length)
    spectrum = np.fft.rfft(drawn)
    spectrum[int(highest * length / 48_000) :] = 0
    sound = np.fft.irfft(spectrum, length) * np.hanning(length) ** 0.1
    whole: Pcm = np.rint(sound / np.abs(sound).max() * 29_000).astype(np.int16)
    return whole


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(600, 11_000), st.floats(0.5, 4.0))
def test_no_peak_is_above_the_ceiling_not_even_between_the_samples(
    seed: int, highest: int, gain: float
) -> None:
    out = mastered(noise(seed, 24_000, highest), gain)
    assert len(out) == 24_000
    assert interpolated(out) <= CEILING * 10 ** (0.1 / 20)


def test_what_is_below_the_ceiling_is_only_made_louder() -> None:
    quiet = Speech().clip(TEXT, 165).samples // 8
    assert np.abs(mastered(quiet, 2.0) - 2 * quiet.astype(int)).max() <= 1


def test_a_peak_makes_only_its_surroundings_softer_and_smoothly() -> None:
    sound = np.full(48_000, 8_000, np.int16)
    sound[24_000:24_010] = 30_000
    out = mastered(sound, 2.0) / 16_000
    assert 0.85 < out[24_005] * 16_000 / 32_768 / CEILING <= 1
    assert out[24_000 - 450 : 24_000].min() > 0.2
    far = np.concatenate((out[: 24_000 - 450], out[24_000 + 460 :]))
    assert far == pytest.approx(1.0)
    assert np.abs(np.diff(np.delete(out, np.s_[23_999:24_011]))).max() < 0.05


@pytest.mark.parametrize("length", [0, 1, 2, 7, 400])
def test_short_clips_keep_their_length(length: int) -> None:
    assert len(mastered(np.full(length, 30_000, np.int16), 2.0)) == length


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(600, 11_000))
def test_true_peaks_are_found(seed: int, highest: int) -> None:
    sound = noise(seed, 12_000, highest)
    assert true_peak(sound) == pytest.approx(interpolated(sound), rel=0.02)
