"""What the person may ask or change on the way, without losing the thread or a second of a hold.

Law: a range is moved within what the author wrote and never beyond; what is changed counts from
the next repetition on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from voicecoach.core.actions import Forget, Gain, Remember
from voicecoach.core.answers import amount, how_long, where
from voicecoach.core.commands import Intent
from voicecoach.core.moves import answer, freeze, leave, perform, prefixed, silenced
from voicecoach.core.plan import find, start_of
from voicecoach.core.profile import in_order, movable, settle, step_of, value_of
from voicecoach.core.state import Result, State
from voicecoach.core.units import RATES, Ms
from voicecoach.core.wording import Length, exercise_of

RATE_STEP = 20  # words a minute
GAINS = range(-18, 10)  # decibels
GAIN_STEP = 3

Command = Callable[[State, Ms], Result]


def _slower(state: State, _at: Ms) -> Result:
    return _at_rate(state, state.rate - RATE_STEP, "slower")


def _faster(state: State, _at: Ms) -> Result:
    return _at_rate(state, state.rate + RATE_STEP, "faster")


def _at_rate(state: State, rate: int, sentence: str) -> Result:
    if rate not in RATES:
        return answer(state, state.wording.sentence("as_far"))
    return answer(replace(state, rate=rate), state.wording.sentence(sentence))


def _louder(state: State, _at: Ms) -> Result:
    return _at_gain(state, state.gain + GAIN_STEP, "louder")


def _quieter(state: State, _at: Ms) -> Result:
    return _at_gain(state, state.gain - GAIN_STEP, "quieter")


def _at_gain(state: State, gain: int, sentence: str) -> Result:
    if gain not in GAINS:
        return answer(state, state.wording.sentence("as_far"))
    louder = answer(replace(state, gain=gain), state.wording.sentence(sentence))
    return prefixed((Gain(gain),), louder)


def _how_long(state: State, _at: Ms) -> Result:
    return answer(state, how_long(state.wording, state.index))


def _where(state: State, _at: Ms) -> Result:
    return answer(state, where(state.wording, state.segment))


# -- how much is said, and how much is done -------------------------------------------------------


def _say_more(state: State, _at: Ms) -> Result:
    return _at_length(state, state.wording.length + 1, "more_words")


def _say_less(state: State, _at: Ms) -> Result:
    return _at_length(state, state.wording.length - 1, "fewer_words")


def _at_length(state: State, length: int, sentence: str) -> Result:
    if length not in set(Length):
        return answer(state, state.wording.sentence("as_far"))
    state = replace(state, wording=replace(state.wording, length=Length(length)))
    return answer(state, state.wording.sentence(sentence))


def _longer(state: State, _at: Ms) -> Result:
    return _moved(state, 1)


def _shorter(state: State, _at: Ms) -> Result:
    return _moved(state, -1)


def _moved(state: State, direction: int) -> Result:
    """Within the author's range: the time if it has one, else the number of times."""
    exercise = state.segment.exercise
    if exercise is None or exercise.dose.asked:
        return state, ()
    found = movable(exercise.dose)
    if found is None:
        return answer(state, state.wording.sentence("fixed"))
    name, limits = found
    old = value_of(exercise.dose, name)
    new = old + direction * step_of(exercise.dose, name, limits)
    new = min(max(new, limits.low), limits.high)
    if new == old:
        return answer(state, state.wording.sentence("as_given"))
    here = state.segment
    wording = state.wording.with_exercise(here.place.exercise, settle(exercise, name, new))
    state = replace(state, wording=wording, index=find(wording.segments, here))
    said = amount(wording, name, new)
    script = wording.sentence("from_now_on", seconds=said[:1].upper() + said[1:])
    remember = Remember(exercise.id, name, new)
    return prefixed((remember,), answer(state, script))


def _easier(state: State, at: Ms) -> Result:
    return _form(state, at, "easier")


def _harder(state: State, at: Ms) -> Result:
    return _form(state, at, "harder")


def _form(state: State, at: Ms, form: str) -> Result:
    """Another form of the exercise, from its start; the way back to this one stays open."""
    exercise = state.segment.exercise
    if exercise is None:
        return state, ()
    other = exercise.easier if form == "easier" else exercise.harder
    if other is None:
        return answer(state, state.wording.sentence(f"no_{form}"))
    easier = form == "easier"
    other = replace(other, harder=exercise) if easier else replace(other, easier=exercise)
    number = state.segment.place.exercise
    state = freeze(state, at)
    return leave(state, number, form, state.wording.with_exercise(number, other))


# -- a number that the source does not give -------------------------------------------------------


def accept(state: State) -> Result:
    """The number is right: it is kept, and the next one is asked for, or the exercise begins."""
    exercise = exercise_of(state.segment)
    name, value = state.asking, state.proposed
    settled = settle(exercise, name, value)
    number = state.segment.place.exercise
    state = replace(state, wording=state.wording.with_exercise(number, settled), asking="")
    kept = () if in_order(settled.dose) else state.wording.sentence("ask_kept")
    index = start_of(state.wording.segments, number)
    begun = perform(state, index, prefix=kept)
    return prefixed((Remember(exercise.id, name, value),), silenced(begun))


def _forget(state: State, _at: Ms) -> Result:
    return prefixed((Forget(),), answer(state, state.wording.sentence("note_deleted")))


ANSWERS: Mapping[Intent, Command] = {
    Intent.FORGET: _forget,
    Intent.SLOWER: _slower,
    Intent.FASTER: _faster,
    Intent.LOUDER: _louder,
    Intent.QUIETER: _quieter,
    Intent.HOW_LONG: _how_long,
    Intent.WHERE: _where,
    Intent.SAY_MORE: _say_more,
    Intent.SAY_LESS: _say_less,
    Intent.LONGER: _longer,
    Intent.SHORTER: _shorter,
    Intent.EASIER: _easier,
    Intent.HARDER: _harder,
}
"""Open in every phase but the goodbye."""
