from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.score import (
    GAP,
    Chime,
    Count,
    Cue,
    Kind,
    Measure,
    Quiet,
    Say,
    Sound,
    Span,
    compose,
    interject,
    thin,
)
from voicecoach.core.units import Ms, seconds


def lasting(length: int) -> Measure:
    return lambda _sound: Ms(length)


def hold(length: Ms) -> Span:
    counts = tuple(Count(Ms(at), str(at // 1000)) for at in range(1000, length + 1, 1000))
    return Span(Kind.HOLD, length, "hold", counts)


def test_counts_stand_on_the_second_and_the_release_at_the_end() -> None:
    script = (Say("Go.", Ms(200)), hold(seconds(5)), Say("And release."))
    cues = compose(script, lasting(600))
    start = next(cue.at for cue in cues if cue.kind is Kind.HOLD)
    assert start == 800
    assert [cue.at - start for cue in cues if cue.kind is Kind.COUNT] == [
        1000,
        2000,
        3000,
        4000,
        5000,
    ]
    assert [cue.at - start for cue in cues if cue.kind is Kind.RELEASE] == [5000]
    after = cues[-2]
    assert (after.text, after.at - start) == ("And release.", 5000 + 600 + GAP)


@given(st.integers(1, 600), st.integers(1, 5000), st.integers(0, 3000))
def test_a_hold_lasts_what_it_lasts_whatever_the_voice(length: int, clip: int, then: int) -> None:
    script = (Say("Words.", Ms(then)), hold(seconds(length)), Say("More."))
    cues = compose(script, lasting(clip))
    began = next(cue.at for cue in cues if cue.kind is Kind.HOLD)
    ended = next(cue.at for cue in cues if cue.kind is Kind.RELEASE)
    assert ended - began == length * 1000
    assert began == clip + then  # the instruction is outside the clock


@given(st.integers(1, 120), st.lists(st.integers(100, 2500), min_size=120, max_size=120))
def test_no_two_spoken_sounds_overlap(length: int, clips: list[int]) -> None:
    def measure(sound: Sound) -> Ms:
        return Ms(clips[hash(sound) % len(clips)])

    script = (Say("Words."), hold(seconds(length)), Say("More."), Say("End."))
    spoken = [cue for cue in compose(script, measure) if cue.kind in {Kind.PROMPT, Kind.COUNT}]
    assert all(one.until <= two.at for one, two in pairwise(spoken))


def test_counts_that_do_not_fit_leave_every_fifth_and_the_last_five() -> None:
    counts = hold(seconds(30)).counts

    def measure(sound: Sound) -> Ms:
        return Ms(1100) if sound.text == "7" else Ms(500)  # type: ignore[union-attr]

    assert [c.at // 1000 for c in thin(counts, measure)] == [5, 10, 15, 20, 25, *range(26, 31)]
    assert thin(counts, lasting(900)) == counts
    assert [c.at // 1000 for c in thin(counts, lasting(1500))] == [5, 10, 15, 20, 26, 28, 30]


def test_the_last_count_is_always_kept() -> None:
    counts = hold(seconds(3)).counts
    assert thin(counts, lasting(60_000)) == counts[-1:]


def test_an_answer_takes_the_place_of_counts_and_moves_nothing() -> None:
    cues = list(compose((hold(seconds(30)),), lasting(600)))
    mixed = interject(cues, (Say("Answer."),), Ms(4200), lasting(3000))
    assert mixed is not None
    assert [cue.at for cue in mixed if cue.kind is Kind.RELEASE] == [30_000]
    counts = [cue.at // 1000 for cue in mixed if cue.kind is Kind.COUNT]
    assert counts == [1, 2, 3, *range(8, 31)]


def test_an_answer_that_would_cover_the_release_does_not_fit() -> None:
    cues = list(compose((hold(seconds(5)),), lasting(600)))
    assert interject(cues, (Say("Answer."),), Ms(3000), lasting(3000)) is None


def test_silence_and_chimes_take_their_time() -> None:
    script = (Chime("stop", Ms(100)), Quiet(seconds(8)), Say("Choose."))
    cues = compose(script, lasting(300))
    assert [(cue.at, cue.kind) for cue in cues] == [
        (0, Kind.EARCON),
        (8400, Kind.PROMPT),
        (9000, Kind.END),
    ]


def test_an_empty_script_ends_at_once() -> None:
    assert compose((), lasting(1), Ms(7)) == (Cue(Ms(7), Kind.END, "end"),)
