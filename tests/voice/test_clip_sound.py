import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.voice import sound
from voicecoach.voice.base import SAMPLE_RATE
from voicecoach.voice.container import Recording

MS = SAMPLE_RATE // 1000


def tone(ms: int, level: float, hertz: float = 300.0) -> sound.Signal:
    at = np.arange(ms * MS) / SAMPLE_RATE
    return (sound.amplitude(level) * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def silence(ms: int) -> sound.Signal:
    return np.zeros(ms * MS, np.float32)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
def test_every_rate_becomes_48_khz_with_its_length_and_pitch(rate: int) -> None:
    at = np.arange(rate) / rate
    frames = (10_000 * np.sin(2 * np.pi * 440 * at)).astype("<i2").tobytes()
    mono = sound.signal(Recording(rate, 1, 2, "<", frames))
    assert abs(len(mono) - SAMPLE_RATE) <= 2
    assert np.argmax(np.abs(np.fft.rfft(mono))) == pytest.approx(440, abs=1)


def test_widths_orders_and_channels_give_the_same_signal() -> None:
    values = np.array([0, 16_384, -16_384, 32_512], np.int16)
    expected = values / 32_768
    wide = (values.astype(np.int32) << 16).astype("<i4")
    recordings = [
        Recording(48_000, 1, 2, "<", values.astype("<i2").tobytes()),
        Recording(48_000, 1, 2, ">", values.astype(">i2").tobytes()),
        Recording(48_000, 2, 2, "<", np.repeat(values, 2).astype("<i2").tobytes()),
        Recording(48_000, 1, 4, "<", wide.tobytes()),
        Recording(48_000, 1, 3, "<", wide.view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()),
        Recording(48_000, 1, 3, ">", wide.view(np.uint8).reshape(-1, 4)[:, :0:-1].tobytes()),
        Recording(48_000, 1, 1, "<", (values // 256 + 128).astype(np.uint8).tobytes()),
    ]
    for recording in recordings:
        assert sound.signal(recording) == pytest.approx(expected, abs=1e-6)


def test_trimming_keeps_the_sound_and_a_breath_of_silence() -> None:
    mono = np.concatenate([silence(200), tone(300, -10), silence(400)])
    assert len(sound.trimmed(mono)) / MS == pytest.approx(300 + 8 + 20, abs=6)


def test_a_consonant_45_db_below_its_vowel_is_kept() -> None:
    mono = np.concatenate([silence(100), tone(60, -55, 3_000), tone(200, -10), silence(100)])
    assert len(sound.trimmed(mono)) / MS == pytest.approx(60 + 200 + 28, abs=6)


def test_a_pause_within_a_text_is_kept() -> None:
    mono = np.concatenate([tone(100, -10), silence(500), tone(100, -10)])
    assert len(sound.trimmed(mono)) / MS == pytest.approx(700, abs=6)


@pytest.mark.parametrize("mono", [silence(0), silence(500), tone(100, -100)])
def test_silence_trims_to_nothing(mono: sound.Signal) -> None:
    assert not len(sound.trimmed(mono))


def test_ends_fade_from_and_to_zero() -> None:
    out = sound.trimmed(tone(300, -3))
    assert out[0] == 0
    assert abs(out[-1]) < 1e-3
    assert np.max(np.abs(np.diff(out[: 3 * MS]))) < 0.04


@pytest.mark.parametrize("level", [-50.0, -20.0, -1.0])
def test_every_sound_comes_out_equally_loud(level: float) -> None:
    mono = np.concatenate([tone(300, level), silence(300)])
    out = sound.levelled(mono)
    rms = 20 * np.log10(np.sqrt(np.mean(out[: 300 * MS] ** 2)))
    assert rms == pytest.approx(sound.LOUDNESS, abs=0.1)


def test_peaks_stay_below_the_limit_even_if_that_is_less_loud() -> None:
    mono = tone(300, -40)
    mono[::480] = 0.9
    assert np.max(np.abs(sound.levelled(mono))) <= sound.amplitude(sound.PEAK) + 1e-6


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-4, 4, width=32), max_size=500))
def test_samples_saturate_and_never_wrap(values: list[float]) -> None:
    mono = np.array(values, np.float32)
    out = sound.pcm(mono)
    assert np.all(np.sign(out) * np.sign(mono) >= 0)
    assert np.all(np.abs(out - np.clip(mono * 32_768, -32_768, 32_767)) <= 1)


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=4_000).filter(lambda data: len(data) % 2 == 0))
def test_whatever_an_engine_writes_gives_a_clip_or_nothing(frames: bytes) -> None:
    out = sound.polished(Recording(22_050, 1, 2, "<", frames))
    assert out.dtype == np.int16
