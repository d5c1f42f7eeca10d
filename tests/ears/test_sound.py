"""Any PCM WAV becomes what the decoder wants; anything else is a sentence."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from voicecoach.ears.endpoint import CHUNK_BYTES, RATE
from voicecoach.ears.sound import Downmix, chunks, read_wav
from voicecoach.errors import EarsError


def tone(path: Path, rate: int, channels: int, width: int) -> Path:
    """One second of 440 Hz at half of full scale, the same on each channel."""
    wave_form = np.sin(np.arange(rate) * 2 * np.pi * 440 / rate) / 2
    wide = np.repeat(wave_form, channels)
    if width == 1:
        frames = (wide * 127 + 128).astype(np.uint8).tobytes()
    else:
        whole = (wide * (2**31 - 1)).astype("<i4").view(np.uint8).reshape(-1, 4)
        frames = whole[:, 4 - width :].tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(frames)
    return path


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 44_100, 48_000])
def test_every_shape_of_wav(tmp_path: Path, rate: int, channels: int, width: int) -> None:
    pcm = read_wav(tone(tmp_path / "a.wav", rate, channels, width))
    samples = np.frombuffer(pcm, "<i2")
    assert abs(len(samples) - RATE) <= 1
    assert 15_700 <= np.abs(samples[1000:-1000]).max() <= 16_600
    spectrum = np.abs(np.fft.rfft(samples.astype(float)))
    assert abs(int(spectrum.argmax()) - 440) <= 1


def test_a_bad_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    text, empty, silent = tmp_path / "t.wav", tmp_path / "e.wav", tmp_path / "s.wav"
    text.write_text("not sound")
    empty.touch()
    with wave.open(str(silent), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
    for path in (text, empty, silent, tmp_path / "missing.wav", tmp_path):
        with pytest.raises(EarsError) as caught:
            read_wav(path)
        assert str(caught.value).startswith(f"{path}: ")
        assert str(caught.value).count(". ") >= 1


def test_a_truncated_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = tone(tmp_path / "a.wav", 16_000, 2, 2).read_bytes()
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole[: len(whole) // 2 + 1])
    assert abs(len(read_wav(cut)) - RATE) < 100


def test_chunks_are_whole_and_the_last_is_filled() -> None:
    parts = list(chunks(b"\1" * (CHUNK_BYTES + 10)))
    assert [len(part) for part in parts] == [CHUNK_BYTES, CHUNK_BYTES]
    assert parts[1] == b"\1" * 10 + bytes(CHUNK_BYTES - 10)


def test_a_device_at_its_own_rate_is_converted_as_it_comes() -> None:
    rate = 44_100
    wave_form = np.repeat(np.sin(np.arange(rate) * 2 * np.pi * 440 / rate) * 16_000, 2)
    frames = wave_form.astype("<i2").tobytes()
    mixer = Downmix(rate, 2)
    step = rate // 50 * 4
    got = b"".join(mixer.feed(frames[at : at + step]) for at in range(0, len(frames), step))
    samples = np.frombuffer(got, "<i2")
    assert len(samples) > RATE * 0.9
    spectrum = np.abs(np.fft.rfft(samples.astype(float), RATE))
    assert abs(int(spectrum.argmax()) - 440) <= 2


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
def test_what_a_stream_still_holds_tells_when_its_samples_were_there(rate: int) -> None:
    """A click at half a second stays there, and what is given always ends where it says."""
    frames = np.zeros(rate, "<i2")
    frames[rate // 2] = 20_000
    mixer, got = Downmix(rate, 1), b""
    for start in range(0, rate, rate // 50):
        part = frames[start : start + rate // 50]
        got += mixer.feed(part.tobytes())
        taken = (start + len(part)) * 1000 / rate
        assert len(got) / 32 == pytest.approx(taken - mixer.held, abs=1.1)
        assert 0 <= mixer.held <= 125
    assert np.frombuffer(got, "<i2").argmax() == pytest.approx(RATE // 2, abs=1)
