"""The spotter: on every 32 ms, how likely each of its words has just been said."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from voicecoach.ears.spotter.features import FLOORS, Features, Frames
from voicecoach.ears.spotter.network import DAMAGED, Network, load
from voicecoach.ears.told import Scores
from voicecoach.errors import EarsError

WEIGHTS = Path(__file__).with_name("weights.npz")

AVERAGED = 5
"""Steps of 20 ms that a score is the mean of: one step alone may be a click."""


class Spotter:
    """Streaming; remembers 1.2 s of the past and some seconds of the noise.

    Two networks look at the same sound; a score is the mean of those that know the word. Where one
    is misled the other seldom is: of two the mean is as good with a third fewer false words.
    """

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Raises EarsError when the file of weights is missing or damaged."""
        self._features = Features()
        self._networks: list[tuple[Network, list[int]]] = []
        words: dict[str, None] = {}
        for weights, about in load(path):
            names = tuple(about.get("classes", ()))
            network = Network(weights, len(FLOORS))
            if len(names) != weights["head"].shape[1]:
                raise EarsError(DAMAGED)
            words |= dict.fromkeys(names[1:])
            self._networks.append((network, [list(words).index(name) for name in names[1:]]))
        if not self._networks:
            raise EarsError(DAMAGED)
        self._words = tuple(words)
        self._knowing = np.zeros(len(words))
        for _, places in self._networks:
            self._knowing[places] += 1
        quiet = np.zeros((len(FLOORS), len(words)))
        self._last = deque([quiet] * AVERAGED, maxlen=AVERAGED)

    def feed(self, chunk: bytes) -> Scores:
        """The best score of each word within one more chunk of 16 kHz mono int16.

        The best of all views: a word that stands out above one of the floors was said.
        """
        likely = self._likely(self._features.feed(np.frombuffer(chunk, "<i2")))
        best = np.zeros(len(self._words))
        for step in range(likely.shape[1]):
            self._last.append(likely[:, step])
            best = np.maximum(best, np.mean(self._last, axis=0).max(axis=0))
        return MappingProxyType(dict(zip(self._words, best.tolist(), strict=True)))

    def _likely(self, frames: Frames) -> npt.NDArray[np.float64]:
        """(views, steps, words): how likely each word has just been said."""
        total: npt.NDArray[np.float64] | None = None
        for network, places in self._networks:
            logits = network.feed(frames)
            likely = np.exp((logits - logits.max(axis=2, keepdims=True)).astype(np.float64))
            likely /= likely.sum(axis=2, keepdims=True)
            if total is None:
                total = np.zeros((*likely.shape[:2], len(self._words)))
            total[:, :, places] += likely[:, :, 1:]
        return (
            np.zeros((len(FLOORS), 0, len(self._words))) if total is None else total / self._knowing
        )
