"""Samples to a compressed file, through ffmpeg, while they are being mixed.

Law: the encoder never outlives us. It reads what we write, so that our end, however it comes,
ends its input; Ctrl-C is for us, and we end it.

It is given one input, a WAV file without an end: with a second one for the chapters ffmpeg 5.1
sleeps ten milliseconds whenever the pipe is empty, and 70 minutes took 86 s that take 4. Chapters
travel in an ID3 chunk of that file, and become chapter frames in mp3, a chapter track in m4b. In
opus and flac they are comments, which we write ourselves: ffmpeg 5.1 writes them a second late
where the milliseconds are 500 or more, and none at all in flac.
Sources: https://id3.org/id3v2-chapters-1.0, https://wiki.xiph.org/Chapter_Extension.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from voicecoach.core.units import Ms, clock_time
from voicecoach.errors import SpeakerError
from voicecoach.speaker.draft import Draft
from voicecoach.speaker.wave_file import chunk, head

CODECS: Mapping[str, tuple[str, ...]] = {
    ".flac": ("-c:a", "flac", "-f", "flac"),
    ".mp3": ("-c:a", "libmp3lame", "-b:a", "64k", "-f", "mp3"),
    ".opus": ("-c:a", "libopus", "-b:a", "64k", "-f", "opus"),
    ".m4b": (
        *("-c:a", "aac", "-aac_coder", "fast", "-b:a", "128k"),
        *("-movflags", "+faststart", "-f", "ipod"),
    ),
}
"""What ffmpeg is told for a suffix: one voice, without music, at rates where it loses nothing."""

_COMMENTED = {".flac", ".opus"}
_COMMENTS = 1000  # of three digits
_PATIENCE = 5.0  # seconds, for one that was killed
_ENDLESS = 0xFFFFFFFF  # a length, or a place, that is not told


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of a file, from one moment to another."""

    start: Ms
    end: Ms
    title: str


def encoder_path() -> str:
    """Where ffmpeg is. Raises SpeakerError where it is not."""
    found = shutil.which("ffmpeg")
    if found is None:
        raise SpeakerError(
            "ffmpeg is missing; all files but .wav need it. Install it with "
            "'sudo apt-get install ffmpeg' (macOS: 'brew install ffmpeg'), or choose a .wav file."
        )
    return found


class Encoder:
    """A sink of samples. Raises SpeakerError when something cannot be written."""

    def __init__(
        self,
        draft: Draft,
        tags: Mapping[str, str] | None = None,
        chapters: Sequence[Chapter] = (),
    ) -> None:
        """The suffix of the draft's name, one of CODECS, says what it becomes."""
        self._draft = draft
        self._open = True
        # Unnamed, so that it is gone with us.
        self._told: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _end()
        comments = draft.name.suffix.lower() in _COMMENTED
        command = [
            *(encoder_path(), "-nostdin", "-hide_banner", "-loglevel", "error", "-y"),
            *("-f", "wav", "-ignore_length", "1", "-i", "pipe:0"),
            *metadata(tags or {}, chapters if comments else ()),
            *CODECS[draft.name.suffix.lower()],
            f"file:{draft.path}",
        ]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the person's own ffmpeg
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self._told,
                start_new_session=True,
            )
        except OSError as error:
            self._told.close()
            raise draft.failure(error) from error
        self.write(head(_ENDLESS, 0, chunk(b"ID3 ", _id3(() if comments else chapters))))

    def write(self, samples: bytes) -> None:
        """More samples, 16 bits little-endian. Waits while the encoder is behind."""
        if not self._open or self._process.stdin is None:
            raise SpeakerError(f"{self._draft.name} is already closed.")
        try:
            self._process.stdin.write(samples)
        except OSError as error:
            raise self._failure() from error

    def close(self) -> None:
        """Completes the file. May be called twice."""
        if not self._open:
            return
        self._open = False
        code = self._end()
        if code != 0 or self._says() or self._cut_short():
            raise self._failure()
        self._told.close()

    def abandon(self) -> None:
        """Ends the encoder; whoever made the draft removes it. May be called at any time."""
        if self._open:
            self._open = False
            self._process.kill()
            self._end()
            self._told.close()

    def _end(self) -> int:
        """Its exit code, once it has read all and ended."""
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        return self._process.wait()

    def _failure(self) -> SpeakerError:
        if self._open:
            self._open = False
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
            self._end()
        code, why = self._process.returncode, self._says()
        self._told.close()
        if self._cut_short() or "No space left" in why:
            return self._draft.failure("the disk is full")
        return self._draft.failure(f"ffmpeg failed ({why or f'exit code {code}'})")

    def _says(self) -> str:
        """The last line of what it said: with -loglevel error, only what went wrong."""
        self._told.seek(0)
        lines = self._told.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip().rstrip(".") if lines else ""

    def _cut_short(self) -> bool:
        """Whether the disk is full: the last bytes may then be lost without a word of ffmpeg's."""
        with suppress(OSError):
            return shutil.disk_usage(self._draft.path.parent).free < os.sysconf("SC_PAGE_SIZE")
        return False


def metadata(tags: Mapping[str, str], comments: Sequence[Chapter]) -> list[str]:
    """Tags, and chapters that are to be tags, too, as ffmpeg is told them."""
    told = {name: value for name, value in tags.items() if value}
    for number, one in enumerate(comments[:_COMMENTS]):
        told[f"CHAPTER{number:03}"] = clock_time(one.start)
        told[f"CHAPTER{number:03}NAME"] = one.title
    return [word for name, value in told.items() for word in ("-metadata", f"{name}={value}")]


def _id3(chapters: Sequence[Chapter]) -> bytes:
    """A tag of version 2.4 that has the chapters."""
    frames = bytearray()
    for number, one in enumerate(chapters):
        times = struct.pack(">IIII", one.start, one.end, _ENDLESS, _ENDLESS)
        title = _frame(b"TIT2", b"\x03" + one.title.encode())
        frames += _frame(b"CHAP", b"%d\0" % number + times + title)
    return b"ID3\x04\0\0" + _size(len(frames)) + bytes(frames)


def _frame(name: bytes, body: bytes) -> bytes:
    return name + _size(len(body)) + bytes(2) + body


def _size(count: int) -> bytes:
    """In four bytes of seven bits each."""
    return bytes(count >> shift & 0x7F for shift in (21, 14, 7, 0))
