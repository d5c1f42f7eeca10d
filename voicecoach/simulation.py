"""A session without sound or waiting: the same core, score and conductor as live.

A simulated person says given words at given moments, and "ready" a set time after each exercise
is explained, unless other words come first. Where the coach waits for a word that will not come
(after a stop, a pause or pain), the simulation ends: nobody else may resume.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from voicecoach.clock import JumpingClock
from voicecoach.conductor import Conductor, Observer, Organs
from voicecoach.core.actions import Outcome
from voicecoach.core.commands import Context, Intent, understand
from voicecoach.core.en import EN
from voicecoach.core.events import Event, Heard
from voicecoach.core.memory import Memory
from voicecoach.core.plan import plan
from voicecoach.core.profile import Profile, adapt
from voicecoach.core.routine import Routine
from voicecoach.core.safety import HALTS
from voicecoach.core.state import Phase, State, begin
from voicecoach.core.table import Name
from voicecoach.core.units import RATE, Ms, seconds
from voicecoach.core.wording import Circumstances, Wording
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.base import Voice
from voicecoach.voice.silent import SilentVoice

READY = seconds(3)


_UNENDING = frozenset({Name.EMERGENCY, Name.URGENT, Name.NUMBER, Name.CONFIRM})
"""Questions that are asked until somebody answers."""


@dataclass(frozen=True, slots=True)
class Words:
    """What the simulated person says, and when: milliseconds from the start."""

    at: Ms
    text: str


@dataclass(slots=True)
class _Person:
    """The source of events: scripted words, and "ready" at the gates."""

    words: list[Words]
    ready_after: Ms
    context: Context = Context.COACHING
    ready_at: Ms | None = None
    ignored: list[Words] = field(default_factory=list)

    def next(self, until: Ms | None) -> Event | None:
        """What is said by then. Words that are no open command are passed over, as live."""
        while self.words and self._due(self.words[0].at, until):
            if self.ready_at is not None and self.ready_at < self.words[0].at:
                break
            words = self.words.pop(0)
            match = understand(words.text, self.context, EN.phrases)
            if match is not None:
                return Heard(words.at, match.intent, match.phrase, "script")
            self.ignored.append(words)
        if self.ready_at is not None and self._due(self.ready_at, until):
            at, self.ready_at = self.ready_at, None
            return Heard(at, Intent.READY, "ready", "script")
        return None

    @staticmethod
    def _due(at: Ms, until: Ms | None) -> bool:
        return until is None or at <= until

    def attend(self, state: State, now: Ms) -> None:
        """Follows what the coach is doing."""
        self.context = state.context
        if state.phase is not Phase.WAITING:
            self.ready_at = None
        elif self.ready_at is None:
            self.ready_at = Ms(now + self.ready_after)


def simulate(  # noqa: PLR0913 - all that a session begins from
    routine: Routine,
    observers: Sequence[Observer],
    words: Sequence[Words] = (),
    ready_after: Ms = READY,
    profile: Profile | None = None,
    *,
    memory: Memory | None = None,
    rate: int = RATE,
    voice: Voice | None = None,
) -> tuple[Outcome, list[Words]]:
    """Runs a routine to its end; also gives the words that were no command when they were said.

    Clips are as long as they are estimated, or as a real voice speaks them; that is not closed.
    """
    routine = adapt(routine, profile or Profile())
    wording = Wording(EN, routine, plan(routine), Circumstances())
    person = _Person(sorted(words, key=lambda one: one.at), ready_after)
    clock = JumpingClock(person.next)
    organs = Organs(clock, voice or SilentVoice(), SilentSpeaker(clock=clock.now), (), observers)

    def nothing_more(conductor: Conductor) -> bool:
        person.attend(conductor.state, clock.now())
        waits = conductor.state.phase is Phase.HALTED and conductor.silent
        halt = conductor.state.halt
        for_good = HALTS[halt].context is Context.HALTED or halt in _UNENDING
        return waits and for_good and not person.words

    outcome = Conductor(begin(wording, rate, memory), organs).run(nothing_more)
    return outcome, person.ignored
