"""Certain, perhaps, or nothing: what the spotter and the decoder say, weighed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import SAFETY, Intent
from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.grading import (
    ANSWERED,
    NEUTRAL,
    SURE,
    UNDOUBTED,
    WELL_SUPPORTED,
    Grading,
    Level,
)
from voicecoach.ears.hearing import Decision
from voicecoach.ears.told import Suspicion

LEVELS = {word: Level(0.4, 0.8) for word in ("stop", "hurts", "ouch")}
QUIET = {"stop": 0.0, "hurts": 0.0, "ouch": 0.0, "yes": 0.0, "no": 0.0}


class Stream:
    """Feeds a grading chunk by chunk."""

    def __init__(self, **looked: float) -> None:
        """`looked`: what the spotter makes of words when it is asked."""
        self.grading = Grading(LEVELS, look=looked.get)
        self.sample = 0

    def feed(
        self, *decisions: tuple[Intent, float], **scores: float
    ) -> list[Intent | type[Suspicion]]:
        self.sample += CHUNK
        decoded = [
            Decision(intent, intent.value, "decoder", self.sample - RATE // 2, self.sample, sure)
            for intent, sure in decisions
        ]
        told = self.grading.feed({**QUIET, **scores}, decoded)
        return [one.intent if isinstance(one, Decision) else Suspicion for one in told]

    def quiet(self, seconds: float) -> None:
        for _ in range(int(seconds * RATE / CHUNK)):
            assert self.feed() == []


def test_a_certain_stop_stops_with_the_chunk_that_made_it_certain() -> None:
    assert Stream().feed(stop=0.9) == [Intent.STOP]


def test_a_suspicion_is_told_once_for_a_word() -> None:
    stream = Stream()
    assert stream.feed(stop=0.5) == [Suspicion]
    assert stream.feed(stop=0.6) == []
    assert stream.feed(stop=0.5) == []


def test_a_score_that_goes_on_rising_stops() -> None:
    stream = Stream()
    assert stream.feed(stop=0.5) == [Suspicion]
    assert stream.feed(stop=0.85) == [Intent.STOP]


def test_two_suspicions_within_three_seconds_stop() -> None:
    stream = Stream()
    assert stream.feed(stop=0.5) == [Suspicion]
    stream.quiet(1.5)
    assert stream.feed(stop=0.5) == [Intent.STOP]


def test_two_suspicions_far_apart_are_two_suspicions() -> None:
    stream = Stream()
    assert stream.feed(stop=0.5) == [Suspicion]
    stream.quiet(3.5)
    assert stream.feed(stop=0.5) == [Suspicion]


def test_a_decoder_that_is_unsure_alone_only_suspects() -> None:
    assert Stream().feed((Intent.STOP, SURE / 2)) == [Suspicion]
    assert Stream().feed((Intent.PAIN, SURE / 2)) == [Suspicion]


def of(phrase: str, intent: Intent, sure: float) -> Decision:
    return Decision(intent, phrase, "decoder", 0, CHUNK, sure)


def test_the_spotter_supports_no_word_that_it_does_not_know() -> None:
    stream = Stream(stop=0.99)
    assert stream.grading.feed(QUIET, [of("freeze", Intent.STOP, SURE / 2)]) == [Suspicion(CHUNK)]


def test_a_decoder_that_is_sure_alone_is_told() -> None:
    for intent in SAFETY:
        assert Stream().feed((intent, SURE)) == [intent]


def test_two_stops_of_which_the_decoder_is_unsure_are_a_stop() -> None:
    stream = Stream()
    assert stream.feed((Intent.STOP, SURE / 2)) == [Suspicion]
    stream.quiet(1)
    assert stream.feed((Intent.STOP, SURE / 2)) == [Intent.STOP]


def test_another_word_at_a_first_look_softens_and_counts_for_nothing() -> None:
    stream = Stream()
    for _ in range(3):
        assert stream.feed((Intent.PAIN, SURE / 2)) == [Suspicion]
        stream.quiet(1)


def test_a_first_look_counts_where_the_spotter_makes_much_of_it() -> None:
    assert Stream(stop=WELL_SUPPORTED).feed((Intent.STOP, SURE / 2)) == [Intent.STOP]
    assert Stream(stop=WELL_SUPPORTED - 0.01).feed((Intent.STOP, SURE / 2)) == [Suspicion]


def test_a_first_look_whose_phones_are_not_there_only_suspects() -> None:
    heard = of("stop", Intent.STOP, SURE / 2)
    for likely, told in ((NEUTRAL, heard), (NEUTRAL / 2, Suspicion(CHUNK))):
        grading = Grading(LEVELS, lambda _: 1.0, lambda _, found=likely: found)  # type: ignore[misc]
        assert grading.feed(QUIET, [heard]) == [told]


def test_phones_that_are_not_there_make_a_stop_less_certain() -> None:
    looks: list[str] = []

    def absent(word: str) -> float:
        looks.append(word)
        return 0.001

    doubtful = Grading(LEVELS, phones=absent)
    (one,) = doubtful.feed({**QUIET, "stop": 0.82}, [])
    assert isinstance(one, Suspicion)
    # While it goes on they are looked at again, but not for ever.
    assert [doubtful.feed({**QUIET, "stop": 0.82}, []) for _ in range(20)] == [[]] * 20
    assert looks == ["stop"] * 16
    # A score as high as that stands without them.
    (one,) = doubtful.feed({**QUIET, "stop": 0.98}, [])
    assert isinstance(one, Decision)


def test_phones_that_are_there_make_a_stop_more_certain() -> None:
    for likely, kind in ((NEUTRAL, Suspicion), (0.9, Decision)):
        grading = Grading(LEVELS, phones=lambda _, found=likely: found)  # type: ignore[misc]
        (one,) = grading.feed({**QUIET, "stop": 0.7}, [])
        assert isinstance(one, kind)


def test_what_the_spotter_makes_little_of_is_no_stop_whatever_its_phones() -> None:
    looks: list[str] = []
    grading = Grading(LEVELS, phones=lambda word: looks.append(word) or 1.0)  # type: ignore[func-returns-value]
    assert [grading.feed({**QUIET, "stop": 0.39}, []) for _ in range(20)] == [[]] * 20
    assert looks == []


@pytest.mark.parametrize("intent", [Intent.STOP, Intent.PAIN, Intent.DIZZY])
def test_in_doubt_what_the_decoder_is_sure_of_is_told_when_said_again(intent: Intent) -> None:
    """The coach may hear itself, not known yet; a person says it again."""
    stream = Stream()
    stream.grading.doubtful = True
    assert stream.feed((intent, UNDOUBTED - 0.01)) == [Suspicion]
    stream.quiet(1)
    assert stream.feed((intent, SURE)) == [intent]
    stream.quiet(4)
    assert stream.feed((intent, SURE)) == [Suspicion]
    stream.quiet(4)
    assert stream.feed((intent, UNDOUBTED)) == [intent]


def test_what_was_suspected_is_not_said_again_because_it_is_looked_at_again() -> None:
    grading = Grading(LEVELS)
    first = Decision(Intent.STOP, "stop", "decoder", 0, RATE, SURE - 0.1)
    (one,) = grading.feed(QUIET, [first])
    assert isinstance(one, Suspicion)
    later = replace(first, decided=2 * RATE)
    assert grading.feed(QUIET, [later]) == []
    (told,) = grading.feed(QUIET, [replace(later, began=3 * RATE // 2, decided=5 * RATE // 2)])
    assert isinstance(told, Decision)


def test_in_doubt_the_spotter_must_be_surer() -> None:
    for score, kind in ((0.82, Suspicion), (0.9, Decision)):
        grading = Grading(LEVELS)
        grading.doubtful = True
        (one,) = grading.feed({**QUIET, "stop": score}, [])
        assert isinstance(one, kind)


def test_what_both_are_sure_of_is_told_once() -> None:
    stream = Stream()
    assert stream.feed(stop=0.9) == [Intent.STOP]
    assert stream.feed((Intent.STOP, 1.0), stop=0.9) == []


def test_pain_after_stop_is_told() -> None:
    stream = Stream()
    assert stream.feed(stop=0.9) == [Intent.STOP]
    assert stream.feed((Intent.PAIN, 1.0)) == [Intent.PAIN]


def test_a_stop_is_told_again_a_while_later() -> None:
    stream = Stream()
    assert stream.feed(stop=0.9) == [Intent.STOP]
    stream.quiet(1.5)
    assert stream.feed(stop=0.9) == [Intent.STOP]


def test_a_lighter_word_of_the_same_utterance_does_not_follow_a_graver_one() -> None:
    stream = Stream()
    assert stream.feed((Intent.PAIN, 1.0)) == [Intent.PAIN]
    assert stream.feed((Intent.STOP, 1.0)) == []
    stream.quiet(1)
    assert stream.feed((Intent.STOP, 1.0)) == [Intent.STOP]


def test_an_answer_is_the_decoders() -> None:
    assert Stream().feed(yes=0.9) == []
    assert Stream(yes=0.0).feed((Intent.YES, SURE)) == [Intent.YES]


def test_an_answer_that_is_not_sure_counts_only_where_the_spotter_supports_it() -> None:
    def answered(**looked: float) -> list[Intent | type[Suspicion]]:
        return Stream(**looked).feed((Intent.NO, SURE / 2))

    assert answered() == answered(no=ANSWERED - 0.01) == answered(yes=1.0) == []
    assert answered(no=ANSWERED) == [Intent.NO]


SCORES = st.fixed_dictionaries({word: st.floats(0, 1) for word in QUIET})


@given(st.lists(SCORES, max_size=40))
def test_a_certain_stop_is_never_swallowed_by_what_came_before(
    past: list[dict[str, float]],
) -> None:
    stream = Stream()
    stops = [n for n, scores in enumerate(past) if Intent.STOP in stream.feed(**scores)]
    now = Intent.STOP in stream.feed(stop=0.95)
    # Either now, or already within the second before.
    assert now or len(past) - stops[-1] <= RATE / CHUNK + 1
