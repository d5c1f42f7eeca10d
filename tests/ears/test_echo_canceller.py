"""The coach is taken out, the person is left whole: synthetic rooms, and a recorded one.

Every scene is drawn from a seed. Microphone and loudspeaker have their own sample counts; the
clock that both tell is in ms and ripples, as on a real machine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.ears.echo import EchoCanceller
from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.sound import read_wav

Sound = npt.NDArray[np.float64]

PEOPLE = Path(os.environ.get("VOICECOACH_AUDIO") or Path(__file__).parents[3] / "shared" / "audio")
PIECE = 640  # samples: 40 ms
AHEAD = 30  # ms by which the reference is given before it is due
START = 5_000  # ms on the machine's clock


def voice(seconds: float, seed: int) -> Sound:
    """Like speech: syllables of buzz and hiss, of changing pitch and colour, at -20 dBFS."""
    rng = np.random.default_rng(seed)
    parts, length = list[Sound](), 0
    while length < seconds * RATE:
        count = int(rng.uniform(0.12, 0.3) * RATE)
        pitch = np.cumsum(rng.uniform(90, 220) * (1 + 0.2 * np.linspace(0, 1, count)) / RATE)
        buzz = 2 * (pitch % 1) - 1 + rng.normal(0, 0.3, count)
        width = int(rng.integers(2, 12))
        dull = np.convolve(buzz, np.hanning(width + 2)[1:-1], "same")
        bright = np.append(0, np.diff(buzz))
        share = rng.uniform(0, 0.6)
        syllable = (share * bright + (1 - share) * dull / width) * np.hanning(count)
        parts += [syllable, np.zeros(int(rng.exponential(0.06) * RATE))]
        length += sum(map(len, parts[-2:]))
    sound = np.concatenate(parts)[: int(seconds * RATE)]
    return np.asarray(0.1 * sound / np.sqrt(np.mean(sound**2)))


def room(seed: int = 1, reverberation: float = 0.3) -> Sound:
    """An impulse response: a direct sound, and noise that falls by 60 dB in so many seconds."""
    rng = np.random.default_rng(seed)
    count = int(reverberation * RATE)
    tail = rng.normal(0, 1, count) * 10 ** (-3 * np.arange(count) / count)
    tail[:40] = 0
    tail *= 0.7 / np.sqrt(np.sum(tail**2))
    tail[0] = 0.7
    return tail


def through(sound: Sound, path: Sound, delay: int) -> Sound:
    """A sound as it comes back from a room, so many samples later."""
    size = len(sound) + len(path)
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(path, size), size)[: len(sound)]
    return np.concatenate((np.zeros(delay), wet))[: len(sound)]


def faster(sound: Sound, ppm: float) -> Sound:
    """The numbers that a loudspeaker with a clock so much faster gives to the same sound."""
    size = len(sound)
    fine = np.fft.irfft(np.fft.rfft(sound), 8 * size) * 8
    places = np.arange(size) / (1 + ppm * 1e-6) * 8
    return np.interp(places, np.arange(len(fine)), fine)


def pcm(sound: Sound) -> bytes:
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype("<i2").tobytes()


@dataclass
class Heard:
    """What came out, chunk after chunk."""

    canceller: EchoCanceller
    mic: Sound
    out: Sound
    same: list[bool]

    def taken(self, start: float, end: float) -> float:
        """dB of the microphone's power that were taken away between two seconds."""
        part = slice(int(start * RATE), int(end * RATE))
        return level(self.mic[part]) - level(self.out[part])


def level(sound: Sound) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def listen(mic: Sound, played: Sound, *, late: int = 0, ppm: float = 0.0) -> Heard:
    """A session: pieces are given AHEAD ms before they are due, or `late` ms after that."""
    canceller, rng, sent = EchoCanceller(), np.random.default_rng(0), 0
    count = len(mic) // CHUNK
    outs, same = [], []
    heard, said = pcm(mic), pcm(played)
    for number in range(1, count + 1):
        at = number * CHUNK / 16
        while sent + PIECE <= (at + AHEAD - late) * 16:
            part = said[2 * sent : 2 * (sent + PIECE)]
            due = START + int(sent / 16 / (1 + ppm * 1e-6) + rng.uniform(0, 1))
            if any(part):
                canceller.reference(sent, part, due)
            sent += PIECE
        chunk = heard[2 * CHUNK * (number - 1) : 2 * CHUNK * number]
        out = canceller.feed(chunk, START + int(at + 20 + rng.exponential(4)))
        assert len(out) == len(chunk)
        outs.append(np.frombuffer(out, "<i2") / 32768)
        same.append(out == chunk)
    whole = np.frombuffer(heard, "<i2")[: count * CHUNK] / 32768
    return Heard(canceller, whole, np.concatenate(outs), same)


