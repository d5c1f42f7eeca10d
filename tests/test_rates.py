"""The speaking rate changes sentences, never seconds: from 80 to 600 words a minute."""

import shutil
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import exercise, routine

from voicecoach.core.actions import Action
from voicecoach.core.events import Event
from voicecoach.core.plan import Place
from voicecoach.core.routine import Dose, Routine, Sides
from voicecoach.core.score import GAP, Cue, Kind
from voicecoach.core.units import RATE, RATES, Ms
from voicecoach.library import find_routine, load_routine
from voicecoach.simulation import simulate
from voicecoach.voice.base import Voice
from voicecoach.voice.spoken import SpokenVoice

BEGIN = {Kind.HOLD, Kind.WORK, Kind.PACE, Kind.READY, Kind.REST, Kind.SWITCH}
LONG = routine(
    exercise("Knee", Dose(reps=2, hold=Ms(60_000), rest=Ms(15_000), sides=Sides.ALTERNATE))
)


@dataclass
class Heard:
    """All cues of a session, in order."""

    cues: list[Cue] = field(default_factory=list)

    def cue(self, cue: Cue, _place: Place) -> None:
        self.cues.append(cue)

    def event(self, event: Event) -> None: ...

    def action(self, at: Ms, action: Action) -> None: ...

    def spans(self) -> list[tuple[Kind, int]]:
        """Kind and length of every stretch of time that is prescribed, in order."""
        found = []
        for begin in self.cues:
            if begin.kind in BEGIN:
                ends = Kind.RELEASE if begin.kind in {Kind.HOLD, Kind.WORK} else Kind.RESUMED
                end = next(cue for cue in self.cues if cue.kind is ends and cue.at >= begin.at)
                found.append((begin.kind, end.at - begin.at))
        return found

    def counts(self) -> list[tuple[int, str]]:
        """Every number said in a hold: how many ms after its begin, and the word."""
        found, begun = [], Ms(0)
        for cue in self.cues:
            if cue.kind is Kind.HOLD:
                begun = cue.at
            elif cue.kind is Kind.COUNT:
                found.append((cue.at - begun, cue.text))
        return found


def heard(of: Routine, rate: int, voice: Voice | None = None) -> Heard:
    made = Heard()
    simulate(of, [made], rate=rate, voice=voice)
    return made


@cache
def usual(of: Routine) -> Heard:
    return heard(of, RATE)


def judge(of: Routine, found: Heard) -> None:
    """The same seconds, and of the counts those that fit, each at its second."""
    assert found.spans() == usual(of).spans()
    assert not {*found.counts()} - {*usual(of).counts()}
    sounding = [cue for cue in found.cues if cue.sound is not None]
    for one, two in pairwise(sounding):
        with_release = two.kind is Kind.RELEASE and one.at == two.at
        assert with_release or one.until <= two.at, f"{one} runs into {two}"
        if one.kind is two.kind is Kind.COUNT:
            assert one.until + GAP <= two.at


@settings(max_examples=60)
@given(st.sampled_from(RATES))
def test_no_rate_changes_a_hold_by_a_millisecond(rate: int) -> None:
    judge(LONG, heard(LONG, rate))


@pytest.mark.parametrize("rate", [RATES[0], 300, RATES[-1]])
def test_nor_does_it_in_a_whole_routine(rate: int) -> None:
    shipped = load_routine(find_routine("gentle-back"))
    found = heard(shipped, rate)
    judge(shipped, found)
    assert len(found.spans()) == 40
    assert (found.cues[-1].at < usual(shipped).cues[-1].at) == (rate > RATE)


def numbers_of_a_hold(found: Heard) -> list[str]:
    """Of the first one."""
    words = [word for _, word in found.counts()]
    return words[: words.index("sixty") + 1]


def test_counts_that_do_not_fit_are_thinned_out() -> None:
    fast, slow = (numbers_of_a_hold(heard(LONG, rate)) for rate in (RATES[-1], RATES[0]))
    assert len(fast) == 60
    assert len(slow) < 20
    assert slow[-1] == "sixty"


@pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="needs eSpeak NG: run scripts/test --set-up"
)
@pytest.mark.parametrize(("rate", "numbers"), [(80, range(10, 20)), (175, [60]), (600, [60])])
def test_with_the_real_voice_holds_stay_exact(rate: int, numbers: range | list[int]) -> None:
    with closing(SpokenVoice()) as voice:
        found = heard(LONG, rate, voice)
    judge(LONG, found)
    assert len(numbers_of_a_hold(found)) in numbers
