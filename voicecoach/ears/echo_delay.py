"""Where in the reference the echo lies, and by how much two sound cards differ in speed.

`Search` looks everywhere around a guess: a coarse adaptive filter that spans all delays; where
its energy is, there is the echo. `Drift` looks closely: by how much the microphone is later than
the echo that the fine filter expects.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from voicecoach.ears.echo_filter import EchoFilter, power
from voicecoach.ears.echo_track import Decimator, Floats

AROUND = 6400
"""Samples at 16 kHz to either side of the guess: 400 ms."""

_THIN = 4  # 4 kHz: enough to place an echo within a ms
_BLOCK = 256  # samples at 4 kHz: 64 ms
_ROOM = 400  # samples at 4 kHz: of the reverberation, so much is looked at
_MEMORY = 0.98
_WINDOW = 32  # samples at 4 kHz: energy is looked at in windows of 8 ms
_BEFORE = 96  # samples at 4 kHz: the direct sound may come so long before a stronger reflection
_DIRECT = 0.15  # and have so much of its energy,
_ABOVE = 10.0  # if that is so many times what all places have
_FIRST = 12  # blocks with sound before anything is believed: 0.8 s
_CLEAR = 20.0  # the energy there, over the median of all places
_AGREE = 16  # samples at 4 kHz within which looks in a row must agree
_LOOKS = 3


class Search:
    """Fed with pairs of microphone and reference; says where the echo is when it is sure."""

    def __init__(self) -> None:
        blocks = -(-(2 * AROUND // _THIN + _ROOM) // _BLOCK)
        self._filter = EchoFilter(_BLOCK, blocks, _MEMORY, fade=1.0)
        self._filter.expect(2.0)
        self._thin = Decimator(_THIN), Decimator(_THIN)
        self._waiting = np.zeros(0, np.float32), np.zeros(0, np.float32)
        self._blocks = 0
        self._seen: list[int] = []
        self.span = blocks * _BLOCK * _THIN
        """Samples of the reference that matter."""

    def feed(self, microphone: Floats, reference: Floats) -> int | None:
        """How many samples (16 kHz) later than by the guess the first sound of the echo comes.

        Fed with as many samples of both, the microphone's AROUND earlier than by the guess. None
        while nothing is certain.
        """
        thin = [
            one.feed(part) for one, part in zip(self._thin, (microphone, reference), strict=True)
        ]
        heard, played = (np.concatenate(pair) for pair in zip(self._waiting, thin, strict=True))
        found = None
        while len(heard) >= _BLOCK:
            self._filter.learn(heard[:_BLOCK] - self._filter.echo(played[:_BLOCK]))
            heard, played = heard[_BLOCK:], played[_BLOCK:]
            self._blocks += 1
            if self._blocks >= _FIRST and self._blocks % 2 == 0:
                found = self._look()
        self._waiting = heard, played
        return found

    def _look(self) -> int | None:
        taps = self._filter.taps()
        sums = np.concatenate(([0.0], np.cumsum(taps.astype(np.float64) ** 2)))
        energy = sums[_WINDOW:] - sums[:-_WINDOW]
        top = int(np.argmax(energy))
        greatest, usual = float(energy[top]), float(np.median(energy))
        if not greatest > _CLEAR * usual:
            self._seen.clear()
            return None
        first = max(0, top - _BEFORE)
        enough = min(max(_DIRECT * greatest, _ABOVE * usual), 0.9 * greatest)
        found = first + int(np.argmax(energy[first : top + 1] >= enough))
        if found < top:
            found += _WINDOW - 8  # the direct sound has just come into the window
        self._seen = [*self._seen[1 - _LOOKS :], found]
        if len(self._seen) < _LOOKS or np.ptp(self._seen) > _AGREE:
            return None
        return found * _THIN - AROUND


_FRAMES = 16  # blocks to a measurement: 0.5 s
_FINER = 8  # places between two samples
_WIDEST = 12  # samples
_CLOSE = 0.15  # coherence below which nothing is known
_LOWEST, _HIGHEST = 8, 450  # of 512 frequencies, up to 8 kHz


class Drift:
    """By how much the microphone is later than the echo that was expected, twice a second."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._padding = np.zeros(block, np.float32)
        self.restart()

    def restart(self) -> None:
        """Forgets what it has begun to measure."""
        self._count = 0
        self._cross = np.zeros(self._block + 1, np.complex64)
        self._heard = np.zeros(self._block + 1, np.float32)
        self._expected = np.zeros(self._block + 1, np.float32)

    def feed(self, microphone: Floats, echo: Floats) -> float | None:
        """Samples; None where that is not known."""
        heard = np.fft.rfft(np.concatenate((self._padding, microphone)))
        expected = np.fft.rfft(np.concatenate((self._padding, echo)))
        self._cross += np.conj(expected) * heard
        self._heard += power(heard)
        self._expected += power(expected)
        self._count += 1
        if self._count < _FRAMES:
            return None
        size = np.abs(self._cross)
        coherence = size**2 / (self._heard * self._expected + 1e-12)
        cross = self._cross
        self.restart()
        band = slice(_LOWEST, _HIGHEST)
        if float(coherence[band].mean()) < _CLOSE:
            return None
        # The likeliest delay weighs each frequency by what it knows of it: Knapp and Carter, "The
        # generalized correlation method for estimation of time delay", IEEE ASSP-24 (1976).
        weight = np.zeros_like(size)
        weight[band] = (coherence / (1.02 - coherence) / (size + 1e-12))[band]
        curve = np.fft.irfft(cross * weight, 2 * self._block * _FINER)
        reach = _WIDEST * _FINER
        curve = np.concatenate((curve[-reach:], curve[: reach + 1]))
        return (_peak(curve) - reach) / _FINER


def _peak(curve: npt.NDArray[np.floating]) -> float:
    """Where a curve is highest, by the parabola through its three highest points."""
    top = int(np.argmax(curve))
    if not 0 < top < len(curve) - 1:
        return float(top)
    left, middle, right = (float(value) for value in curve[top - 1 : top + 2])
    bend = left - 2 * middle + right
    return top + (0.5 * (left - right) / bend if bend else 0.0)
