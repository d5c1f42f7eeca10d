"""What a report tells: counted from the sessions of a period, and nothing beyond."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from voicecoach.diary.history import Dose, End, Past, Stop, When
from voicecoach.diary.reading import Period
from voicecoach.diary.words import days, month

MOST_SPANS = 16
"""Rows of a table over time, at most: so that a report of any length fits its two pages."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Adherence:
    """How often a routine was done, and how often its text wants it.

    A session that went on where another was left counts as one with it.
    """

    routine: str
    per_day: tuple[int, int] | None  # from and to; None: the text gives no number
    often: bool
    days: int  # of the period, from its first session ever
    sessions: int
    finished: int

    @property
    def prescribed(self) -> int:
        """Sessions, at the low end of what is prescribed; 0 where no number is."""
        return self.per_day[0] * self.days if self.per_day else 0


@dataclass(frozen=True, slots=True)
class Total:
    """One exercise over all sessions; reps and milliseconds on the clock."""

    exercise: str
    name: str
    sessions: int
    reps: int
    reps_done: int
    ms: int
    held_ms: int  # of what was prescribed; what had no number stands in `free_ms`
    free_ms: int
    left_out: int  # sessions in which it was skipped or dropped
    not_begun: int  # sessions that ended before it
    changes: int
    stops: int


@dataclass(frozen=True, slots=True)
class Span:
    """A day, a week, a month or a year of the period; scores are means, from zero to ten."""

    name: str
    first: date
    last: date
    sessions: int
    finished: int
    prescribed: int
    before: float | None
    after: float | None
    worst: int | None


@dataclass(frozen=True, slots=True)
class At:
    """A stop, and when its session began."""

    past: Past
    stop: Stop


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a report tells."""

    period: Period
    adherence: tuple[Adherence, ...]
    totals: tuple[Total, ...]
    spans: tuple[Span, ...]
    stops: tuple[At, ...]  # the latest first
    finished: int

    @property
    def sessions(self) -> Sequence[Past]:
        """Those of the period, oldest first."""
        return self.period.sessions

    @property
    def scored(self) -> bool:
        """Whether any pain score was given."""
        return any(span.before is not None or span.after is not None for span in self.spans)


def gather(period: Period) -> Facts:
    """The facts of a period."""
    adherence = tuple(_adherence(period))
    stops = [At(past, stop) for past in period.sessions for stop in past.stops]
    return Facts(
        period,
        adherence,
        tuple(_totals(period.sessions)),
        tuple(_spans(period, adherence)),
        tuple(reversed(stops)),
        sum(past.end is End.FINISHED for past in period.sessions),
    )


def _first_day(period: Period, routine: str) -> date:
    return max(period.first, period.begun.get(routine, period.first))


def _adherence(period: Period) -> Iterator[Adherence]:
    by_routine: dict[str, list[Past]] = defaultdict(list)
    for past in period.sessions:
        by_routine[past.routine].append(past)
    for routine, sessions in sorted(by_routine.items()):
        newest = sessions[-1]
        yield Adherence(
            routine,
            newest.per_day,
            newest.often,
            (period.last - _first_day(period, routine)).days + 1,
            sum(not past.resumed for past in sessions),
            sum(past.end is End.FINISHED for past in sessions),
        )


def _totals(sessions: Sequence[Past]) -> Iterator[Total]:
    """In the order in which the exercises first came."""
    found: dict[str, list[tuple[Past, int]]] = {}
    for past in sessions:
        for index, dose in enumerate(past.doses):
            found.setdefault(dose.exercise, []).append((past, index))
    for exercise, places in found.items():
        yield _total(exercise, [(past, past.doses[index]) for past, index in places])


def _total(exercise: str, doses: Sequence[tuple[Past, Dose]]) -> Total:
    """A session that went on where another was left adds to what was done of that one's dose."""
    first = [dose for past, dose in doses if not past.resumed]
    again = [dose for past, dose in doses if past.resumed]
    counted = sum(dose.held_ms for dose in first if dose.ms)
    free = sum(dose.held_ms for dose in first if not dose.ms)
    more = sum(dose.held_ms for dose in again)
    reps, ms = sum(dose.reps for dose in first), sum(dose.ms for dose in first)
    done = sum(dose.reps_done for _, dose in doses)
    left = sum(not (dose.held_ms or dose.reps_done or dose.left_out) for dose in first)
    return Total(
        exercise,
        doses[-1][1].name,
        sessions=len(first),
        reps=reps,
        # Not more than was prescribed: a rep that was broken off may have been done anew.
        reps_done=min(done, reps) if reps else done,
        ms=ms,
        held_ms=min(counted + more, ms),
        free_ms=free if ms else free + more,
        left_out=sum(dose.left_out for _, dose in doses),
        not_begun=max(left - sum(bool(dose.held_ms) for dose in again), 0),
        changes=sum(len(dose.changes) for _, dose in doses),
        stops=sum(stop.number == dose.number for past, dose in doses for stop in past.stops),
    )


def _spans(period: Period, adherence: Sequence[Adherence]) -> Iterator[Span]:
    starts = [*_starts(period.first, period.last), period.last + _DAY]
    by_day: Mapping[date, list[Past]] = _by_day(period.sessions)
    for first, after in pairwise(starts):
        within = [first + count * _DAY for count in range((after - first).days)]
        sessions = [past for one in within for past in by_day.get(one, ())]
        before = _scores(sessions, When.BEFORE)
        later = _scores(sessions, When.AFTER)
        yield Span(
            _name(first, after - _DAY),
            first,
            after - _DAY,
            sum(not past.resumed for past in sessions),
            sum(past.end is End.FINISHED for past in sessions),
            sum(
                one.per_day[0]
                for one in adherence
                for day in within
                if one.per_day and day >= _first_day(period, one.routine)
            ),
            _mean(before),
            _mean(later),
            max((*before, *later, *_scores(sessions, When.WITHIN)), default=None),
        )


def _by_day(sessions: Sequence[Past]) -> Mapping[date, list[Past]]:
    found: dict[date, list[Past]] = defaultdict(list)
    for past in sessions:
        found[past.began.date()].append(past)
    return found


def _starts(first: date, last: date) -> list[date]:
    """The first days of the spans: the shortest kind of span of which there are few enough."""
    every = [first + count * _DAY for count in range((last - first).days + 1)]
    kinds = (
        lambda _: True,
        lambda one: one.weekday() == 0,
        lambda one: one.day == 1,
        lambda one: one.day == 1 and one.month % 3 == 1,
        lambda one: one.day == one.month == 1,
        lambda one: one.day == one.month == 1 and one.year % 10 == 0,
    )
    for begins in kinds:
        starts = [one for one in every if one == first or begins(one)]
        if len(starts) <= MOST_SPANS:
            return starts
    return [first]


def _name(first: date, last: date) -> str:
    if first.day == (last + _DAY).day == 1 and first.month == last.month:
        return month(first)
    return days(first, last)


def _scores(sessions: Sequence[Past], when: When) -> list[int]:
    return [
        score.value
        for past in sessions
        for score in past.scores
        if score.when is when and score.value is not None
    ]


def _mean(values: Sequence[int]) -> float | None:
    return sum(values) / len(values) if values else None
