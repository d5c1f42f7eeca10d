"""An adaptive filter that learns how a room and two sound cards turn one sound into another.

A partitioned-block Kalman filter in the frequency domain: G. Enzner and P. Vary, "Frequency-domain
adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86
(2006); F. Kuech, E. Mabande and G. Enzner, "State-space architecture of the partitioned-block-based
acoustic echo controller", ICASSP 2014. It knows, frequency by frequency, how unsure it is of the
path, and takes all that it cannot explain for somebody speaking: its step is small by itself while
a person speaks, so that it needs no detector of that.

Law: it only ever adds and multiplies; what it subtracts is a linear image of the reference.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_NOISE = np.float32(1e-6)
"""Power a frequency that a microphone always has: -100 dBFS or so."""
_SURE = np.float32(1e-10)
"""No frequency is ever known better than this: it must be able to learn anew."""
_SMOOTH = np.float32(0.5)
"""Share of the last block in the power that nobody explains."""


def power(spectrum: npt.NDArray[np.complexfloating]) -> Floats:
    """The power at each frequency; np.abs() would take a root only to square it again."""
    return np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)


class EchoFilter:
    """From a reference to its echo: `partitions` times `block` samples long."""

    def __init__(
        self, block: int, partitions: int, memory: float, fade: float, turns: int = 1
    ) -> None:
        """`memory`: how much of the path is still true a block later, below 1.

        `fade`: by how much less is expected of each partition than of the one before.
        """
        shape = (partitions, block + 1)
        self.block, self.span = block, block * partitions
        self._memory = np.float32(memory * memory)
        share = np.float32(fade) ** np.arange(partitions, dtype=np.float32)
        self._share = (share / share.sum())[:, None]
        self.path = np.zeros(shape, np.complex64)
        """What has been learnt: the spectrum of each partition."""
        self._unsure = np.zeros(shape, np.float32)
        self._heard = np.zeros(shape, np.complex64)
        self._before = np.zeros(block, np.float32)
        self._unexplained = np.zeros(block + 1, np.float32)
        self._turns = turns
        self._turn = 0

    def expect(self, gain: float) -> None:
        """Begins anew, with nothing known but about how loud the echo may be (as a power)."""
        self.path[:] = 0
        self._unsure[:] = gain * self._share
        self._unexplained[:] = 0

    def recall(self, reference: Floats) -> None:
        """The reference of the last `span + block` samples was this: nothing is learnt."""
        frames = np.lib.stride_tricks.sliding_window_view(reference, 2 * self.block)
        self._heard[:] = np.fft.rfft(frames[:: self.block][::-1])
        self._before = reference[-self.block :]

    def echo(self, reference: Floats) -> Floats:
        """The echo in the block of which this is the reference."""
        self._heard[1:] = self._heard[:-1]
        self._heard[0] = np.fft.rfft(np.concatenate((self._before, reference)))
        self._before = reference
        image = np.fft.irfft((self.path * self._heard).sum(axis=0))
        return image[self.block :].astype(np.float32)

    def learn(self, error: Floats) -> None:
        """What the last echo() left over: the microphone's block without it."""
        seen = np.fft.rfft(np.concatenate((np.zeros(self.block, np.float32), error)))
        self._unexplained += (power(seen) - self._unexplained) * _SMOOTH
        loud = power(self._heard)
        known = (self._unsure * loud).sum(axis=0) + self._unexplained + _NOISE
        step = self._unsure / known
        self.path += step * np.conj(self._heard) * seen.astype(np.complex64)
        self._shorten()
        # Half of a frame is error, the other half is zeros: so it teaches half as much. Were it
        # believed whole, a first block without an echo in it would end all learning.
        self._unsure *= self._memory * (1 - 0.5 * step * loud)
        # What may have changed meanwhile may have changed anywhere.
        self._unsure += (1 - self._memory) * self._share * power(self.path).sum(axis=0)
        np.maximum(self._unsure, _SURE, out=self._unsure)

    def _shorten(self) -> None:
        """No partition may reach into the next one; a few of them are put right each time."""
        some = slice(self._turn, None, self._turns)
        taps = np.fft.irfft(self.path[some], axis=1)
        taps[:, self.block :] = 0
        self.path[some] = np.fft.rfft(taps, axis=1)
        self._turn = (self._turn + 1) % self._turns

    def shift(self, samples: int) -> None:
        """The reference will be read so many samples later than before: the path comes later.

        By more than the span nothing is left of it.
        """
        samples = min(max(samples, -self.span), self.span)
        taps = np.zeros(self.span, np.float32)
        taps[max(0, samples) : self.span + min(0, samples)] = self.taps()[
            max(0, -samples) : self.span - max(0, samples)
        ]
        parts = taps.reshape(-1, self.block)
        self.path[:] = np.fft.rfft(np.concatenate((parts, np.zeros_like(parts)), axis=1))

    def taps(self) -> Floats:
        """The path as an impulse response."""
        inverse = np.fft.irfft(self.path, axis=1)[:, : self.block]
        return inverse.ravel().astype(np.float32)
