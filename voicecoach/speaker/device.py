"""One output stream of the sound card, through PyAudio, in whatever shape the card has.

PyAudio is an extra: it is imported here, at the first opening, and its absence is a sentence.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, cast

import numpy as np

from voicecoach.errors import SpeakerError
from voicecoach.voice.base import SAMPLE_RATE, Pcm

Source = Callable[[int], Pcm]
"""Gives the next so many samples at SAMPLE_RATE. Called in PortAudio's thread; must be quick."""

BLOCK = 512
"""Frames a callback at SAMPLE_RATE: 10.7 ms. Measured on a PulseAudio null sink with two cores:

frames   underruns in 30 s with five busy processes   % of a core in silence   ms held by the card
   256                     5                                  5.5                     11
   384                    11                                  3.7                     16
   512                     4                                  3.4                     21
   768, 1024               0                                                          32, 43
A card that underruns gets longer blocks while it plays: see stream.py.
"""

_INT16 = 8  # pyaudio.paInt16, paContinue, paOutputUnderflow: fixed by PortAudio's interface
_CONTINUE = 0
_UNDERFLOW = 4


_OnError = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)
_say_nothing = _OnError(lambda *_: None)  # ALSA keeps it: it must outlive every stream


def hush_alsa() -> None:
    """ALSA writes a line on stderr at each underrun, in the midst of the session's words."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_say_nothing)


@contextmanager
def quiet() -> Iterator[None]:
    """What C libraries print on stderr goes nowhere: without a sound card, 100 lines of ALSA."""
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


class Shape:
    """Fits mono at SAMPLE_RATE to a card's rate and number of channels."""

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        self._resampler = None
        self._ready = np.zeros(0, np.int16)
        if rate != SAMPLE_RATE:
            import soxr  # noqa: PLC0415 - few cards need it

            self._resampler = soxr.ResampleStream(SAMPLE_RATE, rate, 1, dtype="int16", quality="MQ")

    def fill(self, frames: int, source: Source) -> bytes:
        """So many frames for the card, from as many samples of the source as that takes."""
        if self._resampler is None:
            mono = source(frames)
        else:
            parts, have = [self._ready], len(self._ready)
            while have < frames:
                part = self._resampler.resample_chunk(source(BLOCK))
                parts.append(part)
                have += len(part)
            joined = np.concatenate(parts)
            mono, self._ready = joined[:frames], joined[frames:]
        if self._channels > 1:
            mono = np.repeat(mono, self._channels)
        return mono.tobytes()


class Output:
    """An open stream that plays. Raises SpeakerError when no device can be opened."""

    def __init__(self, source: Source, block: int = BLOCK) -> None:
        """`block` is in frames at SAMPLE_RATE."""
        self._source = source
        self._block = block
        self.underflows = 0
        self.called = time.monotonic()
        """When the card last asked for samples, on the monotonic clock."""
        self.failure: Exception | None = None
        with quiet():
            self._library = _library()
            try:
                self._stream = self._open_any()
            except BaseException:
                self._library.terminate()
                raise
        self.latency = self._stream.get_output_latency() * 1000.0
        """ms between a sample's block being asked for and its sound, as far as PortAudio knows."""

    @property
    def active(self) -> bool:
        """Whether the stream still runs, by its own word (a frozen server still says yes)."""
        try:
            return bool(self._stream.is_active()) and self.failure is None
        except OSError:
            return False

    def close(self) -> None:
        """Ends the stream and PortAudio. Blocks for as long as a frozen sound server does."""
        with suppress(OSError):
            self._stream.stop_stream()
        with suppress(OSError):
            self._stream.close()
        with quiet():
            self._library.terminate()

    def _open_any(self) -> Any:  # noqa: ANN401 - PyAudio has no types
        tried = []
        for device in _devices(self._library):
            own = int(device["defaultSampleRate"]) or SAMPLE_RATE
            for rate, channels in ((SAMPLE_RATE, 1), (SAMPLE_RATE, 2), (own, 1), (own, 2)):
                try:
                    stream = self._open(device["index"], rate, channels)
                except (OSError, ValueError) as error:
                    tried.append(f"{device['name']}: {error}")
                else:
                    self.name, self.rate, self.channels = str(device["name"]), rate, channels
                    return stream
        if tried:
            raise SpeakerError(
                "No loudspeaker can be opened. Close other programs that use the sound, "
                f"or restart the sound server. ({tried[0]})"
            )
        raise SpeakerError("This computer has no loudspeaker. Connect one, then start again.")

    def _open(self, index: int, rate: int, channels: int) -> Any:  # noqa: ANN401
        shape = Shape(rate, channels)
        silence = bytes(2 * channels)

        def callback(_: bytes | None, frames: int, __: object, status: int) -> tuple[bytes, int]:
            self.called = time.monotonic()
            if status & _UNDERFLOW:
                self.underflows += 1
            try:
                return shape.fill(frames, self._source), _CONTINUE
            except Exception as error:  # noqa: BLE001 - a traceback here would end the sound
                self.failure = error
                return silence * frames, _CONTINUE

        return self._library.open(
            format=_INT16,
            channels=channels,
            rate=rate,
            output=True,
            output_device_index=index,
            frames_per_buffer=max(1, self._block * rate // SAMPLE_RATE),
            stream_callback=callback,
        )


def _library() -> Any:  # noqa: ANN401 - PyAudio has no types
    # PortAudio asks JACK too, which tries for 0.5 s to start a server that nobody wants.
    os.environ.setdefault("JACK_NO_START_SERVER", "1")
    try:
        import pyaudio  # noqa: PLC0415 - an extra, and slow to load for those who want text only
    except ImportError as error:
        raise SpeakerError(
            "PyAudio is missing, which plays the sound. Install it with: "
            "pip install 'voicecoach[audio]'. On Linux first: sudo apt-get install portaudio19-dev."
        ) from error
    try:
        library = pyaudio.PyAudio()
    except OSError as error:
        raise SpeakerError(f"The sound system does not start: {error}.") from error
    if sys.platform.startswith("linux"):
        hush_alsa()
    return library


def _devices(library: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - PyAudio has no types
    """Those with an output: the default one first."""
    first = None
    with suppress(OSError):
        default = cast("dict[str, Any]", library.get_default_output_device_info())
        first = default["index"]
        yield default
    for index in range(library.get_device_count()):
        with suppress(OSError):
            device = cast("dict[str, Any]", library.get_device_info_by_index(index))
            if index != first and device["maxOutputChannels"] > 0:
                yield device
