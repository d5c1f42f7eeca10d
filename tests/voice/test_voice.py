"""The contract of every voice, kept by the real one and its twin."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from voice.piper_voice import voice_file, with_fake_piper

from voicecoach.core.estimate import estimate
from voicecoach.errors import VoiceError
from voicecoach.voice.base import SAMPLE_RATE, Voice
from voicecoach.voice.silent import SilentVoice
from voicecoach.voice.spoken import SpokenVoice
from voicecoach.voice.store import ClipStore

REAL_PIPER = os.environ.get("VOICECOACH_PIPER_VOICE", "")
"""A voice file for which the contract is to be tried, too, where piper-tts is installed."""


@pytest.fixture(params=["silent", "spoken", "piper", *(["real piper"] if REAL_PIPER else [])])
def voice(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Voice]:
    made: Voice = SilentVoice()
    name = None
    if request.param == "piper":
        with_fake_piper(monkeypatch)
        name = str(voice_file(tmp_path))
    elif request.param == "real piper":
        name = REAL_PIPER
    if request.param != "silent":
        made = SpokenVoice(name, store=ClipStore(tmp_path / "clips"))
        try:
            made.clip("one", 175)
        except VoiceError as error:
            if name is not None:
                raise
            pytest.skip(str(error))
    yield made
    made.close()


def test_a_clip_has_its_text_and_sound_of_a_plausible_length(voice: Voice) -> None:
    clip = voice.clip("Lie on your back. Bend both knees.", 175)
    assert clip.text == "Lie on your back. Bend both knees."
    assert clip.samples.dtype == np.int16
    assert 1_500 <= clip.duration <= 3_000


def test_the_rate_changes_the_length_at_once_and_back(voice: Voice) -> None:
    text = "Slowly lift your pelvis until shoulders, hips and knees are in one line."
    slow, normal, fast = (voice.clip(text, rate).duration for rate in (120, 175, 240))
    assert slow == pytest.approx(normal * 175 / 120, rel=0.1)
    assert fast == pytest.approx(normal * 175 / 240, rel=0.1)
    other = text.replace("one", "a")
    assert voice.clip(other, 175).duration == pytest.approx(normal, rel=0.1)


def test_numbers_fit_into_their_second(voice: Voice) -> None:
    words = ["one", "seven", "twelve", "seventeen", "twenty seven", "fifty seven"]
    assert max(voice.clip(word, 175).duration for word in words) < 900


def test_the_same_text_is_the_same_clip(voice: Voice) -> None:
    assert voice.clip("three", 175).samples.tobytes() == voice.clip("three", 175).samples.tobytes()


@pytest.mark.parametrize("text", ["", "   ", "...", "—"])
def test_nothing_to_say_is_an_error_in_a_sentence(voice: Voice, text: str) -> None:
    with pytest.raises(VoiceError, match=r"\.$"):
        voice.clip(text, 175)


def test_prepare_never_raises_and_close_may_come_twice(voice: Voice) -> None:
    voice.prepare(["four", "", "five"], 175)
    voice.prepare([], 175)
    assert voice.clip("five", 175).duration > 0
    voice.close()
    voice.close()
    voice.prepare(["six"], 175)


def test_estimates_are_close_to_the_real_voice(tmp_path: Path) -> None:
    texts = [
        "Welcome. This is a test.",
        "You need: a mat, and a chair.",
        "twenty three",
        "Exercise three of six. Bridge on two legs.",
        "Take your time. Say ready when you are in position.",
    ]
    voice = SpokenVoice(store=ClipStore(tmp_path))
    try:
        real = [voice.clip(text, 175).duration for text in texts]
    except VoiceError as error:
        pytest.skip(str(error))
    finally:
        voice.close()
    guessed = [estimate(text, 175) for text in texts]
    assert sum(guessed) == pytest.approx(sum(real), rel=0.1)
    assert guessed == pytest.approx(real, rel=0.25)


def test_the_twin_loads_neither_engine_nor_resampler() -> None:
    code = (
        "import sys; from voicecoach.voice.silent import SilentVoice\n"
        "SilentVoice().clip('one', 175)\n"
        "assert not {'soxr', 'pyttsx3', 'subprocess'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_threads_may_wait_for_the_same_clip(tmp_path: Path) -> None:
    voice = SpokenVoice(store=ClipStore(tmp_path))
    found: list[int] = []

    def ask() -> None:
        try:
            found.append(len(voice.clip("A sentence for two.", 175).samples))
        except VoiceError:
            found.append(0)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    voice.close()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert found[0] in (0, *range(SAMPLE_RATE // 2, SAMPLE_RATE * 3))
