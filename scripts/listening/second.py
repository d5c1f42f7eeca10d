"""Trains the spotter's second ear: a small network that looks at scenes as embeddings.

The scenes are made by `scenes`. Needs PyTorch, like `training`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from listening.material import CLASSES
from listening.net import networks_of, save
from listening.scenes import IGNORE
from voicecoach.ears.spotter.network import HEARS, load
from voicecoach.ears.spotter.second import BACK

EPOCHS, BATCH, FASTEST = 10, 512, 2e-3
HIDDEN, DROPPED, SHAKEN = 112, 0.25, 0.05

Seen = npt.NDArray[np.float32]


def looked_at(scenes: Seen) -> Seen:
    """What the network sees at each step: (scenes, n, WIDTH) -> (scenes, n, len(BACK) * WIDTH)."""
    first, count = max(BACK), scenes.shape[1]
    whole = np.concatenate((np.repeat(scenes[:, :1], first, axis=1), scenes), axis=1)
    return np.concatenate([whole[:, first - b : first - b + count] for b in BACK], axis=2)


def train(scenes: Sequence[Path], out: Path, seed: int, groups: Sequence[int]) -> None:
    """Puts a second ear that learnt from files of scenes into a file of weights.

    The networks in it stay; a second ear that was there is replaced.
    """
    torch.set_num_threads(2)
    torch.manual_seed(seed)
    loaded = [np.load(path) for path in scenes]
    seen = np.concatenate([looked_at(one["features"].astype(np.float32)) for one in loaded])
    kinds = np.concatenate([one["labels"] for one in loaded])
    used = kinds != IGNORE
    mean, spread = seen[used].mean(0), seen[used].std(0) + 1e-3
    x, y = (
        torch.from_numpy((seen[used] - mean) / spread),
        torch.from_numpy(kinds[used].astype(np.int64)),
    )
    network = nn.Sequential(
        *(nn.Linear(x.shape[1], HIDDEN), nn.ReLU(), nn.Dropout(DROPPED)),
        *(nn.Linear(HIDDEN, HIDDEN), nn.ReLU(), nn.Dropout(DROPPED)),
        nn.Linear(HIDDEN, len(CLASSES)),
    )
    optimiser = torch.optim.AdamW(network.parameters(), FASTEST, weight_decay=0.01)
    steps, step = EPOCHS * (len(x) // BATCH), 0
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x))[: len(x) // BATCH * BATCH].reshape(-1, BATCH):
            for group in optimiser.param_groups:
                group["lr"] = FASTEST * (0.5 + 0.5 * np.cos(np.pi * step / steps)) + 1e-5
            shaken = x[rows] + SHAKEN * torch.randn(BATCH, x.shape[1])
            loss = cross_entropy(network(shaken), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step += 1
    print(f"{out.name}: {len(x)} steps of sound, loss {loss.item():.3f} at the end", flush=True)
    said = {"hears": HEARS, "classes": CLASSES, "groups": groups, "scenes": len(seen), "seed": seed}
    save(out, [*networks_of(load(out)), (_numbers(network, mean, spread), said)])


def _numbers(network: nn.Sequential, mean: Seen, spread: Seen) -> dict[str, np.ndarray]:
    """The layers by name, each (from, to); the first takes embeddings as they come."""
    weights = [array.detach().numpy() for array in network.parameters()]
    first, second, head = weights[::2]
    first = first / spread
    return {
        "first": first.T,
        "first_bias": weights[1] - first @ mean,
        "second": second.T,
        "second_bias": weights[3],
        "head": head.T,
        "head_bias": weights[5],
    }
