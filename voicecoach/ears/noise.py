"""Steady noise taken out of what the decoder hears: a Wiener filter that follows the noise.

Law: it stands before the decoder alone. The spotter and the health hear the sound as it is, so it
stands before no stop (law 1). It is as late as it must be: 16 ms. Where it is quiet it changes
nothing: what it takes from a clean voice costs more than it gives.

The gain of each band is prior / (1.2 + prior), by the decision-directed estimate of the
signal-to-noise ratio (Ephraim and Malah, 1984); the noise is the minimum of the smoothed power
over the last two seconds (after Martin, 2001), made larger, since a minimum lies below the mean.

Measured on phrases by six synthetic voices: of 53 in 10 dB of pink noise the decoder's first look
finds 22 without, 33 with it; of 82 clean ones both looks find 49 without, 36 with it.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from voicecoach.ears.endpoint import CHUNK

Floats = npt.NDArray[np.float64]

_HOP = CHUNK // 2
_SMOOTH = 0.8  # of the power that the minimum is taken of
_STRETCH = 20  # hops, 0.32 s, of which each keeps its own minimum
_STRETCHES = 5
_BIAS = 2.2  # the mean of noise above the minimum that is found
_MEMORY = 0.92  # of the decision-directed estimate
_OVER = 1.2
_FLOOR = 0.15  # -16 dB: what is left of noise, so that it does not ring

LOUD, QUIET = -48.0, -52.0
"""dBFS of noise from where on it is taken out, and from where on no more."""


class NoiseReduction:
    """One stream, chunk by chunk."""

    def __init__(self) -> None:
        self._window = np.sqrt(np.hanning(CHUNK + 1)[:CHUNK])
        self._past, self._tail = np.zeros(_HOP), np.zeros(_HOP)
        bands = CHUNK // 2 + 1
        self._power, self._lowest = np.zeros(bands), np.full(bands, np.inf)
        self._minima: deque[Floats] = deque(maxlen=_STRETCHES)
        self._prior = np.zeros(bands)
        self._hops = 0
        self._noisy = False

    def feed(self, chunk: bytes) -> bytes:
        """CHUNK samples of 16 kHz mono int16 in, as many out, those of 16 ms before."""
        samples = np.frombuffer(chunk, "<i2").astype(np.float64)
        whole = np.concatenate((self._past, samples))
        self._past = whole[-_HOP:]
        clean = np.concatenate([self._hop(whole[at : at + CHUNK]) for at in (0, _HOP)])
        if not self._noisy:
            return whole[:CHUNK].astype("<i2").tobytes()
        return bytes(np.clip(np.rint(clean), -32768, 32767).astype("<i2").tobytes())

    def _hop(self, frame: Floats) -> Floats:
        spectrum = np.fft.rfft(frame * self._window)
        power = np.abs(spectrum) ** 2 + 1e-12
        noise = self._noise(power)
        self._noisy = _level(noise) > (QUIET if self._noisy else LOUD)
        posterior = power / noise
        above = np.maximum(posterior - 1, 0)
        prior = _MEMORY * self._prior + (1 - _MEMORY) * above
        gain = np.maximum(prior / (_OVER + prior), _FLOOR)
        self._prior = gain**2 * posterior
        sound = np.fft.irfft(spectrum * gain) * self._window
        clean, self._tail = sound[:_HOP] + self._tail, sound[_HOP:]
        return np.asarray(clean)

    def _noise(self, power: Floats) -> Floats:
        """The mean power of the noise in each band."""
        smooth = _SMOOTH * self._power + (1 - _SMOOTH) * power if self._hops else power
        self._power = smooth
        self._lowest = np.minimum(self._lowest, smooth)
        self._hops += 1
        if self._hops % _STRETCH == 0:
            self._minima.append(self._lowest)
            self._lowest = smooth
        return np.asarray(_BIAS * np.min([*self._minima, self._lowest], axis=0))


def _level(power: Floats) -> float:
    """DBFS of what has these powers in the bands of one windowed frame (by Parseval)."""
    return float(10 * np.log10(4 * power.sum() / CHUNK**2)) - 90.309