def person(seconds: float, start: float, seed: int = 7) -> Sound:
    """Somebody who speaks from a moment on."""
    said = voice(seconds, seed)
    said[: int(start * RATE)] = 0
    return said


def damage(heard: Heard, near: Sound, start: float, end: float) -> float:
    """dB by which the person is above all that is not the person."""
    part = slice(int(start * RATE), int(end * RATE))
    return level(near[part]) - level(heard.out[part] - near[part])


COACH = voice(16, seed=3)
NOISE = np.random.default_rng(5).normal(0, 10 ** (-70 / 20), len(COACH))


def test_the_echo_goes_and_its_delay_is_known() -> None:
    heard = listen(through(COACH, room(), 800) + NOISE, COACH)
    assert heard.taken(3, 6) > 10
    assert heard.taken(10, 16) > 20
    assert heard.canceller.delay == pytest.approx(50 + 20, abs=15)


@pytest.mark.parametrize("decibels", [-10, 0, 10])
def test_a_person_who_speaks_meanwhile_stays_whole(decibels: int) -> None:
    near = person(16, start=9)
    echo = through(COACH, room(), 480) * 10 ** (decibels / 20)
    heard = listen((echo + near) / 4, COACH)
    before = level(near[9 * RATE :]) - level(echo[9 * RATE :])
    after = damage(heard, near / 4, 9, 16)
    assert after > before + 12
    part = slice(9 * RATE, 16 * RATE)
    likeness = np.corrcoef(heard.out[part], near[part])[0, 1]
    assert likeness > 0.95, "and comes not a sample later"
    assert level(heard.out[part]) == pytest.approx(level(near[part] / 4), abs=1)


