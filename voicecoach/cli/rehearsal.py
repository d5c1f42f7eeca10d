"""The coach's sentences, rendered with the real voice and heard by the real ears.

Law: the same detector, decoder and decisions as in a session, every command open; a sentence that
sounds like a command to them would, over a loudspeaker, command the coach.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from voicecoach.core.units import RATE
from voicecoach.errors import EarsError, RoutineError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.ears.hearing import Hearing
    from voicecoach.library import Findings
    from voicecoach.voice.base import Voice

RULE = "heard-as-command"

_BEFORE, _AFTER = 0.4, 1.2  # seconds of silence: the detector needs a begin and an end


def rehearse(found: list[Findings]) -> list[RoutineError]:
    """An error for each text that is taken for a command. Raises EarsError or VoiceError."""
    from voicecoach.core.en import PHRASES
    from voicecoach.ears.hearing import every_context, hearing
    from voicecoach.voice.spoken import SpokenVoice

    def failed(error: EarsError) -> None:
        print(error, file=sys.stderr, flush=True)

    ears = hearing("pocketsphinx", PHRASES, failed)
    ears.contexts = every_context()
    voice = SpokenVoice()
    known: dict[str, str] = {}
    try:
        return [error for findings in found for error in _heard(findings, voice, ears, known)]
    finally:
        voice.close()


def _heard(
    findings: Findings, voice: Voice, ears: Hearing, known: dict[str, str]
) -> Iterator[RoutineError]:
    """`known` keeps what was heard of a text: the same words sound the same everywhere."""
    voice.prepare((text for one in findings.spoken for text in one.aloud), RATE)
    for one in findings.spoken:
        for text in one.aloud:
            if text not in known:
                known[text] = _command(text, voice, ears)
            if known[text]:
                what = f"Spoken aloud, this sounds to the ears like {known[text]!r}."
                fix = "Say it in other words, and listen again."
                yield RoutineError(findings.path, one.at.line, one.at.column, RULE, what, fix)
                break


def _command(text: str, voice: Voice, ears: Hearing) -> str:
    """The phrase that the ears take a text for, or nothing."""
    import numpy as np

    from voicecoach.ears.sound import chunks, to_decoder
    from voicecoach.voice.base import SAMPLE_RATE

    clip = voice.clip(text, RATE).samples.astype(np.float32) / 32768
    quiet = [np.zeros(int(length * SAMPLE_RATE), np.float32) for length in (_BEFORE, _AFTER)]
    pcm = to_decoder(np.concatenate((quiet[0], clip, quiet[1])), SAMPLE_RATE, 1).tobytes()
    decided = [one for chunk in chunks(pcm) for one in ears.feed(chunk)]
    decided += ears.flush()
    return decided[0].phrase if decided else ""
