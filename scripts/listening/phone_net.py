"""The phone network for training, in PyTorch: where it begins, and its way into a file.

`voicecoach/ears/phones/network.py` computes the same with numpy; a test compares the two. What it
begins with are the weights of the package hama (S. Park, Apache 2.0), by other names.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import conv1d, gelu, glu, layer_norm, log_softmax, pad, silu
from torch.nn.functional import scaled_dot_product_attention as attend

from voicecoach.ears.phones.network import ABOUT, BLOCKS, CHANNELS, FRAME, HEADS, HOP, PHONES, SCALE

Arrays = dict[str, np.ndarray]


class Network(nn.Module):
    """(utterance, samples) to (utterance, step, class) log probabilities."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        super().__init__()
        given = {name: torch.tensor(array) for name, array in weights.items()}
        self.register_buffer("mel", given.pop("mel"))
        self.w = nn.ParameterDict(given)

    def bands(self, sound: Tensor) -> Tensor:
        """As `network.bands`: (utterance, n, bands)."""
        padded = pad(sound[:, None], (FRAME // 2, FRAME // 2), mode="reflect")[:, 0]
        frames = padded.unfold(1, FRAME, HOP) * torch.hann_window(FRAME)
        power = torch.fft.rfft(frames).abs().square()
        return (power @ self.mel).clamp_min(1e-10).log()

    def forward(self, sound: Tensor, steps: Tensor) -> Tensor:
        """`steps`: how many of each utterance are sound; the rest is not looked at."""
        seen = self.bands(sound)[:, : 2 * int(steps.max()) - 1]
        mask = torch.arange(int(steps.max()))[None] < steps[:, None]
        hidden = torch.where(mask, 0.0, -1e9)[:, None, None]
        stem = self.w["stem"].reshape(3, -1, CHANNELS).permute(2, 1, 0)
        x = conv1d(seen.transpose(1, 2), stem, self.w["stem_bias"], stride=2, padding=1)
        x = gelu(x, approximate="tanh").transpose(1, 2) * mask[..., None]
        for n in range(BLOCKS):
            x = x + 0.5 * self._dense(x, f"first{n}")
            x = x + self._attention(x, f"attention{n}", hidden)
            x = x + self._along(x, f"along{n}", mask)
            x = x + 0.5 * self._dense(x, f"last{n}")
            x = self._normal(x, f"block{n}") * mask[..., None]
        return log_softmax(x @ self.w["head"] + self.w["head_bias"], -1)

    def _normal(self, x: Tensor, name: str) -> Tensor:
        scale, shift = self.w[f"{name}_norm"]
        return layer_norm(x, (CHANNELS,), scale, shift)

    def _in(self, x: Tensor, name: str) -> Tensor:
        return self._normal(x, name) @ self.w[f"{name}_in"] + self.w[f"{name}_in_bias"]

    def _out(self, x: Tensor, name: str) -> Tensor:
        return x @ self.w[f"{name}_out"] + self.w[f"{name}_out_bias"]

    def _dense(self, x: Tensor, name: str) -> Tensor:
        return self._out(silu(self._in(x, name)), name)

    def _attention(self, x: Tensor, name: str, hidden: Tensor) -> Tensor:
        parts = self._in(x, name).reshape(*x.shape[:2], 3, HEADS, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        found = attend(query, key, value, attn_mask=hidden)
        return self._out(found.transpose(1, 2).reshape(x.shape), name)

    def _along(self, x: Tensor, name: str, mask: Tensor) -> Tensor:
        rows = (glu(self._in(x, name)) * mask[..., None]).transpose(1, 2)
        kernel = self.w[f"{name}_kernel"].T[:, None]
        bias = self.w[f"{name}_kernel_bias"]
        rows = conv1d(rows, kernel, bias, padding=kernel.shape[2] // 2, groups=CHANNELS)
        return self._out(silu(rows.transpose(1, 2)), name)


def steps_of(samples: int) -> int:
    """How many steps an utterance has."""
    return (samples // HOP) // 2 + 1


def save(out: Path, network: Network, about: str) -> None:
    """Writes the file that `voicecoach.ears.phones.network.load` reads.

    Matrices as whole numbers, each column in units of its own; all else in half precision.
    """
    arrays: dict[str, Any] = {ABOUT: np.array(about), "mel": network.mel.numpy().astype(np.float16)}
    for name, tensor in network.w.items():
        array = tensor.detach().numpy()
        if name.endswith(("_norm", "_bias", "_kernel")):
            arrays[name] = array.astype(np.float16)
            continue
        unit = np.abs(array).max(axis=0) / 127
        arrays[name] = np.rint(array / unit).astype(np.int8)
        arrays[name + SCALE] = unit.astype(np.float32)
    np.savez_compressed(out, **arrays)


# -- where it begins ---------------------------------------------------------------------------

SIGNS = {
    "AA": "ɑ ɒ a ä ɐ ɔ",
    "AE": "æ a",
    "AH": "ʌ ə ɐ ɘ ɤ",
    "AO": "ɔ ɒ ɑ o",
    "AW": "aʊ",
    "AY": "aɪ",
    "EH": "ɛ e æ",
    "ER": "ɝ ɚ ɜ ə",
    "EY": "eɪ e",
    "IH": "ɪ i ɨ ə",
    "IY": "i ɪ",
    "OW": "oʊ o",
    "OY": "ɔɪ",
    "UH": "ʊ u",
    "UW": "u ʉ ju ɯ y",
    "B": "b ɓ",
    "CH": "t͡ʃ t͡ɕ t͡ɕʰ",
    "D": "d ɾ ɖ ɗ",
    "DH": "ð",
    "F": "f ɸ",
    "G": "g ɡ ɣ",
    "HH": "h ɦ x",
    "JH": "d͡ʒ ʒ",
    "K": "k kʰ c k͈",
    "L": "l ɫ",
    "M": "m ɱ",
    "N": "n ɲ",
    "NG": "ŋ",
    "P": "p pʰ p͈",
    "R": "ɹ r ɻ ɾ",
    "S": "s s͈",
    "SH": "ʃ ɕ",
    "T": "t tʰ t͈ ɾ ʔ",
    "TH": "θ",
    "V": "v ʋ β",
    "W": "w",
    "Y": "j ɟ ʝ ͡",
    "Z": "z",
    "ZH": "ʒ",
}
"""hama's signs for each phone, the commonest first."""


def hama() -> tuple[Arrays, list[str]]:
    """The weights of the package hama 1.7 by our names, and its signs. Raises ImportError."""
    from hama.vocab import Vocabulary  # noqa: PLC0415

    old = _unpacked(resources.files("hama.assets").joinpath("asr_waveform.hama").read_bytes())
    new = {"mel": old["mel_fb"]}
    new["stem"] = old["onnx::Conv_801"].transpose(2, 1, 0).reshape(-1, CHANNELS)
    new["stem_bias"] = old["onnx::Conv_802"]
    for n in range(BLOCKS):
        block = f"acoustic_model.model.blocks.{n}."
        numbers = [f"onnx::MatMul_{829 + 9 * n + k}" for k in (0, 1, 2, 6, 7, 8)]
        matrices = [old[name] for name in numbers]
        pairs = {"first": matrices[:2], "attention": matrices[2:4], "last": matrices[4:]}
        pairs["along"] = [old[f"{block}conv.pointwise{k}.weight"][:, :, 0].T for k in (1, 2)]
        names = {
            "first": ("ffn1.norm", "ffn1.fc1", "ffn1.fc2"),
            "attention": ("attn_norm", "attn.in_proj_", "attn.out_proj"),
            "along": ("conv.norm", "conv.pointwise1", "conv.pointwise2"),
            "last": ("ffn2.norm", "ffn2.fc1", "ffn2.fc2"),
        }
        for part, (norm, into, out) in names.items():
            name = f"{part}{n}"
            new[f"{name}_norm"] = _norm(old, block + norm)
            new[f"{name}_in"], new[f"{name}_out"] = pairs[part]
            new[f"{name}_in_bias"] = old[f"{block}{into}.bias".replace("_.", "_")]
            new[f"{name}_out_bias"] = old[f"{block}{out}.bias"]
        new[f"along{n}_kernel"] = old[f"onnx::Conv_{804 + 3 * n}"][:, 0].T
        new[f"along{n}_kernel_bias"] = old[f"onnx::Conv_{805 + 3 * n}"]
        new[f"block{n}_norm"] = _norm(old, block + "norm")
    new["head"] = old["acoustic_model.model.proj.weight"][:, :, 0].T
    new["head_bias"] = old["acoustic_model.model.proj.bias"]
    signs = [*Vocabulary.load(None).decoder, "<wb>", "<blank>"]
    return {name: np.ascontiguousarray(array) for name, array in new.items()}, signs


def begun(weights: Arrays, signs: list[str]) -> Arrays:
    """The same with a head for silence and each phone, each as its commonest sign was."""
    rows = [signs.index("<blank>"), *(signs.index(SIGNS[phone].split()[0]) for phone in PHONES)]
    head, bias = weights["head"][:, rows], weights["head_bias"][rows]
    return {**weights, "head": np.ascontiguousarray(head), "head_bias": bias}


def shares(signs: list[str]) -> np.ndarray:
    """Which signs stand for silence and each phone: (signs, 1 + phones)."""
    table = np.zeros((len(signs), 1 + len(PHONES)), np.float32)
    for number, sign in enumerate(signs):
        meant = [n for n, phone in enumerate(PHONES, 1) if sign in SIGNS[phone].split()]
        table[number, meant or [0]] = 1 / max(1, len(meant))
    return table


def _norm(arrays: Arrays, name: str) -> np.ndarray:
    return np.stack((arrays[f"{name}.weight"], arrays[f"{name}.bias"]))


def _unpacked(data: bytes) -> Arrays:
    """Hama's file: a table of names, types, sizes and places; then the numbers."""
    (count,) = struct.unpack_from("<I", data, 8)
    at, table = 12, []
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, rank = struct.unpack_from("<BB", data, at)
        shape = struct.unpack_from(f"<{rank}I", data, at + 2)
        place, _ = struct.unpack_from("<QQ", data, at + 2 + 4 * rank)
        at += 18 + 4 * rank
        table.append((name, ("<f4", "<f2")[kind], shape, place))
    start = -(-at // 16) * 16
    return {
        name: np.frombuffer(data, kind, int(np.prod(shape)), start + place)
        .reshape(shape)
        .astype(np.float32)
        for name, kind, shape, place in table
    }
