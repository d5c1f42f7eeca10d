"""The second ear: the same however the stream is cut, asked seldom, and missed without a word."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.spotter import Spotter
from voicecoach.ears.spotter.network import HEARS, load
from voicecoach.ears.spotter.second import _BLOCKS, BACK, STEP, WIDTH, Embeddings, SecondEar
from voicecoach.ears.spotter.spot import _LOOKED_STEPS, WEIGHTS
from voicecoach.errors import EarsError

here = pytest.mark.skipif(
    find_spec("pyopen_wakeword") is None, reason="pyopen-wakeword is not installed"
)


def hum(seconds: float, seed: int = 1) -> npt.NDArray[np.int16]:
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    tone = np.sin(np.cumsum(random.uniform(100, 900, count)) * 2 * np.pi / RATE) * 5000
    return np.asarray(tone + random.normal(0, 500, count), np.int16)


@pytest.fixture(scope="module")
def embeddings() -> Embeddings:
    return Embeddings()


@here
@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=12), st.integers(0, 3))
def test_an_embedding_does_not_depend_on_how_the_stream_is_cut(cuts: list[int], seed: int) -> None:
    sound, whole, parts = hum(sum(cuts) / RATE + 0.1, seed)[: sum(cuts)], Embeddings(), Embeddings()
    whole.feed(sound)
    at = 0
    for cut in cuts:
        parts.feed(sound[at : at + cut])
        at += cut
    assert whole.last == parts.last
    assert np.array_equal(whole.around(whole.last), parts.around(parts.last))


@here
def test_before_a_stream_there_was_silence(embeddings: Embeddings) -> None:
    embeddings.forget()
    silent = embeddings.around(embeddings.last)
    assert silent.shape == (len(BACK) * WIDTH,)
    embeddings.feed(np.zeros(3 * STEP, np.int16))
    assert np.array_equal(embeddings.around(embeddings.last), silent)
    embeddings.feed(hum(1.0))
    assert not np.allclose(embeddings.around(embeddings.last), silent)
    embeddings.forget()
    assert np.array_equal(embeddings.around(embeddings.last), silent)


@here
@pytest.mark.parametrize("seconds", [0.0, 0.5, 9.0])
def test_two_seconds_back_all_is_there_at_any_moment(
    embeddings: Embeddings, seconds: float
) -> None:
    embeddings.forget()
    embeddings.feed(hum(seconds))
    furthest = embeddings.last - _LOOKED_STEPS + 1 - max(BACK) - _BLOCKS + 1
    assert (furthest - embeddings._start) * STEP >= 0
    ((weights, about),) = [one for one in load(WEIGHTS) if one[1].get("hears") == HEARS]
    assert SecondEar(weights, embeddings).best(_LOOKED_STEPS).shape == (len(about["classes"]),)


@here
def test_a_long_stream_takes_no_more_memory(embeddings: Embeddings) -> None:
    embeddings.forget()
    sizes = []
    for _ in range(4):
        for _ in range(60):
            embeddings.feed(hum(0.08))
            embeddings.at(embeddings.last)
        sizes.append((len(embeddings._sound), len(embeddings._frames), len(embeddings._known)))
    assert sizes[1:] == [sizes[1]] * 3


@here
def test_where_nothing_is_suspected_nothing_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def unasked(*_: object) -> object:
        raise AssertionError("nobody asked")

    spotter = Spotter()
    monkeypatch.setattr(Embeddings, "at", unasked)
    for _ in range(3 * RATE // CHUNK):
        spotter.feed(bytes(2 * CHUNK))
    with pytest.raises(AssertionError, match="nobody asked"):
        spotter.look("stop")


@here
def test_who_looks_gets_a_score_for_the_words_it_knows() -> None:
    spotter = Spotter()
    for _ in range(10):
        spotter.feed(bytes(2 * CHUNK))
    for word in ("stop", "hurts", "ouch", "yes", "no"):
        score = spotter.look(word)
        assert score is not None
        assert 0 <= score < 0.1
    assert spotter.look("freeze") is None


def test_without_its_package_the_spotter_has_one_ear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyopen_wakeword", None)
    with pytest.raises(EarsError, match="pyopen-wakeword is not installed"):
        Embeddings()
    spotter = Spotter()
    scores = spotter.feed(bytes(2 * CHUNK))
    assert scores["stop"] < 0.1
    assert spotter.look("stop") is None


@here
def test_a_layer_of_another_size_is_one_sentence(embeddings: Embeddings) -> None:
    ((weights, _),) = [one for one in load(WEIGHTS) if one[1].get("hears") == HEARS]
    for name in ("first", "second", "head"):
        with pytest.raises(EarsError, match="Install voicecoach again"):
            SecondEar({**weights, name: weights[name][:-1]}, embeddings)
        with pytest.raises(EarsError, match="Install voicecoach again"):
            SecondEar({n: w for n, w in weights.items() if n != name}, embeddings)
