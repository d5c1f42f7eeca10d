"""The history as lines, as JSON and as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, TextIO

from voicecoach.diary.history import Past
from voicecoach.diary.words import (
    dose_line,
    ending,
    moment,
    score_line,
    short,
    span,
    stop_line,
)

HEADER = (
    *("session", "began", "routine", "at_s", "kind", "exercise"),
    *("set", "side", "rep", "held_s", "prescribed_s", "words", "by"),
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def lines(past: Past) -> Iterator[str]:
    """One session, as a person reads it."""
    yield f"{moment(past.began)}. {short(past.routine)}: {ending(past)}, {span(past.lasted_ms)}."
    for dose in past.doses:
        if dose.held_ms or dose.left_out or not past.resumed:  # else it stands in that one
            yield f"  {dose_line(dose)}"
    for stop in past.stops:
        yield f"  {stop_line(stop)}"
    if scored := score_line(past):
        yield f"  {scored}"


def record(past: Past) -> dict[str, Any]:
    """One session, as JSON."""
    return {
        "session": past.id,
        "began": past.began.isoformat(),
        "routine": past.routine,
        "end": past.end.value,
        "resumed": past.resumed,
        "lasted_ms": past.lasted_ms,
        "exercises": [asdict(dose) for dose in past.doses],
        "stops": [asdict(stop) for stop in past.stops],
        "scores": [asdict(score) for score in past.scores],
    }


def write_csv(stream: TextIO, sessions: Iterable[Past]) -> None:
    """Every rep, change and note, one a row, in the order in which they happened."""
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(HEADER)
    for past in sessions:
        for row in sorted(_entries(past), key=lambda row: int(row[0])):
            at, *rest = row
            begun = (past.id, past.began.isoformat(timespec="seconds"), past.routine)
            table.writerow([cell(one) for one in (*begun, seconds(at), *rest)])


def _entries(past: Past) -> Iterator[Sequence[Any]]:
    names = {dose.number: dose.name for dose in past.doses}
    for rep in past.reps:
        kind = "rep" if rep.done else "rep broken off"
        where = (names.get(rep.number, ""), rep.set, rep.side, rep.rep)
        yield rep.at_ms, kind, *where, seconds(rep.held_ms), seconds(rep.prescribed_ms), "", ""
    for dose in past.doses:
        for change in dose.changes:
            now = f"{change.sets} x {change.reps}, {seconds(change.each_ms)} s each"
            kind = f"change of {change.how}"
            yield change.at_ms, kind, change.name, "", "", "", "", "", now, ""
    for note in past.notes:
        held = seconds(note.held_ms) if note.held_ms else ""
        where = (names.get(note.number, ""), note.set, note.side, note.rep)
        yield note.at_ms, note.kind, *where, held, "", note.words, note.by


def seconds(ms: int) -> str:
    """Exactly, as in 3.456."""
    return f"{ms // 1000}.{ms % 1000:03}"


def cell(value: object) -> str:
    """Words that begin like a formula are words in a spreadsheet, too (OWASP, CSV injection)."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
