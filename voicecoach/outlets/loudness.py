"""How loud a session will be, known before it is mixed: EBU R128, from its clips and their places.

A meter of a library needs every sample of the file. Here each clip is weighted once, and its
energy is laid into a session of silence where the clip is placed: a session is measured in the
time that its few hundred clips take, whatever its length. Where two sounds overlap their energies
are added, which is right on average. Against ffmpeg's meter: a test.

Source: ITU-R BS.1770-4 (weighting, blocks of 400 ms every 100 ms, gates of -70 LUFS and -10 LU).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from voicecoach.core.units import Ms
from voicecoach.voice.base import SAMPLE_RATE, Pcm

Energies = npt.NDArray[np.float64]
"""Weighted energy of each BIN: the sum of the squares of its samples, full scale being 1."""

BIN = Ms(20)
"""So fine is the place of a clip known to the meter; a fifth of the step of its blocks."""

_STEP = 5  # bins from block to block
_BLOCK = 20  # bins
_OPEN = 3_000  # bins that are measured at once: a minute
_BIN_SAMPLES = SAMPLE_RATE * BIN // 1000
_OFFSET = -0.691  # dB
_SILENT, _RELATIVE = -70.0, -10.0
_FINE = 10  # classes a LU
_CLASSES = 80 * _FINE  # -70 to +10 LUFS

# At 48 kHz, (b0, b1, b2), (a1, a2): the head as a shelf, and the high pass.
_FILTERS = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (-1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621)),
)


def _weights() -> npt.NDArray[np.float64]:
    """What each frequency of a bin's spectrum adds to its energy."""
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(_BIN_SAMPLES))
    response = np.ones(len(delay), np.complex128)
    for ahead, back in _FILTERS:
        response *= np.polyval(ahead[::-1], delay) / np.polyval((*back[::-1], 1.0), delay)
    power: npt.NDArray[np.float64] = np.abs(response) ** 2 * (2.0 / _BIN_SAMPLES)
    power[[0, -1]] /= 2.0  # these two have no mirror image
    return power


_WEIGHTS = _weights()


def weighted(samples: Pcm) -> Energies:
    """The energies of a clip's bins, each weighted by its spectrum, which spares the filters."""
    bins = np.zeros(-(-len(samples) // _BIN_SAMPLES) * _BIN_SAMPLES)
    bins[: len(samples)] = samples
    spectrum = np.fft.rfft(bins.reshape(-1, _BIN_SAMPLES), axis=1)
    return (spectrum.real**2 + spectrum.imag**2) @ _WEIGHTS / 32_768.0**2


class Meter:
    """Integrated loudness of clips at places that are told in order of time. Constant memory."""

    def __init__(self) -> None:
        self._first = 0  # the bin that `_open` begins with: a whole number of steps
        self._open = np.zeros(_OPEN)
        self._counts = np.zeros(_CLASSES, np.int64)
        self._sums = np.zeros(_CLASSES)

    def add(self, at: Ms, energies: Energies) -> None:
        """A clip with its first sample there."""
        start = at // BIN
        if start - self._first + len(energies) > len(self._open):
            self._measure(start)
        first = start - self._first
        lacking = first + len(energies) - len(self._open)
        if lacking > 0:
            self._open = np.concatenate((self._open, np.zeros(lacking)))
        self._open[first : first + len(energies)] += energies

    def integrated(self) -> float | None:
        """LUFS of all that was added; None of silence. Nothing can be added afterwards."""
        self._class(np.concatenate((self._open, np.zeros(_BLOCK))))
        gate = self._mean(0)
        if gate is None:
            return None
        loud = self._mean(max(0, math.ceil((gate + _RELATIVE - _SILENT) * _FINE)))
        return gate if loud is None else loud

    def _mean(self, first: int) -> float | None:
        count = int(self._counts[first:].sum())
        return _lufs(float(self._sums[first:].sum()) / count) if count else None

    def _measure(self, until: int) -> None:
        """Classes every block that ends by a bin, and forgets what no later block needs."""
        whole = (until - self._first) // _STEP * _STEP
        done = whole - (_BLOCK - _STEP)
        if done <= 0:
            return
        # A long silence is worth no more than the block that leads into it.
        silence = min(max(0, whole - len(self._open)), _BLOCK)
        self._class(np.concatenate((self._open[:whole], np.zeros(silence))))
        rest = self._open[done:]
        self._open = np.concatenate((rest, np.zeros(len(self._open) - len(rest))))
        self._first += done

    def _class(self, bins: Energies) -> None:
        steps = np.add.reduce(bins[: len(bins) // _STEP * _STEP].reshape(-1, _STEP), axis=1)
        if len(steps) < _BLOCK // _STEP:
            return
        blocks = np.convolve(steps, np.ones(_BLOCK // _STEP), "valid")
        power = blocks / (_BLOCK * _BIN_SAMPLES)
        power = power[power > 10.0 ** ((_SILENT - _OFFSET) / 10.0)]
        levels = _OFFSET + 10.0 * np.log10(power)
        classes = np.minimum(((levels - _SILENT) * _FINE).astype(np.int64), _CLASSES - 1)
        self._counts += np.bincount(classes, minlength=_CLASSES)
        self._sums += np.bincount(classes, power, minlength=_CLASSES)


def _lufs(power: float) -> float:
    return _OFFSET + 10.0 * math.log10(power)
