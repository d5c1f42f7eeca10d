"""The conductor: the only loop. Events in, actions out, one queue, one clock.

Law: it decides nothing. The session says what is to be done; the conductor places sounds on the
speaker's clock and tells the session exactly when each mark was reached, in order of time.
A script is placed item by item, a second ahead of need, so that the first word never waits for
the last one to be rendered; the items of a hold are one piece, so its clock is exact.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from voicecoach.clock import Clock
from voicecoach.core.actions import (
    Action,
    Duck,
    End,
    Gain,
    Interject,
    Listen,
    Outcome,
    Perform,
    Silence,
    Wake,
    When,
)
from voicecoach.core.commands import SAFETY
from voicecoach.core.events import Event, Heard, Lost, Reached, Started, Woke
from voicecoach.core.halted import prospects
from voicecoach.core.plan import Place
from voicecoach.core.score import (
    MARKS,
    Cue,
    Earcon,
    Item,
    Kind,
    Say,
    Script,
    Sound,
    Span,
    Utterance,
    interject,
    place,
)
from voicecoach.core.session import step
from voicecoach.core.state import Phase, State
from voicecoach.core.units import Ms
from voicecoach.ears.base import Ears, Spoken
from voicecoach.errors import VoiceError
from voicecoach.speaker.base import Placed, Speaker
from voicecoach.voice.base import Clip, Voice
from voicecoach.voice.earcons import earcon
from voicecoach.voice.silent import SilentVoice

AHEAD = Ms(1000)
"""How long before its time an item is placed: enough to render it, little enough to change."""

EARLY = Ms(100)
"""How much earlier than a speaker's lead asks for what leads on is reached: a thread that is woken
late, and a clip that is read, then cost no millisecond of the score.
"""

GLANCE = Ms(20)
"""How long until it is looked again whether the voice is ready."""

Ready = Callable[[Iterable[str], int], bool]
"""Whether the clips of these texts, at so many words a minute, can be had without waiting."""


class Observer(Protocol):
    """Someone who is told what happens: the screen, the log, a timeline."""

    def event(self, event: Event) -> None:
        """Something happened."""

    def action(self, at: Ms, action: Action) -> None:
        """The session wants this done."""

    def cue(self, cue: Cue, place: Place) -> None:
        """A cue sounds, or passes, now; its `at` is on the session's clock."""


@dataclass(slots=True)
class _Performance:
    """The script that is being performed: what is still to be placed, and what is still to come."""

    number: int
    place: Place
    rate: int
    todo: deque[Item]
    at: Ms  # where the next item may begin
    cues: list[Cue] = field(default_factory=list)  # placed, not yet reached
    placed: list[tuple[Item, Ms, Ms]] = field(default_factory=list)  # item, from, sounding until


@dataclass(frozen=True, slots=True)
class Organs:
    """What a session is performed with; each has a twin for tests and timelines."""

    clock: Clock
    voice: Voice
    speaker: Speaker
    ears: Sequence[Ears] = ()
    observers: Sequence[Observer] = ()
    ready: Ready = lambda _texts, _rate: True  # live nobody who says stop may wait for the voice


