"""Piper (`piper-tts`), a neural engine that speaks a voice file: more natural, and slower to start.

A voice is two files: NAME.onnx and, beside it, NAME.onnx.json. Piper knows no words a minute, only
a factor of length. The pace of each voice is measured once, on a sentence, beside the length that
the coach expects of it: so a rate means the same with every voice.
"""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voicecoach.core.estimate import estimate
from voicecoach.voice.engine import Known, Unrenderable
from voicecoach.voice.source import PIPER

_RATE = 175
_PAUSE = 0.4
"""s between two sentences at _RATE, as eSpeak NG pauses: Piper itself leaves next to none."""
_MEASURED = "Lie on your back, and bend both knees."
_AUDIBLE = 330
"""Of 32,767, or -40 dBFS: what is louder belongs to the sentence, not to the silence around it."""


class PiperEngine:
    """Loads a voice file at its first text, and keeps it. Piper itself is loaded then, too."""

    def __init__(self) -> None:
        self._name = ""
        self._voice: Any = None
        self._pace = 1.0
        """The factor of length at which the voice speaks _RATE words a minute."""

    def render(self, text: str, rate: int, voice: str | None) -> bytes:
        """A WAV file. Raises Unrenderable."""
        name = voice or ""
        if name != self._name:
            self._voice = _load(Path(name.removeprefix(PIPER)))
            self._pace = _pace(self._voice)
            self._name = name
        slower = _RATE / rate
        try:
            sentences = [*_sentences(self._voice, text, length_scale=self._pace * slower)]
        except Exception as error:
            raise Unrenderable(f"Piper failed: {_first_line(error)}.", fatal=False) from error
        return _file(sentences, _PAUSE * slower)

    def voices(self) -> list[Known]:
        """None: a voice file may lie anywhere."""
        return []


def _load(path: Path) -> Any:  # noqa: ANN401 - Piper is not at hand where this is checked
    try:
        from piper import PiperVoice, SynthesisConfig  # noqa: F401, PLC0415 - an extra; both used
    except ImportError as error:
        raise Unrenderable(
            f"Piper does not load ({error}). Install it with: pip install 'voicecoach[piper]'.",
            fatal=True,
        ) from error
    try:
        return PiperVoice.load(path)
    except OSError as error:
        why = error.strerror or "it is damaged"
    except KeyError as error:
        why = f"its {path.name}.json lacks {error}"
    except ValueError as error:
        why = f"its {path.name}.json is damaged ({error})"
    except Exception as error:  # noqa: BLE001 - onnxruntime has errors of its own
        why = f"it is damaged ({_first_line(error)})"
    raise Unrenderable(f"{path} is no Piper voice: {why}. Download it again.", fatal=True)


def _pace(voice: Any) -> float:  # noqa: ANN401 - Piper is not at hand where this is checked
    """By how much a sentence must be stretched to last as long as is expected of it."""
    own = float(voice.config.length_scale)
    try:
        # Without the noise that makes a voice lively, and every clip of another length.
        spoken = _sentences(voice, _MEASURED, length_scale=own, noise_scale=0.0, noise_w_scale=0.0)
        lasts = sum(_sounding(samples) / rate for samples, rate in spoken)
    except Exception as error:
        why = _first_line(error)
        raise Unrenderable(f"This Piper voice does not speak: {why}.", fatal=True) from error
    if not lasts:
        raise Unrenderable("This Piper voice gives only silence. Try another one.", fatal=True)
    return own * estimate(_MEASURED, _RATE) / 1000 / lasts


def _sentences(voice: Any, text: str, **scales: float) -> Iterator[tuple[bytes, int]]:  # noqa: ANN401
    """16-bit mono samples and their rate in Hz, sentence by sentence."""
    from piper import SynthesisConfig  # noqa: PLC0415 - an extra; _load tells where it lacks

    for chunk in voice.synthesize(text, syn_config=SynthesisConfig(**scales)):
        yield chunk.audio_int16_bytes, chunk.sample_rate


def _sounding(samples: bytes) -> int:
    """Samples from the first to the last that is heard."""
    values = array("h", samples)
    heard = [at for at, value in enumerate(values) if abs(value) > _AUDIBLE]
    return heard[-1] - heard[0] + 1 if heard else 0


def _file(sentences: list[tuple[bytes, int]], pause: float) -> bytes:
    if not sentences:
        raise Unrenderable("Piper gave only silence.", fatal=False)
    rate = sentences[0][1]
    silence = bytes(2 * int(pause * rate))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(silence.join(samples for samples, _ in sentences))
    return out.getvalue()


def _first_line(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[0]
