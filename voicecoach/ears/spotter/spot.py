"""The spotter: on every 32 ms, how likely each of its words has just been said."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from types import MappingProxyType

import numpy as np

from voicecoach.ears.spotter.features import FLOORS, Features
from voicecoach.ears.spotter.network import DAMAGED, Network, load
from voicecoach.ears.told import Scores
from voicecoach.errors import EarsError

WEIGHTS = Path(__file__).with_name("weights.npz")

AVERAGED = 5
"""Steps of 20 ms that a score is the mean of: one step alone may be a click."""


class Spotter:
    """Streaming; remembers 1.2 s of the past and some seconds of the noise."""

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Raises EarsError when the file of weights is missing or damaged."""
        weights, about = load(path)
        self._features, self._network = Features(), Network(weights, len(FLOORS))
        names = tuple(about.get("classes", ()))
        if len(names) != weights["head"].shape[1]:
            raise EarsError(DAMAGED)
        self._words = names[1:]
        quiet = np.zeros((len(FLOORS), len(self._words)))
        self._last = deque([quiet] * AVERAGED, maxlen=AVERAGED)

    def feed(self, chunk: bytes) -> Scores:
        """The best score of each word within one more chunk of 16 kHz mono int16.

        The best of all views: a word that stands out above one of the floors was said.
        """
        logits = self._network.feed(self._features.feed(np.frombuffer(chunk, "<i2")))
        likely = np.exp((logits - logits.max(axis=2, keepdims=True)).astype(np.float64))
        likely /= likely.sum(axis=2, keepdims=True)
        best = np.zeros(len(self._words))
        for step in range(likely.shape[1]):
            self._last.append(likely[:, step, 1:])
            best = np.maximum(best, np.mean(self._last, axis=0).max(axis=0))
        return MappingProxyType(dict(zip(self._words, best.tolist(), strict=True)))
