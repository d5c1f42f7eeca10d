"""The guard may cost a command, never a stop."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import SAFETY, Intent
from voicecoach.core.en import PHRASES
from voicecoach.core.units import Ms
from voicecoach.ears.base import Spoken
from voicecoach.ears.guard import TAIL, Guard, Span, places

ALL = [phrase for variants in PHRASES.values() for phrase in variants]
moments = st.integers(0, 120_000).map(Ms)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(moments)
    return Span(start, Ms(start + draw(st.integers(0, 8000))))


@st.composite
def sentences(draw: st.DrawFn) -> Spoken:
    words = st.sampled_from([*ALL, "lie on your back", "one", "and", "exercise"])
    span = draw(spans())
    return Spoken(span.start, span.end, " ".join(draw(st.lists(words, max_size=6))))


@given(
    st.lists(st.one_of(sentences(), moments), max_size=20),
    st.sampled_from(sorted(SAFETY)),
    st.sampled_from(ALL),
    spans(),
)
def test_safety_passes_after_any_history(
    history: list[Spoken | Ms], intent: Intent, phrase: str, heard: Span
) -> None:
    guard = Guard()
    for one in history:
        if isinstance(one, Spoken):
            guard.speaking(one)
        else:
            guard.hush(one)
    assert guard.admits(intent, phrase, heard)


@given(st.lists(sentences(), max_size=10), st.sampled_from(ALL), spans())
def test_only_the_coachs_own_words_are_refused(
    history: list[Spoken], phrase: str, heard: Span
) -> None:
    guard = Guard()
    for one in history:
        guard.speaking(one)
    if not guard.admits(Intent.NEXT, phrase, heard):
        assert any(
            f" {phrase} " in f" {one.text} " and heard.meets(Span(one.start, Ms(one.end + TAIL)))
            for one in history
        )


@given(sentences(), st.sampled_from(ALL))
def test_a_word_is_refused_at_the_place_where_it_is_said(spoken: Spoken, phrase: str) -> None:
    guard = Guard()
    guard.speaking(spoken)
    for place in places(spoken, phrase):
        assert not guard.admits(Intent.NEXT, phrase, place)


@given(st.lists(sentences(), max_size=8), moments, st.sampled_from(ALL), spans())
def test_nothing_is_refused_for_what_was_cut(
    history: list[Spoken], at: Ms, phrase: str, heard: Span
) -> None:
    guard = Guard()
    for one in history:
        guard.speaking(one)
    guard.hush(at)
    if heard.start > at + TAIL:
        assert guard.admits(Intent.NEXT, phrase, heard)


def test_the_sentence_next_exercise_does_not_press_next() -> None:
    guard = Guard()
    guard.speaking(Spoken(Ms(1000), Ms(2200), "Next exercise: the bridge."))
    assert not guard.admits(Intent.NEXT, "next exercise", Span(Ms(1100), Ms(2000)))
    assert not guard.admits(Intent.NEXT, "next", Span(Ms(1100), Ms(1500)))


def test_the_tail_of_a_room_is_still_the_coach() -> None:
    guard = Guard()
    guard.speaking(Spoken(Ms(0), Ms(1500), "Say yes or next"))
    assert not guard.admits(Intent.NEXT, "next", Span(Ms(1900), Ms(2300)))
    assert guard.admits(Intent.NEXT, "next", Span(Ms(2100), Ms(2600)))


def test_a_person_may_speak_over_the_coach() -> None:
    guard = Guard()
    guard.speaking(Spoken(Ms(0), Ms(8000), "Lie on your back and bend both knees. Then say next."))
    assert guard.admits(Intent.REPEAT, "repeat", Span(Ms(500), Ms(900)))
    assert guard.admits(Intent.NEXT, "next", Span(Ms(500), Ms(900)))
    assert not guard.admits(Intent.NEXT, "next", Span(Ms(7500), Ms(8000)))


def test_a_cut_sentence_keeps_the_words_that_were_out() -> None:
    guard = Guard()
    guard.speaking(Spoken(Ms(0), Ms(4000), "Next exercise. Then you may say repeat"))
    guard.hush(Ms(1000))
    assert not guard.admits(Intent.NEXT, "next exercise", Span(Ms(300), Ms(900)))
    assert guard.admits(Intent.REPEAT, "repeat", Span(Ms(900), Ms(1400)))
