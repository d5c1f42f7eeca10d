"""Sound from elsewhere, brought to what the ears decode: 16 kHz, mono, 16 bit.

Law: a file that cannot be read is one sentence, never a traceback.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from voicecoach.ears.endpoint import CHUNK, CHUNK_BYTES, RATE
from voicecoach.errors import EarsError

Samples = npt.NDArray[np.int16]

_WIDEST = 4


def read_wav(path: Path) -> bytes:
    """A WAV file of any rate, width and number of channels as 16 kHz mono 16-bit samples.

    Raises EarsError in the words `FILE: what. What to do.`
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            frames = file.readframes(file.getnframes())
    except FileNotFoundError as error:
        raise EarsError(f"{path}: there is no such file. Check its name.") from error
    except OSError as error:
        raise EarsError(f"{path}: cannot be read ({error.strerror}). Check the file.") from error
    except (wave.Error, EOFError) as error:
        raise EarsError(
            f"{path}: is not a PCM WAV file. Convert it, for example with: sox FILE -b 16 new.wav."
        ) from error
    if not rate or not channels or not 1 <= width <= _WIDEST:
        raise EarsError(f"{path}: has an impossible header. Record or convert it again.")
    whole = len(frames) // (width * channels) * width * channels
    if not whole:
        raise EarsError(f"{path}: holds no sound. Record it again.")
    return to_decoder(_as_float(frames[:whole], width), rate, channels).tobytes()


def _as_float(frames: bytes, width: int) -> npt.NDArray[np.float32]:
    if width == 1:
        centred = np.frombuffer(frames, np.uint8).astype(np.int16) - 128
        return np.asarray(centred / 128, np.float32)
    # Widen to 32 bit from below: WAV is little-endian, the missing low bytes are zero.
    wide = np.zeros((len(frames) // width, _WIDEST), np.uint8)
    wide[:, _WIDEST - width :] = np.frombuffer(frames, np.uint8).reshape(-1, width)
    return np.asarray(wide.view("<i4").ravel() / (1 << 31), np.float32)


def to_decoder(samples: npt.NDArray[np.float32], rate: int, channels: int) -> Samples:
    """Interleaved samples of -1 to 1 at some rate as the decoder wants them."""
    mono = samples.reshape(-1, channels).mean(axis=1, dtype=np.float32)
    if rate != RATE:
        mono = soxr.resample(mono, rate, RATE)
    return _to_16_bit(mono)


def _to_16_bit(mono: npt.NDArray[np.float32]) -> Samples:
    loud: Samples = np.clip(np.rint(mono * 32768), -32768, 32767).astype("<i2")
    return loud


class Downmix:
    """A stream of interleaved 16-bit samples at a device's own rate, made decodable bit by bit."""

    def __init__(self, rate: int, channels: int) -> None:
        """Rate in Hz."""
        self._rate, self._channels = rate, channels
        self._resampler = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="MQ")
        self._taken = self._given = 0

    @property
    def held(self) -> int:
        """Ms of sound that it has taken and not yet given: up to 40, from 8 kHz up to 120."""
        return self._taken * 1000 // self._rate - self._given * 1000 // RATE

    def feed(self, frames: bytes) -> bytes:
        """The samples that can be told so far."""
        wide = np.frombuffer(frames, "<i2").reshape(-1, self._channels)
        mono = (wide.mean(axis=1) / 32768).astype(np.float32)
        out = _to_16_bit(self._resampler.resample_chunk(mono))
        self._taken, self._given = self._taken + len(mono), self._given + len(out)
        return out.tobytes()


def chunks(pcm: bytes) -> Iterator[bytes]:
    """Whole chunks for the speech detector; the last one is filled up with silence."""
    for start in range(0, len(pcm), CHUNK_BYTES):
        yield pcm[start : start + CHUNK_BYTES].ljust(CHUNK * 2, b"\0")
