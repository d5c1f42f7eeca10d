"""The conductor's contract, on a jumping clock and a loudspeaker that forgives nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from core.conducting import HOLD, Sounded, Stage, StrictSpeaker, heard
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SMALL, exercise, routine

from voicecoach.core.actions import Interject, Note, Silence, When
from voicecoach.core.commands import Intent
from voicecoach.core.events import (
    Back,
    Event,
    Interrupted,
    Lost,
    Noticed,
    Organ,
    Suspected,
)
from voicecoach.core.halted import halted
from voicecoach.core.routine import Dose, Sides
from voicecoach.core.score import Kind, Say
from voicecoach.core.state import Phase
from voicecoach.core.table import Name
from voicecoach.core.units import RATE, Ms
from voicecoach.errors import VoiceError
from voicecoach.speaker.base import Placed
from voicecoach.voice.base import Clip
from voicecoach.voice.silent import SilentVoice


@pytest.fixture(scope="module")
def plain() -> Stage:
    return Stage().run()


# -- the clock ---------------------------------------------------------------------------------


def test_counts_and_release_sound_on_the_millisecond(plain: Stage) -> None:
    holds = plain.watch.of(Kind.HOLD)
    assert len(holds) == 2 + 4
    at = {(one.at, one.text) for one in plain.speaker.sounded}
    for hold in holds:
        for second, word in enumerate(("one", "two", "three", "four", "five"), 1):
            assert (hold + second * 1000, word) in at
    assert plain.watch.of(Kind.RELEASE) == [hold + HOLD for hold in holds]


@pytest.mark.parametrize(
    "lead",
    [0, 50],
)
def test_one_performance_begins_where_the_one_before_ends(lead: int) -> None:
    stage = Stage(lead=lead).run()
    rests = [cue.at for cue in stage.watch.cues if cue.kind is Kind.RESUMED]
    begins = {one.at for one in stage.speaker.sounded}
    assert rests
    assert set(rests) <= begins


def test_marks_come_in_order_and_end_once_each(plain: Stage) -> None:
    ends = [mark.performance for mark in plain.watch.marks if mark.mark == Kind.END]
    assert ends == sorted(set(ends))
    assert all(a.at <= b.at for a, b in pairwise(plain.watch.cues))


class Slow(SilentVoice):
    """A voice that needs time to render each text once, as a real one does."""

    def __init__(self, takes: int) -> None:
        self.takes, self.known = takes, set[tuple[str, int]]()
        self.stage: Stage | None = None

    def clip(self, text: str, rate: int) -> Clip:
        if (text, rate) not in self.known and self.stage is not None:
            self.known.add((text, rate))
            self.stage.clock._now = Ms(self.stage.clock.now() + self.takes)
        return super().clip(text, rate)


@pytest.mark.parametrize("takes", [60, 400])
def test_a_slow_voice_comes_late_but_whole(takes: int) -> None:
    voice = Slow(takes)
    stage = Stage(lead=50, voice=voice)
    voice.stage = stage
    stage.run()
    holds, releases = stage.watch.of(Kind.HOLD), stage.watch.of(Kind.RELEASE)
    assert releases == [at + HOLD for at in holds]


@pytest.mark.parametrize("takes", [1, 70, 700, 5000])
def test_the_loop_never_waits_for_a_late_voice(plain: Stage, takes: int) -> None:
    late = Stage(takes=takes, lead=50).run()
    assert late.texts() == plain.texts()
    holds, releases = late.watch.of(Kind.HOLD), late.watch.of(Kind.RELEASE)
    assert releases == [at + HOLD for at in holds]


@settings(max_examples=50)
@given(st.integers(0, 120_000), st.sampled_from([Intent.STOP, Intent.PAIN]))
def test_a_stop_is_obeyed_while_the_voice_is_late(at: int, word: Intent) -> None:
    stage = Stage([heard(at, word)], takes=5000).run()
    assert at in [moment for moment, action in stage.watch.actions if isinstance(action, Silence)]
    assert all(one.until <= at for one in stage.speaker.sounded if one.at < at)


@pytest.mark.parametrize("word", [Intent.HOW_LONG, Intent.SLOWER])
def test_an_answer_that_is_not_rendered_yet_is_said_later(plain: Stage, word: Intent) -> None:
    at = plain.watch.of(Kind.HOLD)[0] + 1500
    late = Stage([heard(at, word)], takes=900, lead=50).run()
    said, usual = late.texts(), Stage([heard(at, word)], lead=50).run().texts()
    assert {*said} >= {*usual} - {"two", "three", "four"}
    assert late.watch.of(Kind.RELEASE) == [begin + HOLD for begin in late.watch.of(Kind.HOLD)]


# -- silence -----------------------------------------------------------------------------------


@settings(max_examples=50)
@given(st.integers(0, 120_000), st.sampled_from([Intent.STOP, Intent.PAIN, Intent.HELP]))
def test_after_a_safety_word_nothing_sounds_that_is_not_of_the_halt(at: int, word: Intent) -> None:
    stage = Stage([heard(at, word)])
    stage.events.append(heard(at + 15_000, Intent.STOP))
    stage.events.append(Interrupted(Ms(at + 15_000)))
    stage.run()
    halts = {"stop", "heard", "Stopped.", "Ease out slowly.", "Ending now."}
    for name in (Name.STOPPED, Name.HURT, Name.HELP_WHICH):
        state = replace(stage.conductor.state, in_position=True)
        halts |= {item.text for item in halted(state, name) if isinstance(item, Say)}
    halts.add("If you need help now, call your emergency number, or call out.")
    assert {one.text for one in stage.speaker.sounded if one.at >= at} <= halts


def test_stop_in_a_hold_is_silence_at_once_and_the_rest_is_forgotten(plain: Stage) -> None:
    at = plain.watch.of(Kind.HOLD)[0] + 2300
    stage = Stage([heard(at, Intent.STOP)]).run()
    assert stage.texts(at) == ["stop", "Stopped.", "Say continue, repeat, skip, or finish."]
    assert [one.until for one in stage.speaker.sounded if one.cut] == [at]  # "two"


def test_silence_is_the_first_thing_done(plain: Stage) -> None:
    at = plain.watch.of(Kind.HOLD)[0] + 2300
    stage = Stage([heard(at, Intent.PAIN)]).run()
    after = [action for moment, action in stage.watch.actions if moment >= at]
    assert isinstance(after[0], Silence)


def test_two_words_in_the_same_millisecond(plain: Stage) -> None:
    at = plain.watch.of(Kind.HOLD)[0] + 1000
    stage = Stage([heard(at, Intent.NEXT), heard(at, Intent.PAIN)]).run()
    assert stage.conductor.state.halt is Name.HURT
    assert stage.texts(at)[:2] == ["stop", "Stopped."]


ANSWERS = {Intent.SLOWER, Intent.FASTER, Intent.LOUDER, Intent.QUIETER, Intent.HOW_LONG}
MOVES = sorted(set(Intent) - ANSWERS - {Intent.WHERE})


@pytest.mark.parametrize("intent", MOVES)
@pytest.mark.parametrize("after", [1, 2300])
def test_no_word_lets_two_performances_sound_at_once(
    plain: Stage, intent: Intent, after: int
) -> None:
    """In the opening, at a gate, in an instruction, a hold and a rest, and in the halt it made."""
    hold, rest = plain.watch.of(Kind.HOLD)[0], plain.watch.of(Kind.REST)[0]
    for begin_ in (1000, 12_000, hold - 3000, hold, rest - 1000, rest):
        at = begin_ + after
        Stage([heard(at, intent), heard(at + 300, intent), heard(at + 700, Intent.STOP)]).run()


@pytest.mark.parametrize("intent", sorted(ANSWERS | {Intent.WHERE}))
def test_an_answer_before_the_hold_and_in_a_halt_cuts_what_is_said(
    plain: Stage, intent: Intent
) -> None:
    at = plain.watch.of(Kind.HOLD)[0] - 3000
    Stage([heard(at, intent), heard(at + 300, Intent.STOP), heard(at + 900, intent)]).run()


def test_louder_and_quieter_change_the_loudspeaker_within_bounds() -> None:
    louder = [heard(100 * i, Intent.LOUDER) for i in range(1, 6)]
    stage = Stage([*louder, heard(900, Intent.STOP)]).run()
    assert stage.speaker.gains == [3, 6, 9]


def test_a_suspicion_in_a_hold_ducks_at_once_and_moves_nothing(plain: Stage) -> None:
    at = plain.watch.of(Kind.HOLD)[0] + 2300
    stage = Stage([Suspected(Ms(at))]).run()
    assert stage.speaker.ducks == [(at, -15, at + 2000)]
    assert stage.texts() == plain.texts()
    assert stage.watch.cues == plain.watch.cues


# -- interjections -----------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.integers(0, 5000))
def test_an_answer_in_a_hold_leaves_its_clock_alone(offset: int) -> None:
    before = Stage().run()
    hold = before.watch.of(Kind.HOLD)[0]
    stage = Stage([heard(hold + offset, Intent.SLOWER)], of=SMALL)
    Lenient(stage)
    stage.run()
    assert stage.watch.of(Kind.HOLD)[0] == hold
    assert stage.watch.of(Kind.RELEASE)[0] == hold + HOLD
    assert "I speak more slowly now." in stage.texts()


class Lenient(StrictSpeaker):
    """Lets two sounds overlap; everything else as strictly."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.clock.now)
        stage.speaker = stage.watch.speaker = self
        stage.conductor._speaker = self

    def play(self, clips: Iterable[Placed]) -> None:
        for one in clips:
            assert one.at >= self.now()
            self.sounded.append(Sounded(one.at, one.at + one.clip.duration, one.clip.text))


