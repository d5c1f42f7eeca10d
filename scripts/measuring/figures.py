"""Figures: a measured value beside its target, and the table of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_SMALL = {"x as long", "x as fast"}


@dataclass(frozen=True)
class Figure:
    """A measured value and what it should be."""

    name: str
    value: float | None
    target: float | None
    unit: str
    note: str = ""
    usual: str = ""
    least: bool = False  # the target is the least that it should be, not the most

    @property
    def verdict(self) -> str:
        """Met or missed; a figure without a target is only told."""
        if self.value is None:
            return "not measured"
        if self.target is None:
            return ""
        met = self.value >= self.target if self.least else self.value <= self.target
        return "met" if met else "missed"

    @property
    def decimals(self) -> int:
        """Positions in samples are exact to 0.02 ms; moments of the machine's clock are not."""
        if self.unit == "ms" and self.target == 1:
            return 3
        return 2 if self.unit in _SMALL else 0


def median(values: Sequence[float]) -> float | None:
    """None of none."""
    return statistics.median(values) if values else None


def table(figures: Sequence[Figure]) -> str:
    """Plain lines, in columns."""
    rows = [("what", "measured", "target", "", "the usual way", "")]
    for one in figures:
        value = "-" if one.value is None else f"{one.value:.{one.decimals}f}"
        target = (
            "" if one.target is None else f"{'>=' if one.least else '<='} {one.target:g} {one.unit}"
        )
        rows.append(
            (one.name, f"{value} {one.unit}", target, one.verdict, one.usual, one.note),
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)
