import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.core.units import Ms
from voicecoach.speaker.base import Placed
from voicecoach.speaker.mixer import DUCK, FADE, LOUDEST, PER_MS, QUIETEST, Mixer
from voicecoach.voice.base import Clip, Pcm

REMEMBER = Ms(2_000)


def clip(length: int, value: int = 1_000) -> Clip:
    return Clip("x", np.full(length, value, np.int16))


def at(moment: int, length: int, value: int = 1_000) -> Placed:
    return Placed(Ms(moment), clip(length, value))


def mixed(mixer: Mixer, frames: int, block: int) -> Pcm:
    parts = []
    while frames > 0:
        parts.append(mixer.mix(min(block, frames)))
        frames -= len(parts[-1])
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)


def test_a_clip_starts_and_ends_at_its_exact_sample() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(7, 100)])
    out = mixer.mix(1_000)
    assert np.flatnonzero(out).tolist() == list(range(7 * 48, 7 * 48 + 100))
    assert set(out[out != 0]) == {1_000}
    assert mixer.quiet(Ms(60_000))


def test_thirty_seconds_of_counts_are_exact_to_the_sample() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(1_000 * second, 4_000) for second in range(30)])
    out = mixed(mixer, 30 * 48_000, 384)
    starts = np.flatnonzero(np.diff(out.astype(int), prepend=0) > 0)
    assert starts.tolist() == [48_000 * second for second in range(30)]


def test_what_lies_in_the_past_is_not_heard_and_the_rest_fades_in() -> None:
    mixer = Mixer(REMEMBER)
    mixer.mix(480)
    mixer.place([at(0, 480), at(5, 1_000)])
    out = mixer.mix(2_000)
    assert np.flatnonzero(out).tolist() == list(range(1, 760))
    assert np.all(np.diff(out[:FADE].astype(int)) >= 0)
    assert np.all(out[FADE:760] == 1_000)


def test_overlapping_clips_add_and_saturate_without_wrapping() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 480, 5_000), at(0, 480, 7_000), at(10, 480, 30_000), at(10, 480, 32_000)])
    out = mixer.mix(960)
    assert set(out[:480]) == {12_000}
    assert out[480:].min() > 32_000
    mixer.place([at(20, 480, -32_768), at(20, 480, -32_768)])
    assert mixer.mix(480).max() < -32_000


def test_a_cut_fades_within_5_ms_and_forgets_the_rest() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 48_000), at(500, 48_000), at(100, 48_000)])
    mixer.mix(9_600)
    mixer.cut()
    out = mixer.mix(96_000)
    assert out[0] == 2_000
    assert np.all(np.diff(out[:FADE].astype(int)) <= 0)
    assert np.abs(np.diff(out[:FADE].astype(int))).max() <= 2_000 / FADE + 1
    assert not np.any(out[FADE:])
    assert mixer.quiet(Ms(60_000))


def test_what_is_placed_after_a_cut_is_heard_whole() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 48_000, 3_000)])
    mixer.mix(480)
    mixer.cut()
    mixer.place([at(10, 480, 100)])
    out = mixer.mix(480)
    assert out[0] == 3_100
    assert set(out[FADE:]) == {100}


@pytest.mark.parametrize(("wanted", "real"), [(-6, -6), (6, 6), (40, LOUDEST), (-90, QUIETEST)])
def test_gain_holds_for_all_that_follows_and_is_kept_in_range(wanted: int, real: int) -> None:
    mixer = Mixer(REMEMBER)
    mixer.gain(wanted)
    mixer.mix(480)
    mixer.place([at(10, 480)])
    assert mixer.mix(480)[100] == pytest.approx(1_000 * 10 ** (real / 20), abs=1)


def test_it_knows_when_nothing_sounds_for_a_while() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(100, 480), at(200, 480)])
    assert mixer.quiet(Ms(100))
    assert not mixer.quiet(Ms(101))
    mixer.mix(100 * PER_MS + 1)
    assert not mixer.quiet(Ms(0))
    mixer.mix(480)
    assert mixer.quiet(Ms(80))


def test_gain_within_a_sound_ramps_without_a_click() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 4_800, 10_000)])
    mixer.mix(480)
    mixer.gain(-20)
    out = mixer.mix(960).astype(int)
    assert out[0] == 10_000
    assert np.abs(np.diff(out)).max() <= 9_000 / FADE + 1
    assert out[-1] == 1_000


def test_a_duck_is_softer_until_its_end_and_ramps_both_ways() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 24_000, 10_000)])
    mixer.mix(480)
    mixer.duck(-20, Ms(110))
    out = mixer.mix(9_600).astype(int)
    assert out[0] == 10_000
    assert set(out[DUCK : 100 * PER_MS]) == {1_000}
    assert set(out[100 * PER_MS + DUCK :]) == {10_000}
    assert np.abs(np.diff(out)).max() <= 9_000 / DUCK + 1


def test_a_duck_comes_on_top_of_the_gain_and_never_louder() -> None:
    mixer = Mixer(REMEMBER)
    mixer.gain(-20)
    mixer.duck(20, Ms(1_000))
    mixer.place([at(0, 24_000, 10_000)])
    assert mixer.mix(4_800)[-1] == 1_000
    mixer.duck(-20, Ms(1_000))
    assert mixer.mix(4_800)[-1] == 100


