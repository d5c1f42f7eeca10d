"""The stream against cards that exist only here: what it opens, and how it survives them."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from voicecoach.core.units import Ms
from voicecoach.errors import SpeakerError
from voicecoach.speaker import stream as stream_module
from voicecoach.speaker.base import Placed
from voicecoach.speaker.device import Shape
from voicecoach.speaker.stream import StreamSpeaker
from voicecoach.voice.base import Clip, Pcm

Callback = Callable[[None, int, dict[str, float], int], tuple[bytes, int]]


class Card:
    """A sound card whose thread asks for blocks at its own rate, in real time."""

    def __init__(self) -> None:
        self.accepts: list[tuple[int, int]] = [(48_000, 1)]
        self.present = True
        self.frozen = False
        self.underrun = False
        self.opened: list[tuple[int, int, int]] = []
        self.heard: list[bytes] = []
        self.delay = 0.0


class Stream:
    def __init__(
        self, card: Card, rate: int, channels: int, block: int, callback: Callback
    ) -> None:
        self.card, self.rate, self.block, self.callback = card, rate, block, callback
        self.ended = False
        card.opened.append((rate, channels, block))
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        for _ in range(3):
            self.ask()
        time.sleep(self.card.delay)
        while self.card.present and not self.ended:
            time.sleep(self.block / self.rate)
            if not self.card.frozen:
                self.ask()

    def ask(self) -> None:
        data, _ = self.callback(None, self.block, {}, 4 if self.card.underrun else 0)
        self.card.heard.append(data)

    def is_active(self) -> bool:
        return self.card.present and not self.ended

    def get_output_latency(self) -> float:
        return 0.016

    def stop_stream(self) -> None:
        self.ended = True

    def close(self) -> None:
        self.ended = True
        self.thread.join(1)


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> Card:
    made = Card()

    class Library:
        def get_default_output_device_info(self) -> dict[str, Any]:
            if not made.present:
                raise OSError("no default output device")
            return self.get_device_info_by_index(0)

        def get_device_count(self) -> int:
            return int(made.present)

        def get_device_info_by_index(self, index: int) -> dict[str, Any]:
            rate = float(made.accepts[0][0])
            return {
                "index": index,
                "name": "card",
                "defaultSampleRate": rate,
                "maxOutputChannels": 2,
            }

        def open(self, **wanted: Any) -> Stream:  # noqa: ANN401 - as PyAudio has it
            shape = (wanted["rate"], wanted["channels"])
            if shape not in made.accepts:
                raise OSError(f"refused {shape}")
            return Stream(made, *shape, wanted["frames_per_buffer"], wanted["stream_callback"])

        def terminate(self) -> None:
            pass

    monkeypatch.setitem(sys.modules, "pyaudio", SimpleNamespace(PyAudio=Library))
    monkeypatch.setattr(stream_module, "_REOPEN", 0.2)
    monkeypatch.setattr(stream_module, "_DEAF", 0.3)
    monkeypatch.setattr(stream_module, "_START", 0.5)
    return made


class Told:
    def __init__(self) -> None:
        self.events: list[str] = []

    def lost(self, why: str) -> None:
        self.events.append(why)

    def back(self) -> None:
        self.events.append("back")


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def speaker(card: Card, told: Told) -> Iterator[StreamSpeaker]:
    made = StreamSpeaker(told.lost, told.back)
    yield made
    card.frozen = False
    made.close()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def tone(at: int, ms: int = 200) -> Placed:
    return Placed(Ms(at), Clip("x", np.full(48 * ms, 5_000, np.int16)))


@pytest.mark.parametrize(
    "accepts",
    [[(48_000, 1)], [(48_000, 2)], [(44_100, 1)], [(44_100, 2)], [(96_000, 2)], [(16_000, 1)]],
)
def test_a_card_of_any_shape_plays_everything(
    card: Card, told: Told, accepts: list[tuple[int, int]]
) -> None:
    card.accepts = accepts
    speaker = StreamSpeaker(told.lost, told.back)
    speaker.play([tone(speaker.now() + 100)])
    time.sleep(0.6)
    speaker.close()
    rate, channels = accepts[0]
    heard = np.frombuffer(b"".join(card.heard), np.int16).reshape(-1, channels)
    assert np.all(heard == heard[:, :1])
    assert np.sum(heard[:, 0] > 2_500) / rate == pytest.approx(0.2, abs=0.002)
    assert told.events == []


def test_a_card_that_fits_nothing_is_a_sentence(card: Card, told: Told) -> None:
    card.accepts = [(0, 0)]
    with pytest.raises(SpeakerError, match=r"No loudspeaker can be opened.*card"):
        StreamSpeaker(told.lost, told.back)


def test_no_card_is_a_sentence(card: Card, told: Told) -> None:
    card.present = False
    with pytest.raises(SpeakerError, match="has no loudspeaker"):
        StreamSpeaker(told.lost, told.back)


def test_a_card_that_starts_late_loses_no_word(card: Card, told: Told) -> None:
    card.delay = 0.3
    speaker = StreamSpeaker(told.lost, told.back)
    assert speaker.now() < 100
    speaker.play([tone(speaker.now() + speaker.lead)])
    time.sleep(0.5)
    speaker.close()
    heard = np.frombuffer(b"".join(card.heard), np.int16)
    assert np.sum(heard == 5_000) == 48 * 200


def test_a_card_taken_away_is_told_once_and_the_clock_goes_on(
    card: Card, told: Told, speaker: StreamSpeaker
) -> None:
    begun, start = time.monotonic(), speaker.now()
    card.present = False
    assert until(lambda: told.events == ["The loudspeaker was taken away."])
    assert not speaker.audible
    gone = speaker.now()
    speaker.play([tone(gone), tone(gone + 60_000)])
    speaker.gain(3)
    time.sleep(0.5)
    passed = (time.monotonic() - begun) * 1000
    assert speaker.now() - start == pytest.approx(passed, abs=30)
    card.heard.clear()
    card.present = True
    assert until(lambda: told.events[1:] == ["back"])
    assert until(lambda: speaker.audible)
    time.sleep(0.1)
    passed = (time.monotonic() - begun) * 1000
    assert speaker.now() - start == pytest.approx(passed, abs=30)
    assert not np.any(np.frombuffer(b"".join(card.heard), np.int16)), "its time has passed"
    at = speaker.now() + speaker.lead
    speaker.play([tone(at)])
    time.sleep(0.35)
    assert np.any(speaker.played(Ms(at), Ms(at + 100)))


def test_a_card_that_says_it_runs_but_never_asks_is_lost(
    card: Card, told: Told, speaker: StreamSpeaker
) -> None:
    card.frozen = True
    assert until(lambda: told.events == ["The loudspeaker does not answer."])
    assert not speaker.audible
    card.frozen = False
    assert until(lambda: told.events[1:] == ["back"])


def test_a_short_stall_is_skipped_so_that_the_clock_stays_right(
    card: Card, told: Told, speaker: StreamSpeaker
) -> None:
    begun, start = time.monotonic(), speaker.now()
    card.frozen = True
    time.sleep(0.22)
    card.frozen = False
    time.sleep(0.2)
    assert told.events == []
    assert speaker.now() - start == pytest.approx((time.monotonic() - begun) * 1000, abs=30)


def test_a_fault_in_the_callback_is_a_lost_device_and_no_traceback(
    card: Card, told: Told, speaker: StreamSpeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert card.present

    def broken(_: int) -> Pcm:
        raise RuntimeError("bug")

    monkeypatch.setattr(speaker._mixer, "mix", broken)
    assert until(lambda: len(told.events) == 1)
    assert "bug" in told.events[0]


def test_a_card_that_crackles_gets_longer_blocks(
    card: Card, told: Told, speaker: StreamSpeaker
) -> None:
    card.underrun = True
    assert until(lambda: len(card.opened) > 1)
    card.underrun = False
    assert card.opened[1][2] == 2 * card.opened[0][2]
    time.sleep(0.1)
    assert speaker.audible
    assert told.events == []


def test_shape_gives_exactly_what_is_asked_for() -> None:
    position = 0

    def source(frames: int) -> Pcm:
        nonlocal position
        position += frames
        return np.full(frames, 1_000, np.int16)

    shape = Shape(44_100, 2)
    for frames in (1, 352, 7, 1_000, 353):
        assert len(shape.fill(frames, source)) == frames * 4
    assert position == pytest.approx(1_713 * 48_000 / 44_100, abs=1_500)
