"""How far a figure may be from the truth: 95 % intervals, without scipy.

Shares by Wilson; shares and medians of people by drawing whole speakers again, because the takes
of one speaker are alike; rates by the exact interval of Poisson (Garwood 1936).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Interval = tuple[float, float]

_Z = 1.959964
_TAIL = 0.025
_DRAWS = 2000


def wilson(hits: int, count: int) -> Interval:
    """Of a share of independent trials. E. B. Wilson (1927)."""
    if not count:
        return 0.0, 1.0
    share, spread = hits / count, _Z**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def share_by_speaker(trials: Sequence[tuple[str, bool]]) -> Interval:
    """Of a share of (speaker, hit). Where all are alike: Wilson's, with a trial a speaker."""
    hits = sum(hit for _, hit in trials)
    speakers = sorted({speaker for speaker, _ in trials})
    if hits in {0, len(trials)} or len(speakers) < 3:
        return wilson(len(speakers) if hits else 0, len(speakers))
    row = {speaker: n for n, speaker in enumerate(speakers)}
    table = np.zeros((len(speakers), 2))
    for speaker, hit in trials:
        table[row[speaker]] += (hit, 1)
    drawn = table[_draws(len(speakers))].sum(1)
    return _middle(drawn[:, 0] / drawn[:, 1])


def value_by_speaker(
    trials: Sequence[tuple[str, float]],
    statistic: Callable[[npt.NDArray[np.float64]], float],
) -> Interval:
    """Of a median or a percentile of (speaker, value)."""
    speakers = sorted({speaker for speaker, _ in trials})
    values = [np.array([v for s, v in trials if s == speaker]) for speaker in speakers]
    rows = _draws(len(speakers))[: _DRAWS // 4]
    return _middle(np.array([statistic(np.concatenate([values[n] for n in row])) for row in rows]))


def per_hour(count: int, hours: float) -> Interval:
    """Of a rate, by how often something happened."""
    if hours <= 0:
        return 0.0, math.inf
    low = _root(lambda mean: 1 - _at_most(count - 1, mean) - _TAIL, count) if count else 0.0
    return low / hours, _root(lambda mean: _TAIL - _at_most(count, mean), count) / hours


def _at_most(count: int, mean: float) -> float:
    """How likely so many or fewer are."""
    return sum(
        math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) if mean > 0 else float(k == 0)
        for k in range(count + 1)
    )


def _root(rising: Callable[[float], float], count: int) -> float:
    low, high = 0.0, 2.0 * count + 20.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return high


def _draws(speakers: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(4).integers(0, speakers, (_DRAWS, speakers))


def _middle(drawn: npt.NDArray[np.float64]) -> Interval:
    low, high = np.quantile(drawn, (_TAIL, 1 - _TAIL))
    return float(low), float(high)
