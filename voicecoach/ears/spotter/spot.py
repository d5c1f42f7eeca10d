"""The spotter: on every 32 ms, how likely each of its words has just been said.

Two networks of our own look at the stream all the time. Where they think a little of a word, the
second ear (`second`) is asked, too: it finds about as many of people's words, and is misled by
other things. Measured in 113 minutes of talk, noises and the coach, on eleven conditions of people
saying "stop": with two false ones the networks alone find 78 %, both ears together 88 %.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from voicecoach.ears.endpoint import CHUNK
from voicecoach.ears.spotter.features import FLOORS, Features, Frames
from voicecoach.ears.spotter.network import DAMAGED, HEARS, Array, Network, load
from voicecoach.ears.spotter.second import STEP, Embeddings, SecondEar
from voicecoach.ears.told import Scores
from voicecoach.errors import EarsError

WEIGHTS = Path(__file__).with_name("weights.npz")

AVERAGED = 5
"""Steps of 20 ms that a score is the mean of: one step alone may be a click."""

ASKED = 0.15
"""The networks' score from which the second ear is asked."""

_HALF = 0.5  # the weight of the second ear's log odds, beside the networks' 1
_UNASKED = 0.02  # what the second ear stands for where it is not asked
_HELD = 8  # chunks, a quarter of a second: the two ears need not rise at the same moment
_HELD_STEPS = 4  # of the second ear
_LOOKED_BACK = 62  # chunks, 2 s, in which the decoder's word may lie
_LOOKED_STEPS = _LOOKED_BACK * CHUNK // STEP

Likely = npt.NDArray[np.float64]


def _second_ear(weights: Mapping[str, Array]) -> SecondEar | None:
    """None where its package is missing: then the networks decide alone."""
    try:
        embeddings = Embeddings()
    except EarsError:
        return None
    return SecondEar(weights, embeddings)


def _odds(likely: npt.ArrayLike) -> Likely:
    sure = np.clip(np.asarray(likely, np.float64), 1e-3, 1 - 1e-3)
    return np.asarray(np.log(sure / (1 - sure)))


def _mean_of_odds(first: npt.ArrayLike, second: npt.ArrayLike) -> Likely:
    """One score of two, by the weighted mean of their log odds."""
    seldom = np.maximum(np.asarray(second, np.float64), _UNASKED)
    mean = (_odds(first) + _HALF * _odds(seldom)) / (1 + _HALF)
    return np.asarray(1 / (1 + np.exp(-mean)))


class Spotter:
    """Streaming; remembers 1.2 s of the past and some seconds of the noise.

    The networks' score is the mean of those that know the word. Where one is misled the other
    seldom is: of two the mean is as good with a third fewer false words.
    """

    def __init__(self, path: Path = WEIGHTS) -> None:
        """Raises EarsError when the file of weights is missing or damaged."""
        self._features = Features()
        self._networks: list[tuple[Network, list[int]]] = []
        words: dict[str, None] = {}
        second: tuple[Mapping[str, Array], tuple[str, ...]] | None = None
        for weights, about in load(path):
            names = tuple(about.get("classes", ()))
            if about.get("hears") == HEARS:
                second = weights, names
                continue
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
        self._recent = deque([quiet[0]] * _LOOKED_BACK, maxlen=_LOOKED_BACK)
        if second is not None and not words.keys() <= set(second[1]):
            raise EarsError(DAMAGED)
        self._second = None if second is None else _second_ear(second[0])
        self._classes = [] if second is None else [second[1].index(word) for word in words]

    def feed(self, chunk: bytes) -> Scores:
        """The best score of each word within one more chunk of 16 kHz mono int16.

        The best of all views: a word that stands out above one of the floors was said.
        """
        samples = np.frombuffer(chunk, "<i2")
        likely = self._likely(self._features.feed(samples))
        best = np.zeros(len(self._words))
        for step in range(likely.shape[1]):
            self._last.append(likely[:, step])
            best = np.maximum(best, np.mean(self._last, axis=0).max(axis=0))
        self._recent.append(best)
        scores = best if self._second is None else self._together(self._second, samples)
        return MappingProxyType(dict(zip(self._words, scores.tolist(), strict=True)))

    def look(self, word: str) -> float | None:
        """The score of a word anywhere in the last two seconds; None without the second ear.

        For a word that somebody else heard: the second ear is asked whatever the networks think.
        """
        if self._second is None or word not in self._words:
            return None
        at = self._words.index(word)
        first = np.max(self._recent, axis=0)[at]
        second = self._second.best(_LOOKED_STEPS)[self._classes[at]]
        return float(_mean_of_odds(first, second))

    def _together(self, second: SecondEar, samples: npt.NDArray[np.int16]) -> Likely:
        """What both ears make of the last chunk."""
        second.feed(samples)
        held = np.max([self._recent[-n] for n in range(1, _HELD + 1)], axis=0)
        asked = held >= ASKED
        if not asked.any():
            return _mean_of_odds(self._recent[-1], _UNASKED)
        best = second.best(_HELD_STEPS)[self._classes]
        first = np.where(asked, held, self._recent[-1])
        return _mean_of_odds(first, np.where(asked, best, _UNASKED))

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