def test_an_answer_that_does_not_fit_comes_after_the_way_out(plain: Stage) -> None:
    at = plain.watch.of(Kind.HOLD)[0] + 3900
    stage = Stage([heard(at, Intent.WHERE)])
    Lenient(stage)
    stage.run()
    texts = stage.texts(at)
    assert texts.index("Let go slowly.") < texts.index("Tilt. Exercise one of two.")
    assert texts[:2].count("heard") == 1


def test_an_answer_does_not_cut_the_way_out(plain: Stage) -> None:
    way_out = next(one for one in plain.speaker.sounded if one.text == "Let go slowly.")
    stage = Stage([heard(way_out.at + 300, Intent.SLOWER)])
    Lenient(stage)
    stage.run()
    cut = [one for one in stage.speaker.sounded if one.cut and one.text == "Let go slowly."]
    assert cut == []


def test_two_answers_in_a_rest_are_both_said_whole() -> None:
    long = routine(exercise("Tilt", Dose(reps=2, hold=HOLD, rest=Ms(30_000))))
    before = Stage(of=long).run()
    rest = before.watch.of(Kind.REST)[0]
    both = [heard(rest + 500, Intent.SLOWER), heard(rest + 900, Intent.LOUDER)]
    stage = Stage(both, of=long)
    Lenient(stage)
    stage.run()
    assert not [one for one in stage.speaker.sounded if one.cut]


