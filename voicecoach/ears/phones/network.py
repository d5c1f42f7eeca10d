"""From sound to phones: every 20 ms how likely silence is, and each phone, whatever the words are.

A conformer (A. Gulati et al., Interspeech 2020) for connectionist temporal classification
(A. Graves et al., ICML 2006): 2.0 million numbers, computed with numpy on a whole utterance. It
began as the network of the package hama and went on learning, in noise; see CARD.md. Trained by
scripts/train_phones; its twin in PyTorch is scripts/listening/phone_net.py.

Shapes: between layers (n, CHANNELS), n steps of 20 ms. Every matrix is (from, to).
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecoach.errors import EarsError

Array = npt.NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("weights.npz")

DAMAGED = "The phone recogniser's file is missing or damaged. Install voicecoach again."

PHONES = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"),
    *("B", "CH", "D", "DH", "F", "G", "HH", "JH", "K", "L", "M", "N", "NG", "P", "R", "S", "SH"),
    *("T", "TH", "V", "W", "Y", "Z", "ZH"),
)
"""Those of the decoder's dictionary (CMU). Class 0 is silence, or the phone before it going on."""

SCALE = "_scale"
"""What is added to the name of a matrix that is kept as whole numbers from -127 to 127: its units,
one for each column."""

ABOUT = "about"
"""What is said of the weights."""

BLOCKS, HEADS, CHANNELS = 4, 4, 144
FRAME, HOP = 400, 160
"""Samples at 16 kHz."""

_WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)).astype(np.float32)
_QUIETEST = 1e-10
_EPSILON = 1e-5


def load(path: Path) -> dict[str, Array]:
    """The weights in a file. Raises EarsError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            names = [name for name in file.files if name != ABOUT]
            found = {name: file[name].astype(np.float32) for name in names}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise EarsError(DAMAGED) from error
    units = {name: found.pop(name) for name in list(found) if name.endswith(SCALE)}
    for name, unit in units.items():
        found[name.removesuffix(SCALE)] *= unit
    return found


def bands(sound: Array, filters: Array) -> Array:
    """Logarithm of the power in each mel band, every 10 ms: (n, bands).

    Of the samples (full scale 1) and the filters, (FRAME // 2 + 1, bands).
    """
    padded = np.pad(sound, FRAME // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    power = np.square(np.abs(np.fft.rfft(frames * _WINDOW)))
    return np.asarray(np.log(np.maximum(power @ filters, _QUIETEST)), np.float32)


class Network:
    """The layers. What it is asked costs 5 ms for a second of sound."""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        """Raises EarsError when a layer is missing or of another size."""
        self._w = weights
        try:
            self.classes = self.hear(np.zeros(FRAME, np.float32)).shape[1]
        except (KeyError, ValueError, IndexError) as error:
            raise EarsError(DAMAGED) from error

    def hear(self, sound: Array) -> Array:
        """Log probabilities, (n, classes), of at least 0.02 s at 16 kHz; full scale is 1."""
        seen = np.pad(bands(sound, self._w["mel"]), ((1, 1), (0, 0)))
        pieces = np.lib.stride_tricks.sliding_window_view(seen, 3, axis=0)[::2]
        x = pieces.transpose(0, 2, 1).reshape(len(pieces), -1)
        x = _gelu(x @ self._w["stem"] + self._w["stem_bias"])
        for n in range(BLOCKS):
            x = x + 0.5 * self._dense(x, f"first{n}")
            x = x + self._attention(x, f"attention{n}")
            x = x + self._along(x, f"along{n}")
            x = x + 0.5 * self._dense(x, f"last{n}")
            x = self._normal(x, f"block{n}")
        x = x @ self._w["head"] + self._w["head_bias"]
        x -= x.max(axis=1, keepdims=True)
        return np.asarray(x - np.log(np.exp(x).sum(axis=1, keepdims=True)), np.float32)

    def _normal(self, x: Array, name: str) -> Array:
        """Each step by itself, brought to a mean of 0 and a variance of 1; scaled and shifted."""
        x = x - x.mean(axis=1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(axis=1, keepdims=True) + _EPSILON)
        scale, shift = self._w[f"{name}_norm"]
        return np.asarray(x * scale + shift)

    def _in(self, x: Array, name: str) -> Array:
        return np.asarray(
            self._normal(x, name) @ self._w[f"{name}_in"] + self._w[f"{name}_in_bias"]
        )

    def _out(self, x: Array, name: str) -> Array:
        return np.asarray(x @ self._w[f"{name}_out"] + self._w[f"{name}_out_bias"])

    def _dense(self, x: Array, name: str) -> Array:
        return self._out(_silu(self._in(x, name)), name)

    def _attention(self, x: Array, name: str) -> Array:
        """Each step looks at all the others, in HEADS ways."""
        parts = self._in(x, name).reshape(len(x), 3, HEADS, -1).transpose(1, 2, 0, 3)
        query, key, value = parts
        likeness = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(query.shape[2]))
        share = np.exp(likeness - likeness.max(axis=2, keepdims=True))
        share /= share.sum(axis=2, keepdims=True)
        return self._out((share @ value).transpose(1, 0, 2).reshape(len(x), -1), name)

    def _along(self, x: Array, name: str) -> Array:
        """A convolution of each channel along time, gated."""
        given, gate = np.split(self._in(x, name), 2, axis=1)
        kernel = self._w[f"{name}_kernel"]
        reach = len(kernel) // 2
        rows = np.pad(given * _sigmoid(gate), ((reach, reach), (0, 0)))
        total = np.repeat(self._w[f"{name}_kernel_bias"][None], len(x), axis=0)
        for tap, weight in enumerate(kernel):
            total += rows[tap : tap + len(x)] * weight
        return self._out(_silu(total), name)


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -60, 60))))


def _silu(x: Array) -> Array:
    return x * _sigmoid(x)


def _gelu(x: Array) -> Array:
    """D. Hendrycks and K. Gimpel (2016), by the hyperbolic tangent."""
    inner = np.float32(np.sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x**3)
    return np.asarray(np.float32(0.5) * x * (1 + np.tanh(inner)))
