"""A twin of piper-tts 1.5, as far as the coach uses it: put before the real one on a child's path.

Its voice hums, the longer the more letters it is given. `tests/voice/test_piper.py` compares it
with the real one, where that is installed.
"""

import json
import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

RATE = 22_050
FIXED = 0.2  # of a length, whatever the scale: as the frames of the real one


@dataclass
class SynthesisConfig:
    speaker_id: int | None = None
    length_scale: float | None = None
    noise_scale: float | None = None
    noise_w_scale: float | None = None
    normalize_audio: bool = True
    volume: float = 1.0


@dataclass
class AudioChunk:
    sample_rate: int
    sample_width: int
    sample_channels: int
    audio_int16_bytes: bytes


class PiperVoice:
    def __init__(self, kind: str, length_scale: float) -> None:
        self.kind = kind
        self.config = SimpleNamespace(length_scale=length_scale, noise_w_scale=0.8)
        self.calls = 0

    @staticmethod
    def load(model_path: str | Path, config_path: str | Path | None = None) -> "PiperVoice":
        with open(config_path or f"{model_path}.json", encoding="utf-8") as file:  # noqa: PTH123 - as Piper does
            config = json.load(file)
        kind = Path(model_path).read_text()
        if kind.startswith("damaged"):
            raise RuntimeError("Load model failed: Protobuf parsing failed.\nAnd so on.")
        _ = config["audio"]["sample_rate"], config["espeak"]["voice"]
        return PiperVoice(kind, config.get("inference", {}).get("length_scale", 1.0))

    def synthesize(
        self, text: str, syn_config: SynthesisConfig | None = None
    ) -> Iterator[AudioChunk]:
        config = syn_config or SynthesisConfig()
        if self.kind == "does not speak":
            raise RuntimeError("Invalid input name: scales")
        scale = self.config.length_scale if config.length_scale is None else config.length_scale
        noise = self.config.noise_w_scale if config.noise_w_scale is None else config.noise_w_scale
        for sentence in re.findall(r"[^.!?]*\w[^.!?]*", text):
            self.calls += 1
            letters, words = sum(map(str.isalnum, sentence)), len(sentence.split())
            lasts = 0.2 + 0.06 * letters + 0.07 * words + 0.4 * sentence.count(",")
            # As with the real one: with noise no two clips of a text are alike.
            lasts *= FIXED + scale + noise * 0.01 * (self.calls % 3)
            loud = 0 if self.kind == "silent" else 12_000
            hum = array("h", (int(loud * math.sin(at * 0.05)) for at in range(int(lasts * RATE))))
            silence = bytes(2 * RATE // 20)
            yield AudioChunk(RATE, 2, 1, silence + hum.tobytes() + silence)
