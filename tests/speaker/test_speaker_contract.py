"""What every speaker keeps, asked of the twin, the file and (on a sound card) the loudspeaker."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from voicecoach.core.units import Ms
from voicecoach.errors import SpeakerError
from voicecoach.speaker.base import Placed, Speaker
from voicecoach.speaker.choice import open_speaker
from voicecoach.speaker.draft import Draft
from voicecoach.speaker.file import FileSpeaker
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.speaker.wave_file import WaveFile
from voicecoach.voice.base import Clip

Wait = Callable[[int], None]


def _nothing(*_: object) -> None:
    pass


@pytest.fixture(
    params=["silent", "file", pytest.param("device", marks=pytest.mark.device)],
)
def speaker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Speaker]:
    made: Speaker
    if request.param == "silent":
        made = SilentSpeaker("for a test")
    elif request.param == "file":
        path = tmp_path / "out.wav"
        made = FileSpeaker(WaveFile(Draft(path, path)))
    else:
        if "PULSE_SERVER" not in os.environ:
            pytest.skip("needs a sound card")
        made = open_speaker("device", _nothing, _nothing)
    yield made
    made.close()


def wait(speaker: Speaker, span: int) -> None:
    if isinstance(speaker, FileSpeaker):
        speaker.advance(Ms(speaker.now() + span))
    else:
        time.sleep(span / 1000)


def sound(at: int, ms: int) -> Placed:
    return Placed(Ms(at), Clip("x", np.full(48 * ms, 5_000, np.int16)))


def test_the_clock_starts_near_zero_and_never_runs_back(speaker: Speaker) -> None:
    assert 0 <= speaker.now() < 200
    seen = []
    for _ in range(100):
        wait(speaker, 2)
        seen.append(speaker.now())
    assert seen == sorted(seen)
    assert 150 <= seen[-1] - seen[0] < 400


def test_what_was_played_is_known_where_it_is_heard(speaker: Speaker) -> None:
    start = Ms(speaker.now() + speaker.lead + 10)
    speaker.play([sound(start, 50)])
    wait(speaker, speaker.lead + 150)
    reference = speaker.played(start, Ms(start + 50))
    assert len(reference) == 50 * 48
    if not isinstance(speaker, SilentSpeaker):
        assert set(reference) == {5_000}
        assert not np.any(speaker.played(Ms(start - 20), start))


def test_a_cut_leaves_silence(speaker: Speaker) -> None:
    start = Ms(speaker.now() + speaker.lead)
    speaker.play([sound(start, 5_000), sound(start + 300, 5_000)])
    wait(speaker, 200)
    speaker.cut()
    wait(speaker, 50)
    quiet = speaker.now() + 50
    wait(speaker, 400)
    assert not np.any(speaker.played(Ms(quiet), speaker.now()))


def test_gain_of_any_size_is_taken(speaker: Speaker) -> None:
    for decibels in (-99, -6, 0, 6, 99):
        speaker.gain(decibels)
    wait(speaker, 20)


def test_a_duck_is_softer_until_its_end(speaker: Speaker) -> None:
    start = Ms(speaker.now() + speaker.lead + 20)
    speaker.play([sound(start, 1_000)])
    wait(speaker, speaker.lead + 200)
    asked = speaker.now()
    speaker.duck(-20, Ms(asked + 400))
    wait(speaker, 800)
    if isinstance(speaker, SilentSpeaker):
        return
    assert set(speaker.played(Ms(asked + 100), Ms(asked + 380))) == {500}
    assert set(speaker.played(Ms(asked + 420), Ms(asked + 600))) == {5_000}


def test_lead_is_short_and_close_may_come_twice(speaker: Speaker) -> None:
    assert 0 <= speaker.lead <= 100
    speaker.play([])
    speaker.close()
    speaker.close()
    assert not speaker.audible


def test_silence_can_be_asked_for() -> None:
    assert isinstance(open_speaker("silent", _nothing, _nothing), SilentSpeaker)


def test_a_choice_that_does_not_exist_is_a_sentence() -> None:
    with pytest.raises(SpeakerError, match="Choose one of: auto, device, silent"):
        open_speaker("loud", _nothing, _nothing)


def test_without_pyaudio_auto_is_silent_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyaudio", None)
    silent = open_speaker("auto", _nothing, _nothing)
    assert isinstance(silent, SilentSpeaker)
    assert "pip install 'voicecoach[audio]'" in silent.reason
    with pytest.raises(SpeakerError, match="PyAudio is missing"):
        open_speaker("device", _nothing, _nothing)
