"""The veil over what is left of the coach: there while it speaks, even, and never in the way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.ears.echo_veil import BELOW, UNLEARNT_BELOW, Veil
from voicecoach.ears.endpoint import CHUNK

SILENCE = bytes(2 * CHUNK)
LOUD = 0.01  # a power: -20 dBFS


def level(pcm: bytes) -> float:
    """DBFS."""
    samples = np.frombuffer(pcm, "<i2") / 32768
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def veiled(powers: npt.ArrayLike) -> list[bytes]:
    veil = Veil()
    return [veil.feed(SILENCE, float(power)) for power in np.asarray(powers)]


def test_it_is_so_much_softer_than_the_coach() -> None:
    pcm = b"".join(veiled([LOUD] * 200))
    assert level(pcm) == pytest.approx(10 * np.log10(LOUD) - BELOW, abs=1)


def test_it_is_thicker_while_it_is_not_known_how_the_coach_sounds_here() -> None:
    veil = Veil()
    pcm = b"".join(veil.feed(SILENCE, LOUD, learnt=False) for _ in range(200))
    assert level(pcm) == pytest.approx(10 * np.log10(LOUD) - UNLEARNT_BELOW, abs=1)
    pcm = b"".join(veil.feed(SILENCE, LOUD, learnt=True) for _ in range(200))
    assert level(pcm) == pytest.approx(10 * np.log10(LOUD) - BELOW, abs=1)


def test_it_does_not_follow_the_syllables() -> None:
    """What has the rhythm of words is understood as words."""
    syllables = [LOUD, LOUD / 100, LOUD, LOUD / 3000] * 80
    levels = [level(pcm) for pcm in veiled(syllables)[80:]]
    loud, soft = np.mean(levels[::4]), np.mean(levels[1::4])
    assert abs(loud - soft) < 0.5


def test_it_grows_softer_with_the_coach() -> None:
    levels = [level(pcm) for pcm in veiled([LOUD] * 100 + [LOUD / 16] * 300)]
    assert np.mean(levels[-50:]) < np.mean(levels[50:100]) - 10


@given(st.integers(-32768, 32767), st.floats(-1, 0))
def test_where_no_coach_is_heard_nothing_changes(sample: int, power: float) -> None:
    chunk = np.full(CHUNK, sample, "<i2").tobytes()
    assert Veil().feed(chunk, power) == chunk


@given(st.integers(-32768, 32767), st.floats(0, 4))
def test_it_is_only_added(sample: int, power: float) -> None:
    chunk = np.full(CHUNK, sample, "<i2").tobytes()
    added = np.frombuffer(Veil().feed(SILENCE, power), "<i2").astype(int)
    out = np.frombuffer(Veil().feed(chunk, power), "<i2").astype(int)
    assert np.abs(out - np.clip(added + sample, -32768, 32767)).max() <= 1


def test_the_same_sound_is_veiled_in_the_same_way() -> None:
    assert veiled([LOUD] * 600) == veiled([LOUD] * 600)
