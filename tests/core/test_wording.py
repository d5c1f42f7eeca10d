"""Which sentences come when, for every dose that could be prescribed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import SMALL, exercise, routine, wording

from voicecoach.core.amounts import span
from voicecoach.core.answers import how_long, where
from voicecoach.core.commands import Context, understand
from voicecoach.core.en import EN, PHRASES
from voicecoach.core.plan import Role, Segment
from voicecoach.core.routine import Dose, Position, Side, Sides
from voicecoach.core.score import Count, Kind, Say, Script, Span
from voicecoach.core.units import Ms, seconds
from voicecoach.core.wording import Circumstances, Wording

DOSES = st.builds(
    Dose,
    reps=st.integers(1, 120),
    hold=st.integers(1, 600).map(seconds),
    sets=st.integers(1, 20),
    sides=st.sampled_from(Sides),
    first_side=st.sampled_from(Side),
    rest=st.integers(0, 300).map(seconds),
    set_rest=st.integers(0, 600).map(seconds),
    get_ready=st.integers(1, 120).map(seconds),
    switch=st.integers(1, 120).map(seconds),
)
SMALL_DOSES = DOSES.filter(lambda dose: dose.reps * dose.sets <= 60)


def said(script: Script) -> list[str]:
    return [item.text for item in script if isinstance(item, Say)]


def counted(script: Script) -> tuple[Count, ...]:
    (span,) = [item for item in script if isinstance(item, Span)]
    return span.counts


def reps(words: Wording) -> list[Segment]:
    return [segment for segment in words.segments if segment.role is Role.REP]


def of(dose: Dose) -> Wording:
    return wording(routine(exercise("Tilt", dose)))


def which(dose: Dose) -> list[str]:
    words = of(dose)
    return [said(words.segment(segment))[0] for segment in reps(words)]


def test_full_the_first_time_and_short_after() -> None:
    words = of(Dose(reps=2, hold=seconds(5)))
    first, second = (said(words.segment(segment)) for segment in reps(words))
    assert first == [
        "One of two.",
        "Press your waist down.",
        "Feel the mat.",
        "Hold for five.",
        "And release.",
        "Let go slowly.",
    ]
    assert second == [
        *("Last one.", "Once again.", "Hold for five.", "And release.", "Let go slowly.")
    ]


def test_breathing_is_said_before_the_movement_and_only_the_first_time() -> None:
    breathing = replace(exercise("Tilt", Dose(reps=2, hold=seconds(5))), breathing="Breathe.")
    words = wording(routine(breathing))
    first, second = (said(words.segment(segment)) for segment in reps(words))
    assert first[:3] == ["One of two.", "Breathe.", "Press your waist down."]
    assert "Breathe." not in second


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, ["Only one."]),
        (2, ["One of two.", "Last one."]),
        (3, ["One of three.", "Two of three.", "Last one."]),
        (4, ["One of four.", "Two of four.", "Three of four. Half-way.", "Last one."]),
        (
            5,
            [
                *("One of five.", "Two of five.", "Three of five. Half-way."),
                *("Four of five.", "Last one."),
            ],
        ),
    ],
)
def test_half_way_and_the_last_are_announced(count: int, expected: list[str]) -> None:
    assert which(Dose(reps=count, hold=seconds(5))) == expected


def test_the_side_comes_before_everything_else_at_every_rep() -> None:
    dose = Dose(reps=2, hold=seconds(5), sides=Sides.BOTH, first_side=Side.RIGHT)
    assert which(dose) == [
        *("Right side. One of two.", "Right side. Last one."),
        *("Left side. One of two.", "Left side. Last one."),
    ]


@given(SMALL_DOSES)
def test_both_sides_get_the_same_words_but_for_the_side(dose: Dose) -> None:
    words = of(replace(dose, sides=Sides.BOTH))
    by_side: dict[Side | None, list[str]] = {}
    for segment in reps(words):
        text = " / ".join(said(words.segment(segment))).lower()
        by_side.setdefault(segment.place.side, []).append(re.sub(r"\b(left|right)\b", "S", text))
    assert by_side[Side.LEFT] == by_side[Side.RIGHT]


@given(SMALL_DOSES)
def test_the_words_name_the_side_they_are_about(dose: Dose) -> None:
    words = of(replace(dose, sides=Sides.ALTERNATE))
    for segment in reps(words):
        side = segment.place.side
        assert side is not None
        text = " ".join(said(words.segment(segment)))
        assert text.startswith(f"{side.value.capitalize()} side.")
        other = "right" if side is Side.LEFT else "left"
        assert other not in text.lower()  # this exercise speaks of one knee only
        assert "{" not in text


# -- the count -----------------------------------------------------------------------------------


@given(st.integers(1, 600))
def test_every_second_is_counted_and_half_way_said_in_long_even_holds(length: int) -> None:
    words = of(Dose(reps=1, hold=seconds(length)))
    counts = counted(words.segment(reps(words)[0]))
    assert [count.at for count in counts] == [s * 1000 for s in range(1, length + 1)]
    half = [count.at for count in counts if count.text == "half-way"]
    assert half == ([length * 500] if length >= 20 and length % 2 == 0 else [])


@given(st.integers(1, 120), st.data())
def test_a_resumed_hold_counts_on_from_where_it_was(length: int, data: st.DataObject) -> None:
    words = of(Dose(reps=1, hold=seconds(length)))
    segment = reps(words)[0]
    held = Ms(data.draw(st.integers(1, length * 1000 - 1)))
    whole = {(count.at, count.text) for count in counted(words.segment(segment))}
    script = words.resumed(segment, held)
    (span,) = [item for item in script if isinstance(item, Span)]
    assert (span.kind, span.length) == (Kind.HOLD, length * 1000 - held)
    rest = {(Ms(count.at + held), count.text) for count in span.counts}
    assert rest == {(at, text) for at, text in whole if at > held}


def test_resuming_tells_where_it_is_and_leads_back_in() -> None:
    words = of(Dose(reps=2, hold=seconds(30)))
    assert said(words.resumed(reps(words)[1], Ms(12_300))) == [
        "We go on where we were.",
        "Last one.",
        "Press your waist down.",
        "Hold for the last eighteen seconds.",
        "And release.",
        "Let go slowly.",
    ]


def test_ten_seconds_left_is_said_in_long_rests_only() -> None:
    for length, texts in ((19, []), (20, ["Ten seconds left."]), (30, ["Ten seconds left."])):
        words = of(Dose(reps=2, hold=seconds(5), rest=seconds(length)))
        rest = next(segment for segment in words.segments if segment.role is Role.REST)
        counts = counted(words.segment(rest))
        assert [count.text for count in counts] == texts
        assert all(count.at == seconds(length - 10) for count in counts)


# -- totals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dose", "expected"),
    [
        (Dose(reps=1, hold=seconds(1)), ["Once, one second each."]),
        (Dose(reps=2, hold=seconds(60)), ["Twice, one minute each."]),
        (Dose(reps=5, hold=seconds(90)), ["Five times, ninety seconds each."]),
        (
            Dose(reps=3, hold=seconds(120), sets=2),
            ["Three times, two minutes each.", "Two rounds of this."],
        ),
        (
            Dose(reps=3, hold=seconds(5), sides=Sides.RIGHT),
            ["Three times on the right side only, five seconds each."],
        ),
        (
            Dose(reps=3, hold=seconds(5), sides=Sides.BOTH, first_side=Side.RIGHT),
            ["Three times on each side, five seconds each. The right side comes first."],
        ),
    ],
)
def test_the_dose_is_told_before_the_first_rep(dose: Dose, expected: list[str]) -> None:
    words = of(dose)
    gate = next(segment for segment in words.segments if segment.role is Role.GATE)
    texts = said(words.segment(gate))
    assert texts[-1 - len(expected) : -1] == expected
    assert texts[-1] == "Say ready when you are in position."


def test_the_opening_tells_what_is_to_come_and_the_cautions() -> None:
    opening = said(wording().segment(wording().segments[0]))
    assert opening[0] == "Welcome. This is Test routine."
    assert opening[1].startswith("Two exercises, about ")
    assert opening.index("Go easy.") > opening.index(
        "Do only what your physio or doctor has agreed with you."
    )


@pytest.mark.parametrize("alone", [Circumstances(), Circumstances(microphone=False)])
def test_only_what_can_be_heard_is_asked_for(alone: Circumstances) -> None:
    opening = said(wording(circumstances=alone).segment(wording().segments[0]))
    assert ("To hear the list of commands, ask: what can I say?" in opening) == alone.microphone
    assert ("Press the space bar at any time to make me wait." in opening) != alone.microphone


def test_how_long_counts_what_is_left() -> None:
    words = wording()
    first = words.segments.index(reps(words)[0])
    last = words.segments.index(reps(words)[-1])
    assert said(how_long(words, first))[0] == "One more in this exercise."
    assert said(how_long(words, last))[0] == "This is the last one of this exercise."
    assert len(said(how_long(words, 0))) == 1
    assert words.minutes(0) > words.minutes(last) > 0


def test_where_names_exercise_rep_side_and_position() -> None:
    words = wording()
    assert said(where(words, reps(words)[-1])) == [
        "Knee. Exercise two of two.",
        "Left side. Last one.",
        "You are on your back.",
    ]
    assert said(where(words, words.segments[0])) == ["We have not begun yet."]
    assert said(where(words, words.segments[-1])) == ["All the exercises are done."]


def test_the_way_out_is_the_releases_or_the_usual_one() -> None:
    words = wording()
    assert said(words.way_out(reps(words)[0])) == ["Ease out slowly.", "Let go slowly."]
    rest = next(segment for segment in words.segments if segment.role is Role.REST)
    usual = "Go back to your starting position, slowly. Breathe."
    assert said(words.way_out(rest)) == ["Ease out slowly.", usual]
    assert said(words.way_out(words.segments[0])) == ["Stay where you are. Breathe."]


# -- rules of all sentences ------------------------------------------------------------------------


def generated(words: Wording) -> list[str]:
    texts = []
    for index, segment in enumerate(words.segments):
        texts += said(words.segment(segment)) + said(where(words, segment))
        texts += [c.text for i in words.segment(segment) if isinstance(i, Span) for c in i.counts]
        if segment.role is Role.REP and segment.length > 1:
            texts += said(words.resumed(segment, Ms(segment.length // 2)))
        if index in (0, len(words.segments) - 1):
            texts += said(how_long(words, index))
    return texts


@given(SMALL_DOSES.filter(lambda dose: dose.reps * dose.sets <= 12))
def test_every_sentence_is_short_and_none_is_a_command(dose: Dose) -> None:
    for text in dict.fromkeys(generated(of(dose))):
        for sentence in re.split(r"(?<=[.!?]) ", text):
            assert len(sentence.split()) <= 14, sentence
        assert "{" not in text
        assert "  " not in text
        assert text == text.strip()
        assert understand(text, Context.COACHING, PHRASES, final=False) is None, text


@given(st.integers(1, 36_000_000))
def test_a_span_is_never_told_shorter_than_it_is(length: int) -> None:
    text = span(wording().language, Ms(length))
    assert ("minute" in text) == (-(-length // 1000) % 60 == 0)
    assert text.endswith(("second", "seconds", "minute", "minutes"))


def test_every_position_has_its_sentence() -> None:
    assert set(EN.positions) == set(Position)
    assert SMALL.exercises[0].position in EN.positions
