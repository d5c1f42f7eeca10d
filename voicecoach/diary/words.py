"""The diary in plain words: days, times, places, and what was felt. For eyes and for ears."""

from __future__ import annotations

from datetime import date, datetime

from voicecoach.diary.history import Dose, End, Past, Stop, When

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_KINDS = {
    "worsening": "pain that gets worse",
    "nerve": "pins and needles, or numbness",
    "dizzy": "dizziness",
    "emergency": "an emergency",
    "help": "a call for help",
    "fallen": "a fall",
}
_SECOND, _MINUTE = 1000, 60_000

LONGEST_NAME = 80
"""Characters of a name or of words heard, before they are cut; the CSV has all of them."""


def plain(text: str) -> str:
    """Text that a terminal only shows: without controls, on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def short(text: str) -> str:
    """The same, cut where it is very long."""
    text = plain(text)
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"


def month(day: date) -> str:
    """`November 2026`."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day(when: date) -> str:
    """`20 November 2026`."""
    return f"{when.day} {month(when)}"


def short_day(first: date, last: date) -> str:
    """`20` over `Nov`, or for more than a week `Nov` over `2026`: below the axis of a plot."""
    name = _MONTHS[first.month - 1][:3]
    long = (last - first).days >= 7  # noqa: PLR2004 - days of a week
    return f"{name}\n{first.year}" if long else f"{first.day}\n{name}"


def moment(when: datetime) -> str:
    """`Friday 20 November 2026, 07:30`."""
    return f"{_DAYS[when.weekday()]} {day(when)}, {when:%H:%M}"


def short_moment(when: datetime) -> str:
    """`20 Nov 2026, 07:30`."""
    return f"{when.day} {_MONTHS[when.month - 1][:3]} {when.year}, {when:%H:%M}"


def days(first: date, last: date) -> str:
    """`20 November 2026`, `2 to 8 November 2026`, `30 August to 5 September 2026`."""
    if first == last:
        return day(last)
    words = [str(first.day)]
    if (first.year, first.month) != (last.year, last.month):
        words.append(_MONTHS[first.month - 1])
    if first.year != last.year:
        words.append(str(first.year))
    return f"{' '.join(words)} to {day(last)}"


def count(number: int, one: str, many: str = "") -> str:
    """`1 session`, `2 sessions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def span(ms: int) -> str:
    """`25 seconds`, `16 minutes`: rounded to what matters."""
    if ms < 2 * _MINUTE:
        return count(round(ms / _SECOND), "second")
    return count(round(ms / _MINUTE), "minute")


def kind(stop: Stop) -> str:
    """What was told of, in plain words."""
    return _KINDS.get(stop.kind, stop.kind.replace("_", " "))


def place(stop: Stop) -> str:
    """`Bridge, left side, rep 3`; its set only where there are several."""
    if not stop.exercise:
        return "between the exercises"
    words = [short(stop.exercise)]
    if stop.side:
        words.append(f"{plain(stop.side)} side")
    if stop.set > 1:
        words.append(f"set {stop.set}")
    words.append(f"rep {stop.rep}" if stop.rep else "before its first rep")
    return ", ".join(words)


def stop_line(stop: Stop) -> str:
    """`Pain in Bridge, left side, rep 3, after 3 seconds: “it hurts”.`."""
    what = kind(stop)
    held = f", after {span(stop.held_ms)}" if stop.held_ms else ""
    heard = f"key {plain(stop.words)}" if stop.by == "keys" else f"“{short(stop.words)}”"
    said = f": {heard}" if stop.words else ""
    where = f"in {place(stop)}" if stop.exercise else place(stop)
    return f"{what[:1].upper()}{what[1:]} {where}{held}{said}."


def dose_line(dose: Dose) -> str:
    """`Bridge: 3 of 5 reps, held 15 of 25 seconds, then left out.`."""
    if not (dose.reps_done or dose.held_ms):
        return f"{short(dose.name)}: {'left out' if dose.left_out else 'not begun'}."
    words = [
        f"{dose.reps_done} of {count(dose.reps, 'rep')}"
        if dose.reps
        else count(dose.reps_done, "rep")
    ]
    held = round(dose.held_ms / _SECOND)
    if dose.ms:
        words.append(f"held {held} of {count(round(dose.ms / _SECOND), 'second')}")
    else:
        words.append(f"held {count(held, 'second')}")
    if dose.left_out:
        words.append("then left out")
    return f"{short(dose.name)}: {', '.join(words)}."


def score_line(past: Past) -> str:
    """`Pain 3 before and 2 after, from zero to ten.`; nothing where it was not asked for."""
    told = [
        f"{'unknown' if score.value is None else score.value} {name}"
        for score in past.scores
        if (name := {When.BEFORE: "before", When.AFTER: "after"}.get(score.when, ""))
    ]
    return f"Pain {' and '.join(told)}, from zero to ten." if told else ""


def ending(past: Past) -> str:
    """How it ended, in words; and how it began, where that was with something left."""
    gone_on = "gone on where it was left, " if past.resumed else ""
    return (
        gone_on
        + {
            End.FINISHED: "finished",
            End.EARLY: "ended early, as wished",
            End.STOPPED: "ended for safety",
            End.INTERRUPTED: "interrupted",
            End.BROKEN_OFF: "broken off",
        }[past.end]
    )
