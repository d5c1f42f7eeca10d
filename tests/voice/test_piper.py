"""Piper as a voice: with a twin of its library, since a voice file weighs 60 megabytes."""

import dataclasses
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from voice.piper_voice import FAKE, voice_file, with_fake_piper

from voicecoach.core.estimate import estimate
from voicecoach.errors import VoiceError
from voicecoach.voice.source import source
from voicecoach.voice.spoken import SpokenVoice
from voicecoach.voice.store import ClipStore


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    with_fake_piper(monkeypatch)


def refusal(tmp_path: Path, name: str) -> str:
    """The sentence in which a voice is refused."""

    def speak() -> None:
        with closing(SpokenVoice(name, store=ClipStore(tmp_path / "clips"))) as voice:
            voice.clip("one", 175)

    with pytest.raises(VoiceError, match=r"\.$") as caught:
        speak()
    assert not (tmp_path / "clips").exists()
    return str(caught.value)


def without_piper(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "broken").mkdir()
    (folder / "broken" / "piper.py").write_text("raise ImportError('no piper here')")
    monkeypatch.setenv("PYTHONPATH", str(folder / "broken"))


@pytest.mark.parametrize("rate", [80, 175, 300])
def test_a_rate_means_the_same_as_with_every_voice(tmp_path: Path, rate: int) -> None:
    """Though the voice hums at a pace of its own."""
    voice = SpokenVoice(str(voice_file(tmp_path)), store=ClipStore(tmp_path / "clips"))
    text = "Now bend your left knee, and breathe out"
    assert voice.clip(text, rate).duration == pytest.approx(estimate(text, rate), rel=0.15)
    voice.close()


def test_between_two_sentences_there_is_a_pause(tmp_path: Path) -> None:
    voice = SpokenVoice(str(voice_file(tmp_path)), store=ClipStore(tmp_path / "clips"))
    apart = voice.clip("Bend it.", 175).duration + voice.clip("Lift it.", 175).duration
    assert 300 <= voice.clip("Bend it. Lift it.", 175).duration - apart <= 700
    voice.close()


def test_both_ways_to_name_a_file_are_one_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = voice_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert source(path.name) == source(f"piper:{path}") == source(f"piper:{path.name}")


def test_a_new_voice_file_at_the_same_place_is_another_voice(tmp_path: Path) -> None:
    path = voice_file(tmp_path)
    before = source(str(path))
    os.utime(path, (1_000_000, 1_000_000))
    assert source(str(path)) != before


def test_a_warm_start_needs_no_piper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(voice_file(tmp_path))
    voice = SpokenVoice(path, store=ClipStore(tmp_path / "clips"))
    cold = voice.clip("one", 175)
    voice.close()
    without_piper(tmp_path, monkeypatch)
    again = SpokenVoice(path, store=ClipStore(tmp_path / "clips"))
    assert again.clip("one", 175).samples.tobytes() == cold.samples.tobytes()
    again.close()


def test_missing_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "en_US-nobody.onnx"
    assert "en_US-nobody.onnx: No such file" in refusal(tmp_path, str(path))
    path.write_text("good")
    assert "en_US-nobody.onnx.json: No such file" in refusal(tmp_path, f"piper:{path}")


@pytest.mark.parametrize(
    ("kind", "config", "said"),
    [
        ("good", "{", "its en_US-hum-low.onnx.json is damaged"),
        ("good", '{"audio": {"sample_rate": 22050}}', "its en_US-hum-low.onnx.json lacks 'espeak'"),
        ("damaged", None, "it is damaged (Load model failed: Protobuf parsing failed.)"),
        ("does not speak", None, "does not speak: Invalid input name: scales"),
        ("silent", None, "gives no speech"),
    ],
)
def test_a_damaged_voice_is_a_sentence(
    tmp_path: Path, kind: str, config: str | None, said: str
) -> None:
    path = voice_file(tmp_path, kind) if config is None else voice_file(tmp_path, kind, config)
    assert said in refusal(tmp_path, str(path))


def test_a_machine_without_piper_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_piper(tmp_path, monkeypatch)
    said = refusal(tmp_path, str(voice_file(tmp_path)))
    assert "no piper here" in said
    assert "pip install 'voicecoach[piper]'" in said


@pytest.fixture
def twin() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("fake_piper_twin", FAKE / "piper.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made  # dataclasses look there
    spec.loader.exec_module(made)
    yield made
    del sys.modules[spec.name]


def test_the_twin_is_like_the_real_one(twin: ModuleType) -> None:
    real = pytest.importorskip("piper", reason="Piper is an extra: pip install 'voicecoach[piper]'")

    def fields(of: type) -> set[str]:
        return {field.name for field in dataclasses.fields(of)}

    assert fields(twin.SynthesisConfig) == fields(real.SynthesisConfig)
    for method in ("load", "synthesize"):
        ours = inspect.signature(getattr(twin.PiperVoice, method)).parameters
        theirs = inspect.signature(getattr(real.PiperVoice, method)).parameters
        assert [*ours] == [*theirs][: len(ours)]
    assert fields(twin.AudioChunk) <= {*dir(real.AudioChunk), *fields(real.AudioChunk)}
