"""What is answered to the person's questions, and what the coach itself asks for."""

from __future__ import annotations

from voicecoach.core.amounts import counted, span, times
from voicecoach.core.plan import Role, Segment
from voicecoach.core.routine import Exercise
from voicecoach.core.score import Say, Script
from voicecoach.core.units import SECOND, Ms, seconds
from voicecoach.core.wording import Wording


def where(wording: Wording, segment: Segment) -> Script:
    """Exercise, rep, side and position."""
    place, language = segment.place, wording.language
    if segment.exercise is None:
        return wording.sentence("before_first" if place.exercise == 0 else "after_last")
    total = language.number(len(wording.routine.exercises))
    number = language.number(place.exercise)
    words = [wording.say("where", name=place.name, number=number, total=total)]
    if place.rep:
        words.append(wording.which(segment))
    words.append(language.positions[segment.exercise.position])
    return tuple(Say(sentence) for sentence in words)


def how_long(wording: Wording, index: int) -> Script:
    """Reps left in this exercise and minutes left in all."""
    segment = wording.segments[index]
    left = sum(
        later.role is Role.REP and later.place.exercise == segment.place.exercise
        for later in wording.segments[index + 1 :]
    )
    words = []
    exercise = segment.exercise
    if exercise is not None and not exercise.dose.as_many and not exercise.dose.asked:
        number = wording.language.number(left).capitalize()
        words.append(wording.say("reps_left", number=number) if left else wording.say("rep_left"))
    minutes = span(wording.language, Ms(wording.minutes(index) * 60 * SECOND))
    words.append(wording.say("time_left", minutes=minutes))
    return tuple(Say(sentence) for sentence in words)


def question(wording: Wording, exercise: Exercise, name: str) -> Script:
    """Asks for a number that the source does not give."""
    intro = wording.sentence("ask_intro", name=exercise.name)
    return (*intro, *wording.sentence(f"ask_{name.partition('.')[0]}"))


def proposal(wording: Wording, name: str, value: int) -> Script:
    """Says a number back: `Five times. Is that right?`."""
    number = amount(wording, name, value)
    return wording.sentence("ask_confirm", number=number[:1].upper() + number[1:])


def amount(wording: Wording, name: str, value: int) -> str:
    """A number with its unit."""
    match name:
        case "reps":
            return times(wording.language, value)
        case "sets":
            return counted(wording.language, value, "a_round", "rounds")
        case "breaths":
            return counted(wording.language, value, "a_breath", "breaths")
        case _:
            return span(wording.language, seconds(value))