def test_a_second_duck_lengthens_the_first_and_one_that_is_over_does_nothing() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 48_000, 10_000)])
    mixer.duck(-20, Ms(0))
    assert set(mixer.mix(480)) == {10_000}
    mixer.duck(-20, Ms(100))
    mixer.mix(50 * PER_MS)
    mixer.duck(-20, Ms(200))
    assert set(mixer.mix(130 * PER_MS)) == {1_000}
    mixer.duck(-20, Ms(150))
    assert set(mixer.mix(10 * PER_MS)) == {1_000}
    mixer.skip(300 * PER_MS)
    assert mixer.mix(4_800)[-1] == 10_000


def test_a_cut_ends_a_duck_and_is_no_slower_for_it() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 48_000, 10_000)])
    mixer.duck(-20, Ms(1_000))
    mixer.mix(4_800)
    mixer.cut()
    mixer.place([at(120, 4_800, 10_000)])
    out = mixer.mix(4_800).astype(int)
    assert np.all(np.diff(out[:FADE]) <= 0)
    assert not np.any(out[FADE : 20 * PER_MS])
    assert set(out[20 * PER_MS :]) == {10_000}


@pytest.mark.parametrize("decibels", [0, 6, 12])
def test_nothing_is_ever_louder_than_full_scale(decibels: int) -> None:
    mixer = Mixer(REMEMBER)
    mixer.gain(decibels)
    mixer.mix(480)
    wave = (29_000 * np.sin(np.arange(4_800) / 20)).astype(np.int16)
    mixer.place([Placed(Ms(10), Clip("loud", wave))])
    out = mixer.mix(4_800).astype(int)
    assert np.abs(out).max() <= 32_767
    assert np.all(np.sign(out) == np.sign(wave))
    order = np.argsort(wave[:60], kind="stable")
    assert np.all(np.diff(out[:60][order]) >= 0), "bent, not folded"


def test_the_gap_of_a_lost_device_is_silent_and_time_goes_on() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 96_000), at(100, 480), at(500, 480)])
    mixer.mix(480)
    mixer.skip(24_000 - 48)
    assert mixer.position == 24_000 - 48
    out = mixer.mix(480)
    assert out[-1] == 2_000
    mixer.skip(5)
    assert mixer.position == 24_000 - 48 + 480, "never back"
    assert not np.any(mixer.played(Ms(20), Ms(499)))


def test_played_gives_what_was_mixed_and_nothing_beyond() -> None:
    mixer = Mixer(REMEMBER)
    mixer.place([at(0, 48_000, 7), at(1_000, 48_000, 8), at(2_000, 48_000, 9)])
    mixed(mixer, 3 * 48_000, 1_000)
    assert set(mixer.played(Ms(1_000), Ms(2_000))) == {8}
    assert not np.any(mixer.played(Ms(0), Ms(1_000))), "forgotten after 2 s"
    tail = mixer.played(Ms(2_900), Ms(3_100))
    assert set(tail) == {9}
    assert len(tail) == 4_800, "what is not mixed yet may still be cut"
    assert len(mixer.played(Ms(3_000), Ms(3_100))) == 0
    assert len(mixer.played(Ms(50), Ms(50))) == 0
    assert len(mixer.played(Ms(50), Ms(40))) == 0


placements = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 2_000), st.integers(-32_768, 32_767)), max_size=6
)


@settings(max_examples=150, deadline=None)
@given(placements, st.integers(1, 700), st.integers(-30, 15))
def test_the_samples_do_not_depend_on_the_blocks(
    places: list[tuple[int, int, int]], block: int, decibels: int
) -> None:
    def run(size: int) -> Pcm:
        mixer = Mixer(REMEMBER)
        parts = [mixed(mixer, 333, size)]
        mixer.place(at(*place) for place in places)
        parts.append(mixed(mixer, 777, size))
        mixer.gain(decibels)
        mixer.duck(decibels, Ms(30))
        parts.append(mixed(mixer, 100, size))
        mixer.gain(0)
        parts.append(mixed(mixer, 500, size))
        mixer.cut()
        parts.append(mixed(mixer, 500, size))
        return np.concatenate(parts)

    assert run(block).tolist() == run(3_000).tolist()


@settings(max_examples=150, deadline=None)
@given(placements, st.integers(0, 3_000))
def test_after_any_history_a_cut_is_silence(places: list[tuple[int, int, int]], when: int) -> None:
    mixer = Mixer(REMEMBER)
    mixer.place(at(*place) for place in places)
    mixer.mix(when)
    mixer.cut()
    mixer.mix(FADE)
    assert not np.any(mixer.mix(10_000))
    assert mixer.quiet(Ms(60_000))


@settings(max_examples=100, deadline=None)
@given(placements)
def test_clips_that_stay_below_the_knee_add_exactly(places: list[tuple[int, int, int]]) -> None:
    mixer = Mixer(REMEMBER)
    expected = np.zeros(100 * PER_MS, np.int64)
    for moment, length, value in places:
        expected[moment * PER_MS : moment * PER_MS + length] += value // 8
    mixer.place(at(moment, length, value // 8) for moment, length, value in places)
    assert mixer.mix(100 * PER_MS).tolist() == expected.tolist()
