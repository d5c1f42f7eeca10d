"""Piper (`piper-tts`), a neural engine that speaks a voice file: more natural, and slower to start.

A voice is two files: NAME.onnx and, beside it, NAME.onnx.json. Piper knows no words a minute, only
a factor of length, and a sound never gets shorter than a frame of some 12 ms. So how long a voice
takes is measured on one sentence, in two lengths, beside the length that the coach expects of it:
a rate then means the same with every voice, as far as the voice can follow, to 400 or so.
"""

from __future__ import annotations

import io
import wave
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecoach.core.estimate import estimate
from voicecoach.voice.engine import Known, Unrenderable
from voicecoach.voice.source import PIPER

_RATE = 175
_PAUSE = 0.4
"""s between two sentences at _RATE, as eSpeak NG pauses: Piper itself leaves next to none."""
_FASTEST = 0.2
"""The least factor of length: below it words can no longer be told apart."""
_MEASURED = "Lie on your back, and bend both knees."
_AUDIBLE = 330
"""Of 32,767, or -40 dBFS: what is louder belongs to the sentence, not to the silence around it."""


class PiperEngine:
    """Loads a voice file at its first text, and keeps it. Piper itself is loaded then, too."""

    def __init__(self) -> None:
        self._name = ""
        self._voice: Any = None
        self._pace = _Pace(0.0, 1.0)

    def render(self, text: str, rate: int, voice: str | None) -> bytes:
        """A WAV file. Raises Unrenderable."""
        name = voice or ""
        if name != self._name:
            self._voice = _load(Path(name.removeprefix(PIPER)))
            self._pace = _pace(self._voice)
            self._name = name
        try:
            sentences = [*_sentences(self._voice, text, length_scale=self._pace.scale(rate))]
        except Exception as error:
            raise Unrenderable(f"Piper failed: {_first_line(error)}.", fatal=False) from error
        return _file(sentences, _PAUSE * _RATE / rate)

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


@dataclass(frozen=True, slots=True)
class _Pace:
    """_MEASURED takes so many seconds whatever its factor of length is, and so many times it."""

    fixed: float
    scaled: float

    def scale(self, rate: int) -> float:
        """The factor at which it takes as long as is expected at so many words a minute."""
        wanted = estimate(_MEASURED, rate) / 1000
        return max((wanted - self.fixed) / self.scaled, _FASTEST)


def _pace(voice: Any) -> _Pace:  # noqa: ANN401 - Piper is not at hand where this is checked
    try:
        short, long = (_lasts(voice, scale) for scale in (1.0, 2.0))
    except Exception as error:
        why = _first_line(error)
        raise Unrenderable(f"This Piper voice does not speak: {why}.", fatal=True) from error
    if not 0 < short < long:
        raise Unrenderable("This Piper voice gives no speech. Try another one.", fatal=True)
    return _Pace(2 * short - long, long - short)


def _lasts(voice: Any, scale: float) -> float:  # noqa: ANN401 - Piper is not at hand where this is checked
    """Seconds of _MEASURED, without the noise that makes a voice lively, and each clip another."""
    quiet = {"noise_scale": 0.0, "noise_w_scale": 0.0}
    sentences = _sentences(voice, _MEASURED, length_scale=scale, **quiet)
    return sum(_sounding(samples) / rate for samples, rate in sentences)


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
