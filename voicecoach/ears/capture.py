"""The microphone, through PyAudio: 16 kHz mono frames, whatever the device offers.

Law: a missing library, a missing device and a device that falls silent are EarsErrors with a
sentence fit to be said, and nothing is printed.
"""

from __future__ import annotations

import contextlib
import os
import queue
import time
from collections import deque
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from voicecoach.ears.endpoint import RATE
from voicecoach.ears.recogniser import INSTALL
from voicecoach.ears.sound import Downmix
from voicecoach.errors import EarsError

FRAME_MS = 20

TICK = 0.25
"""Seconds to wait for a frame in one go."""

SILENT_AFTER = 1500
"""Ms without a frame after which the microphone counts as lost."""

STARTS_WITHIN = 3000
"""Ms for the first frame: Bluetooth and sleeping sources take some two seconds."""

NO_DEVICE = "No microphone can be opened. Plug one in, or use the keys."
FELL_SILENT = "The microphone gives no more sound. Check that it is plugged in, or use the keys."

Frame = tuple[int, bytes]
"""CLOCK_MONOTONIC in ms when the last sample was there, and the samples."""


@contextlib.contextmanager
def no_chatter() -> Iterator[None]:
    """Silences file descriptor 2: the sound libraries of C write up to 100 lines there."""
    saved, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def now_ms() -> int:
    """CLOCK_MONOTONIC, which all processes of a machine share, in ms."""
    return time.monotonic_ns() // 1_000_000


class Moments:
    """When samples were there, from when they were delivered: that is late now and then.

    A sound server delivers in bursts, and a busy interpreter takes its time. Of the last second's
    deliveries the promptest tells when the stream's first sample must have been there.
    """

    _KEPT = 1000 // FRAME_MS

    def __init__(self, rate: int) -> None:
        """Rate in Hz."""
        self._rate, self._count = rate, 0
        self._begins: deque[float] = deque(maxlen=self._KEPT)

    def feed(self, delivered: float, count: int) -> float:
        """So many more samples were delivered then: when the last of them was there."""
        self._count += count
        since = self._count * 1000 / self._rate
        self._begins.append(delivered - since)
        return min(self._begins) + since


class Capture:
    """An open microphone."""

    def __init__(self) -> None:
        """Raises EarsError."""
        if find_spec("pyaudio") is None:
            raise EarsError(f"PyAudio is not installed, so nothing can be heard. {INSTALL}")
        self._frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._downmix: Downmix | None = None
        with no_chatter():
            import pyaudio  # noqa: PLC0415

            self._audio = pyaudio.PyAudio()
            self._continue = pyaudio.paContinue
            self._format = pyaudio.paInt16
            try:
                self._stream = self._open()
            except (OSError, ValueError) as error:
                self._audio.terminate()
                raise EarsError(NO_DEVICE) from error
        self._last = now_ms() + STARTS_WITHIN - SILENT_AFTER

    def _open(self) -> Any:  # noqa: ANN401  PyAudio has no types
        device = self._audio.get_default_input_device_info()
        own, most = int(device["defaultSampleRate"]), int(device["maxInputChannels"])
        shapes = [(rate, channels) for rate in (RATE, own) for channels in (1, 2, most)]
        tried: list[Exception] = []
        for rate, channels in dict.fromkeys(shapes):
            try:
                return self._stream_at(rate, channels)
            except (OSError, ValueError) as error:
                tried.append(error)
        raise OSError(*tried)

    def _stream_at(self, rate: int, channels: int) -> Any:  # noqa: ANN401
        self._moments = Moments(rate)
        self._downmix = None if (rate, channels) == (RATE, 1) else Downmix(rate, channels)
        return self._audio.open(
            rate=rate,
            channels=channels,
            format=self._format,
            input=True,
            frames_per_buffer=rate * FRAME_MS // 1000,
            stream_callback=self._arrived,
        )

    def _arrived(self, frames: bytes, count: int, _times: object, _flags: int) -> tuple[None, int]:
        self._frames.put((round(self._moments.feed(time.monotonic() * 1000, count)), frames))
        return None, self._continue

    @property
    def behind(self) -> int:
        """How many ms of sound wait to be taken."""
        return self._frames.qsize() * FRAME_MS

    def take(self) -> Frame | None:
        """The next frame, or None after a short wait. Raises EarsError when it has been long."""
        try:
            at, frames = self._frames.get(timeout=TICK)
        except queue.Empty:
            if now_ms() - self._last > SILENT_AFTER:
                raise EarsError(FELL_SILENT) from None
            return None
        self._last = now_ms()
        if self._downmix is None:
            return at, frames
        pcm = self._downmix.feed(frames)
        return at - self._downmix.held, pcm

    def catch_up(self) -> None:
        """Throws away what waits."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._frames.get_nowait()

    def close(self) -> None:
        """Lets the device go."""
        with no_chatter(), contextlib.suppress(OSError):
            self._stream.close()
            self._audio.terminate()