class Conductor:
    """Runs one session to its end."""

    def __init__(self, state: State, organs: Organs) -> None:
        self.state = state
        self._clock, self._voice, self._speaker = organs.clock, organs.voice, organs.speaker
        self._ears, self._observers = organs.ears, organs.observers
        self._ready = organs.ready
        self._look_again: Ms | None = None  # when the voice was not ready
        self._unsaid: deque[Interject] = deque()  # for want of the voice
        self._running: _Performance | None = None
        self._wakes: list[tuple[Ms, int]] = []
        self._faults: deque[Event] = deque()  # that came up while something else was being done
        self._outcome: Outcome | None = None
        self._prepared_rate = 0

    def run(self, leave: Callable[[Conductor], bool] = lambda _: False) -> Outcome:
        """Runs until the session ends, or until `leave` says so after an event."""
        self._dispatch(Started(self._clock.now()))
        while self._outcome is None and not leave(self):
            event = self._clock.wait(self._due())
            if event is not None:
                if isinstance(event, Heard) and event.intent in SAFETY:
                    self._speaker.cut()  # before anything else is done, placed, shown or written
                self._catch_up(event.at)
                self._dispatch(event)
            self._catch_up(self._clock.now())
        left = Outcome.PAIN if self.state.hurt else self.state.outcome
        return self._outcome or left

    @property
    def silent(self) -> bool:
        """Whether nothing more will be said unless something happens."""
        return self._running is None

    # -- time -------------------------------------------------------------------------------

    def _due(self) -> Ms | None:
        """When there is something to do, if nothing happens before."""
        moments = [self._woken_at(at) for at, _ in self._wakes[:1]]
        if self._running is not None:
            moments += [self._reached_at(cue) for cue in self._running.cues[:1]]
            if self._look_again is not None:
                moments.append(self._look_again)
            elif self._running.todo:
                moments.append(Ms(self._running.at - AHEAD))
        return min(moments, default=None)

    def _catch_up(self, to: Ms) -> None:
        """Reaches everything that lies before `to`, in order of time."""
        while self._outcome is None:
            self._place_ahead()
            if self._faults:
                self._dispatch(self._faults.popleft())
                continue
            cues = self._running.cues if self._running else []
            cue_at = self._reached_at(cues[0]) if cues else None
            wake_at = self._woken_at(self._wakes[0][0]) if self._wakes else None
            if cue_at is not None and cue_at <= to and (wake_at is None or cue_at <= wake_at):
                self._reach()
            elif wake_at is not None and wake_at <= to:
                at, number = heapq.heappop(self._wakes)
                self._dispatch(Woke(at, number))
            else:
                return

    def _reached_at(self, cue: Cue) -> Ms:
        """When a cue counts as reached: an end early, so that what follows it is on time.

        After the goodbye nothing follows: it is heard to its end.
        """
        last = cue.kind in {Kind.END, Kind.RESUMED} and self.state.phase is not Phase.ENDING
        return self._woken_at(cue.at) if last else cue.at

    def _woken_at(self, at: Ms) -> Ms:
        """When something is begun that is to sound at a moment."""
        lead = self._speaker.lead
        return Ms(at - lead - EARLY) if lead else at

    def _reach(self) -> None:
        running = self._running
        if running is None:
            return
        cue = running.cues.pop(0)
        for observer in self._observers:
            observer.cue(cue, running.place)
        if cue.kind is Kind.END:
            self._running = None
        if cue.kind in MARKS:
            self._dispatch(Reached(cue.at, running.number, cue.kind.value))

    # -- events and actions -----------------------------------------------------------------

    def _dispatch(self, event: Event) -> None:
        for observer in self._observers:
            observer.event(event)
        self.state, actions = step(self.state, event)
        for action in actions:
            self._do(action, event.at)
            for observer in self._observers:
                observer.action(event.at, action)

    def _do(self, action: Action, at: Ms) -> None:
        """Note and Remember are for the observers."""
        match action:
            case Silence():
                self._silence()
            case Perform():
                self._perform(action, at)
            case Interject():
                self._interject(action)
            case Listen(context):
                for ears in self._ears:
                    ears.listen(context)
            case Wake(number, wake_at):
                heapq.heappush(self._wakes, (wake_at, number))
            case Gain(decibels):
                self._speaker.gain(decibels)
            case Duck(decibels, until):
                self._speaker.duck(decibels, until)
            case End(outcome):
                self._outcome = outcome

    def _silence(self) -> None:
        self._speaker.cut()
        self._running = None
        self._unsaid.clear()
        for ears in self._ears:
            ears.hush(self._clock.now())

    # -- sound ------------------------------------------------------------------------------

    def _place_ahead(self) -> None:
        """Places what begins within AHEAD; what comes late is late as a whole, never squeezed."""
        self._look_again = None
        while self._unsaid and self._has(self._unsaid[0].script, self._unsaid[0].rate):
            self._answer(self._unsaid.popleft())
        running = self._running
        while running is not None and running.todo:
            now = self._clock.now()
            if running.at - now > AHEAD or not self._has((running.todo[0],), running.rate):
                return
            item = running.todo.popleft()
            measure = self._measure(running.rate)
            place(item, running.at, measure)  # renders it, which takes time: only now ask for now
            start = Ms(max(running.at, self._clock.now() + self._speaker.lead))
            cues, running.at = place(item, start, measure)
            until = max((cue.until for cue in cues), default=start)
            running.placed = [one for one in running.placed if one[2] > now]
            running.placed.append((item, start, until))
            self._add(running, cues)
            if not running.todo:
                self._close(running)

    def _has(self, script: Script, rate: int) -> bool:
        """Whether it can be placed now. An engine may take seconds, or hang: stop cannot wait."""
        if self._ready(_texts(script), rate):
            return True
        self._look_again = Ms(self._clock.now() + GLANCE)
        return False

    def _close(self, running: _Performance) -> None:
        running.cues.append(Cue(running.at, Kind.END, "end"))

    def _add(self, running: _Performance, cues: Iterable[Cue]) -> None:
        cues = tuple(cues)
        running.cues = sorted([*running.cues, *cues], key=lambda cue: cue.at)
        self._play(running, cues)

    def _play(self, running: _Performance, cues: Sequence[Cue]) -> None:
        self._speaker.play(
            Placed(cue.at, self._clip(cue.sound, running.rate)) for cue in cues if cue.sound
        )
        for cue in cues:
            if isinstance(cue.sound, Utterance):
                for ears in self._ears:
                    ears.speaking(Spoken(cue.at, cue.until, cue.text))

    def _perform(self, action: Perform, at: Ms) -> None:
        start = Ms(max(at, self._clock.now() + self._speaker.lead))
        self._prepare(action.script, action.rate)
        todo = deque(action.script)
        self._running = _Performance(action.performance, action.place, action.rate, todo, start)
        self._place_ahead()

    def _interject(self, action: Interject) -> None:
        self._unsaid.append(action)
        self._place_ahead()

    def _answer(self, action: Interject) -> None:
        running = self._running
        if running is None or running.number != action.performance:
            return
        running.rate = action.rate
        for text in _texts(action.script):
            self._clip(Utterance(text), running.rate)  # takes time: only then ask for now
        at = Ms(self._clock.now() + self._speaker.lead)
        if action.when is When.NOW:
            self._break_in(running, action.script, at)
        elif action.when is When.LAST or not self._say_over(running, action.script, at):
            self._say_last(running, action.script, at)

    def _break_in(self, running: _Performance, script: Script, at: Ms) -> None:
        """Says it now; the sentence it breaks into, and all that follows, is said after it."""
        now = self._clock.now()
        unsaid = [item for item, _, until in running.placed if until > now]
        self._speaker.cut()
        running.cues, running.placed, running.at = [], [], at
        running.todo = deque([*script, *unsaid, *running.todo])
        self._place_ahead()

    def _say_over(self, running: _Performance, script: Script, at: Ms) -> bool:
        """Says it in the place of counts, if it fits before the next sound."""
        now, measure = self._clock.now(), self._measure(running.rate)
        cues = [cue for cue in running.cues if cue.kind is not Kind.END]
        mixed = None if self._talking(running) else interject(cues, script, at, measure)
        if mixed is None:
            return False
        self._speaker.cut()  # a number that is being said; what was to come is placed again
        # The answer may have been "slower": then numbers already placed last longer, too.
        mixed = [replace(cue, lasts=measure(cue.sound)) if cue.sound else cue for cue in mixed]
        running.cues = mixed
        running.at = max(running.at, *(cue.until for cue in mixed))
        if not running.todo:
            self._close(running)
        self._play(running, mixed)
        until = max(cue.until for cue in mixed if cue.kind is Kind.PROMPT)
        running.placed.append((script[0], now, until))
        return True

    def _talking(self, running: _Performance) -> bool:
        """Whether a sentence is being said, which may not be talked over."""
        now = self._clock.now()
        return any(
            isinstance(item, Say) and start <= now < until for item, start, until in running.placed
        )

    def _say_last(self, running: _Performance, script: Script, at: Ms) -> None:
        """Says it when all else has been said; a soft tick tells at once that it was heard."""
        if not running.todo:
            running.cues = [cue for cue in running.cues if cue.kind is not Kind.END]
        running.todo.extend(script)
        if self._talking(running):
            return
        tick = Cue(at, Kind.EARCON, "heard", Earcon("heard"), earcon("heard").duration)
        self._add(running, [tick])

    def _measure(self, rate: int) -> Callable[[Sound], Ms]:
        return lambda sound: self._clip(sound, rate).duration

    def _clip(self, sound: Sound, rate: int) -> Clip:
        match sound:
            case Earcon(name):
                return earcon(name)
            case Utterance(text):
                try:
                    return self._voice.clip(text, rate)
                except VoiceError as error:
                    return self._without_voice(text, rate, error)

    def _without_voice(self, text: str, rate: int, error: VoiceError) -> Clip:
        """The voice has failed: the words are shown, the clock goes on, the session is told."""
        self._voice.close()
        self._voice = SilentVoice()
        self._faults.append(Lost(self._clock.now(), "voice", str(error)))
        return self._voice.clip(text, rate)

    def _prepare(self, script: Script, rate: int) -> None:
        """Has all that may be said from here on rendered in the background, soonest first."""
        texts = list(_texts(script))
        halts = self._ears and self.state.phase is not Phase.ENDING  # unheard, nobody halts it
        if halts and rate != self._prepared_rate:
            self._prepared_rate = rate
            for prospect in prospects(self.state):
                texts += _texts(prospect)
        self._voice.prepare(dict.fromkeys(texts), rate)


def _texts(script: Script) -> Iterator[str]:
    for item in script:
        match item:
            case Say(text):
                yield text
            case Span():
                yield from (count.text for count in item.counts)
                if item.says:
                    yield item.says
            case _:
                pass
