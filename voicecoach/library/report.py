"""What is wrong with a file, and where: spots, errors, advice, and the collector of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from voicecoach.errors import RoutineError

MOST_ERRORS = 100
"""After this many a file is something else than a routine; more would only be noise."""


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file; line and column count from 1."""

    line: int
    column: int


TOP = Spot(1, 1)


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that works but could be said better; never keeps a routine from loading."""

    path: Path
    line: int
    column: int
    rule: str
    what: str
    fix: str

    def __str__(self) -> str:
        """The line that `check` prints: as an error's, with the word advice in it."""
        return f"{self.path}:{self.line}:{self.column}: advice: {self.rule}: {self.what} {self.fix}"


class TooManyErrors(Exception):  # noqa: N818 - it ends a walk; nobody reports it
    """The walk has found enough."""


@dataclass(slots=True)
class Report:
    """Collects the findings of one file."""

    path: Path
    errors: list[RoutineError] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)

    def error(self, at: Spot, rule: str, what: str, fix: str) -> None:
        """Adds an error. Raises TooManyErrors once there are `MOST_ERRORS`."""
        self.errors.append(RoutineError(self.path, at.line, at.column, rule, what, fix))
        if len(self.errors) >= MOST_ERRORS:
            raise TooManyErrors

    def advise(self, at: Spot, rule: str, what: str, fix: str) -> None:
        """Adds a piece of advice; what exceeds `MOST_ERRORS` is dropped."""
        if len(self.advice) < MOST_ERRORS:
            self.advice.append(Advice(self.path, at.line, at.column, rule, what, fix))


def shown(text: str, most: int = 40) -> str:
    """A piece of the file fit to stand in a message: one line, printable, not too long."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * most]).split())
    return flat if len(flat) <= most and len(text) <= 4 * most else f"{flat[:most].rstrip()}..."
