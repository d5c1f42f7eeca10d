"""A session on paper: every cue of an uninterrupted one, before a sample of it is mixed.

It is found by the conductor itself, on a clock without waiting, with nobody to hear and nobody to
answer. Kept of it are 17 bytes a sound, and a line for each exercise.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from voicecoach.clock import JumpingClock
from voicecoach.conductor import Conductor, Observer, Organs
from voicecoach.core.actions import Action
from voicecoach.core.events import Event
from voicecoach.core.plan import Place
from voicecoach.core.score import Cue, Kind, Say, Sound, Span
from voicecoach.core.state import begin
from voicecoach.core.units import Ms
from voicecoach.core.wording import Wording
from voicecoach.outlets.loudness import Meter
from voicecoach.outlets.sounds import Sounds
from voicecoach.speaker.silent import SilentSpeaker

LEAD_IN = Ms(500)
"""Silence before the first word: a Bluetooth loudspeaker swallows what comes as it wakes."""

LEAD_OUT = Ms(500)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the session: an exercise, what comes before the first, or after the last."""

    number: int  # 0 before the first exercise
    title: str
    start: Ms
    end: Ms


@dataclass(frozen=True, slots=True)
class Entry:
    """A sound of the session, and the moment it begins."""

    at: Ms
    sound: Sound
    count: bool  # a number of a hold, said on its clock


class Sheet:
    """An observer that writes down what sounds when. Times are of the session, from LEAD_IN on."""

    def __init__(self, titles: Sequence[str]) -> None:
        """`titles`: of the opening, of each exercise, and of the closing."""
        self._titles = titles
        self._moments = array("q")
        self._indexes = array("L")
        self._counts = array("b")
        self._sounds: dict[Sound, int] = {}
        self._starts: list[tuple[int, Ms]] = []
        self.end = Ms(0)

    def event(self, event: Event) -> None:
        """Nothing."""

    def action(self, at: Ms, action: Action) -> None:
        """Nothing."""

    def cue(self, cue: Cue, place: Place) -> None:
        """Notes its sound, and where an exercise begins."""
        if not self._starts or place.exercise != self._starts[-1][0]:
            self._starts.append((place.exercise, cue.at if self._starts else Ms(0)))
        if cue.sound is not None:
            self._moments.append(cue.at)
            self._indexes.append(self._sounds.setdefault(cue.sound, len(self._sounds)))
            self._counts.append(cue.kind is Kind.COUNT)
        self.end = max(self.end, Ms(cue.until + LEAD_OUT))

    @property
    def parts(self) -> list[Part]:
        """In order; the first begins at 0, each where the one before ends, the last at `end`."""
        ends = [start for _, start in self._starts[1:]] + [self.end]
        return [
            Part(number, self._titles[number], start, end)
            for (number, start), end in zip(self._starts, ends, strict=True)
        ]

    def entries(self, start: Ms = Ms(0), end: Ms | None = None) -> Iterator[Entry]:
        """What begins between two moments, in order of time."""
        known = list(self._sounds)
        first = bisect_left(self._moments, start)
        last = len(self._moments) if end is None else bisect_left(self._moments, end)
        for index in range(first, last):
            sound = known[self._indexes[index]]
            yield Entry(Ms(self._moments[index]), sound, bool(self._counts[index]))

    def loudness(self, sounds: Sounds) -> float | None:
        """LUFS of the whole session, of these sounds; None of silence."""
        meter = Meter()
        for one in self.entries():
            meter.add(one.at, sounds.energies(one.sound))
        return meter.integrated()


def walk(
    wording: Wording,
    rate: int,
    sounds: Sounds,
    observers: Sequence[Observer],
    tell: Callable[[float], None],
) -> None:
    """Performs the session for the observers. `tell` is given the share that is done, 0 to 1.

    Raises VoicecoachError when the voice fails.
    """
    sounds.prepare(_texts(wording), rate)
    clock = JumpingClock(lambda _until: None, LEAD_IN)
    organs = Organs(clock, sounds, SilentSpeaker(clock=clock.now), observers=observers)

    def told(conductor: Conductor) -> bool:
        tell(conductor.state.index / len(wording.segments))
        return False

    Conductor(begin(wording, rate), organs).run(told)


def _texts(wording: Wording) -> list[str]:
    """All that will be said, in order, each once."""
    texts: dict[str, None] = {}
    for segment in wording.segments:
        for item in wording.segment(segment):
            match item:
                case Say(text):
                    texts[text] = None
                case Span():
                    texts.update(dict.fromkeys(count.text for count in item.counts))
                    if item.kind is Kind.PACE:
                        texts[item.says] = None
                case _:
                    pass
    return list(texts)
