from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from voicecoach.voice.earcons import LEVEL, MEANINGS, Earcon, earcon

NAMES = get_args(Earcon)


def test_every_name_has_one_meaning() -> None:
    assert set(MEANINGS) == set(NAMES)
    assert len({meaning for meaning, _ in MEANINGS.values()}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_short_soft_and_without_a_click(name: Earcon) -> None:
    clip = earcon(name)
    level = np.abs(clip.samples / 32_768)
    assert clip.text == name
    assert 40 <= clip.duration <= 500
    assert level.max() <= 10 ** (LEVEL / 20)
    assert np.abs(clip.samples[[0, -1]]).max() <= 30
    assert np.abs(np.diff(level)).max() < 0.04


@pytest.mark.parametrize("name", NAMES)
def test_fundamentals_are_where_older_ears_hear(name: Earcon) -> None:
    assert all(200 <= tone.frequency <= 1_200 for tone in MEANINGS[name][1])


def test_no_two_are_alike_in_rhythm_and_direction() -> None:
    shapes = {
        tuple((tone.at, tone.length) for tone in tones)
        + tuple(np.sign(b.frequency - a.frequency) for a, b in pairwise(tones))
        for _, tones in MEANINGS.values()
    }
    assert len(shapes) == len(NAMES)


def test_stop_is_two_low_tones() -> None:
    samples = earcon("stop").samples.astype(float)
    quiet = np.abs(samples[int(0.16 * 48_000) : int(0.20 * 48_000)])
    assert quiet.max() == 0
    assert len(MEANINGS["stop"][1]) == 2
