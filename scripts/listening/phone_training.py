"""Trains the phone network on pairs. Needs PyTorch, like `phone_net`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import ctc_loss

from listening.pairs import Pair, kept
from listening.phone_net import Network, begun, hama, save, steps_of

BATCH, POOL = 32, 16
FASTEST = 3e-4
"""Learning rate after the first 100 steps; from there it falls along a cosine."""

TEXT, BEFORE = 1.0, 0.5
"""What the two parts of the loss weigh."""

WORST = 8.0
"""Nats for each phone: an utterance that is further off is mostly noise."""

_TINY = 1e-5


def train(work: Path, groups: Sequence[int], out: Path, *, steps: int, seed: int) -> None:
    """Trains on the pairs of these groups, and writes the weights."""
    torch.set_num_threads(1)  # two networks are trained side by side
    torch.manual_seed(seed)
    pairs = [pair for group in groups for pair in kept(work / f"pairs-{group}.npz")]
    network = Network(begun(*hama()))
    optimiser = torch.optim.AdamW(network.parameters(), FASTEST, weight_decay=1e-3)
    began, shown = time.monotonic(), np.zeros(2)
    batches = _batches(pairs, np.random.default_rng(seed))
    for step in range(steps):
        warm = min(1.0, (step + 1) / 100)
        for group in optimiser.param_groups:
            group["lr"] = FASTEST * warm * (0.5 + 0.5 * np.cos(np.pi * step / steps)) + 1e-6
        text, before = _losses(network, next(batches))
        optimiser.zero_grad()
        (TEXT * text + BEFORE * before).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        shown += text.item(), before.item()
        if (step + 1) % 100 == 0:
            spent = time.monotonic() - began
            print(
                f"{out.name}: step {step + 1} of {steps}, {spent:.0f} s, "
                f"text {shown[0] / 100:.3f}, before {shown[1] / 100:.3f}",
                flush=True,
            )
            shown[:] = 0
    about = {"groups": list(groups), "pairs": len(pairs), "steps": steps, "seed": seed}
    save(out, network, json.dumps({**about, "batch": BATCH}))


def _batches(pairs: Sequence[Pair], random: np.random.Generator) -> Iterator[list[Pair]]:
    """For ever: of about the same length, so that little of a batch is empty."""
    while True:
        order = random.permutation(len(pairs))
        found: list[list[Pair]] = []
        for start in range(0, len(order), BATCH * POOL):
            some = [pairs[number] for number in order[start : start + BATCH * POOL]]
            some.sort(key=lambda pair: len(pair.sound))
            found += [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        for number in random.permutation(len(found)):
            yield found[number]


def _losses(network: Network, batch: Sequence[Pair]) -> tuple[Tensor, Tensor]:
    """Of the text, for each phone; of what was heard before the room, for each step."""
    longest = max(len(pair.sound) for pair in batch)
    sounds = np.zeros((len(batch), longest), np.float32)
    steps = torch.tensor([steps_of(len(pair.sound)) for pair in batch])
    for row, pair in zip(sounds, batch, strict=True):
        row[: len(pair.sound)] = pair.sound / np.float32(32768)
    found = network(torch.from_numpy(sounds), steps)
    before = found.new_zeros(found.shape)
    for row, pair in zip(before, batch, strict=True):
        row[: len(pair.before)] = torch.from_numpy(pair.before.astype(np.float32))
    apart = before * ((before + _TINY).log() - found)
    of_before = apart.sum() / steps.sum()
    known = [n for n, pair in enumerate(batch) if len(pair.phones)]
    if not known:
        return found.sum() * 0, of_before
    sizes = torch.tensor([len(batch[n].phones) for n in known])
    wanted = torch.from_numpy(np.concatenate([batch[n].phones for n in known]).astype(np.int64))
    rows = found[known].transpose(0, 1)
    of_text = ctc_loss(rows, wanted, steps[known], sizes, reduction="none", zero_infinity=True)
    return (of_text / sizes).clamp_max(WORST).mean(), of_before