def test_an_answer_to_a_performance_that_is_over_is_dropped(plain: Stage) -> None:
    conductor = plain.conductor
    conductor._do(Interject(0, (), 165, When.NOW), Ms(0))
    assert conductor.silent


# -- faults ------------------------------------------------------------------------------------


class Failing(SilentVoice):
    """Works for so many clips, then never again."""

    def __init__(self, clips: int) -> None:
        self.left = clips
        self.closed = 0

    def clip(self, text: str, rate: int) -> Clip:
        self.left -= 1
        if self.left < 0:
            raise VoiceError("The voice is gone.")
        return super().clip(text, rate)

    def close(self) -> None:
        self.closed += 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 120))
def test_a_voice_that_fails_is_an_event_and_a_pause(clips: int) -> None:
    voice = Failing(clips)
    stage = Stage([heard(400_000, Intent.FINISH)], voice=voice)
    Lenient(stage)
    stage.run()
    if voice.left < 0:
        assert voice.closed == 1
        notes = [a.kind for _, a in stage.watch.actions if isinstance(a, Note)]
        assert notes.count("voice_lost") == 1


# -- anything at any moment --------------------------------------------------------------------

ORGANS: tuple[Organ, ...] = ("microphone", "recogniser", "speaker", "voice")
HAPPENING = st.one_of(
    st.sampled_from(Intent),
    st.tuples(st.sampled_from(["lost", "back"]), st.sampled_from(ORGANS)),
    st.sampled_from(["suspected", "noisy", "quiet"]),
)
GAPS = st.one_of(st.just(0), st.integers(1, 4000), st.integers(4000, 60_000))
LONG = routine(
    exercise("Tilt", Dose(reps=3, hold=HOLD, sets=2, set_rest=Ms(21_000))),
    exercise("Knee", Dose(reps=1, hold=HOLD, sides=Sides.BOTH)),
)


def happenings(drawn: Iterable[tuple[int, object]]) -> Iterator[Event]:
    now = 0
    for gap, what in drawn:
        now += gap
        match what:
            case Intent() as intent:
                yield heard(now, intent)
            case "suspected":
                yield Suspected(Ms(now))
            case str(noticed):
                yield Noticed(Ms(now), noticed)
            case ("lost", ("microphone" | "recogniser" | "speaker" | "voice") as organ):
                yield Lost(Ms(now), organ, f"The {organ} is gone.")
            case ("back", ("microphone" | "recogniser" | "speaker" | "voice") as organ):
                yield Back(Ms(now), organ)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(GAPS, HAPPENING), max_size=25), st.sampled_from([0, 40]))
def test_whatever_happens_holds_are_exact_and_it_neither_stalls_nor_spins(
    drawn: list[tuple[int, object]], lead: int
) -> None:
    events = [*happenings(drawn)]
    end = Ms((events[-1].at if events else 0) + 900_000)
    stage = Stage([*events, Interrupted(end), Interrupted(Ms(end + 5000))], of=LONG)
    Lenient(stage).lead = Ms(lead)
    stage.run()  # Watch asserts
    assert stage.conductor.state.phase is Phase.ENDED


def test_the_clip_of_a_count_is_whole_samples(plain: Stage) -> None:
    clip = SilentVoice().clip("one", RATE)
    assert clip.samples.dtype == np.int16
    assert plain.clock.now() > 0
