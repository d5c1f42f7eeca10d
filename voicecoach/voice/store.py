"""Rendered clips on disk, so that a routine once heard starts at once and needs no engine.

Law: the store may always be missing, full, read-only, damaged or shared; a clip is then rendered
again, and nobody is told. It never grows beyond its limit; what was not used longest goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import os
import struct
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voicecoach.errors import VoiceError
from voicecoach.voice.base import Pcm

LIMIT = 200_000_000
"""Bytes: some 4000 numbers or 900 sentences."""

PROCESSING = 1
"""Raised with every change to sound.py that makes other samples: part of every key."""

_MAGIC = b"vcclip1\n"
_HEADER = struct.Struct("<8sII")  # magic, CRC-32 of the samples, their count
_DAY = 86_400.0
_HOUR = 3_600.0


def cache_folder() -> Path:
    """Where this platform keeps what can be made again: $XDG_CACHE_HOME wins everywhere."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if chosen and Path(chosen).is_absolute():  # the specification: a relative path is ignored
        base = Path(chosen)
    elif sys.platform == "darwin":
        base = Path("~/Library/Caches")
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local"))
    else:
        base = Path("~/.cache")
    with contextlib.suppress(RuntimeError):  # no home: a relative folder that will not be writable
        base = base.expanduser()
    return base / "voicecoach"


def clips_folder() -> Path:
    """Where the clips of all sessions and files lie, unless a store is given a folder."""
    return cache_folder() / "clips"


@dataclass(frozen=True, slots=True)
class Usage:
    """How many clips a store holds, and their bytes on disk."""

    clips: int
    size: int


class ClipStore:
    """Samples by key, in one folder. Safe with several processes and threads.

    Reading and writing never raise; `clear` does, since somebody asked for it and waits.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        """The folder is made at the first write."""
        self._folder = folder
        self._limit = limit
        self._serial = itertools.count()
        self._room = 0
        """Bytes that may be written before the folder is measured again."""

    @staticmethod
    def key(*parts: object) -> str:
        """The name of a clip: what it was made from."""
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def read(self, key: str) -> Pcm | None:
        """The samples, or None when they are not there or not whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            magic, check, count = _HEADER.unpack_from(data)
        except (OSError, struct.error):
            return None
        body = memoryview(data)[_HEADER.size :]
        if magic != _MAGIC or len(body) != 2 * count or zlib.crc32(body) != check:
            self._forget(path)
            return None
        with contextlib.suppress(OSError):
            # Its time is when it was last used, to the day: a write per clip and session is enough.
            if time.time() - path.stat().st_mtime > _DAY:
                os.utime(path)
        return np.frombuffer(body, "<i2").astype(np.int16, copy=False)

    def write(self, key: str, samples: Pcm) -> None:
        """Keeps them if that is possible; another process sees all of it or nothing."""
        body = samples.astype("<i2", copy=False).tobytes()
        draft = self._folder / f"{os.getpid()}-{next(self._serial)}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(len(body))
            draft.write_bytes(_HEADER.pack(_MAGIC, zlib.crc32(body), len(samples)) + body)
            draft.replace(self._path(key))
        except OSError:
            self._forget(draft)

    def usage(self) -> Usage:
        """What it holds now; nothing where the folder is missing or cannot be read."""
        sizes = [size for _, size, path in self._entries() if path.suffix == ".clip"]
        return Usage(len(sizes), sum(sizes))

    def clear(self) -> Usage:
        """Deletes all clips and says how many they were. Raises VoiceError.

        A session that is running keeps those in its memory and renders the others again.
        """
        clips = size = 0
        for _, length, path in self._entries():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise VoiceError(
                    f"{path}: it cannot be deleted: {error.strerror}. Delete the folder yourself."
                ) from error
            if path.suffix == ".clip":
                clips, size = clips + 1, size + length
        return Usage(clips, size)

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.clip"

    def _make_room(self, size: int) -> None:
        """Keeps the folder below its limit.

        Measured rarely: at the start, then every sixteenth. A third stays free for what up to
        four processes write between two measurements.
        """
        self._room -= size
        if self._room > 0:
            return
        clips, total, now = [], size, time.time()
        for used, length, path in self._entries():
            if path.suffix == ".clip":
                clips.append((used, length, path))
                total += length
            elif now - used > _HOUR:
                self._forget(path)  # left by a process that was killed
        target = self._limit - self._limit // 3
        if total > target:
            for _, length, path in sorted(clips):
                self._forget(path)
                total -= length
                if total <= target:
                    break
        self._room = self._limit // 16

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """Clips and drafts: when last used, bytes, path. Other files in the folder are not ours."""
        try:
            listing = [*os.scandir(self._folder)]
        except OSError:
            return
        for entry in listing:
            if entry.name.endswith((".clip", ".tmp")):
                with contextlib.suppress(OSError):  # another process may have removed it
                    status = entry.stat()
                    yield status.st_mtime, status.st_size, Path(entry.path)

    @staticmethod
    def _forget(path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()
