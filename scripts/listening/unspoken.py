"""Parts of the bench in which there is nothing to hear, and what is heard all the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from listening import corpus
from listening.coach import sentences
from listening.conditions import Condition, recorded_pairs, room_names
from listening.measure import Job, Result
from listening.plan import Plan, lost
from listening.report import Figure, rates

SOURCES = (
    # what it is called, folders, seconds in the short form
    ("continuous speech", ("speech",), 60),
    ("household and body sounds", ("noise", "body", "words/silence"), 45),
    ("another language", ("words/arabic",), 0),
)
_AT_ONCE = 200  # seconds in one stream


def false_jobs(plan: Plan) -> list[Job]:
    """Talk, noise, body sounds."""
    found = []
    for group in plan.groups:
        for what, folders, quick in SOURCES:
            paths = _recordings(plan, group, folders)
            if plan.quick:
                paths = _first(paths[group or 0 :: 3], quick / len(plan.groups))
            found += [plan.job("false", what, group, sounds=some) for some in _in_parts(paths)]
            if what == "continuous speech" and not plan.quick:
                found += _hard_speech(plan, group, paths)
    return found


def _hard_speech(plan: Plan, group: int | None, paths: Sequence[Path]) -> list[Job]:
    """In a room; and many talking at once."""
    found = []
    for name in [name for name in room_names(plan.folder) if "0.65" in name]:
        condition, what = Condition(room=name), "continuous speech in a room"
        found += [
            plan.job("false", what, group, sounds=some, condition=condition)
            for some in _in_parts(paths[::2])
        ]
    babble = Condition("babble", 0)
    if plan.around(group).has(babble):
        found.append(
            plan.job("false", "many talking at once", group, length=200.0, condition=babble)
        )
    return found


def _recordings(plan: Plan, group: int | None, folders: Sequence[str]) -> list[Path]:
    if plan.folder is None:
        return []
    return [
        clip.path
        for folder in folders
        for clip in corpus.recordings(plan.folder, folder)
        if group in {None, clip.fold} and clip.speaker not in corpus.SAID
    ]


def _seconds(path: Path) -> float:
    return path.stat().st_size / 2 / corpus.RATE


def _in_parts(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    parts, length = list[list[Path]](), float(_AT_ONCE)
    for path in paths:
        if length >= _AT_ONCE:
            parts.append([])
            length = 0.0
        parts[-1].append(path)
        length += _seconds(path)
    return [tuple(part) for part in parts]


def _first(paths: Sequence[Path], seconds: float) -> list[Path]:
    kept, length = list[Path](), 0.0
    for path in paths:
        if length + _seconds(path) <= seconds:
            kept.append(path)
            length += _seconds(path)
    return kept


def false_figures(results: Sequence[Result]) -> list[Figure]:
    """An hour."""
    return [figure for name, found in lost(results).items() for figure in rates(name, found)]


def coach_jobs(plan: Plan) -> list[Job]:
    """The coach hears itself say all it ever says, taken out and not; and a recorded pair."""
    found = []
    if plan.speaks:
        texts = sentences()[:: plan.of(1, 45)]
        conditions = {
            "echo 0 dB": Condition(echo=0),
            "echo 10 dB": Condition(echo=10),
            "nothing taken out": Condition(echo=0, path="untold"),
        }
        for name, condition in list(conditions.items())[: plan.of(3, 1)]:
            found += [
                plan.job(
                    *("coach", f"the coach's own voice, {name}"),
                    condition=condition,
                    coach=texts[n : n + 80],
                    seed=n,
                )
                for n in range(0, len(texts), 80)
            ]
    for played, _ in recorded_pairs(plan.folder, "farend"):
        condition, length = Condition(echo=0, path="recorded"), len(played) / corpus.RATE
        found.append(plan.job("coach", "a recorded echo", length=length, condition=condition))
    return found


def coach_figures(results: Sequence[Result]) -> list[Figure]:
    """An hour; commands as the guard lets them pass."""
    return false_figures(results)
