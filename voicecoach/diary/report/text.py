"""The report as plain lines, and as a summary to be spoken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from voicecoach.diary.report.facts import Adherence, Facts, Span, Total
from voicecoach.diary.words import count, days, moment, short, span, stop_line

ABOUT = (
    "This was counted by voicecoach from its diary. It saw and examined nobody. "
    "Holds are timed by its own clock. Pain scores are the person's own, from zero to ten."
)
NO_SCORES = "No pain score was given."
NO_STOPS = "There was no stop."
NOTHING_LEFT_OUT = "Nothing was left out."

_SECOND = 1000


def heading(facts: Facts) -> str:
    """`22 October to 20 November 2026, 30 days`."""
    period = facts.period
    of = f", {short(period.routine)}" if period.routine else ""
    return f"{days(period.first, period.last)}, {count(period.days, 'day')}{of}"


def lines(facts: Facts) -> Iterator[str]:
    """The whole report, one fact a line."""
    yield "Report of the exercise diary"
    yield f"{heading(facts)}."
    yield ABOUT
    if not facts.sessions:
        yield facts.period.nothing
        return
    yield ""
    yield "Sessions"
    for one in facts.adherence:
        yield adherence_line(one)
    for each in facts.spans:
        yield f"{each.name}: {_done(each)}."
    yield ""
    yield "Exercises: what was done of what was prescribed"
    for total in facts.totals:
        yield total_line(total)
    yield ""
    yield "Pain before and after"
    if not facts.scored:
        yield NO_SCORES
    for each in facts.spans:
        if told := scores(each):
            yield f"{each.name}: {told}."
    yield ""
    yield "Stops, the latest first"
    if not facts.stops:
        yield NO_STOPS
    for at in facts.stops:
        yield f"{moment(at.past.began)}. {stop_line(at.stop)}"
    yield ""
    yield "Left out"
    yield from left_out(facts) or [NOTHING_LEFT_OUT]


def adherence_line(one: Adherence) -> str:
    """`Gentle back: 41 sessions, 38 finished. Prescribed: 2 a day, 60 in 30 days.`."""
    told = f"{short(one.routine)}: {count(one.sessions, 'session')}, {one.finished} finished."
    return f"{told} {prescription(one)}"


def prescription(one: Adherence) -> str:
    """How often, as the text has it; a sentence."""
    if one.often:
        return "Prescribed: as often as the person can."
    if one.per_day is None:
        return "Its text gives no number of times a day."
    low, high = one.per_day
    often = f"{low}" if low == high else f"{low} to {high}"
    return f"Prescribed: {often} a day, at least {one.prescribed} in {count(one.days, 'day')}."


def _done(each: Span) -> str:
    told = f"{count(each.sessions, 'session')}, {each.finished} finished"
    return f"{told}, {each.prescribed} prescribed" if each.prescribed else told


def total_line(total: Total) -> str:
    """`Bridge: 190 of 200 reps, held 950 of 1000 seconds (95 percent). Left out in 2 sessions.`."""
    reps = f"{total.reps_done} of {count(total.reps, 'rep')}"
    words = [reps if total.reps else count(total.reps_done, "rep")]
    if total.ms:
        words.append(f"held {seconds(total.held_ms)} of {seconds(total.ms)} seconds")
        words[-1] += f" ({percent(total)} percent)"
    if total.free_ms:
        words.append(f"held {seconds(total.free_ms)} seconds where no number is prescribed")
    more = [
        f" {what} in {count(number, 'session')}."
        for what, number in (("Left out", total.left_out), ("Not begun", total.not_begun))
        if number
    ]
    if total.changes:
        more.append(f" The dose was changed {_times(total.changes)}.")
    if total.stops:
        more.append(f" Stopped {_times(total.stops)}.")
    return f"{short(total.name)}: {', '.join(words)}.{''.join(more)}"


def seconds(ms: int) -> int:
    """Whole seconds."""
    return round(ms / _SECOND)


def percent(total: Total) -> int:
    """What was held of what was prescribed. Rounded down, so that 100 means all."""
    return total.held_ms * 100 // total.ms if total.ms else 0


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def scores(each: Span) -> str:
    """`4.2 before, 3.0 after on average; 6 at most`."""
    told = [
        f"{value:.1f} {when}"
        for value, when in ((each.before, "before"), (each.after, "after"))
        if value is not None
    ]
    if not told:
        return "" if each.worst is None else f"{each.worst} at most"
    return f"{', '.join(told)} on average; {each.worst} at most"


def left_out(facts: Facts) -> list[str]:
    """One line for each exercise that was skipped or dropped."""
    return [
        f"{short(total.name)}: left out in {total.left_out} of {count(total.sessions, 'session')}."
        for total in facts.totals
        if total.left_out
    ]


def summary(facts: Facts) -> list[str]:
    """Sentences to be spoken, the most important first; none is longer than fourteen words."""
    if not facts.sessions:
        return [facts.period.nothing]
    within = "Today" if facts.period.days == 1 else f"In the last {facts.period.days} days"
    total = sum(one.sessions for one in facts.adherence)
    said = [
        f"{within} there {'was' if total == 1 else 'were'} {count(total, 'session')}.",
        f"You came to the end of {_of(facts.finished, total)}." if total > 1 else "",
    ]
    if wanted := sum(one.prescribed for one in facts.adherence):
        said.append(f"Your text wants at least {wanted}.")
    if ms := sum(one.ms for one in facts.totals):
        held = sum(one.held_ms for one in facts.totals)
        said.append(f"You did {held * 100 // ms} percent of the seconds prescribed.")
    said += _spoken_pain(facts)
    said += _spoken_stops(facts)
    for one in sorted(facts.totals, key=lambda one: -one.left_out)[:3]:
        if one.left_out:
            said.append(f"Left out {_times(one.left_out)}:")
            said.append(f"{short(one.name)}.")
    said.append(f"The longest session lasted {span(max(one.lasted_ms for one in facts.sessions))}.")
    return [sentence for sentence in said if sentence]


def _of(part: int, whole: int) -> str:
    return {0: "none of them", whole: "all of them"}.get(part, f"{part} of them")


def _spoken_pain(facts: Facts) -> Iterator[str]:
    first = next((one for one in facts.spans if one.before is not None), None)
    last = next((one for one in reversed(facts.spans) if one.before is not None), None)
    if first is None or last is None:
        yield NO_SCORES
        return
    yield f"Your pain before a session was {_spoken(first.before)} at first."
    if last is not first:
        yield f"Lately it was {_spoken(last.before)}."
    if last.after is not None:
        yield f"After a session it was {_spoken(last.after)}."


def _spoken(value: float | None) -> str:
    number = f"{value:.1f}" if value is not None else "unknown"
    return number.removesuffix(".0")


def _spoken_stops(facts: Facts) -> Iterator[str]:
    if not facts.stops:
        yield NO_STOPS
        return
    number = len(facts.stops)
    hurt = sum(at.stop.kind != "stop" or at.stop.hurt for at in facts.stops)
    yield f"You broke off {_times(number)}."
    yield f"Something hurt or felt wrong in {_of(hurt, number)}."
    ((where, most),) = Counter(at.stop.exercise for at in facts.stops).most_common(1)
    if where and number > 1:
        yield f"Most often, {_times(most)}, in this exercise:"
        yield f"{short(where)}."
