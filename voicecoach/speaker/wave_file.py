"""A WAV file, written as it goes: mono, 16 bits, SAMPLE_RATE; tags in a LIST chunk at its end.

Not by the standard library's `wave`, which prints a traceback when it is collected after a full
disk, and has no tags.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from contextlib import suppress

from voicecoach.errors import SpeakerError
from voicecoach.speaker.draft import Draft
from voicecoach.voice.base import SAMPLE_RATE

LONGEST = (2**32 - 2**20) // 2 // SAMPLE_RATE
"""Seconds, some 12 hours: a WAV file counts its bytes in 32 bits."""

_NAMES = {"title": b"INAM", "artist": b"IART", "album": b"IPRD", "comment": b"ICMT"}
_PCM, _MONO, _WIDTH = 1, 1, 2
_HEADER = 44


class WaveFile:
    """A sink of samples. Raises SpeakerError when something cannot be written."""

    def __init__(self, draft: Draft, tags: Mapping[str, str] | None = None) -> None:
        self._draft = draft
        self._tags = _info(tags or {})
        self._samples = 0  # bytes of them
        self._open = True
        try:
            self._file = draft.path.open("wb")
            self._file.write(self._header())
        except OSError as error:
            raise draft.failure(error) from error

    def write(self, samples: bytes) -> None:
        """More samples, 16 bits little-endian."""
        if not self._open:
            raise SpeakerError(f"{self._draft.name} is already closed.")
        try:
            self._file.write(samples)
        except OSError as error:
            raise self._draft.failure(error) from error
        self._samples += len(samples)

    def close(self) -> None:
        """Completes the file. May be called twice."""
        if not self._open:
            return
        try:
            self._file.write(self._tags)
            self._file.seek(0)
            self._file.write(self._header())
            self._file.close()
        except OSError as error:
            raise self._draft.failure(error) from error
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Ends it as it is; whoever made the draft removes it. May be called at any time."""
        self._open = False
        with suppress(OSError):
            self._file.close()

    def _header(self) -> bytes:
        """As long for a part of the samples as for all of them."""
        return head(_HEADER - 8 + self._samples + len(self._tags), self._samples)


def head(length: int, samples: int, more: bytes = b"") -> bytes:
    """A WAV file up to its samples: the bytes after the first eight, those of samples, chunks."""
    rate = SAMPLE_RATE * _WIDTH
    form = struct.pack("<HHIIHH", _PCM, _MONO, SAMPLE_RATE, rate, _WIDTH, 8 * _WIDTH)
    riff = struct.pack("<4sI4s", b"RIFF", length, b"WAVE")
    return riff + chunk(b"fmt ", form) + more + struct.pack("<4sI", b"data", samples)


def _info(tags: Mapping[str, str]) -> bytes:
    told = b"".join(
        chunk(_NAMES[name], value.encode() + b"\0")
        for name, value in tags.items()
        if name in _NAMES and value
    )
    return chunk(b"LIST", b"INFO" + told) if told else b""


def chunk(name: bytes, body: bytes) -> bytes:
    """A part of the file, filled up to an even number of bytes."""
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
