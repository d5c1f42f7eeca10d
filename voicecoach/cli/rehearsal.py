"""The coach's sentences, rendered with the real voice and heard by the real ears.

Law: the same detector, decoder and decisions as in a session, every command open, and nothing
taken away by a room or an echo canceller: the worst case. What is surely taken for a command is an
error; what only perhaps is, advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicecoach.core.units import RATE
from voicecoach.errors import RoutineError
from voicecoach.library.report import Advice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.ears.listening import Listening
    from voicecoach.library import Findings
    from voicecoach.voice.base import Voice

_BEFORE, _AFTER = 0.4, 1.2  # seconds of silence: the detector needs a begin and an end


@dataclass(frozen=True, slots=True)
class Mistake:
    """The phrase that a text is taken for, and whether that is sure."""

    phrase: str
    sure: bool


def rehearse(found: list[Findings]) -> Iterator[RoutineError | Advice]:
    """What is taken for a command, text by text. Raises EarsError or VoiceError."""
    ears = _Ears()
    from voicecoach.voice.spoken import SpokenVoice

    voice = SpokenVoice()
    known: dict[str, Mistake | None] = {}
    try:
        for findings in found:
            yield from _heard(findings, voice, ears, known)
    finally:
        voice.close()


def _heard(
    findings: Findings, voice: Voice, ears: _Ears, known: dict[str, Mistake | None]
) -> Iterator[RoutineError | Advice]:
    """`known` keeps what was heard of a text: the same words sound the same everywhere."""
    voice.prepare((text for one in findings.spoken for text in one.aloud), RATE)
    for one in findings.spoken:
        for text in one.aloud:
            if text not in known:
                known[text] = ears.mistake(voice, text)
        mistakes = [mistake for text in one.aloud if (mistake := known[text])]
        if mistakes:
            mistake = max(mistakes, key=lambda one: one.sure)
            rule = "heard-as-command" if mistake.sure else "sounds-like-command"
            what = f"Spoken aloud, this sounds to the ears like {mistake.phrase!r}."
            fix = "Say it in other words, and listen again."
            kind = RoutineError if mistake.sure else Advice
            yield kind(findings.path, one.at.line, one.at.column, rule, what, fix)


class _Ears:
    """The live ears."""

    def __init__(self) -> None:
        from voicecoach.core.en import PHRASES
        from voicecoach.ears.listening import listening
        from voicecoach.ears.recogniser import DEFAULT

        self._ears: Listening = listening(DEFAULT, PHRASES)

    def mistake(self, voice: Voice, text: str) -> Mistake | None:
        """What a text is taken for, if it is."""
        import numpy as np

        from voicecoach.ears.grading import SURE
        from voicecoach.ears.hearing import Decision, ms
        from voicecoach.ears.sound import chunks, to_decoder
        from voicecoach.voice.base import SAMPLE_RATE

        clip = voice.clip(text, RATE).samples.astype(np.float32) / 32768
        before, after = (np.zeros(int(s * SAMPLE_RATE), np.float32) for s in (_BEFORE, _AFTER))
        pcm = to_decoder(np.concatenate((before, clip, after)), SAMPLE_RATE, 1).tobytes()
        told = [
            one for chunk in chunks(pcm) for one in self._ears.feed(chunk, ms(self._ears.sample))
        ]
        told += self._ears.flush()
        decided = [one for one in told if isinstance(one, Decision)]
        if not decided:
            return None
        return Mistake(decided[0].phrase, any(one.sure >= SURE for one in decided))
