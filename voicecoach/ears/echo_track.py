"""Sound with numbered samples: kept for some seconds, read between its samples, thinned out.

Shapes: mono float32 of -1 to 1. A number counts samples from the beginning of its own clock.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

KEPT = 1 << 17
"""Samples that are remembered: 8 s at 16 kHz."""

_TAPS = 24
_PHASES = 256
"""A sample is read at the nearest of so many places between two: errs by 50 dB at 4 kHz."""


class Track:
    """The last seconds of a numbered stream. What was never put there is silence."""

    def __init__(self) -> None:
        self._samples = np.zeros(KEPT, np.float32)
        self.end = 0
        """The number after the newest sample."""

    def put(self, index: int, samples: Floats) -> None:
        """Samples from a number on; a gap before them is silence."""
        gap = min(index - self.end, KEPT)
        if gap > 0:
            self._write(index - gap, np.zeros(gap, np.float32))
        self._write(index, samples)
        self.end = max(self.end, index + len(samples))

    def _write(self, index: int, samples: Floats) -> None:
        first = max(index, self.end - KEPT, index + len(samples) - KEPT)
        samples = samples[first - index :]
        start = first % KEPT
        head = min(len(samples), KEPT - start)
        self._samples[start : start + head] = samples[:head]
        self._samples[: len(samples) - head] = samples[head:]

    def get(self, start: int, count: int) -> Floats:
        """So many samples from a number on."""
        out = np.zeros(count, np.float32)
        first, last = max(start, self.end - KEPT, 0), min(start + count, self.end)
        if first < last:
            at = first % KEPT
            head = min(last - first, KEPT - at)
            part = out[first - start : last - start]
            part[:head] = self._samples[at : at + head]
            part[head:] = self._samples[: len(part) - head]
        return out

    def between(self, start: float, step: float, count: int) -> Floats:
        """So many samples from a place on, `step` (about 1) apart: wherever they lie between ours.

        A window of a sinc: what a band-limited sound was there.
        """
        places = start + np.arange(count) * step
        whole = np.floor(places)
        phases = np.rint((places - whole) * _PHASES).astype(np.intp)
        rows = whole.astype(np.intp)
        rows -= rows[0]
        samples = self.get(int(whole[0]) - _TAPS // 2 + 1, int(rows[-1]) + _TAPS)
        windows = np.lib.stride_tricks.sliding_window_view(samples, _TAPS)
        sums: Floats = np.einsum("ij,ij->i", windows[rows], _SINC[phases])
        return sums


def _sinc() -> Floats:
    """A row of taps for each place between two samples, the last one included."""
    away = np.arange(_TAPS) - _TAPS // 2 + 1 - np.arange(_PHASES + 1)[:, None] / _PHASES
    taps = np.sinc(away) * np.cos(np.pi * away / (_TAPS + 2)) ** 2
    level = taps / taps.sum(axis=1, keepdims=True)
    return np.asarray(level, np.float32)


_SINC = _sinc()


class Decimator:
    """Every n-th sample of a stream, without what is too high for that; no sample is held back."""

    def __init__(self, factor: int) -> None:
        self._factor = factor
        self.delay = 10
        """By so many samples, after the thinning, the sound comes later."""
        away = np.arange(2 * self.delay * factor + 1) - self.delay * factor
        taps = np.sinc(away * 0.9 / factor) * np.hamming(len(away))
        self._taps = (taps / taps.sum()).astype(np.float32)
        self._rest = np.zeros(len(away) - 1, np.float32)

    def feed(self, samples: Floats) -> Floats:
        """What so many more samples give."""
        joined = np.concatenate((self._rest, samples))
        size = len(self._taps)
        count = max(0, (len(joined) - size) // self._factor + 1)
        self._rest = joined[count * self._factor :]
        if not count:
            return np.zeros(0, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(joined, size)[:: self._factor]
        return np.asarray(windows[:count] @ self._taps, np.float32)
