"""The report as CSV: every session's exercises, one a row."""

from __future__ import annotations

import csv
import io

from voicecoach.diary.history import Past, When
from voicecoach.diary.listing import cell, seconds
from voicecoach.diary.report.facts import Facts
from voicecoach.diary.words import stop_line

HEADER = (
    *("session", "began", "routine", "end", "pain_before", "pain_after", "exercise"),
    *("reps_prescribed", "reps_done", "s_prescribed", "s_held", "left_out", "stops"),
)


def table(facts: Facts) -> str:
    """Rows in the order of time; empty where no number is prescribed or known."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for past in facts.sessions:
        for dose in past.doses:
            stops = [stop_line(stop) for stop in past.stops if stop.number == dose.number]
            row = (
                *(past.id, past.began.isoformat(timespec="seconds"), past.routine, past.end.value),
                *(_score(past, When.BEFORE), _score(past, When.AFTER), dose.name),
                *(dose.reps or "", dose.reps_done),
                *(seconds(dose.ms) if dose.ms else "", seconds(dose.held_ms)),
                *("yes" if dose.left_out else "no", " ".join(stops)),
            )
            writer.writerow([cell(one) for one in row])
    return stream.getvalue()


def _score(past: Past, when: When) -> int | str:
    value = past.score(when)
    return "" if value is None else value
