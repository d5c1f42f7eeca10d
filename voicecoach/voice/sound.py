"""From what an engine wrote to a clip fit for the timeline: pure functions on samples.

Law: a clip starts when its first sound starts, because the count is placed by the clip's first
sample; no consonant is lost for it, nothing clicks, and every clip is as loud as the next.
Whoever changes what comes out raises `store.PROCESSING`.
"""

from __future__ import annotations

import math
from typing import cast

import numpy as np
import numpy.typing as npt
import soxr

from voicecoach.voice.base import SAMPLE_RATE, Pcm
from voicecoach.voice.container import Recording

Signal = npt.NDArray[np.float32]
"""Mono samples in -1 … 1."""

FULL_SCALE = 32_768.0
LOUDNESS = -20.0
"""dBFS, root mean square of the part that is speech: leaves the crest of speech room below 0."""
PEAK = -1.0
"""dBFS, never exceeded: cheap converters distort above it, between the samples."""

_FRAME = SAMPLE_RATE // 200  # 5 ms
# The f of "five" is 40-45 dB below its vowel in eSpeak NG, its digital silence is below -80 dB.
_AUDIBLE = -55.0
_ACTIVE = -35.0
_LEAD, _TAIL = SAMPLE_RATE * 8 // 1000, SAMPLE_RATE * 20 // 1000
_FADE_IN, _FADE_OUT = SAMPLE_RATE * 3 // 1000, SAMPLE_RATE * 12 // 1000


def amplitude(decibels: float) -> float:
    """The factor of a level in decibels."""
    return float(10.0 ** (decibels / 20.0))


def signal(recording: Recording) -> Signal:
    """A recording as mono at SAMPLE_RATE."""
    frames, width = recording.frames, recording.width
    if width == 3:  # noqa: PLR2004 - numpy has no 24-bit type
        octets = np.frombuffer(frames, np.uint8).reshape(-1, 3)
        low_first = octets if recording.order == "<" else octets[:, ::-1]
        wide = np.zeros((len(octets), 4), np.uint8)
        wide[:, 1:] = low_first
        values = wide.view("<i4")[:, 0].astype(np.float32) / 2.0**31
    elif width == 1 and recording.order == "<":  # WAV alone has unsigned bytes
        values = (np.frombuffer(frames, np.uint8).astype(np.float32) - 128.0) / 128.0
    else:
        raw = np.frombuffer(frames, f"{recording.order}i{width}")
        values = raw.astype(np.float32) / np.float32(2.0 ** (8 * width - 1))
    mono = values.reshape(-1, recording.channels).mean(axis=1, dtype=np.float32)
    return resampled(mono, recording.rate)


def resampled(mono: Signal, rate: int) -> Signal:
    """The same sound at SAMPLE_RATE."""
    if rate == SAMPLE_RATE or not len(mono):
        return mono
    return cast("Signal", soxr.resample(mono, rate, SAMPLE_RATE, "HQ").astype(np.float32))


def trimmed(mono: Signal) -> Signal:
    """Without the silence around it, 8 ms before and 20 ms after it kept and faded.

    Empty when there is no sound at all.
    """
    levels = _levels(mono)
    if not len(levels):
        return mono[:0]
    loud = np.flatnonzero(levels > levels.max() + _AUDIBLE)
    if levels.max() <= _AUDIBLE - 30.0:
        return mono[:0]
    first = max(0, int(loud[0]) * _FRAME - _LEAD)
    last = min(len(mono), (int(loud[-1]) + 1) * _FRAME + _TAIL)
    return faded(mono[first:last], _FADE_IN, _FADE_OUT)


def faded(mono: Signal, fade_in: int, fade_out: int) -> Signal:
    """With raised-cosine ramps of so many samples at its ends: from and to exact zero."""
    out = mono.copy()
    rise, fall = min(fade_in, len(out) // 2), min(fade_out, len(out) // 2)
    if rise:
        out[:rise] *= _ramp(rise)
    if fall:
        out[-fall:] *= _ramp(fall)[::-1]
    return out


def levelled(mono: Signal, loudness: float = LOUDNESS) -> Signal:
    """Amplified so that its speech is at a loudness (dBFS, RMS) and no peak is above PEAK."""
    levels = _levels(mono)
    if not len(levels) or not np.any(mono):
        return mono
    active = levels[levels > levels.max() + _ACTIVE]
    rms = 10.0 * math.log10(float(np.mean(10.0 ** (active / 10.0))))
    factor = amplitude(loudness - rms)
    highest = float(np.max(np.abs(mono)))
    return mono * np.float32(min(factor, amplitude(PEAK) / highest))


def pcm(mono: Signal) -> Pcm:
    """As 16-bit samples; what is beyond full scale saturates."""
    whole: Signal = np.clip(np.rint(mono * FULL_SCALE), -32_768, 32_767)
    return whole.astype(np.int16)


def polished(recording: Recording) -> Pcm:
    """A recording as the samples of a clip; empty when nothing is heard in it."""
    return pcm(levelled(trimmed(signal(recording))))


def _levels(mono: Signal) -> npt.NDArray[np.float64]:
    """Of each 5 ms, in dBFS; silence is -120."""
    whole = -(-len(mono) // _FRAME) * _FRAME
    framed = np.zeros(whole, np.float64)
    framed[: len(mono)] = mono
    power = np.mean(framed.reshape(-1, _FRAME) ** 2, axis=1)
    return cast("npt.NDArray[np.float64]", 10.0 * np.log10(np.maximum(power, 1e-12)))


def _ramp(length: int) -> Signal:
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)
