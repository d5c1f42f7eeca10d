"""The voice's twin: clips of silence, as long as the real ones would be, at once and always alike.

For `timeline`, for a session in text only, and for tests. It loads no engine and no resampler.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np

from voicecoach.core.estimate import estimate
from voicecoach.errors import VoiceError
from voicecoach.voice.base import SAMPLE_RATE, Clip, Pcm


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
