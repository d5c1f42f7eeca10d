"""A session as a WAV file: the same mixer, with a clock that the offline conductor moves."""

from __future__ import annotations

import os
import wave
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from voicecoach.core.units import Ms
from voicecoach.errors import SpeakerError
from voicecoach.speaker.base import Placed
from voicecoach.speaker.mixer import PER_MS, Mixer
from voicecoach.voice.base import SAMPLE_RATE, Pcm

_BLOCK = 1000 * PER_MS
_REMEMBER = Ms(30_000)


class FileSpeaker:
    """Writes as it goes, in constant memory; the file has its name only when it is whole."""

    audible = False
    lead = Ms(0)

    def __init__(self, path: Path) -> None:
        """Raises SpeakerError when nothing can be written there."""
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._mixer = Mixer(_REMEMBER)
        try:
            # Opened here: a wave.open() that fails prints a traceback when it is collected.
            self._file = self._draft.open("wb")
        except OSError as error:
            raise self._failure(error) from error
        self._wave: wave.Wave_write | None = wave.open(self._file, "wb")  # noqa: SIM115
        self._wave.setnchannels(1)
        self._wave.setsampwidth(2)
        self._wave.setframerate(SAMPLE_RATE)

    def now(self) -> Ms:
        """Milliseconds written: moves only by advance()."""
        return Ms(self._mixer.position // PER_MS)

    def advance(self, to: Ms) -> None:
        """Plays up to this moment. Raises SpeakerError when the disk is full. Never goes back."""
        if self._wave is None:
            raise SpeakerError(f"{self._path} is already closed.")
        end = to * PER_MS
        try:
            while self._mixer.position < end:
                block = self._mixer.mix(min(_BLOCK, end - self._mixer.position))
                self._wave.writeframesraw(block.astype("<i2", copy=False).tobytes())
        except (OSError, wave.Error) as error:
            raise self._failure(error) from error

    def play(self, clips: Iterable[Placed]) -> None:
        """Adds clips at their moments."""
        self._mixer.place(clips)

    def cut(self) -> None:
        """Silence from now on, after a fade of 5 ms."""
        self._mixer.cut()

    def gain(self, decibels: int) -> None:
        """Loudness of all that follows; kept within -24 … +12 dB."""
        self._mixer.gain(decibels)

    def duck(self, decibels: int, until: Ms) -> None:
        """Softer by so much until then, or until it is cut."""
        self._mixer.duck(decibels, until)

    def played(self, start: Ms, end: Ms) -> Pcm:
        """What was written between two moments of the last 30 s."""
        return self._mixer.played(start, end)

    def close(self) -> None:
        """Gives the file its name. Raises SpeakerError when that fails. May be called twice."""
        if self._wave is None:
            return
        try:
            self._wave.close()
            self._file.close()
            self._draft.replace(self._path)
        except (OSError, wave.Error) as error:
            raise self._failure(error) from error
        finally:
            self._wave = None

    def abandon(self) -> None:
        """Leaves no file behind. May be called at any time; after close() it does nothing."""
        if self._wave is None:
            return
        with suppress(OSError, wave.Error):
            self._wave.close()
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._draft.unlink()
        self._wave = None

    def _failure(self, error: Exception) -> SpeakerError:
        return SpeakerError(f"{self._path} cannot be written: {error}. Choose another place.")
