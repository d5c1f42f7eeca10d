"""Sound to what the network sees: 40 mel bands every 10 ms, freed of loudness and steady noise.

Law: training and listening use this one class, so that they can never differ.
Per-channel energy normalisation: Y. Wang et al., "Trainable frontend for robust and far-field
keyword spotting" (2017). It divides each band by its own recent past: a fan, a distance and a
microphone's colour vanish, the beginning of a word stays.

In a very quiet place it also raises breath and echo up to the loudness of speech: of 41 "stop"
with 50 dB of silence around them 83 % were found, 95 % and more with pink noise 20 to 30 dB below.
How loud that must be depends on the microphone; so the sound is looked at above several floors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.ears.endpoint import RATE

Frames = npt.NDArray[np.float32]

FLOORS = (-120.0, -54.0, -42.0)
"""dB below full scale: the pink noise that each view of the sound is lifted by."""

BANDS = 40
HOP = 160
"""Samples between two frames: 10 ms."""

WINDOW = 400
_FFT = 512
_LOW, _HIGH = 60.0, 7600.0  # Hz
_SMOOTH, _ALPHA, _DELTA, _ROOT, _FLOOR = 0.025, 0.98, 2.0, 0.5, 1e-6


def _mel(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(hertz) / 700.0), np.float64)


def _filters() -> npt.NDArray[np.float32]:
    """Triangles, evenly spaced in mel: (257, 40)."""
    low, high = _mel((_LOW, _HIGH)).tolist()
    edges = np.linspace(low, high, BANDS + 2)
    bins = _mel(np.fft.rfftfreq(_FFT, 1 / RATE))[:, None]
    rise = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.asarray(np.maximum(0.0, np.minimum(rise, fall)), np.float32)


def _pink(window: npt.NDArray[np.float32], filters: npt.NDArray[np.float32]) -> Frames:
    """The mean energy in each band of pink noise at full scale: (BANDS,)."""
    hertz = np.fft.rfftfreq(_FFT, 1 / RATE)
    share = np.where(hertz > 0, 1 / np.maximum(hertz, 20.0), 0.0)
    density = share / share.sum() * np.square(window).sum() * _FFT / 2
    return np.asarray(density @ filters, np.float32)


class Features:
    """A stream of sound as frames, one view for each floor."""

    def __init__(self, floors: Sequence[float] = FLOORS) -> None:
        """Floors in dB below full scale."""
        self._window = np.hanning(WINDOW).astype(np.float32)
        self._filters = _filters()
        level = 10 ** (np.asarray(floors, np.float32) / 10)
        self._floors = level[:, None, None] * _pink(self._window, self._filters)
        self._rest: npt.NDArray[np.float32] = np.zeros(0, np.float32)
        self._past: Frames | None = None

    def feed(self, samples: npt.NDArray[np.int16]) -> Frames:
        """The frames that some more samples complete: (floors, n, BANDS)."""
        new = np.asarray(samples / np.float32(32768), np.float32)
        sound: npt.NDArray[np.float32] = np.concatenate((self._rest, new))
        count = max(0, (len(sound) - WINDOW) // HOP + 1)
        if not count:
            self._rest = sound
            return np.zeros((len(self._floors), 0, BANDS), np.float32)
        self._rest = sound[count * HOP :]
        pieces = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP][:count]
        spectrum = np.fft.rfft(pieces * self._window, _FFT)
        energy = np.asarray(np.square(np.abs(spectrum)), np.float32) @ self._filters
        return self._normal(np.asarray(energy + self._floors, np.float32))

    def _normal(self, energy: Frames) -> Frames:
        past = energy[:, 0] if self._past is None else self._past
        smooth = np.empty_like(energy)
        for row in range(energy.shape[1]):
            past = past + _SMOOTH * (energy[:, row] - past)
            smooth[:, row] = past
        self._past = past
        gained = energy * (_FLOOR + smooth) ** -_ALPHA
        return np.asarray((gained + _DELTA) ** _ROOT - _DELTA**_ROOT, np.float32)
