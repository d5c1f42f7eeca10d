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
from pathlib import Path

import numpy as np

from voicecoach.voice.base import Pcm

LIMIT = 200 * 1024 * 1024
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


class ClipStore:
    """Samples by key, in one folder. Safe with several processes and threads; never raises."""

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

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.clip"

    def _make_room(self, size: int) -> None:
        """Keeps the folder below its limit. Measured rarely: at the start, then every eighth."""
        self._room -= size
        if self._room > 0:
            return
        entries, total, now = [], size, time.time()
        with os.scandir(self._folder) as listing:
            for entry in listing:
                with contextlib.suppress(OSError):  # another process may have removed it
                    status = entry.stat()
                    if entry.name.endswith(".tmp") and now - status.st_mtime > _HOUR:
                        self._forget(Path(entry.path))  # left by a process that was killed
                    elif entry.name.endswith(".clip"):
                        entries.append((status.st_mtime, status.st_size, entry.path))
                        total += status.st_size
        target = self._limit - self._limit // 8
        if total > target:
            for _, length, path in sorted(entries):
                self._forget(Path(path))
                total -= length
                if total <= target:
                    break
        self._room = self._limit // 8

    @staticmethod
    def _forget(path: Path) -> None:
        with contextlib.suppress(OSError):
            path.unlink()
