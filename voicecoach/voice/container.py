"""The two containers that speech engines write: WAV (SAPI5, eSpeak NG) and AIFF (macOS).

Both are FORMs of chunks with a 4-letter name and a 32-bit length. The standard library reads only
the first and no longer the second (PEP 594). Standard library only: the renderer's child uses it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = 8
_PCM, _EXTENSIBLE = 1, 0xFFFE


@dataclass(frozen=True, slots=True)
class Recording:
    """Integer PCM as an engine wrote it. `order` is "<" or ">"; frames are whole, interleaved."""

    rate: int
    channels: int
    width: int
    order: str
    frames: bytes


def complete(data: bytes) -> bool:
    """Whether a file has grown to the length its own header promises (engines write late)."""
    if len(data) <= _HEADER or data[:4] not in (b"RIFF", b"FORM"):
        return False
    order = "<" if data[:4] == b"RIFF" else ">"
    (length,) = struct.unpack_from(order + "I", data, 4)
    return bool(_HEADER + length <= len(data))


def parse(data: bytes) -> Recording:
    """The PCM of a WAV, AIFF or AIFF-C file; ValueError says what is wrong with it."""
    try:
        if data[:4] == b"RIFF":
            return _wav(dict(_chunks(data, "<")))
        if data[:4] == b"FORM":
            return _aiff(dict(_chunks(data, ">")))
    except (KeyError, struct.error) as error:
        raise ValueError(f"its header is damaged ({error})") from error
    raise ValueError("it is neither WAV nor AIFF")


def _chunks(data: bytes, order: str) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + _HEADER <= len(data):
        name, length = struct.unpack_from(order + "4sI", data, at)
        yield name, data[at + _HEADER : at + _HEADER + length]
        at += _HEADER + length + length % 2


def _wav(chunks: dict[bytes, bytes]) -> Recording:
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    if code not in (_PCM, _EXTENSIBLE):
        raise ValueError(f"its encoding (WAV format {code}) is not integer PCM")
    return _recording(rate, channels, bits, "<", chunks[b"data"])


def _aiff(chunks: dict[bytes, bytes]) -> Recording:
    common = chunks[b"COMM"]
    channels, _, bits, exponent, mantissa = struct.unpack_from(">hIhHQ", common)
    # The rate is an 80-bit float; an engine's rates are whole numbers.
    rate = mantissa >> (16_383 + 63 - exponent) if exponent <= 16_383 + 63 else 0
    coding = common[18:22] or b"NONE"
    if coding not in (b"NONE", b"twos", b"sowt"):
        raise ValueError(f"its encoding (AIFF-C {coding!r}) is not integer PCM")
    return _recording(
        rate, channels, bits, "<" if coding == b"sowt" else ">", chunks[b"SSND"][_HEADER:]
    )


def _recording(rate: int, channels: int, bits: int, order: str, frames: bytes) -> Recording:
    width = bits // 8
    if width not in (1, 2, 3, 4) or bits % 8 or not rate or channels < 1:
        raise ValueError(f"its format ({rate} Hz, {channels} channels, {bits} bits) is unusual")
    whole = len(frames) - len(frames) % (width * channels)
    return Recording(rate, channels, width, order, frames[:whole])
