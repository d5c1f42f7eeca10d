"""The pump of the echo reference: what the loudspeaker was given, and nothing else."""

from __future__ import annotations

import time

import numpy as np

from voicecoach.core.units import Ms
from voicecoach.ears.reference import Piece, Reference
from voicecoach.speaker.base import Placed
from voicecoach.speaker.mixer import Mixer
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.base import Clip

BLOCK = 512
HELD = 30  # ms that a card holds before they sound


class Card:
    """A loudspeaker that is given a block whenever the test says so."""

    def __init__(self) -> None:
        self.mixer = Mixer(Ms(30_000))
        self.reference = Reference(self.mixer.played, self.now)
        self.heard = dict[int, int]()
        self.pieces = list[Piece]()

    def now(self) -> Ms:
        return Ms(max(0, self.mixer.position // 48 - HELD))

    def play(self, at: int, ms: int, level: int = 5_000) -> None:
        self.mixer.place([Placed(Ms(at), Clip("", np.full(ms * 48, level, np.int16)))])

    def run(self, ms: int, *, every: int = 2) -> None:
        """Goes on; a piece is taken after every so many blocks."""
        for number in range(ms * 48 // BLOCK):
            self.mixer.mix(BLOCK)
            if number % every == 0:
                self.take()

    def take(self) -> None:
        piece = self.reference.take()
        if piece is not None:
            self.pieces.append(piece)
            samples = np.frombuffer(piece.pcm, "<i2").tolist()
            self.heard |= dict(enumerate(samples, piece.index))

    def loud(self) -> list[int]:
        return [index for index, sample in sorted(self.heard.items()) if abs(sample) > 2_500]


def test_what_is_played_comes_whole_and_in_its_place() -> None:
    card = Card()
    card.play(100, 200)
    card.run(600)
    assert card.loud() == list(range(1_600, 4_800))
    ends = [piece.index + len(piece.pcm) // 2 for piece in card.pieces]
    assert [piece.index for piece in card.pieces[1:]] == ends[:-1]
    inside = [card.heard[index] for index in range(1_620, 4_780)]
    assert {4_990 < sample < 5_010 for sample in inside} == {True}


def test_it_is_there_before_it_sounds() -> None:
    card = Card()
    card.play(100, 1_000)
    card.run(500, every=1)
    assert card.loud()[-1] / 16 > card.now() + HELD - 15


def test_silence_is_not_sent() -> None:
    card = Card()
    card.run(2_000)
    assert card.pieces == []
    card.play(2_100, 50)
    card.run(3_000)
    assert sum(len(piece.pcm) for piece in card.pieces) / 2 / 16 < 50 + 60


def test_what_was_cut_is_not_sent() -> None:
    card = Card()
    card.play(0, 1_000)
    card.run(300)
    card.mixer.cut()
    card.run(600)
    played = card.mixer.played(Ms(0), Ms(900))
    last = int(np.flatnonzero(np.abs(played) > 2_500)[-1]) // 3
    assert abs(card.loud()[-1] - last) <= 1


def test_who_did_not_ask_for_long_begins_with_the_present() -> None:
    card = Card()
    card.play(0, 5_000)
    card.run(3_000, every=10**6)
    card.heard.clear()
    card.take()
    assert min(card.heard) >= (card.now() - 1) * 16 - 10


def test_every_piece_knows_when_it_is_due() -> None:
    card = Card()
    card.play(0, 500)
    card.run(400)
    clock = time.monotonic_ns() / 1e6
    for piece in card.pieces[-3:]:
        assert abs(piece.at - (clock - card.now() + piece.index / 16)) < 200


def test_a_loudspeaker_that_nobody_hears_gives_nothing() -> None:
    speaker = SilentSpeaker()
    reference = Reference(speaker.played, speaker.now)
    assert [reference.take() for _ in range(5)] == [None] * 5
