"""What a part of the bench is: which words, by whom, in which conditions; and its figures.

Laws: who is judged was never met by the network that judges: people and recordings by groups, each
by the networks trained without it; commands by the voices of flite, too, and all else that is said
by synthetic voices by the networks that ship. A figure by synthetic voices says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from listening import corpus, lines
from listening.coach import sentences
from listening.conditions import CLEAN, Condition, Surroundings
from listening.corpus import Clip
from listening.lines import Line
from listening.measure import Job, Nets, Result, Strays, Trial
from listening.report import Figure


@dataclass(frozen=True)
class Plan:
    """On whom and how thoroughly it is measured."""

    folder: Path | None
    """Recordings; None measures what needs none."""
    weights: dict[int | None, Nets]
    """Of the networks that judge each group; None is everybody, and most synthetic voices."""
    quick: bool = False
    engine: str = "pocketsphinx"
    speaks: bool = True
    """Whether the coach's voice can be rendered."""

    @cached_property
    def groups(self) -> list[int | None]:
        """Groups of people, each judged by its own network."""
        return [group for group in self.weights if group is not None] or [None]

    @cached_property
    def clips(self) -> dict[str, list[Clip]]:
        """Single words by people."""
        found: dict[str, list[Clip]] = {}
        for clip in corpus.words(self.folder) if self.folder else ():
            found.setdefault(clip.word, []).append(clip)
        return found

    def some(self, word: str, count: int) -> list[Clip]:
        """So many clips of a word."""
        return lines.some(self.clips.get(word, []), count)

    def around(self, group: int | None) -> Surroundings:
        """What may surround a group."""
        return Surroundings(self.folder, group)

    def job(self, part: str, name: str, group: int | None = None, **facts: object) -> Job:
        """A job for the network of a group."""
        facts = {"lines": (), "condition": CLEAN, "around": self.around(group), **facts}
        weights = self.weights[group]
        return Job(part, name, weights=weights, engine=self.engine, **facts)  # type: ignore[arg-type]

    def by_people(
        self,
        part: str,
        said: Sequence[Line],
        condition: Condition,
        **more: object,
    ) -> list[Job]:
        """A job for each group that has what the condition needs. `more`: other facts of a Job."""
        coach = condition.echo is not None and condition.path != "recorded"
        texts = sentences()[:: self.of(9, 45)] if coach and self.speaks else ()
        found = []
        for group in self.groups:
            mine = [one for one in said if group is None or corpus.fold(one.speaker) == group]
            if not mine or not self.around(group).has(condition) or coach > self.speaks:
                continue
            facts = {"lines": tuple(mine), "condition": condition, "coach": texts}
            found.append(self.job(part, str(condition), group, **(facts | more)))
        return found

    def of(self, full: int, quick: int) -> int:
        """So many."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Part:
    """Something to measure."""

    jobs: Callable[[Plan], list[Job]]
    figures: Callable[[Sequence[Result]], list[Figure]]


def by_name(results: Sequence[Result]) -> dict[str, list[Trial]]:
    """The trials of all groups in each condition."""
    found: dict[str, list[Trial]] = {}
    for one in results:
        found.setdefault(one.job.name, []).extend(one.trials)
    return found


def lost(results: Sequence[Result]) -> dict[str, Strays]:
    """What was heard where nothing was said."""
    found: dict[str, Strays] = {}
    for one in results:
        found[one.job.name] = found.get(one.job.name, Strays()) + one.strays
    return found
