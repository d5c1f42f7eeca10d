"""What is said in a halt: a row of the table becomes a script, filled in from the state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from voicecoach.core.answers import proposal, question
from voicecoach.core.plan import Place, Role
from voicecoach.core.routine import Exercise, Position
from voicecoach.core.safety import HALTS
from voicecoach.core.score import Chime, Item, Kind, Quiet, Say, Script
from voicecoach.core.state import State
from voicecoach.core.table import POSITION, QUESTION, WAY_OUT, Name
from voicecoach.core.today import coming
from voicecoach.core.units import Ms
from voicecoach.core.wording import exercise_of


def way_out(state: State) -> Script:
    """What leads the person out of where she may be; nothing where she has been led out."""
    return state.wording.way_out(state.segment) if state.in_position else ()


def halted(state: State, name: Name, *, again: bool = False) -> Script:
    """The words of a row; `again` leaves out the first of them: it has just been said."""
    halt = HALTS[name]
    words: list[Item] = [Chime(halt.chime)]
    for word in halt.words[1:] if again else halt.words:
        if isinstance(word, int):
            words += (Quiet(word),) if state.in_position else ()
        elif word == WAY_OUT:
            stands = POSITION in halt.words and state.body is Position.STANDING
            words += () if stands else _as_release(way_out(state))
        elif word == QUESTION:
            words += _question(state, name)
        elif word == POSITION:
            words.append(Say(state.wording.say(f"rest_{state.body.value}"), Ms(400)))
        else:
            words += sentence(state, word)
    return tuple(words)


def sentence(state: State, name: str) -> Script:
    """A sentence of a row, by name, with all that the state can fill in."""
    facts = _facts(state)
    if name == "flags_keys" and not state.wording.circumstances.keys:
        return ()
    if name == "last_time" and not facts["where"]:
        name = "last_time_nowhere"
    if name == "where_left" and not facts["which"]:
        name = "where_left_before"
    return (Say(state.wording.say(name, **facts), Ms(400)),)


def prospects(state: State) -> Iterator[Script]:
    """All that may be said from here on: for a voice that renders ahead."""
    for name in HALTS:
        if QUESTION not in HALTS[name].words:
            yield halted(replace(state, in_position=True), name)
    for segment in state.wording.segments[state.index :]:
        yield state.wording.segment(segment)


def left(state: State) -> Place | None:
    """Where the last session was left, in today's plan; None where it is not in it."""
    last = state.memory.left
    if last is None:
        return None
    for number, exercise in enumerate(state.wording.routine.exercises, 1):
        if exercise.id == last.exercise:
            return Place(number, exercise.name, last.set, last.side, last.rep)
    return None


def _facts(state: State) -> Mapping[str, str]:
    place, after = left(state), coming(state)
    language = state.wording.language
    ended = state.memory.ended
    names = {one.id: one.name for one in state.wording.routine.exercises}
    why = f"why_{ended.why}" if ended else ""
    return {
        "name": state.segment.place.name,
        "next": after.name if after else "",
        "number": language.number(state.proposed),
        "left": place.name if place else "",
        "which": _which(state, place).capitalize() if place else "",
        "where": names.get(ended.exercise, "") if ended else "",
        "why": language.sentences.get(why, language.sentences["why_pain"]),
    }


def _which(state: State, place: Place) -> str:
    """`three of five`, with its side; nothing before the first rep."""
    for segment in state.wording.segments:
        if segment.role is Role.REP and segment.place == place:
            return _spoken(state, place, exercise_of(segment))
    return ""


def _spoken(state: State, place: Place, exercise: Exercise) -> str:
    language = state.wording.language
    if exercise.dose.as_many:
        words = language.ordinal(place.rep).lower()
    else:
        number, total = (language.number(n) for n in (place.rep, exercise.dose.reps))
        words = language.say("left_of", number=number, total=total)
    side = language.sides[place.side] if place.side else ""
    return language.say("left_side", side=side, which=words) if side else words


def _question(state: State, name: Name) -> Script:
    exercise = exercise_of(state.segment)
    if name is Name.CONFIRM:
        return proposal(state.wording, state.asking, state.proposed)
    return question(state.wording, exercise, state.asking)


def _as_release(script: Script) -> list[Item]:
    """Marked in logs and timelines as what it is: a release."""
    return [replace(say, kind=Kind.RELEASE) if isinstance(say, Say) else say for say in script]
