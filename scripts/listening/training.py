"""Trains the spotter on scenes. The only file here, with `net`, that needs PyTorch."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn.functional import log_softmax, nll_loss, pad

from listening.material import CLASSES, SAFETY
from listening.net import Network, go_on, networks_of, numbers, save
from voicecoach.ears.spotter.network import load

BATCH = 16
FASTEST = 2e-3
"""Learning rate after the first 200 steps; from there it falls along a cosine."""

MASKED = 0.4
"""How often a few neighbouring bands are blanked."""

NEVER = -1e4

PARTS = ("words", "rivals", "others", "best")
"""Of the loss."""


def train(  # noqa: PLR0913  what a training is
    work: Path, groups: list[int], out: Path, *, steps: int, seed: int, start: Path | None = None
) -> None:
    """Trains on the scenes of these groups.

    `start`: goes on from the last network in this file, and keeps those that are there beside the
    new one. Whoever is left out here must have been left out there. A second ear is trained after.
    """
    torch.set_num_threads(1)  # two networks are trained side by side
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    loaded = [np.load(work / f"scenes-{group}.npz") for group in groups]
    features = np.concatenate([one["features"] for one in loaded])
    labels = np.concatenate([one["labels"] for one in loaded])
    network = Network()
    fastest, before = FASTEST, networks_of(load(start)) if start else []
    if before:
        rows = random.permutation(len(features))[: 4 * BATCH]
        go_on(network, before[-1], torch.from_numpy(features[rows].astype(np.float32)))
        fastest /= 2
    average = {k: v.detach().clone() for k, v in network.state_dict().items()}
    optimiser = torch.optim.AdamW(network.parameters(), fastest, weight_decay=0.02)
    began, shown = time.monotonic(), np.zeros(len(PARTS))
    order = np.zeros(0, np.int64)
    for step in range(steps):
        warm = min(1.0, step / 200)
        rate = fastest * warm * (0.5 + 0.5 * np.cos(np.pi * step / steps)) + 1e-5
        for group in optimiser.param_groups:
            group["lr"] = rate
        if len(order) < BATCH:
            order = random.permutation(len(features))
        rows, order = order[:BATCH], order[BATCH:]
        x = torch.from_numpy(features[rows].astype(np.float32))
        y = torch.from_numpy(labels[rows].astype(np.int64))
        low = int(random.integers(0, 36))
        if random.random() < MASKED:
            x[:, :, low : low + int(random.integers(1, 7))] = 0.0
        loss, parts = _loss(log_softmax(network(x), -1), y)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        decay = min(0.998, (step + 1) / (step + 10))
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].mul_(decay).add_(value, alpha=1 - decay)
        shown += parts
        if (step + 1) % 250 == 0:
            spent = time.monotonic() - began
            means = dict(zip(PARTS, np.round(shown / 250, 4).tolist(), strict=True))
            print(f"step {step + 1}, {spent:.0f} s, {means}", flush=True)
            shown = np.zeros(len(PARTS))
    network.load_state_dict({**network.state_dict(), **average})
    network.eval()
    out.parent.mkdir(parents=True, exist_ok=True)
    about = {"classes": CLASSES, "groups": groups, "scenes": len(features)}
    about |= {"steps": steps, "seed": seed, "batch": BATCH}
    save(out, [*before, (numbers(network), about)])
    torch.save(network.state_dict(), work / f"{out.stem}.pt")


def _loss(chances: Tensor, labels: Tensor) -> tuple[Tensor, npt.NDArray[np.float64]]:
    """Safety words and their best frames; rivals; all that is no safety word, its worst again."""
    flat, kinds = chances.reshape(-1, chances.shape[-1]), labels.reshape(-1)
    words, rivals = (kinds > 0) & (kinds <= len(SAFETY)), kinds > len(SAFETY)
    others = kinds == 0
    nothing = flat.sum() * 0
    of_words = nll_loss(flat[words], kinds[words]) if words.any() else nothing
    of_rivals = nll_loss(flat[rivals], kinds[rivals]) if rivals.any() else nothing
    harmless = torch.cat((flat[:, :1], flat[:, len(SAFETY) + 1 :]), 1).logsumexp(1)
    wrong = -harmless[others | rivals]
    of_others = wrong.mean() + 0.5 * wrong.topk(max(1, len(wrong) // 100)).values.mean()
    of_others = of_others - 0.25 * flat[others][:, 0].mean()
    # Runs of one label are one word: its best frame must be good.
    change = pad((labels[:, 1:] != labels[:, :-1]).long(), (1, 0), value=1)
    run = change.reshape(-1).cumsum(0)[words]
    right = flat[words].gather(1, kinds[words][:, None]).squeeze(1)
    best = torch.full((int(run.max()) + 1 if len(run) else 1,), NEVER).scatter_reduce(
        0, run, right, "amax"
    )
    of_best = -best[best > NEVER].mean() if len(run) else nothing
    total = 0.5 * of_words + 0.3 * of_rivals + 2.0 * of_others + 0.7 * of_best
    parts = (of_words, of_rivals, of_others, of_best)
    return total, np.array([part.item() for part in parts])
