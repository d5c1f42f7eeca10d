"""A clip as it goes into a file: as loud as the file is to be, with no peak above a ceiling.

A look-ahead limiter on each clip as a whole: the gain sinks before a peak and comes back after
it, so that speech is not bent. Peaks between the samples are found where they can matter, with
the interpolation of BS.1770-4, annex 2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.voice.base import SAMPLE_RATE, Pcm

Signal = npt.NDArray[np.float32]

CEILING = 0.75
"""Of full scale, -2.5 dBTP: half of the room below -1 dBTP is for what lossy encoders add."""

_HOLD = SAMPLE_RATE * 4 // 1000
"""Samples around a peak that are as much softer as the peak; as many again to get there."""
_NEAR = 0.7
"""Of the ceiling: what lies below it is not looked between, since speech rises by less there."""
_TAPS = 12


def _interpolation() -> npt.NDArray[np.float64]:
    """(TAPS, 3): the values a quarter, a half and three quarters of a sample after a sample."""
    taps = np.arange(_TAPS) - (_TAPS // 2 - 1)
    shifts = np.array([0.25, 0.5, 0.75])
    distance = taps[:, None] - shifts[None, :]
    window = 0.5 + 0.5 * np.cos(np.pi * distance / (_TAPS // 2 + 0.5))
    out: npt.NDArray[np.float64] = np.sinc(distance) * window
    return out


_BETWEEN = _interpolation()


def mastered(samples: Pcm, gain: float) -> Pcm:
    """The same clip, `gain` times as loud and limited."""
    loud: Signal = samples * np.float32(gain / 32_768.0)
    peaks, where = _high_peaks(loud)
    if not len(peaks):
        return (loud * np.float32(32_768.0)).round().astype(np.int16)
    needed = np.ones(len(loud), np.float32)
    np.minimum.at(needed, where, (CEILING / peaks).astype(np.float32))
    return (loud * _calm(needed) * np.float32(32_768.0)).round().astype(np.int16)


def true_peak(samples: Pcm) -> float:
    """The highest value that the sound takes, also between its samples, of full scale."""
    loud: Signal = samples * np.float32(1.0 / 32_768.0)
    highest = float(np.max(np.abs(loud), initial=0.0))
    values, _ = _around(loud, np.flatnonzero(np.abs(loud) > _NEAR * highest))
    return max(highest, float(np.max(values, initial=0.0)))


def _high_peaks(loud: Signal) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """What is above the ceiling, and at which samples."""
    near = np.flatnonzero(np.abs(loud) > _NEAR * CEILING)
    if not len(near):
        return np.zeros(0), near
    values, near = _around(loud, near)
    high = values > CEILING
    return values[high], near[high]


def _around(
    loud: Signal, near: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """The highest value from each of these samples to the next."""
    padded = np.concatenate((np.zeros(_TAPS, np.float32), loud, np.zeros(_TAPS, np.float32)))
    first = near + _TAPS - (_TAPS // 2 - 1)
    between = padded[first[:, None] + np.arange(_TAPS)] @ _BETWEEN
    return np.maximum(np.abs(between).max(axis=1, initial=0.0), np.abs(loud[near])), near


def _calm(needed: Signal) -> Signal:
    """The lowest gain around each sample, reached in a straight line on both sides of it."""
    width = 2 * _HOLD + 1
    ones = np.ones(2 * _HOLD, np.float32)
    lowest, size = np.concatenate((ones, needed, ones)), 1
    while size < width:  # each pass looks at up to twice as many samples as the one before
        more = min(size, width - size)
        lowest, size = np.minimum(lowest[:-more], lowest[more:]), size + more
    sums = np.cumsum(np.concatenate((np.zeros(1), lowest)))
    return ((sums[width:] - sums[:-width]) / width).astype(np.float32)
