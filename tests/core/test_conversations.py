"""Whatever is said, or not said, at whatever moment: what must hold of every conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SMALL, exercise, routine, wording

from voicecoach.core.actions import Action, Alert, Note, Outcome, Perform, Silence, Wake
from voicecoach.core.commands import OPEN, SAFETY, Context, Intent
from voicecoach.core.events import Alerted, Event, Heard, Reached, Started, Woke
from voicecoach.core.everyday import EVERYDAY
from voicecoach.core.memory import Ended, Left, Memory
from voicecoach.core.routine import Dose, PainRule, Position, Routine
from voicecoach.core.safety import HALTS
from voicecoach.core.score import MARKS, Quiet, Say, Span
from voicecoach.core.session import step
from voicecoach.core.state import Phase, State, begin
from voicecoach.core.table import Do, Name, ends
from voicecoach.core.today import way
from voicecoach.core.units import Ms
from voicecoach.core.wording import Circumstances

STANDING = routine(
    exercise("Squat", Dose(reps=2, hold=Ms(5000)), Position.STANDING),
    exercise("Bend", Dose(reps=1, hold=Ms(5000)), Position.SITTING),
    exercise("Tilt", Dose(reps=1, hold=Ms(5000)), Position.ALL_FOURS),
)
RULES = st.sampled_from(PainRule)
MEMORIES = st.builds(
    Memory,
    left=st.none() | st.builds(Left, st.sampled_from(["knee", "tilt", "gone"])),
    ended=st.none()
    | st.builds(Ended, st.sampled_from(["knee", "tilt", "gone", ""]), st.just("pain")),
    hurt=st.frozensets(st.sampled_from(["knee", "tilt", "squat"])),
    locked=st.frozensets(st.sampled_from(["knee", "bend"])),
)
WORDS = st.sampled_from(sorted(set(Intent) - {Intent.NUMBER}))
NUMBERS = st.sampled_from(["zero", "two", "five", "nine", "ten", "sixty", "1", "2", "3"])
"""What the person does next: a word, a number, or nothing until the clock brings something."""
TURNS = st.lists(st.one_of(WORDS, NUMBERS, st.none(), st.integers(1, 90_000)), max_size=40)


@dataclass
class Talk:
    """A session and the one thing that its clock will bring next."""

    state: State
    now: int = 0
    due: list[tuple[int, Event]] = field(default_factory=list)
    done: tuple[Action, ...] = ()
    notes: list[Note] = field(default_factory=list)

    def do(self, event: Event) -> None:
        self.now = max(self.now, event.at)
        before = self.state
        self.state, self.done = step(self.state, event)
        for action in self.done:
            self._carry_out(action)
        self._check(before, event)

    def _carry_out(self, action: Action) -> None:
        match action:
            case Silence():
                self.due = [one for one in self.due if not isinstance(one[1], Reached)]
            case Perform(number, script):
                self.due = [one for one in self.due if not isinstance(one[1], Reached)]
                at = self.now
                for item in script:
                    if isinstance(item, Span):
                        self._mark(at, number, item.kind.value)
                        at += item.length
                        self._mark(at, number, "release")
                    else:
                        at += item.length if isinstance(item, Quiet) else 1000
                self._mark(at, number, "end")
            case Wake(number, at):
                self.due.append((at, Woke(at, number)))
            case Alert():
                self.due.append((self.now + 4000, Alerted(Ms(self.now + 4000), sent=True)))
            case Note():
                self.notes.append(action)
            case _:
                pass

    def _mark(self, at: int, number: int, mark: str) -> None:
        if mark in MARKS:
            self.due.append((at, Reached(Ms(at), number, mark)))

    def wait(self, until: int | None = None) -> bool:
        """The next thing that the clock brings; False where it brings nothing any more."""
        fresh = [
            one
            for one in self.due
            if not isinstance(one[1], Woke) or one[1].wake == self.state.performance
        ]
        self.due = sorted(fresh, key=lambda one: one[0])
        if not self.due or (until is not None and self.due[0][0] > until):
            return False
        _, event = self.due.pop(0)
        self.do(event)
        return True

    def say(self, intent: Intent, phrase: str = "") -> None:
        """Said if it is a command now, as ears would have it."""
        if intent in SAFETY or intent in OPEN[self.state.context]:
            self.do(Heard(Ms(self.now + 100), intent, phrase or intent.value, "test"))

    # -- what must always hold ------------------------------------------------------------------

    def _check(self, before: State, event: Event) -> None:
        word = isinstance(event, Heard)
        if isinstance(event, Heard) and event.intent in SAFETY and before.phase is not Phase.ENDED:
            assert isinstance(self.done[0], Silence), "silence comes first"
            assert self.state.phase in {Phase.HALTED, Phase.ENDED, Phase.ENDING}
        assert [type(one) for one in self.done].count(Silence) <= 1
        for action in self.done:
            if isinstance(action, Perform):
                asked = sum(i.text.count("?") for i in action.script if isinstance(i, Say))
                assert asked <= 1, "one question at a time"
        goes_on = self.state.phase in {Phase.COACHING, Phase.WAITING}
        if before.phase is Phase.HALTED and goes_on:
            assert word or before.halt in EVERYDAY, f"{before.halt} went on by itself"
            assert not before.today.over, "what is over goes on"
        assert not (self.state.today.over and goes_on)
        if self.state.today.events > before.today.events:
            assert word

    def heard(self, turns: list[Intent | str | int | None]) -> None:
        for turn in turns:
            match turn:
                case Intent():
                    self.say(turn)
                case str():
                    self.say(Intent.NUMBER, turn)
                case None:
                    self.wait()
                case _:
                    end = self.now + turn
                    while self.wait(end):
                        pass
                    self.now = max(self.now, end)


def talk(
    of: Routine, rule: PainRule, memory: Memory, turns: list[Intent | str | int | None]
) -> Talk:
    now = Circumstances(scores=True, alerts=True)
    words = wording(replace(of, pain_rule=rule), now)
    made = Talk(begin(words, memory=memory))
    made.do(Started(Ms(0)))
    made.heard(turns)
    return made


ROUTINES = st.sampled_from([SMALL, STANDING])


@settings(max_examples=300)
@given(ROUTINES, RULES, MEMORIES, TURNS)
def test_nobody_who_falls_silent_is_forgotten(
    of: Routine, rule: PainRule, memory: Memory, turns: list[Intent | str | int | None]
) -> None:
    """Left alone it comes to rest: ended, waiting for a word, or calling for help; never on."""
    made = talk(of, rule, memory, turns)
    protocol = made.state.phase is Phase.HALTED and made.state.halt not in EVERYDAY
    for _ in range(120):
        if not made.wait():
            break
        if protocol:
            assert made.state.phase in {Phase.HALTED, Phase.ENDING, Phase.ENDED}
    state = made.state
    calls = state.phase is Phase.HALTED and state.halt in {Name.EMERGENCY, Name.URGENT}
    waits = state.phase in {Phase.WAITING, Phase.ENDED} or (
        state.phase is Phase.HALTED and HALTS[state.halt].context is Context.HALTED
    )
    asks = state.phase is Phase.HALTED and state.halt in {Name.NUMBER, Name.CONFIRM}
    assert calls or waits or asks, (state.phase, state.halt)


def _answers(state: State) -> Iterator[tuple[State, Intent]]:
    """What may be said there; "finish" last, because the last is tried first."""
    halted = state.phase is Phase.HALTED
    for intent in sorted(OPEN[state.context] | SAFETY, key=lambda one: one is Intent.FINISH):
        if halted or intent is Intent.FINISH:
            yield state, intent


@settings(max_examples=300)
@given(ROUTINES, RULES, MEMORIES, TURNS)
def test_who_wants_to_end_can_end(
    of: Routine, rule: PainRule, memory: Memory, turns: list[Intent | str | int | None]
) -> None:
    """Some few answers lead to the goodbye, from wherever it is."""
    made = talk(of, rule, memory, turns)
    if made.state.phase in {Phase.ENDING, Phase.ENDED}:
        return
    todo, seen = list(_answers(made.state)), set[Name]()
    while todo:
        state, intent = todo.pop()
        state, _ = step(state, Heard(Ms(made.now), intent, intent.value, "test"))
        then, _ = step(state, Reached(Ms(made.now), state.performance, "end"))
        if then.phase in {Phase.ENDING, Phase.ENDED}:
            return
        for one in (state, then):
            if one.phase is not Phase.HALTED or one.halt not in seen:
                seen |= {one.halt} if one.phase is Phase.HALTED else set()
                todo += _answers(one)
    pytest.fail(f"there is no way out of {made.state.halt}")


@settings(max_examples=200)
@given(ROUTINES, RULES, TURNS)
def test_a_confirmed_pain_counts_once_and_leaves_the_exercise_out_or_ends(
    of: Routine, rule: PainRule, turns: list[Intent | str | int | None]
) -> None:
    made = talk(of, rule, Memory(), turns)
    assert [note.kind for note in made.notes].count("hurt") == made.state.today.events
    dropped = {note.place.name.lower() for note in made.notes if note.kind == "dropped"}
    assert dropped == made.state.today.left_out
    if made.state.phase is Phase.COACHING:
        assert made.state.segment.exercise is None or (
            made.state.segment.exercise.id not in made.state.today.left_out
        )


@settings(max_examples=200)
@given(ROUTINES, TURNS)
def test_an_end_for_pain_is_an_end_for_pain(
    of: Routine, turns: list[Intent | str | int | None]
) -> None:
    made = talk(of, PainRule.STRICT, Memory(), turns)
    if made.state.phase is Phase.ENDING and made.state.why:
        assert made.state.outcome is Outcome.PAIN
        (ended,) = [note for note in made.notes if note.kind in {"finished", "unfinished"}][-1:]
        assert ended.detail == made.state.why


# -- every way of the table, one by one ------------------------------------------------------------


def at(name: Name, of: Routine = SMALL) -> State:
    """A session in a row, in the middle of the first hold."""
    made = talk(of, PainRule.MONITOR, Memory(Left("knee"), Ended("knee", "pain")), [])
    made.heard([Intent.BETTER, Intent.START_AGAIN])
    for _ in range(30):
        if made.state.segment.place.rep:
            break
        made.say(Intent.READY)
        made.say(Intent.DONT_KNOW)
        made.wait()
    assert made.state.segment.place.rep == 1
    return replace(made.state, phase=Phase.HALTED, halt=name, why="pain", asking="reps")


WAYS = [(name, intent) for name, halt in sorted(HALTS.items()) for intent in sorted(halt.answers)]


@pytest.mark.parametrize(("name", "intent"), WAYS, ids=str)
def test_an_answer_leads_where_the_table_says(name: Name, intent: Intent) -> None:
    state = at(name)
    phrase = "five" if intent is Intent.NUMBER else intent.value
    after, actions = step(state, Heard(Ms(10**6), intent, phrase, "test"))
    goal = way(after if after.today != state.today else state, HALTS[name].answers[intent])
    possible = {end for end in ends(HALTS[name].answers[intent]) if isinstance(end, Name)}
    assert isinstance(actions[0], Silence) or name is Name.CONFIRM
    if isinstance(goal, Name):
        assert after.phase is Phase.HALTED
        assert after.halt in possible
    elif after.phase is Phase.HALTED and after.halt is not name:
        assert after.halt not in possible


GOES_ON = set(Do) - {Do.FINISH, Do.ASK, Do.FLAG, Do.RETURN}


@pytest.mark.parametrize(("name", "intent"), WAYS, ids=str)
def test_no_safety_word_ever_leads_on(name: Name, intent: Intent) -> None:
    """Pain said at "the last time it hurt here" once led to the next exercise."""
    if intent in SAFETY:
        assert not GOES_ON & set(ends(HALTS[name].answers[intent]))


TIMEOUTS = [
    (name, number) for name, halt in sorted(HALTS.items()) for number in range(len(halt.nudges))
]


@pytest.mark.parametrize(("name", "number"), TIMEOUTS, ids=str)
def test_a_timeout_says_or_leads_what_the_table_says(name: Name, number: int) -> None:
    state = replace(at(name), nudge=number)
    nudge = HALTS[name].nudges[number]
    after, actions = step(state, Woke(Ms(10**6), state.performance))
    assert actions
    if nudge.leads is None:
        assert (after.phase, after.halt, after.nudge) == (Phase.HALTED, name, number + 1)
    else:
        possible = {end for end in ends(nudge.leads) if isinstance(end, Name)}
        assert after.halt in possible or not possible or after.phase is Phase.ENDING


def test_who_is_asked_whether_she_is_there_may_change_the_loudness_first() -> None:
    state = replace(at(Name.EASED), nudge=1)
    state, _ = step(state, Woke(Ms(10**6), state.performance))
    assert state.halt is Name.CHECK_IN
    state, _ = step(state, Heard(Ms(10**6), Intent.LOUDER, "louder", "test"))
    assert state.halt is Name.CHECK_IN
    state, _ = step(state, Heard(Ms(10**6), Intent.UNDERSTOOD, "okay", "test"))
    assert state.halt is Name.EASED


def test_what_is_said_again_is_not_counted_again() -> None:
    dropped, _ = step(at(Name.HURT), Heard(Ms(10**6), Intent.NEW, "new", "test"))
    assert dropped.halt is Name.DROPPED
    again, actions = step(dropped, Heard(Ms(10**6), Intent.LOUDER, "louder", "test"))
    assert again.today == dropped.today
    assert [one.kind for one in actions if isinstance(one, Note)] == ["halted"]
    watched = at(Name.WATCH)
    again, _ = step(watched, Heard(Ms(10**6), Intent.REPEAT, "repeat", "test"))
    assert again.today.watches == watched.today.watches
