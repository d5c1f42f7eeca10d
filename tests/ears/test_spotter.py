"""The spotter: the same scores however the stream is cut, and a sentence for a damaged file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.grading import LEVELS
from voicecoach.ears.spotter import Spotter
from voicecoach.ears.spotter.features import BANDS, Features
from voicecoach.ears.spotter.network import Array, Network, load
from voicecoach.ears.spotter.spot import WEIGHTS
from voicecoach.errors import EarsError

MOST_NUMBERS = 300_000
MOST_BYTES = 1_000_000


def hum(seconds: float, seed: int = 1, loud: float = 3000) -> np.ndarray:
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    tone = np.sin(np.arange(count) * 2 * np.pi * 220 / RATE) * loud
    return np.asarray(tone + random.normal(0, loud / 3, count), np.int16)


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=20), st.integers(0, 5))
def test_frames_do_not_depend_on_how_the_stream_is_cut(cuts: list[int], seed: int) -> None:
    sound = hum(sum(cuts) / RATE + 0.01, seed)[: sum(cuts)]
    whole = Features().feed(sound)
    parts, features, at = [whole[:, :0]], Features(), 0
    for cut in cuts:
        parts.append(features.feed(sound[at : at + cut]))
        at += cut
    assert np.allclose(np.concatenate(parts, axis=1), whole, atol=1e-4)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_logits_do_not_depend_on_how_the_frames_are_cut(cuts: list[int]) -> None:
    weights, _ = load(WEIGHTS)[1]
    frames = np.random.default_rng(3).random((2, sum(cuts), BANDS)).astype(np.float32)
    whole = Network(weights, views=2).feed(frames)
    network, at, parts = Network(weights, views=2), 0, []
    for cut in cuts:
        parts.append(network.feed(frames[:, at : at + cut]))
        at += cut
    assert np.allclose(np.concatenate(parts, axis=1), whole, atol=1e-3)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(RATE * 3, np.int16),
        np.full(RATE * 3, 32767, np.int16),
        np.where(np.arange(RATE * 3) % 40 < 20, 32767, -32768).astype(np.int16),
        hum(3.0, loud=3),
    ],
    ids=["digital silence", "a constant", "a square wave at full scale", "almost nothing"],
)
def test_odd_sounds_give_finite_low_scores(sound: np.ndarray) -> None:
    spotter = Spotter()
    for start in range(0, len(sound), CHUNK):
        scores = spotter.feed(sound[start : start + CHUNK].tobytes())
        assert set(scores) >= {"stop", "hurts", "ouch", "yes", "no"}
        assert all(0.0 <= score <= 1.0 for score in scores.values())
        assert all(scores[word] < LEVELS[word].suspected for word in LEVELS)


def test_the_network_is_as_small_as_promised() -> None:
    arrays = [array for weights, _ in load(WEIGHTS) for array in weights.values()]
    assert sum(array.size for array in arrays) <= MOST_NUMBERS
    assert WEIGHTS.stat().st_size <= MOST_BYTES


def damaged(folder: Path, what: str) -> Path:
    path = folder / "weights.npz"
    good = WEIGHTS.read_bytes()

    def save(
        networks: list[tuple[dict[str, Array], dict[str, Any]]], *, about: bool = True
    ) -> None:
        arrays: dict[str, Any] = {
            f"{number}.{name}": array
            for number, (weights, _) in enumerate(networks)
            for name, array in weights.items()
        }
        if about:
            arrays["about"] = np.array(json.dumps([said for _, said in networks]))
        np.savez(path, **arrays)

    if what == "cut short":
        path.write_bytes(good[: len(good) // 2])
    elif what == "no archive":
        path.write_bytes(b"not weights at all")
    elif what == "empty":
        path.write_bytes(b"")
    elif what == "a layer missing":
        networks = load(WEIGHTS)
        del networks[1][0]["along3"]
        save(networks)
    elif what == "a layer of another size":
        networks = load(WEIGHTS)
        networks[0][0]["join"] = networks[0][0]["join"][:-1]
        save(networks)
    elif what == "says nothing of itself":
        save(load(WEIGHTS), about=False)
    elif what == "no network":
        save([])
    return path


@pytest.mark.parametrize(
    "what",
    [
        *("missing", "cut short", "no archive", "empty", "a layer missing"),
        *("a layer of another size", "says nothing of itself", "no network"),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, what: str) -> None:
    with pytest.raises(EarsError, match="Install voicecoach again"):
        Spotter(damaged(tmp_path, what))
