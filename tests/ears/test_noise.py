"""The noise goes, the voice stays, whatever the stream is cut into; silence stays silence."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.noise import NoiseReduction

LATE = CHUNK // 2


def reduced(sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The same moments of the sound, with less noise."""
    filtering = NoiseReduction()
    pcm = np.rint(sound).astype("<i2")
    parts = [filtering.feed(pcm[n : n + CHUNK].tobytes()) for n in range(0, len(pcm), CHUNK)]
    return np.frombuffer(b"".join(parts), "<i2").astype(np.float64)[LATE:]


def decibels(sound: npt.NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-9))


def noise(seconds: float, loud: float = 300) -> npt.NDArray[np.float64]:
    return np.random.default_rng(4).normal(0, loud, int(seconds * RATE) // CHUNK * CHUNK)


def voiced(length: int) -> npt.NDArray[np.float64]:
    """A hum with overtones that begins after two seconds, as a voice does."""
    time = np.arange(length) / RATE
    hum = sum(np.sin(2 * np.pi * 150 * n * time) / n for n in range(1, 12))
    return np.asarray(2000 * hum * (time > 2) * (time % 1 < 0.4))


def test_steady_noise_becomes_softer_by_more_than_ten_decibels() -> None:
    before = noise(4)
    after = reduced(before)
    assert decibels(after[2 * RATE :]) < decibels(before[2 * RATE :]) - 10


def test_a_voice_stays_as_loud_and_stands_out_more() -> None:
    hiss = noise(4)
    hum = voiced(len(hiss))
    after = reduced(hum + hiss)
    said = hum[: len(after)] != 0
    said[: 2 * RATE + CHUNK] = False
    assert abs(decibels(after[said]) - decibels(hum[: len(after)][said])) < 1
    left = after - hum[: len(after)]
    assert decibels(left[said]) < decibels(hiss[: len(after)][said]) - 3


def test_where_it_is_quiet_nothing_is_changed() -> None:
    before = voiced(4 * RATE // CHUNK * CHUNK) + noise(4, 60)  # -55 dBFS
    assert (reduced(before) == np.rint(before)[: len(before) - LATE]).all()


def test_noise_that_comes_is_taken_out_and_when_it_goes_the_sound_is_left_alone() -> None:
    loud = noise(8)
    loud[: 2 * RATE] *= 0.01
    loud[6 * RATE :] *= 0.01
    after = reduced(loud)
    assert decibels(after[5 * RATE : 6 * RATE]) < decibels(loud[5 * RATE : 6 * RATE]) - 10
    assert (after[7 * RATE :] == np.rint(loud)[7 * RATE : len(after)]).all()


def test_silence_stays_silence_and_full_scale_does_not_wrap() -> None:
    assert not reduced(np.zeros(RATE // CHUNK * CHUNK)).any()
    square = 32767.0 * np.sign(voiced(4 * RATE // CHUNK * CHUNK))
    hiss = np.random.default_rng(4).normal(0, 300, len(square))
    after = reduced(np.clip(square + hiss, -32768, 32767))
    assert np.corrcoef(after, square[: len(after)])[0, 1] > 0.9
