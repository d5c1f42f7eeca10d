"""The phone network: its file, its size, and that numpy computes what PyTorch taught."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.ears.phones.network import (
    FRAME,
    HOP,
    PHONES,
    SCALE,
    WEIGHTS,
    Network,
    bands,
    load,
)
from voicecoach.ears.phones.phrases import Phones
from voicecoach.errors import EarsError

MOST_BYTES = 2_100_000


@pytest.fixture(scope="module")
def network() -> Network:
    return Network(load(WEIGHTS))


def test_it_is_small_and_knows_every_phone(network: Network) -> None:
    assert WEIGHTS.stat().st_size <= MOST_BYTES
    assert network.classes == 1 + len(PHONES) == 40


@given(st.integers(FRAME, 3 * FRAME), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_every_20_ms_of_any_sound_something_is_likely(samples: int, seed: int) -> None:
    sound = np.random.default_rng(seed).normal(0, 0.1, samples).astype(np.float32)
    found = Network(load(WEIGHTS)).hear(sound)
    assert found.shape == (samples // HOP // 2 + 1, 1 + len(PHONES))
    assert np.allclose(np.exp(found).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("level", [0.0, 1e-6, 1.0])
def test_silence_and_the_loudest_sound_are_numbers_too(network: Network, level: float) -> None:
    assert np.isfinite(network.hear(np.full(8000, level, np.float32))).all()


def test_a_band_is_where_its_tone_is() -> None:
    filters = np.zeros((FRAME // 2 + 1, 2), np.float32)
    filters[10], filters[100] = (1, 0), (0, 1)  # 400 and 4,000 Hz
    time = np.arange(16_000) / 16_000
    low = bands(np.sin(2 * np.pi * 400 * time).astype(np.float32), filters)
    assert low.shape == (101, 2)
    assert (low[5:-5, 0] > low[5:-5, 1] + 20).all()


def written(folder: Path, **changed: np.ndarray | None) -> Path:
    with np.load(WEIGHTS) as file:
        arrays = {name: file[name] for name in file.files}
    arrays |= {name: array for name, array in changed.items() if array is not None}
    kept = {name: array for name, array in arrays.items() if changed.get(name, array) is not None}
    path = folder / "weights.npz"
    np.savez(path, **kept)
    return path


@pytest.mark.parametrize(
    "changed",
    [
        {"stem": None, "stem_scale": None},
        {"head": np.zeros((3, 40), np.int8)},
        {
            "head": np.zeros((144, 7), np.int8),
            "head_scale": np.ones(7, np.float32),
            "head_bias": np.zeros(7, np.float16),
        },
        {"along0_kernel": np.zeros((31, 5), np.float16)},
        {"mel": np.zeros((5, 5), np.float16)},
    ],
)
def test_a_file_with_a_wrong_layer_is_told_of(
    tmp_path: Path, changed: dict[str, np.ndarray | None]
) -> None:
    with pytest.raises(EarsError, match="Install voicecoach again"):
        Phones(written(tmp_path, **changed))


@pytest.mark.parametrize("content", [None, b"", b"no weights at all", WEIGHTS.read_bytes()[:5000]])
def test_a_missing_or_damaged_file_is_told_of(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EarsError, match="Install voicecoach again"):
        Phones(path)


def test_whole_numbers_in_units_of_a_column_are_what_they_were(tmp_path: Path) -> None:
    path = tmp_path / "some.npz"
    units = np.array([0.5, 2.0], np.float32)
    head = np.array([[2, 3], [-127, 0]], np.int8)
    arrays: dict[str, Any] = {"about": "x", "head": head, f"head{SCALE}": units}
    np.savez(path, **arrays)
    assert load(path)["head"].tolist() == [[1, 6], [-63.5, 0]]


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is only needed for training")
def test_training_and_listening_compute_the_same(network: Network) -> None:
    import torch  # noqa: PLC0415
    from listening.phone_net import Network as Twin  # noqa: PLC0415
    from listening.phone_net import steps_of  # noqa: PLC0415

    random = np.random.default_rng(0)
    short, long = (random.normal(0, 0.1, n).astype(np.float32) for n in (9_000, 16_000))
    sounds = np.zeros((2, len(long)), np.float32)
    sounds[0, : len(short)], sounds[1] = short, long
    steps = torch.tensor([steps_of(len(short)), steps_of(len(long))])
    with torch.no_grad():
        found = Twin(load(WEIGHTS))(torch.from_numpy(sounds), steps).numpy()
    assert np.abs(found[1] - network.hear(long)).max() < 0.001
    # At its end numpy sees the sound mirrored, the twin what fills the batch.
    likely = np.exp(found[0, : int(steps[0])]) - np.exp(network.hear(short))
    assert np.abs(likely).max() < 0.02
