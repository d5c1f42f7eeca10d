"""Conversations: what a person says, and what the coach must say, within how many milliseconds.

Each file of tests/scenarios is one conversation, played on the simulation's clock with the whole
of the coach but its sound. Together they come into every row of the halts' table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from samples import exercise, routine

from voicecoach.clock import JumpingClock
from voicecoach.conductor import Conductor, Organs
from voicecoach.core.actions import Action, Alert, Forget, Note
from voicecoach.core.commands import Context, Intent, understand
from voicecoach.core.en import EN
from voicecoach.core.events import Alerted, Back, Event, Heard, Lost
from voicecoach.core.memory import Ended, Left, Memory
from voicecoach.core.plan import Place, plan
from voicecoach.core.routine import Dose, PainRule, Position, Routine, Sides
from voicecoach.core.safety import HALTS
from voicecoach.core.score import Cue, Kind, Utterance
from voicecoach.core.state import Phase, State, begin
from voicecoach.core.units import RATE, Ms
from voicecoach.core.wording import Circumstances, Wording
from voicecoach.ears.keys import meaning, name
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.silent import SilentVoice

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))
PATIENCE = Ms(20 * 60_000)
KEYS = {
    *("title", "exercises", "scores", "pain_rule", "alert", "contacts", "remembers", "keys"),
    *("steps", "ends", "notes"),
}
DOES = {"say", "press", "lost", "back", "alerted"}
STEPS = {*DOES, "after", "coach", "within", "hold", "silent"}


@dataclass
class Person:
    """Follows the steps: speaks when it is time, and checks what the coach says."""

    steps: list[dict[str, Any]]
    context: Context = Context.COACHING
    since: int = 0  # the word, or the sentence, from which the next step counts
    holds: int = 0
    waiting: bool = False  # at a gate: says "ready" where no step is due
    rows: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    said: list[tuple[int, str]] = field(default_factory=list)

    def next(self, until: Ms | None) -> Event | None:
        """What the person does by then."""
        speaks = bool(self.steps) and bool(self.steps[0].keys() & DOES)
        if self.waiting and not speaks:
            self.waiting = False
            return Heard(Ms(self.said[-1][0] + 3000), Intent.READY, "ready", "script")
        if not speaks:
            assert until is not None, f"the coach waits for ever; {self._left()}"
            return None
        at = Ms(self.since + round(self.steps[0].get("after", 1) * 1000))
        if until is not None and at > until:
            return None
        return self._do(at, self.steps.pop(0))

    def _do(self, at: Ms, step: dict[str, Any]) -> Event:
        self.since, self.waiting = at, False
        if "lost" in step:
            return Lost(at, step["lost"], "It is gone.")
        if "back" in step:
            return Back(at, step["back"])
        if "alerted" in step:
            return Alerted(at, step["alerted"])
        if "press" in step:
            intent = meaning(step["press"], self.context)
            assert intent is not None, f"key {step['press']} does nothing here"
            return Heard(at, intent, name(step["press"]), "keys")
        match = understand(step["say"], self.context, EN.phrases)
        assert match is not None, f"{step['say']!r} is no command here; {self._left()}"
        return Heard(at, match.intent, match.phrase, "script")

    def attend(self, state: State) -> None:
        self.context = state.context
        self.waiting = state.phase is Phase.WAITING

    def _left(self) -> str:
        return (
            f"{len(self.steps)} steps are left, the first {self.steps[:1]}; said {self.said[-6:]}"
        )

    # -- an observer ----------------------------------------------------------------------------

    def event(self, event: Event) -> None:
        """Nothing."""

    def action(self, at: Ms, action: Action) -> None:
        match action:
            case Note("halted", _, detail):
                self.rows.append(detail)
            case Note(kind, _, detail):
                self.notes.append(f"{kind} {detail}".strip())
            case Alert() | Forget():
                self.notes.append(type(action).__name__.lower())
            case _:
                assert at >= 0

    def cue(self, cue: Cue, place: Place) -> None:
        assert place.exercise >= 0
        if cue.kind is Kind.HOLD:
            self.holds += 1
            if self.steps and self.steps[0].get("hold") == self.holds:
                self.steps.pop(0)
                self.since = cue.at
        if not isinstance(cue.sound, Utterance):
            return
        self.said.append((cue.until, cue.text))
        while self.steps and "silent" in self.steps[0]:
            wanted = self.steps.pop(0)["silent"] * 1000
            assert cue.at - self.since >= wanted, f"{cue.text!r} came too soon"
        step = self.steps[0] if self.steps else {}
        if "coach" not in step or not cue.text.startswith(step["coach"]):
            return
        within = step.get("within")
        if within is not None:
            late = cue.at - self.since
            assert late <= within, f"{cue.text!r} came after {late} ms"
        self.steps.pop(0)
        self.since = cue.until


def practised(told: dict[str, Any]) -> Routine:
    exercises = told.get("exercises", {"Tilt": {}, "Knee": {"sides": "both"}})
    made = [
        exercise(
            name,
            Dose(
                reps=one.get("reps", 2),
                hold=Ms(5000),
                sides=Sides(one.get("sides", "none")),
                asked=frozenset({"reps"} if one.get("reps") == 0 else ()),
            ),
            Position(one.get("position", "supine")),
        )
        for name, one in exercises.items()
    ]
    return replace(routine(*made), pain_rule=PainRule(told.get("pain_rule", "strict")))


def remembered(told: dict[str, Any]) -> Memory:
    left, ended = told.get("left"), told.get("ended")
    return Memory(
        left=Left(**left) if left else None,
        ended=Ended(**ended) if ended else None,
        hurt=frozenset(told.get("hurt", ())),
        locked=frozenset(told.get("locked", ())),
    )


@cache
def played(file: Path) -> tuple[str, Person, dict[str, Any]]:
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert set(told) <= KEYS, set(told) - KEYS
    assert all(set(step) <= STEPS for step in told["steps"])
    now = Circumstances(
        keys=told.get("keys", True),
        contacts=told.get("contacts", {}),
        alerts=told.get("alert", False),
        scores=told.get("scores", False),
    )
    of = practised(told)
    person = Person([dict(step) for step in told["steps"]])
    clock = JumpingClock(person.next)
    organs = Organs(clock, SilentVoice(), SilentSpeaker(clock=clock.now), observers=[person])
    state = begin(Wording(EN, of, plan(of), now), RATE, remembered(told.get("remembers", {})))

    def leave(conductor: Conductor) -> bool:
        person.attend(conductor.state)
        assert clock.now() < PATIENCE, f"no end in sight; {person._left()}"
        rests = conductor.state.phase is Phase.HALTED and conductor.silent
        waits = rests and HALTS[conductor.state.halt].context is Context.HALTED
        return waits and not person.steps

    outcome = Conductor(state, organs).run(leave)
    return outcome.value, person, told


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_conversation(file: Path) -> None:
    outcome, person, told = played(file)
    assert person.steps == [], person._left()
    assert outcome == told.get("ends", "done")
    for note in told.get("notes", ()):
        assert note in person.notes, (note, person.notes)


def test_the_conversations_come_into_every_row() -> None:
    visited = {row for file in FILES for row in played(file)[1].rows}
    assert {name.value for name in HALTS} - visited == set()
