"""Doses and spans in words."""

from __future__ import annotations

from voicecoach.core.language import Language
from voicecoach.core.routine import Amount, Clock, Dose, Side, Sides
from voicecoach.core.units import SECOND, Ms, seconds


def told(language: Language, dose: Dose, *, offers: bool = True) -> list[str]:
    """How much there is to do, in sentences: said before the exercise begins.

    `offers`: with what the person may ask for, which nobody should be told who is not heard.
    """
    timed = dose.clock is not Clock.PHASES
    each = span(language, dose.hold)
    if dose.breaths:
        each = counted(language, dose.breaths, "a_breath", "breaths")
    words = {"reps": times(language, dose.reps), "seconds": each}
    if dose.as_many:
        said = [language.say("as_many")]
    else:
        name = "times" if timed else "times_only"
        match dose.sides:
            case Sides.NONE:
                said = [language.say(name, **words)]
            case Sides.LEFT | Sides.RIGHT:
                words["side"] = language.sides[Side(dose.sides.value)]
                side = "times_one_side" if timed else "times_only_one_side"
                said = [language.say(side, **words)]
            case Sides.BOTH | Sides.ALTERNATE:
                words["side"] = language.sides[dose.first_side]
                said = [language.say(f"{name}_side", **words)]
    if dose.sets > 1:
        said.append(language.say("sets", sets=language.number(dose.sets).capitalize()))
    limits = dict(dose.limits)
    longest = limits.get("hold") or limits.get("work")
    if offers and longest is not None and not dose.breaths:
        said.append(language.say("up_to", seconds=span(language, seconds(longest.high))))
    return said


def span(language: Language, length: Ms) -> str:
    """`five seconds`, `two minutes`: whole seconds, rounded up."""
    count = -(-length // SECOND)
    minutes, rest = divmod(count, 60)
    if minutes and not rest:
        return counted(language, minutes, "a_minute", "minutes")
    return counted(language, count, "a_second", "seconds")


def times(language: Language, reps: int) -> str:
    """`Once`, `Twice`, `Five times`."""
    counts = {1: language.say("once"), 2: language.say("twice")}
    many = language.say("n_times", number=language.number(reps).capitalize())
    return counts.get(reps, many)


def counted(language: Language, count: int, one: str, many: str) -> str:
    """A number of things, by the names of the sentences for one and for many."""
    number = language.number(count)
    return language.say(one) if count == 1 else language.say(many, number=number)


def per_day(language: Language, amount: Amount | None, *, often: bool) -> list[str]:
    """How often a day, in a sentence, where the text says so."""
    if often:
        return [language.say("as_often")]
    if amount is None:
        return []
    told = times(language, amount.low).lower()
    if amount.high > amount.low:
        low, high = language.number(amount.low), language.number(amount.high)
        told = language.say("from_to_times", low=low, high=high)
    return [language.say("times_a_day", times=told)]
