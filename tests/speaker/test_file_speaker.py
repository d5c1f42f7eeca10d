import tracemalloc
import wave
from pathlib import Path

import numpy as np
import pytest

from voicecoach.core.units import Ms
from voicecoach.errors import SpeakerError
from voicecoach.speaker.base import Placed
from voicecoach.speaker.draft import Draft
from voicecoach.speaker.file import FileSpeaker
from voicecoach.speaker.wave_file import WaveFile
from voicecoach.voice.base import Clip, Pcm


def tick(at: int, length: int = 480, height: int = 9_000) -> Placed:
    return Placed(Ms(at), Clip("tick", np.full(length, height, np.int16)))


def file_at(path: Path) -> WaveFile:
    return WaveFile(Draft(path, path))


def content(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_the_file_holds_every_clip_at_its_sample(tmp_path: Path) -> None:
    speaker = FileSpeaker(file_at(tmp_path / "out.wav"))
    speaker.play([tick(100), tick(2_500)])
    speaker.advance(Ms(1_000))
    assert speaker.now() == 1_000
    speaker.play([tick(3_000)])
    speaker.advance(Ms(500))
    speaker.advance(Ms(4_001))
    speaker.close()
    samples = content(tmp_path / "out.wav")
    assert len(samples) == 4_001 * 48
    starts = np.flatnonzero(np.diff(samples.astype(int), prepend=0) > 0)
    assert starts.tolist() == [100 * 48, 2_500 * 48, 3_000 * 48]


def test_a_cut_is_silence_from_that_moment(tmp_path: Path) -> None:
    speaker = FileSpeaker(file_at(tmp_path / "out.wav"))
    speaker.play([tick(0, 48_000)])
    speaker.advance(Ms(500))
    speaker.cut()
    speaker.advance(Ms(1_000))
    speaker.close()
    assert np.flatnonzero(content(tmp_path / "out.wav"))[-1] < 505 * 48


def test_all_is_raised_by_its_level_and_what_overlaps_stays_below_the_ceiling(
    tmp_path: Path,
) -> None:
    speaker = FileSpeaker(file_at(tmp_path / "out.wav"), 1.5)
    speaker.play([tick(0, 48_000), tick(500, 48_000, 22_000)])
    speaker.advance(Ms(2_000))
    speaker.close()
    samples = content(tmp_path / "out.wav")
    assert samples[100] == 13_500
    assert 13_500 < samples[510 * 48] <= 0.83 * 32_768


def test_closing_twice_is_harmless_and_nothing_is_written_after(tmp_path: Path) -> None:
    speaker = FileSpeaker(file_at(tmp_path / "out.wav"))
    speaker.close()
    speaker.close()
    with pytest.raises(SpeakerError, match="closed"):
        speaker.advance(Ms(1))
    assert len(content(tmp_path / "out.wav")) == 0


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SpeakerError, match=r"cannot be written.*\.$"):
        file_at(tmp_path / "nowhere" / "out.wav")


def test_a_full_disk_is_a_sentence() -> None:
    speaker = FileSpeaker(file_at(Path("/dev/full")))
    with pytest.raises(SpeakerError, match=r"cannot be written: No space left"):
        speaker.advance(Ms(10_000))


def test_an_hour_takes_constant_memory(tmp_path: Path) -> None:
    sink = file_at(tmp_path / "out.wav")
    speaker = FileSpeaker(sink)
    speaker.advance(Ms(60_000))
    tracemalloc.start()
    speaker.advance(Ms(10 * 60_000))
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()
    sink.abandon()
