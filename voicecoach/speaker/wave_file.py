"""A WAV file, written as it goes: mono, 16 bits, SAMPLE_RATE; tags in a LIST chunk at its end."""

from __future__ import annotations

import struct
import wave
from collections.abc import Mapping
from contextlib import suppress

from voicecoach.errors import SpeakerError
from voicecoach.speaker.draft import Draft
from voicecoach.voice.base import SAMPLE_RATE

LONGEST = (2**32 - 2**20) // 2 // SAMPLE_RATE
"""Seconds, some 12 hours: a WAV file counts its bytes in 32 bits."""

_NAMES = {"title": b"INAM", "artist": b"IART", "album": b"IPRD", "comment": b"ICMT"}
_RIFF_LENGTH_AT = 4
_HEADER = 8


class WaveFile:
    """A sink of samples. Raises SpeakerError when something cannot be written."""

    def __init__(self, draft: Draft, tags: Mapping[str, str] | None = None) -> None:
        self._draft, self._tags = draft, tags or {}
        self._open = True
        try:
            # Opened here: a wave.open() that fails prints a traceback when it is collected.
            self._file = draft.path.open("w+b")
        except OSError as error:
            raise draft.failure(error) from error
        self._wave = wave.open(self._file, "wb")  # noqa: SIM115 - closed by close() or abandon()
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(SAMPLE_RATE)

    def write(self, samples: bytes) -> None:
        """More samples, 16 bits little-endian."""
        if not self._open:
            raise SpeakerError(f"{self._draft.name} is already closed.")
        try:
            self._wave.writeframesraw(samples)
        except (OSError, wave.Error, struct.error) as error:
            raise self._draft.failure(error) from error

    def close(self) -> None:
        """Completes the file. May be called twice."""
        if not self._open:
            return
        self._open = False
        try:
            self._wave.close()
            self._append_tags()
            self._file.close()
        except (OSError, wave.Error, struct.error) as error:
            self._drop()
            raise self._draft.failure(error) from error

    def abandon(self) -> None:
        """Ends it as it is; whoever made the draft removes it. May be called at any time."""
        if self._open:
            self._open = False
            self._drop()

    def _drop(self) -> None:
        with suppress(OSError, wave.Error, struct.error):
            self._wave.close()
        with suppress(OSError):
            self._file.close()

    def _append_tags(self) -> None:
        told = b"".join(
            _chunk(_NAMES[name], value.encode() + b"\0")
            for name, value in self._tags.items()
            if name in _NAMES and value
        )
        if told:
            self._file.seek(0, 2)
            self._file.write(_chunk(b"LIST", b"INFO" + told))
            length = self._file.tell() - _HEADER
            self._file.seek(_RIFF_LENGTH_AT)
            self._file.write(struct.pack("<I", length))


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack("<4sI", name, len(body)) + body + b"\0" * (len(body) % 2)