def test_it_is_known_when_the_echo_has_been_learnt_and_when_there_is_none() -> None:
    echo = through(COACH, room(), 800) + NOISE
    assert not EchoCanceller().learnt
    assert not listen(echo[: RATE // 2], COACH[: RATE // 2]).canceller.learnt
    begun = listen(echo[: 3 * RATE], COACH[: 3 * RATE]).canceller
    assert begun.delay is not None
    assert not begun.learnt, "what is left may still be understood"
    assert listen(echo, COACH).canceller.learnt
    other = voice(16, seed=4)
    assert not listen(other[: 8 * RATE], COACH[: 8 * RATE]).canceller.learnt
    assert listen(other, COACH).canceller.learnt, "a headset"


def test_another_session_is_learnt_anew() -> None:
    canceller = listen(through(COACH, room(), 800) + NOISE, COACH).canceller
    canceller.reference(0, pcm(COACH[:PIECE]), START)
    assert not canceller.learnt


def test_without_a_reference_nothing_changes() -> None:
    heard = listen(person(5, start=0), np.zeros(5 * RATE))
    assert all(heard.same)


def test_with_headphones_the_person_stays_whole() -> None:
    heard = listen(person(12, start=0), voice(12, seed=4))
    assert level(heard.out - heard.mic) < level(heard.mic) - 20


def test_when_the_coach_is_silent_nothing_changes() -> None:
    played = COACH.copy()
    played[10 * RATE :] = 0
    heard = listen(through(played, room(), 480) + person(16, start=11), played)
    assert not any(heard.same[5 * RATE // CHUNK : 9 * RATE // CHUNK])
    assert all(heard.same[11 * RATE // CHUNK :])


def test_a_gap_of_any_length_costs_nothing() -> None:
    gap = np.zeros(40 * RATE)
    played = np.concatenate((COACH[: 8 * RATE], gap, COACH[8 * RATE :]))
    heard = listen(through(played, room(), 480), played)
    assert heard.taken(48.1, 52) > 15, "what was learnt is still known"


@pytest.mark.parametrize("jump", [-900, 2_000])
def test_a_jump_of_the_delay_is_found_within_two_seconds(jump: int) -> None:
    played = voice(20, seed=8)
    echo = through(played, room(), 1_200)
    echo[10 * RATE :] = through(played, room(), 1_200 + jump)[10 * RATE :]
    heard = listen(echo + np.resize(NOISE, len(echo)), played)
    assert heard.taken(8, 10) > 15
    assert heard.taken(12.5, 15) > 10
    assert heard.taken(15, 20) > 15


def test_another_room_is_learnt() -> None:
    played = voice(20, seed=8)
    echo = through(played, room(1), 800)
    echo[10 * RATE :] = through(played, room(2), 800)[10 * RATE :]
    heard = listen(echo, played)
    assert heard.taken(14, 20) > 6


@pytest.mark.parametrize("ppm", [-200, 60, 200])
def test_two_clocks_of_different_speed_are_followed(ppm: int) -> None:
    played = voice(18, seed=8)
    heard = listen(through(played, room(), 800), faster(played, ppm), ppm=ppm)
    assert heard.canceller.speed == pytest.approx(ppm, abs=8)
    assert heard.taken(12, 18) > 15


def test_a_reference_that_comes_somewhat_late_is_caught_up_with() -> None:
    heard = listen(through(COACH, room(), 800), COACH, late=50)
    assert heard.taken(10, 16) > 15


def test_a_reference_that_comes_after_its_echo_does_no_harm() -> None:
    heard = listen(through(COACH, room(), 800), COACH, late=120)
    assert heard.taken(10, 16) > -0.2


def test_a_clipped_microphone_is_survived() -> None:
    played = COACH.copy()
    echo = through(played, room(), 800)
    echo[6 * RATE : 9 * RATE] = np.clip(echo[6 * RATE : 9 * RATE] * 30, -1, 1)
    heard = listen(echo, played)
    assert heard.taken(6, 9) > -1
    assert heard.taken(12, 16) > 15


def test_a_lost_echo_adds_nothing() -> None:
    echo = through(COACH, room(), 800)
    echo[10 * RATE :] = NOISE[10 * RATE :]
    heard = listen(echo + NOISE, COACH)
    assert level(heard.out[13 * RATE :]) < -55


def test_a_new_session_begins_its_numbers_anew() -> None:
    canceller = EchoCanceller()
    canceller.reference(10_000_000, pcm(COACH[:PIECE]), START)
    canceller.reference(0, pcm(COACH[:PIECE]), START)
    assert canceller.feed(bytes(2 * CHUNK), START) == bytes(2 * CHUNK)


def test_chunks_of_another_size_pass() -> None:
    assert EchoCanceller().feed(b"abc", 1) == b"abc"


given_or_heard = st.one_of(
    st.tuples(st.integers(-(2**40), 2**40), st.binary(max_size=1_500), st.integers(0, 2**40)),
    st.tuples(st.integers(0, 60_000), st.binary(min_size=900, max_size=1_500), st.just(START)),
    st.integers(1, 30),
)


@settings(deadline=None, max_examples=30)
@given(st.lists(given_or_heard, max_size=20))
def test_no_reference_is_too_strange(steps: list[tuple[int, bytes, int] | int]) -> None:
    canceller, rng, at = EchoCanceller(), np.random.default_rng(0), START
    for step in steps:
        if isinstance(step, tuple):
            canceller.reference(*step)
            continue
        for _ in range(step):
            chunk = rng.integers(-32768, 32767, CHUNK).astype("<i2").tobytes()
            at += 32
            assert len(canceller.feed(chunk, at)) == len(chunk)
    assert -300 <= canceller.speed <= 300
    assert canceller.delay is None or np.isfinite(canceller.delay)


@pytest.mark.skipif(not (PEOPLE / "echo").exists(), reason="no recordings of echoes here")
def test_a_real_loudspeaker_in_a_real_room() -> None:
    heard = recorded("9mkQhVtzTEy2hDk-6u2Sww_farend_singletalk")
    assert heard.taken(5, 10) > 8
    assert 60 < heard.canceller.speed < 180, "the two devices differ by some 120 ppm"


@pytest.mark.skipif(not (PEOPLE / "echo").exists(), reason="no recordings of echoes here")
def test_a_real_person_whom_no_loudspeaker_answers() -> None:
    assert all(recorded("DLhjtuwiEkS-68TsUVvW5g_nearend_singletalk").same)


def recorded(name: str) -> Heard:
    mic, played = (
        np.frombuffer(read_wav(PEOPLE / "echo" / f"{name}_{end}.wav"), "<i2") / 32768
        for end in ("mic", "lpb")
    )
    return listen(mic, played)
