"""The spotter's network, computed with numpy on the stream: 124 thousand numbers, 20 ms a step.

Law: the same sound gives the same scores, whether it comes in one piece or in many.
Shapes: `frames` are (views, n, BANDS), everything between layers is (views, steps, channels).
It is trained by scripts/train_spotter and its twin in PyTorch, scripts/listening/net.py.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.ears.spotter.features import BANDS, Frames
from voicecoach.errors import EarsError

Array = npt.NDArray[np.float32]

KERNEL = 5
"""Steps that a convolution along time sees, `dilation` apart."""

DILATIONS = (1, 1, 2, 2, 4, 4)
_PATCH_FRAMES, _PATCH_BANDS, _PATCH_STRIDE = 5, 8, 4

HEARS = "embeddings"
"""What is said of the second ear in the file of weights."""

DAMAGED = "The stop spotter's file is missing or damaged. Install voicecoach again."


def load(path: Path) -> list[tuple[dict[str, Array], dict[str, Any]]]:
    """The networks of a file: weights, and what is said of each. Raises EarsError."""
    try:
        with np.load(path, allow_pickle=False) as file:
            about: list[dict[str, Any]] = json.loads(str(file["about"]))
            found: list[tuple[dict[str, Array], dict[str, Any]]] = [({}, one) for one in about]
            for entry in file.files:
                number, dot, name = entry.partition(".")
                if dot:
                    found[int(number)][0][name] = file[entry].astype(np.float32)
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise EarsError(DAMAGED) from error
    return found


class Network:
    """The layers, and what each remembers of the past."""

    def __init__(self, weights: Mapping[str, Array], views: int = 1) -> None:
        """Raises EarsError when a layer is missing or of another size."""
        self._w, self._views = weights, views
        try:
            self.forget()
            self.feed(np.zeros((views, 2, BANDS), np.float32))
            self.forget()
        except (KeyError, ValueError, IndexError) as error:
            raise EarsError(DAMAGED) from error

    def forget(self) -> None:
        """As at the beginning of a stream."""
        inner = self._w["wide0"].shape[1]
        self._frames = np.zeros((self._views, _PATCH_FRAMES - 1, BANDS), np.float32)
        self._past = [
            np.zeros((self._views, (KERNEL - 1) * dilation, inner), np.float32)
            for dilation in DILATIONS
        ]

    def feed(self, frames: Frames) -> Array:
        """Logits of the steps that some more frames complete: (views, n, classes)."""
        rows = np.concatenate((self._frames, frames), axis=1)
        steps = (rows.shape[1] - _PATCH_FRAMES + 1) // 2
        if steps < 1:
            self._frames = rows
            return np.zeros((self._views, 0, self._w["head"].shape[1]), np.float32)
        self._frames = rows[:, 2 * steps :]
        x = self._patches(rows[:, : 2 * steps + _PATCH_FRAMES - 1], steps)
        for number, dilation in enumerate(DILATIONS):
            x = self._block(x, number, dilation)
        return np.asarray(x @ self._w["head"] + self._w["head_bias"], np.float32)

    def _patches(self, rows: Frames, steps: int) -> Array:
        """Small pieces of the spectrum through the same filters, two frames to a step."""
        patch = (_PATCH_FRAMES, _PATCH_BANDS)
        pieces = np.lib.stride_tricks.sliding_window_view(rows, patch, axis=(1, 2))
        pieces = pieces[:, :, ::_PATCH_STRIDE].reshape(-1, _PATCH_FRAMES * _PATCH_BANDS)
        seen = np.maximum(pieces @ self._w["patch"] + self._w["patch_bias"], 0.0)
        joined = seen.reshape(self._views, steps, -1) @ self._w["join"] + self._w["join_bias"]
        return np.asarray(np.maximum(joined, 0.0), np.float32)

    def _block(self, x: Array, number: int, dilation: int) -> Array:
        w, steps = self._w, x.shape[1]
        wide = np.maximum(x @ w[f"wide{number}"] + w[f"wide_bias{number}"], 0.0)
        rows = np.concatenate((self._past[number], wide), axis=1)
        self._past[number] = rows[:, steps:]
        along = w[f"along{number}"]
        total = w[f"along_bias{number}"] + rows[:, :steps] * along[0]
        for tap in range(1, KERNEL):
            total += rows[:, tap * dilation : tap * dilation + steps] * along[tap]
        narrow = np.maximum(total, 0.0) @ w[f"narrow{number}"] + w[f"narrow_bias{number}"]
        return np.asarray(np.maximum(x + narrow, 0.0), np.float32)
