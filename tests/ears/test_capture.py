"""The microphone in every shape: what PortAudio offers, what comes out, and when it was there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.ears.capture import Capture, Moments
from voicecoach.errors import EarsError

Callback = Callable[[bytes, int, object, int], object]


class Device:
    """A PortAudio with one microphone that takes a few shapes only."""

    def __init__(self, *shapes: tuple[int, int], broken: bool = False) -> None:
        self.shapes, self.broken = shapes, broken
        self.callback: Callback | None = None
        self.open_shape = (0, 0)
        self.ended = False

    def module(self) -> ModuleType:
        made = ModuleType("pyaudio")
        made.PyAudio = lambda: self  # type: ignore[attr-defined]
        made.paContinue, made.paInt16 = 0, 8  # type: ignore[attr-defined]
        return made

    def get_default_input_device_info(self) -> dict[str, object]:
        if not self.shapes:
            raise OSError("No Default Input Device Available")
        rate, channels = self.shapes[0]
        return {"defaultSampleRate": float(rate), "maxInputChannels": channels}

    def open(self, rate: int, channels: int, stream_callback: Callback, **_: Any) -> Device:  # noqa: ANN401
        if self.broken or (rate, channels) not in self.shapes:
            raise OSError(-9997, "Invalid sample rate")
        self.open_shape, self.callback = (rate, channels), stream_callback
        return self

    def give(self, samples: np.ndarray[Any, np.dtype[np.int16]]) -> None:
        assert self.callback is not None
        rate, channels = self.open_shape
        frame = rate // 50 * channels
        for start in range(0, len(samples), frame):
            part = samples[start : start + frame]
            self.callback(part.tobytes(), len(part) // channels, None, 0)

    def close(self) -> None:
        self.ended = True

    def terminate(self) -> None:
        self.ended = True


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Callable[[Device], Device]:
    def into(device: Device) -> Device:
        monkeypatch.setattr("voicecoach.ears.capture.find_spec", lambda _: True)
        monkeypatch.setitem(sys.modules, "pyaudio", device.module())
        return device

    return into


SHAPES = [
    ((16_000, 1), (48_000, 2)),
    ((8_000, 1),),
    ((44_100, 2),),
    ((48_000, 1),),
    ((192_000, 2),),
    ((44_100, 4),),
    ((16_000, 2),),
]


@pytest.mark.parametrize("shapes", SHAPES)
def test_every_shape_becomes_16_khz_mono(
    shapes: tuple[tuple[int, int], ...], plug: Callable[[Device], Device]
) -> None:
    device = plug(Device(*shapes))
    capture = Capture()
    rate, channels = device.open_shape
    assert device.open_shape == shapes[0]
    seconds = np.arange(rate) / rate
    tone = np.rint(10_000 * np.sin(2 * np.pi * 500 * seconds)).astype("<i2")
    device.give(np.repeat(tone, channels))
    pcm = b""
    while capture.behind:
        frame = capture.take()
        assert frame is not None
        pcm += frame[1]
    heard = np.frombuffer(pcm, "<i2").astype(float)
    assert 14_000 < len(heard) <= 16_000
    spectrum = np.abs(np.fft.rfft(heard[2000:12_000]))
    assert np.argmax(spectrum) * 1.6 == pytest.approx(500, abs=2)
    assert np.std(heard[2000:12_000]) == pytest.approx(7071, rel=0.02)


@pytest.mark.parametrize("device", [Device(), Device((44_100, 2), broken=True)])
def test_no_device_is_a_sentence_and_portaudio_is_ended(
    device: Device, plug: Callable[[Device], Device]
) -> None:
    plug(device)
    with pytest.raises(EarsError, match="No microphone can be opened"):
        Capture()
    assert device.ended


def test_a_device_that_gives_no_more_is_a_sentence(
    plug: Callable[[Device], Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = plug(Device((16_000, 1)))
    capture = Capture()
    device.give(np.zeros(320, np.int16))
    assert capture.take() is not None
    monkeypatch.setattr("voicecoach.ears.capture.TICK", 0.01)
    monkeypatch.setattr("voicecoach.ears.capture.now_ms", lambda: capture._last + 1501)
    with pytest.raises(EarsError, match="gives no more sound"):
        capture.take()


def test_a_device_may_take_its_time_to_begin(
    plug: Callable[[Device], Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    plug(Device((16_000, 1)))
    capture = Capture()
    monkeypatch.setattr("voicecoach.ears.capture.TICK", 0.0)
    monkeypatch.setattr("voicecoach.ears.capture.now_ms", lambda: capture._last + 1499)
    assert capture.take() is None


@given(st.lists(st.floats(0, 400), min_size=60, max_size=120), st.floats(-200e-6, 200e-6))
def test_late_deliveries_do_not_move_the_moments(delays: list[float], drift: float) -> None:
    """As long as one in a second is prompt, and though the clocks drift."""
    moments, worst = Moments(16_000), 0.0
    for number, delay in enumerate(delays, 1):
        true = 1000 + number * 20 * (1 + drift)
        late = delay if number % 20 else 0.0
        told = moments.feed(true + late, 320)
        if number > 20:
            worst = max(worst, abs(told - true))
    assert worst < 0.5


def test_after_a_loss_the_moments_are_right_within_a_second() -> None:
    moments = Moments(16_000)
    for number in range(1, 101):
        moments.feed(number * 20.0, 320)
    told = [moments.feed(500 + number * 20.0, 320) for number in range(101, 160)]
    assert told[-1] == pytest.approx(500 + 159 * 20)
