"""Figures, what they should be, and how they are told."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from listening import intervals
from listening.measure import Strays, Trial

TARGETS = Path(__file__).with_name("targets.toml")


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be; None where nothing is asked."""

    must: float | None = None
    aim: float | None = None
    floor: float | None = None
    """What a run may not miss, well off what was measured."""
    quick: float | None = None
    """The same for the short form, which has few clips."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its 95 % interval."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    of: str
    """On how much it was measured."""
    better: Literal["more", "less"] = "more"
    note: str = ""
    detail: bool = False
    """One of many: lines tell it only where it is not perfect."""

    @property
    def perfect(self) -> bool:
        """Whether it could not be better."""
        return self.value == (100 if self.better == "more" else 0)

    def reaches(self, wanted: float) -> bool:
        """Whether it is as good as this."""
        return self.value >= wanted if self.better == "more" else self.value <= wanted

    def verdict(self, target: Target) -> str:
        """In a word or two."""
        for wanted, name in ((target.aim, "aim met"), (target.must, "must met")):
            if wanted is not None and self.reaches(wanted):
                return name
        return "" if target.must is None and target.aim is None else "missed"


def targets(path: Path = TARGETS) -> dict[str, Target]:
    """By name of figure."""
    return {name: Target(**row) for name, row in tomllib.loads(path.read_text("utf-8")).items()}


def share(
    name: str,
    trials: Sequence[Trial],
    hit: Callable[[Trial], bool],
    better: Literal["more", "less"] = "more",
) -> list[Figure]:
    """How many of the trials, in percent; nothing where there are none."""
    if not trials:
        return []
    hits = [(trial.line.speaker, hit(trial)) for trial in trials]
    count, people = sum(one for _, one in hits), len({speaker for speaker, _ in hits})
    synthetic = any(trial.line.voice for trial in trials)
    if synthetic:
        low, high = intervals.wilson(count, len(hits))
    else:
        low, high = intervals.share_by_speaker(hits)
    kind = "voices" if synthetic else "people"
    note = "synthetic voices" if synthetic else ""
    of = f"{count} of {len(hits)}, {people} {kind}"
    value = 100 * count / len(hits)
    return [Figure(name, value, 100 * low, 100 * high, "%", of, better, note)]


def details(figures: Iterable[Figure]) -> list[Figure]:
    """The same, as some of many."""
    return [replace(one, detail=True) for one in figures]


def delays(name: str, trials: Sequence[Trial]) -> list[Figure]:
    """From the end of the word to the decision, of those that were heard."""
    found = [(one.line.speaker, float(one.delay)) for one in trials if one.delay is not None]
    if not found:
        return []
    figures = []
    for what, share_of in (("median", 0.5), ("95 of 100 within", 0.95)):

        def quantile(values: npt.NDArray[np.float64], share: float = share_of) -> float:
            return float(np.quantile(values, share))

        value = quantile(np.array([delay for _, delay in found]))
        low, high = intervals.value_by_speaker(found, quantile)
        of = f"{len(found)} decisions"
        figures.append(Figure(f"{name}, {what}", value, low, high, "ms", of, "less"))
    return figures


def rates(name: str, found: Strays) -> list[Figure]:
    """False halts, commands and suspicions an hour."""
    if not found.hours:
        return []
    counts = (
        ("false stops", found.halts),
        ("false commands", found.commands),
        ("suspicions", found.suspicions),
    )
    figures = []
    for what, count in counts:
        low, high = intervals.per_hour(count, found.hours)
        of = f"{count} in {found.hours * 60:.1f} min"
        value = count / found.hours
        figures.append(Figure(f"{what}, {name}", value, low, high, "an hour", of, "less"))
    return figures


def confusions(trials: Iterable[Trial]) -> dict[str, dict[str, int]]:
    """What was said -> what was heard first -> how often."""
    table: dict[str, Counter[str]] = {}
    for trial in trials:
        said = trial.line.intent or trial.line.text
        heard = trial.heard[0][0] if trial.heard else "nothing"
        table.setdefault(str(said), Counter())[str(heard)] += 1
    return {said: dict(row.most_common()) for said, row in table.items()}


def table(figures: Sequence[Figure], wanted: dict[str, Target]) -> str:
    """Plain lines, in columns."""
    rows = [("what", "measured", "95 % between", "of", "must", "aim", "", "")]
    for one in figures:
        if one.detail and one.perfect:
            continue
        target = wanted.get(one.name, Target())
        sign = ">=" if one.better == "more" else "<="
        must, aim = ("" if ask is None else f"{sign} {ask:g}" for ask in (target.must, target.aim))
        digits = 0 if one.unit in {"ms", "MB"} else 3 if one.unit in {"s", "s a s"} else 1
        rows.append(
            (
                one.name,
                f"{one.value:.{digits}f} {one.unit}",
                f"{one.low:.{digits}f} to {one.high:.{digits}f}",
                one.of,
                must,
                aim,
                one.verdict(target),
                one.note,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def confused(tables: dict[str, dict[str, dict[str, int]]]) -> str:
    """Lines of what was taken for something else."""
    lines = []
    for name, rows in tables.items():
        for said, heard in rows.items():
            wrong = {other: count for other, count in heard.items() if other != said}
            if wrong:
                parts = ", ".join(f"{other} {count}" for other, count in wrong.items())
                lines.append(f"{name}: {said} ({sum(heard.values())} times) heard as {parts}.")
    return "\n".join(lines)


def missed(figures: Iterable[Figure], wanted: dict[str, Target], *, quick: bool) -> list[str]:
    """A sentence for each floor that is not reached."""
    faults = []
    for one in figures:
        target = wanted.get(one.name, Target())
        floor = target.quick if quick else target.floor
        if floor is not None and not one.reaches(floor):
            than = "less" if one.better == "more" else "more"
            faults.append(f"{one.name}: {one.value:.1f} {one.unit} is {than} than {floor:g}.")
    return faults


def as_json(figures: Sequence[Figure], wanted: dict[str, Target]) -> list[dict[str, object]]:
    """Every figure with its target."""
    rows = []
    for one in figures:
        target = wanted.get(one.name, Target())
        asked = {key: value for key, value in asdict(target).items() if value is not None}
        rows.append({**asdict(one), **asked, "verdict": one.verdict(target)})
    return rows
