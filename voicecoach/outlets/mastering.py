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

CEILING = 0.74
"""Of full scale, -2.6 dBTP: what is left below -1 dBTP is for what lossy encoders add to a peak."""

_STEP = 8
"""Samples that have one gain, 0.2 ms: finer steps are not heard, and take longer."""
_SLOPE = SAMPLE_RATE * 4 // 1000 // _STEP
"""Half of the steps in which the gain gets to a peak's, or comes back from it: 4 ms."""
_FLAT = 4
"""Steps on both sides of a peak with its gain: low voices are nearly as high there. Without them
600 Hz rose 0.4 dB above the ceiling."""
_NEAR = 0.75
"""Of the ceiling: between samples that are lower, speech does not rise above it."""
_TAPS = 12
_CENTRE = _TAPS // 2


def _interpolation() -> npt.NDArray[np.float32]:
    """(TAPS, 6): the values a quarter, a half and three quarters of a sample off, on both sides."""
    distance = (np.arange(_TAPS) - _CENTRE)[:, None] - np.array([-3, -2, -1, 1, 2, 3]) / 4
    window = np.cos(np.pi * distance / (2 * (_CENTRE + 1))) ** 2
    values: npt.NDArray[np.float32] = (np.sinc(distance) * window).astype(np.float32)
    return values


_BETWEEN = _interpolation()


def mastered(samples: Pcm, gain: float) -> Pcm:
    """The same clip, `gain` times as loud and limited."""
    loud: Signal = samples * np.float32(gain / 32_768.0)
    where, peaks = _peaks(loud, _NEAR * CEILING)
    high = peaks > CEILING
    if high.any():
        loud *= _gains(len(loud), where[high], peaks[high])
    loud *= np.float32(32_768.0)
    return np.rint(loud, out=loud).astype(np.int16)


def true_peak(samples: Pcm) -> float:
    """The highest value that the sound takes, also between its samples, of full scale."""
    loud: Signal = samples * np.float32(1.0 / 32_768.0)
    _, peaks = _peaks(loud, _NEAR * float(np.max(np.abs(loud), initial=0.0)))
    return float(np.max(peaks, initial=0.0))


def _peaks(loud: Signal, above: float) -> tuple[npt.NDArray[np.intp], Signal]:
    """Where the sound turns, above a level, and how high it rises around there."""
    silence = np.zeros(_TAPS, np.float32)
    padded = np.concatenate((silence, loud, silence))
    size = np.abs(padded)
    near = np.flatnonzero(size > above)
    turns = near[(size[near] >= size[near - 1]) & (size[near] >= size[near + 1])]
    around = padded[(turns - _CENTRE)[:, None] + np.arange(_TAPS)]
    between = np.abs(around @ _BETWEEN).max(axis=1, initial=0.0)
    return turns - _TAPS, np.maximum(between, size[turns])


def _gains(length: int, where: npt.NDArray[np.intp], peaks: Signal) -> Signal:
    """Of each sample: the lowest gain around it, reached in a straight line on both sides."""
    width = 2 * _SLOPE + 1
    seen = width + 2 * _FLAT
    far = 2 * _SLOPE + _FLAT  # from where a peak is seen
    lowest = np.ones(length // _STEP + 1 + 2 * far, np.float32)
    np.minimum.at(lowest, where // _STEP + far, CEILING / peaks)
    size = 1
    while size < seen:  # each pass looks at up to twice as many steps as the one before
        more = min(size, seen - size)
        lowest, size = np.minimum(lowest[:-more], lowest[more:]), size + more
    calm = np.convolve(lowest, np.full(width, 1.0 / width, np.float32), "valid")
    return np.repeat(calm.astype(np.float32), _STEP)[:length]
