"""A session on a jumping clock and a loudspeaker that forgives nothing, and who watches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from samples import SMALL, wording

from voicecoach.clock import JumpingClock
from voicecoach.conductor import Conductor, Organs
from voicecoach.core.actions import Action, Note, Perform, Silence
from voicecoach.core.commands import Intent
from voicecoach.core.events import Event, Heard, Reached
from voicecoach.core.plan import Place
from voicecoach.core.routine import Routine
from voicecoach.core.score import Cue, Kind, Span
from voicecoach.core.state import Phase, begin
from voicecoach.core.units import RATE, Ms
from voicecoach.speaker.base import Placed
from voicecoach.voice.base import Clip, Pcm
from voicecoach.voice.silent import SilentVoice

HOLD = Ms(5000)


@dataclass(slots=True)
class Sounded:
    """A clip as it was heard; `until` is earlier than its end where it was cut."""

    at: int
    until: int
    text: str
    cut: bool = False


class StrictSpeaker:
    """Refuses what a person would hear as a fault: a clip begun in the past, two at once."""

    audible = True

    def __init__(self, now: Callable[[], Ms], lead: int = 0) -> None:
        self.now, self.lead = now, Ms(lead)
        self.sounded: list[Sounded] = []
        self.gains: list[int] = []
        self.ducks: list[tuple[int, int, int]] = []

    def play(self, clips: Iterable[Placed]) -> None:
        for placed in clips:
            new = Sounded(placed.at, placed.at + placed.clip.duration, placed.clip.text)
            assert new.at >= self.now() + self.lead, f"{new} is placed too late to be whole"
            for old in self.sounded:
                # The release rings in with the last number: both belong to the end of the hold.
                apart = new.at >= old.until or new.until <= old.at
                assert apart or (new.at == old.at and new.text == "release"), f"{new} over {old}"
            self.sounded.append(new)

    def cut(self) -> None:
        now = self.now()
        self.sounded = [one for one in self.sounded if one.at < now]
        for one in self.sounded:
            if one.until > now:
                one.until, one.cut = now, True

    def pending(self) -> list[Sounded]:
        return [one for one in self.sounded if one.until > self.now()]

    def gain(self, decibels: int) -> None:
        self.gains.append(decibels)

    def duck(self, decibels: int, until: Ms) -> None:
        assert until > self.now()
        self.ducks.append((self.now(), decibels, until))

    def played(self, start: Ms, end: Ms) -> Pcm:
        raise AssertionError(f"nobody asked for {start} to {end}")

    def close(self) -> None:
        raise AssertionError("the conductor does not own the loudspeaker")


@dataclass
class Watch:
    """Sees to it that holds are exact, marks come in order, and a cut is complete."""

    marks: list[Reached] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    actions: list[tuple[Ms, Action]] = field(default_factory=list)
    speaker: StrictSpeaker | None = None
    prescribed: Ms = HOLD
    _span: Ms = Ms(0)
    _began: Ms | None = None
    _held: int = 0

    def event(self, event: Event) -> None:
        if isinstance(event, Reached):
            assert not self.marks or event.at >= self.marks[-1].at
            self.marks.append(event)

    def action(self, at: Ms, action: Action) -> None:
        self.actions.append((at, action))
        match action:
            case Silence():
                assert self.speaker is not None
                assert self.speaker.pending() == []
                if self._began is not None:
                    self._held += max(0, at - self._began)
                self._began = None
            case Perform(script=script):
                spans = [item for item in script if isinstance(item, Span)]
                self._span = spans[0].length if spans else Ms(0)
            case Note("held"):
                assert self._held == self.prescribed
            case _:
                pass

    def cue(self, cue: Cue, place: Place) -> None:
        assert place.exercise >= 0
        self.cues.append(cue)
        if cue.kind is Kind.HOLD:
            self._began = cue.at
            if self._span == self.prescribed:
                self._held = 0
        elif cue.kind is Kind.RELEASE and cue.text == "release" and self._began is not None:
            self._held += cue.at - self._began
            self._began = None

    def of(self, kind: Kind) -> list[int]:
        return [cue.at for cue in self.cues if cue.kind is kind]


class Late(SilentVoice):
    """Renders in the background: each text is there so many ms after it was first asked for."""

    def __init__(self, now: Callable[[], Ms], takes: int) -> None:
        self.now, self.takes = now, takes
        self.there: dict[tuple[str, int], int] = {}

    def ready(self, texts: Iterable[str], rate: int) -> bool:
        now = self.now()
        at = [self.there.setdefault((text, rate), now + self.takes) for text in texts]
        return all(moment <= now for moment in at)

    def clip(self, text: str, rate: int) -> Clip:
        assert self.ready([text], rate), f"the loop waits for {text!r}: nobody could say stop"
        return super().clip(text, rate)


class Stage:
    """A session with scripted events, READY at each gate after `ready` ms."""

    def __init__(  # noqa: PLR0913 - all that a session begins from
        self,
        events: Sequence[Event] = (),
        *,
        of: Routine = SMALL,
        lead: int = 0,
        ready: int | None = 1000,
        voice: SilentVoice | None = None,
        takes: int = 0,
    ) -> None:
        self.events = sorted(events, key=lambda event: event.at)
        self.ready, self.ready_at = ready, -1
        self.clock = JumpingClock(self.source)
        self.speaker = StrictSpeaker(self.clock.now, lead)
        self.watch = Watch(speaker=self.speaker, prescribed=of.exercises[0].dose.hold)
        self.voice = voice or SilentVoice()
        organs = Organs(self.clock, self.voice, self.speaker, observers=[self.watch])
        if takes:
            late = Late(self.clock.now, takes)
            organs = replace(organs, voice=late, ready=late.ready)
        self.conductor = Conductor(begin(wording(of), RATE), organs)
        self.turns = 0

    def source(self, until: Ms | None) -> Event | None:
        due = self.ready_at if self.ready_at >= 0 else None
        if self.events and (due is None or self.events[0].at <= due):
            if until is None or self.events[0].at <= until:
                return self.events.pop(0)
        elif due is not None and (until is None or due <= until):
            self.ready_at = -1
            return heard(due, Intent.READY)
        return None

    def _leave(self, conductor: Conductor) -> bool:
        self.turns += 1
        assert self.turns < 20_000, "it spins"
        if conductor.state.phase is Phase.WAITING:
            if self.ready_at < 0 and self.ready is not None:
                self.ready_at = self.clock.now() + self.ready
        else:
            self.ready_at = -1
        return conductor.state.phase is Phase.HALTED and conductor.silent and not self.events

    def run(self) -> Stage:
        self.conductor.run(self._leave)
        return self

    def texts(self, since: int = 0) -> list[str]:
        sounded = sorted(self.speaker.sounded, key=lambda one: one.at)
        return [one.text for one in sounded if one.at >= since]


def heard(at: int, intent: Intent) -> Heard:
    return Heard(Ms(at), intent, intent.value, "test")
