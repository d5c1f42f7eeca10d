"""Other engines: a model is loaded once, whatever fails is one sentence. With tiny fakes of them.

The fakes have only what their libraries document: vosk 0.3, openai-whisper, faster-whisper 1.
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicecoach.ears import engines
from voicecoach.ears.engines import ENGINES, Held, asked_for, check_engine, engine
from voicecoach.errors import EarsError

PCM = b"\x00\x40" * 4  # half of full scale
needs_library = pytest.mark.skipif(
    find_spec("speech_recognition") is None, reason="SpeechRecognition is not installed"
)


class Fakes:
    """What the engines are told, what they say, and how often a model was loaded."""

    def __init__(self) -> None:
        self.loaded: list[Any] = []
        self.say: str | Exception = "next"
        self.heard: list[Any] = []

    def answer(self, sound: Any) -> str:  # noqa: ANN401  bytes or samples
        self.heard.append(sound)
        if isinstance(self.say, Exception):
            raise self.say
        return self.say

    def load(self, *model: object, **how: object) -> None:
        if "broken" in str(model):
            raise ValueError(model)
        self.loaded.append((*model, *how.values()))


class Vosk(ModuleType):
    """A first half before a pause, and the rest: as KaldiRecognizer gives them."""

    def __init__(self, fakes: Fakes) -> None:
        super().__init__("vosk")

        class KaldiRecognizer:
            def __init__(self, model: object, rate: int) -> None:
                assert (model, rate) == ("model", 16_000)

            def AcceptWaveform(self, pcm: bytes) -> bool:  # noqa: N802  its name
                first, _, self.rest = fakes.answer(pcm).partition(" ... ")
                self.first, self.rest = (first, self.rest) if self.rest else ("", first)
                return bool(self.first)

            def Result(self) -> str:  # noqa: N802
                return json.dumps({"text": self.first})

            def FinalResult(self) -> str:  # noqa: N802
                return json.dumps({"text": self.rest})

        def model(path: str) -> str:
            fakes.load(path)
            return "model"

        vars(self).update(KaldiRecognizer=KaldiRecognizer, Model=model, SetLogLevel=lambda _: None)


class Whisper(ModuleType):
    def __init__(self, fakes: Fakes) -> None:
        super().__init__("whisper")

        def transcribe(sound: object, *, language: str, fp16: bool) -> dict[str, object]:
            assert (language, fp16) == ("en", False)
            return {"text": fakes.answer(sound)}

        def load_model(name: str) -> SimpleNamespace:
            fakes.load(name)
            return SimpleNamespace(transcribe=transcribe)

        vars(self).update(load_model=load_model)


class FasterWhisper(ModuleType):
    def __init__(self, fakes: Fakes) -> None:
        super().__init__("faster_whisper")

        class WhisperModel:
            def __init__(self, size: str, *, device: str, local_files_only: bool) -> None:
                assert device == "cpu"
                fakes.load(size, local_files_only=local_files_only)

            def transcribe(self, sound: object, *, language: str) -> tuple[object, object]:
                assert language == "en"
                words = fakes.answer(sound).split(" ... ")
                return (SimpleNamespace(text=f" {one}") for one in words), None

        vars(self).update(WhisperModel=WhisperModel)


class Library(ModuleType):
    """SpeechRecognition with one service."""

    class UnknownValueError(Exception):
        """Nothing was understood."""

    def __init__(self, fakes: Fakes) -> None:
        super().__init__("speech_recognition")

        def audio(pcm: bytes, rate: int, width: int) -> bytes:
            assert (rate, width) == (16_000, 2)
            return pcm

        class Recognizer:
            def recognize_wit(self, sound: bytes, key: str) -> str:
                assert key == "secret"
                return fakes.answer(sound)

        fakes.load()
        vars(self).update(AudioData=audio, Recognizer=Recognizer)


LOCAL = {"vosk": "am/final.mdl", "whisper": "base.en.pt", "faster-whisper": "model.bin"}


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> Fakes:
    made = Fakes()
    for module in (Vosk(made), Whisper(made), FasterWhisper(made), Library(made)):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(
        engines, "find_spec", lambda _: SimpleNamespace(submodule_search_locations=None)
    )
    monkeypatch.setenv("WIT_AI_KEY", "secret")
    made.loaded.clear()
    return made


def model(folder: Path, name: str) -> str:
    """A folder with what its engine looks for, as it is asked for."""
    path = folder / LOCAL[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return f"{name}:{folder}"


@pytest.fixture(params=[*LOCAL, "wit"])
def asked(request: pytest.FixtureRequest, fakes: Fakes, tmp_path: Path) -> str:
    """Each kind of engine, as a person asks for it."""
    del fakes
    name: str = request.param
    return model(tmp_path, name) if name in LOCAL else name


def test_an_engine_gives_the_words_of_each_utterance(asked: str, fakes: Fakes) -> None:
    whole = engine(asked)
    assert [whole.words(PCM), whole.words(PCM)] == ["next", "next"]
    for sound in fakes.heard:
        assert sound == PCM if isinstance(sound, bytes) else np.array_equal(sound, [0.5] * 4)


def test_a_model_is_loaded_once_and_held(asked: str, fakes: Fakes) -> None:
    whole = engine(asked)
    loaded = len(fakes.loaded)
    for _ in range(3):
        whole.words(PCM)
    assert len(fakes.loaded) == loaded <= 1


def test_whatever_an_engine_raises_is_one_sentence(asked: str, fakes: Fakes) -> None:
    whole = engine(asked)
    fakes.say = RuntimeError("out of memory")
    with pytest.raises(EarsError, match=r"^The recogniser [\w-]+ failed\. The built-in"):
        whole.words(PCM)
    fakes.say = "repeat"
    assert whole.words(PCM) == "repeat"


@pytest.mark.parametrize("name", ["vosk", "faster-whisper"])
def test_words_around_a_pause_are_one_utterance(fakes: Fakes, tmp_path: Path, name: str) -> None:
    fakes.say = "stop ... it hurts"
    assert engine(model(tmp_path, name)).words(PCM) == "stop it hurts"


def test_a_service_that_understood_nothing_gives_no_words(fakes: Fakes) -> None:
    fakes.say = Library.UnknownValueError()
    assert engine("wit").words(PCM) == ""


@pytest.mark.parametrize("name", LOCAL)
def test_a_folder_that_holds_no_model_is_one_sentence(
    fakes: Fakes, tmp_path: Path, name: str
) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(EarsError, match=rf"holds no model of {name}\. Give the folder"):
            engine(f"{name}:{folder}")
    assert fakes.loaded == []


@pytest.mark.parametrize("name", LOCAL)
def test_a_damaged_model_is_one_sentence(fakes: Fakes, tmp_path: Path, name: str) -> None:
    with pytest.raises(EarsError, match=rf"^The recogniser {name} did not start\."):
        engine(model(tmp_path / "broken", name))
    assert fakes.loaded == []


def test_what_a_folder_gives_is_not_fetched(fakes: Fakes, tmp_path: Path) -> None:
    engine(model(tmp_path, "faster-whisper"))
    engine(model(tmp_path, "whisper"))
    engine("faster-whisper")
    engine("whisper")
    assert fakes.loaded == [
        (str(tmp_path), True),
        (str(tmp_path / "base.en.pt"),),
        ("base.en", False),
        ("base.en",),
    ]


@pytest.mark.usefixtures("fakes")
def test_vosk_without_a_model_says_how_to_give_one() -> None:
    with pytest.raises(EarsError, match=r"needs a model\..*--recognizer vosk:FOLDER"):
        check_engine("vosk")


@pytest.mark.usefixtures("fakes")
def test_a_service_has_no_folder() -> None:
    with pytest.raises(EarsError, match="wit has no folder of its own"):
        check_engine("wit:/somewhere")


def test_a_folder_may_have_a_colon() -> None:
    assert asked_for(r"vosk:C:\models\vosk") == ("vosk", r"C:\models\vosk")
    assert asked_for("vosk") == ("vosk", "")


def test_a_missing_engine_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    with pytest.raises(EarsError, match=r'vosk is not installed\. .*pip install "vosk"'):
        check_engine("vosk")


@needs_library
def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIT_AI_KEY", raising=False)
    with pytest.raises(EarsError, match="environment variable WIT_AI_KEY"):
        check_engine("wit")


@needs_library
def test_every_door_exists_in_the_library() -> None:
    with warnings.catch_warnings(action="ignore"):  # it imports modules that Python drops
        library = import_module("speech_recognition")
    for name, one in ENGINES.items():
        if one.sends:
            assert hasattr(library.Recognizer, f"recognize_{name}")


def test_an_engine_that_failed_is_named() -> None:
    def broken(pcm: bytes) -> str:
        raise OSError(len(pcm))

    with pytest.raises(EarsError, match="whisper failed"):
        Held("whisper", broken).words(PCM)
