"""The spotter's network for training, in PyTorch, and its way into a file of plain numbers.

`voicecoach/ears/spotter/network.py` computes the same with numpy, step by step; a test compares
the two. Layout everywhere: (scene, step, channel).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from listening.material import CLASSES
from voicecoach.ears.spotter.network import HEARS

CHANNELS, INNER, KERNEL = 64, 128, 5
DILATIONS = (1, 1, 2, 2, 4, 4)
PATCH_FRAMES, PATCH_BANDS, PATCH_STRIDE, FILTERS = 5, 8, 4, 16
PATCHES = 9

Trained = tuple[dict[str, np.ndarray], dict[str, Any]]
"""Weights, and what is said of them."""

UNLIKELY = -4.0
"""The logit of a class of which nothing is known yet."""


class Norm(nn.Module):
    """Batch normalisation over all steps of all scenes."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm1d(channels, momentum=0.05)

    def forward(self, x: Tensor) -> Tensor:
        """Any leading shape, channels last."""
        return self.bn(x.reshape(-1, x.shape[-1])).reshape(x.shape)


class Depthwise(nn.Module):
    """A causal convolution of each channel by itself: shifts added up (20 times conv1d's speed)."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(KERNEL, channels) * 0.3)
        self.dilation = dilation

    def forward(self, x: Tensor) -> Tensor:
        """The same shape; a step sees itself and what came before."""
        steps = x.shape[1]
        x = pad(x, (0, 0, (KERNEL - 1) * self.dilation, 0))
        shifts = (x[:, k * self.dilation :][:, :steps] * self.weight[k] for k in range(KERNEL))
        return sum(shifts, torch.zeros(()))


class Block(nn.Module):
    """Wide, along time, narrow again, added to what came in."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.wide, self.norm_wide = nn.Linear(CHANNELS, INNER, bias=False), Norm(INNER)
        self.along, self.norm_along = Depthwise(INNER, dilation), Norm(INNER)
        self.narrow, self.norm_narrow = nn.Linear(INNER, CHANNELS, bias=False), Norm(CHANNELS)

    def forward(self, x: Tensor) -> Tensor:
        """The same shape."""
        y = torch.relu(self.norm_wide(self.wide(x)))
        y = torch.relu(self.norm_along(self.along(y)))
        return torch.relu(x + self.norm_narrow(self.narrow(y)))


class Network(nn.Module):
    """(scene, 2 n, BANDS) features to (scene, n, class) logits."""

    def __init__(self) -> None:
        super().__init__()
        self.patch, self.norm_patch = (
            nn.Linear(PATCH_FRAMES * PATCH_BANDS, FILTERS, bias=False),
            Norm(FILTERS),
        )
        self.join, self.norm_join = (
            nn.Linear(2 * PATCHES * FILTERS, CHANNELS, bias=False),
            Norm(CHANNELS),
        )
        self.blocks = nn.ModuleList(Block(dilation) for dilation in DILATIONS)
        self.head = nn.Linear(CHANNELS, len(CLASSES))

    def forward(self, x: Tensor) -> Tensor:
        """Logits of each step."""
        scenes, frames, _ = x.shape
        x = pad(x, (0, 0, PATCH_FRAMES - 1, 0))
        x = x.unfold(1, PATCH_FRAMES, 1).unfold(2, PATCH_BANDS, PATCH_STRIDE)
        x = x.reshape(scenes, frames, PATCHES, PATCH_FRAMES * PATCH_BANDS)
        x = torch.relu(self.norm_patch(self.patch(x)))
        x = x.reshape(scenes, frames // 2, 2 * PATCHES * FILTERS)
        x = torch.relu(self.norm_join(self.join(x)))
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def numbers(network: Network) -> dict[str, np.ndarray]:
    """The weights with the normalisation folded in: what the file holds, half precision."""

    def folded(weight: Tensor, norm: Norm) -> tuple[np.ndarray, np.ndarray]:
        bn = norm.bn
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        bias = bn.bias - bn.running_mean * scale
        return (weight * scale).detach().numpy(), bias.detach().numpy()

    out: dict[str, np.ndarray] = {}
    out["patch"], out["patch_bias"] = folded(network.patch.weight.T, network.norm_patch)
    out["join"], out["join_bias"] = folded(network.join.weight.T, network.norm_join)
    for n, block in enumerate(network.blocks):
        out[f"wide{n}"], out[f"wide_bias{n}"] = folded(block.wide.weight.T, block.norm_wide)
        out[f"along{n}"], out[f"along_bias{n}"] = folded(block.along.weight, block.norm_along)
        out[f"narrow{n}"], out[f"narrow_bias{n}"] = folded(block.narrow.weight.T, block.norm_narrow)
    out["head"], out["head_bias"] = (
        network.head.weight.T.detach().numpy(),
        network.head.bias.detach().numpy(),
    )
    return {name: value.astype(np.float16) for name, value in out.items()}


def save(out: Path, networks: Sequence[Trained]) -> None:
    """Writes the file that `voicecoach.ears.spotter.network.load` reads."""
    arrays: dict[str, Any] = {
        f"{number}.{name}": array.astype(np.float16)
        for number, (weights, _) in enumerate(networks)
        for name, array in weights.items()
    }
    about = json.dumps([said for _, said in networks])
    np.savez_compressed(out, about=np.array(about), **arrays)


def networks_of(trained: Sequence[Trained]) -> list[Trained]:
    """Those of a file that look at the sound: all but the second ear."""
    return [one for one in trained if one[1].get("hears") != HEARS]


def go_on(network: Network, trained: Trained, sample: Tensor) -> None:
    """Sets the weights that `numbers` made, so that `sample` gives what it gave before.

    Classes that were not known begin as unlikely.
    """
    old = {name: torch.from_numpy(array) for name, array in trained[0].items()}
    norms = {network.norm_patch: "patch_bias", network.norm_join: "join_bias"}
    with torch.no_grad():
        network.patch.weight.copy_(old["patch"].T)
        network.join.weight.copy_(old["join"].T)
        for n, block in enumerate(network.blocks):
            block.wide.weight.copy_(old[f"wide{n}"].T)
            block.along.weight.copy_(old[f"along{n}"])
            block.narrow.weight.copy_(old[f"narrow{n}"].T)
            norms[block.norm_wide] = f"wide_bias{n}"
            norms[block.norm_along] = f"along_bias{n}"
            norms[block.norm_narrow] = f"narrow_bias{n}"
        network.head.bias.fill_(UNLIKELY)
        for number, name in enumerate(trained[1]["classes"]):
            network.head.weight[CLASSES.index(name)] = old["head"].T[number]
            network.head.bias[CLASSES.index(name)] = old["head_bias"][number]

        def keep(norm: nn.Module, given: tuple[Tensor]) -> None:
            """Makes the normalisation give back what it takes, and the bias."""
            rows = given[0].reshape(-1, given[0].shape[-1])
            mean, variance = rows.mean(0), rows.var(0)
            norm.bn.weight.copy_(torch.sqrt(variance + norm.bn.eps))
            norm.bn.bias.copy_(old[norms[norm]] + mean)
            norm.bn.running_mean.copy_(mean)
            norm.bn.running_var.copy_(variance)

        hooks = [norm.register_forward_pre_hook(keep) for norm in norms]
        network(sample)
        for hook in hooks:
            hook.remove()
