"""Scripts become scores: what is said and done, at exact milliseconds.

A script is an ordered list of items without times. `compose` gives every item its place, using
the measured length of each sound. Law: a `Span` lasts exactly its length whatever is said around
it or in it; sentences take the time they need, before and after it, never inside its clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from voicecoach.core.units import SECOND, Ms


class Kind(StrEnum):
    """What a cue is, as logs and timelines name it."""

    PROMPT = "prompt"
    COUNT = "count"
    EARCON = "earcon"
    HOLD = "hold"  # the hold's clock starts
    WORK = "work"  # the clock of timed movement starts
    PACE = "pace"  # a paced movement starts
    RELEASE = "release"  # the clock of a hold, or of timed movement, has run out
    READY = "ready"  # get-ready time starts
    REST = "rest"
    SWITCH = "switch"
    RESUMED = "resumed"  # the time of any other span is over
    END = "end"  # the performance is over


MARKS = frozenset(
    {Kind.HOLD, Kind.WORK, Kind.PACE, Kind.RELEASE, Kind.READY, Kind.REST, Kind.SWITCH, Kind.END}
)
"""The kinds of cue that the session is told of when they are reached."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words for the voice."""

    text: str


@dataclass(frozen=True, slots=True)
class Earcon:
    """A short tone with one meaning, by name."""

    name: str


Sound = Utterance | Earcon
Measure = Callable[[Sound], Ms]
"""How long a sound lasts, in whole milliseconds rounded up."""


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence, and the silence after it: the time to do what it says."""

    text: str
    then: Ms = Ms(300)
    kind: Kind = Kind.PROMPT


@dataclass(frozen=True, slots=True)
class Chime:
    """An earcon, followed by a short silence."""

    name: str
    then: Ms = Ms(100)


@dataclass(frozen=True, slots=True)
class Count:
    """A word at a moment of a span, counted from the span's start."""

    at: Ms
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of exact length: a hold, a rest, the time to get ready or to change sides."""

    kind: Kind
    length: Ms
    text: str
    counts: tuple[Count, ...] = ()
    says: str = ""  # on the clock, as it begins; a tone where the words do not fit


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing is said: time to move or to rest."""

    length: Ms


Item = Say | Chime | Span | Quiet
Script = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """One moment of a score. `sound` is None where only the moment matters."""

    at: Ms
    kind: Kind
    text: str
    sound: Sound | None = None
    lasts: Ms = Ms(0)

    @property
    def until(self) -> Ms:
        """Where its sound has ended."""
        return Ms(self.at + self.lasts)


GAP = Ms(40)
"""Silence that must stay between two counts, or they run into each other."""


def compose(script: Iterable[Item], measure: Measure, start: Ms = Ms(0)) -> tuple[Cue, ...]:
    """The cues of a script that starts at `start`, in order; the last one is END."""
    cues: list[Cue] = []
    at = start
    for item in script:
        placed, at = place(item, at, measure)
        cues.extend(placed)
    return (*cues, Cue(at, Kind.END, "end"))


def place(item: Item, at: Ms, measure: Measure) -> tuple[tuple[Cue, ...], Ms]:
    """The cues of one item from `at`, in order, and the moment at which the next may start."""
    match item:
        case Say(text, then, kind):
            cue = _sounding(at, kind, text, Utterance(text), measure)
            return (cue,), Ms(cue.until + then)
        case Chime(name, then):
            cue = _sounding(at, Kind.EARCON, name, Earcon(name), measure)
            return (cue,), Ms(cue.until + then)
        case Quiet(length):
            return (), Ms(at + length)
        case Span():
            return _place_span(item, at, measure)


def _place_span(span: Span, at: Ms, measure: Measure) -> tuple[tuple[Cue, ...], Ms]:
    end = Ms(at + span.length)
    cues = [Cue(at, span.kind, span.text)]
    if span.says:
        cue = _sounding(at, Kind.PROMPT, span.says, Utterance(span.says), measure)
        tone = _sounding(at, Kind.EARCON, "begin", Earcon("begin"), measure)
        cues.append(cue if cue.until <= end else tone)
    for count in thin(span.counts, measure):
        sound = Utterance(count.text)
        cues.append(_sounding(Ms(at + count.at), Kind.COUNT, count.text, sound, measure))
    if span.kind in {Kind.HOLD, Kind.WORK}:
        cues.append(_sounding(end, Kind.RELEASE, "release", Earcon("release"), measure))
    else:
        cues.append(Cue(end, Kind.RESUMED, span.text))
    # The last number and the tone sound at the very end of a hold: what follows waits for both.
    apart = {Kind.COUNT: GAP, Kind.RELEASE: Ms(0)}
    free = max([end, *(cue.until + apart[cue.kind] for cue in cues if cue.kind in apart)])
    return tuple(cues), Ms(free)


def _sounding(at: Ms, kind: Kind, text: str, sound: Sound, measure: Measure) -> Cue:
    return Cue(at, kind, text, sound, measure(sound))


def thin(counts: Sequence[Count], measure: Measure) -> tuple[Count, ...]:
    """The counts that can be spoken in time: all of them, or every fifth and the last five.

    A number that still would run into the next one is left out; the very last is always kept.
    Source: at 120 words a minute 23 of the numbers 1-60 last longer than their second.
    """
    lasts = {count: measure(Utterance(count.text)) for count in counts}

    def clear(kept: Sequence[Count]) -> bool:
        return all(one.at + lasts[one] + GAP <= two.at for one, two in pairwise(kept))

    if clear(counts):
        return tuple(counts)
    wanted = [c for c in counts if c.at % (5 * SECOND) == 0 or c in counts[-5:]]
    kept: list[Count] = []
    for count in reversed(wanted):
        if not kept or count.at + lasts[count] + GAP <= kept[0].at:
            kept.insert(0, count)
    return tuple(kept)


def interject(cues: Sequence[Cue], script: Script, at: Ms, measure: Measure) -> list[Cue] | None:
    """These cues with something said into them at `at`, or None where it does not fit.

    Only counts make way for it, and no cue moves: the clock of a hold goes on underneath.
    """
    spoken = compose(script, measure, at)[:-1]
    end = max(cue.until for cue in spoken) + GAP
    kept: list[Cue] = []
    for cue in cues:
        overlaps = cue.sound is not None and cue.at < end and cue.until > at
        if overlaps and cue.kind is not Kind.COUNT:
            return None
        if not overlaps:
            kept.append(cue)
    return sorted([*kept, *spoken], key=lambda cue: cue.at)
