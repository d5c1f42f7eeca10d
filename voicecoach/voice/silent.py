"""The voice's twin: clips of silence, as long as the real ones would be, at once and always alike.

For `timeline`, for a session in text only, and for tests. It loads no engine and no resampler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import numpy as np

from voicecoach.errors import VoiceError
from voicecoach.voice.base import SAMPLE_RATE, Clip, Pcm

# Least squares on the coach's sentences and the numbers 1-60, eSpeak NG 1.51 at 175 words a minute,
# trimmed clips: a text is wrong by 7 % on average, a routine's sum by 1 %. At other rates a clip is
# as much longer as the rate is slower (fitted exponent 1.02-1.04).
_RATE = 175
_START, _LETTER, _WORD, _BREATH, _SENTENCE = 168, 45, 53, 292, 412  # ms
_DIGIT = 5  # letters: "7" is said "seven"

_BREATHS = re.compile(r"[,;:\u2013\u2014](?=\s)|\s-\s")
_SENTENCES = re.compile(r"[.!?\u2026]+(?=\s+\S)")


@cache
def estimate(text: str, rate: int) -> int:
    """About how many ms a text takes, at so many words a minute, without silence around it."""
    letters = sum(_DIGIT if sign.isdigit() else 1 for sign in text if sign.isalnum())
    at_175 = (
        _START
        + _LETTER * letters
        + _WORD * len(text.split())
        + _BREATH * len(_BREATHS.findall(text))
        + _SENTENCE * len(_SENTENCES.findall(text))
    )
    return at_175 * _RATE // rate


@cache
def _silence(milliseconds: int) -> Pcm:
    samples = np.zeros(milliseconds * SAMPLE_RATE // 1000, np.int16)
    samples.flags.writeable = False  # shared by all clips of this length
    return samples


class SilentVoice:
    """Deterministic: the same text and rate give the same clip."""

    def clip(self, text: str, rate: int) -> Clip:
        """Silence of the estimated length. Raises VoiceError when there is nothing to say."""
        if not any(map(str.isalnum, text)):
            raise VoiceError(f'There is nothing to say in "{text}".')
        return Clip(text, _silence(estimate(text, rate)))

    def prepare(self, texts: Iterable[str], rate: int) -> None:
        """Nothing: clips cost nothing here."""

    def close(self) -> None:
        """Nothing to end."""
