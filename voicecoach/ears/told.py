"""What the ears tell beside a Decision: perhaps a stop, and that listening itself is hard.

Data only; positions are samples at 16 kHz of the stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Scores = Mapping[str, float]
"""What the spotter makes of one chunk: safety word -> how likely it has just been said, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Perhaps a stop: the coach becomes soft, so that the person is heard better."""

    decided: int


What = Literal["clipping", "noisy", "quiet", "gated", "muted", "sound", "unspotted"]
"""What can be told of the sound. "muted" and "sound" are the loss of the microphone and its
return; "gated" is one that is silent between two words, so that its loss cannot be seen.
"unspotted": the spotter does not work, and the decoder is alone.
"""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of the sound: levels in dBFS; None where nothing is known yet."""

    noise: float | None = None
    speech: float | None = None
    echo: float | None = None
    """The coach, as the microphone hears it."""
    left: float | None = None
    """The coach, as the ears still hear it when it has been taken out."""
    delay: float | None = None
    """Ms from the loudspeaker's clock to the microphone."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the sound that the person should know."""

    what: What
    decided: int
