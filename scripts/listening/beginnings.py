"""A part of the bench: the first seconds of sessions, in which the coach is not known yet here.

Every session has them, and an hour of the coach has them once: so they are measured apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from listening import lines
from listening.coach import beginnings
from listening.conditions import Condition
from listening.measure import Job, Result
from listening.plan import Plan, by_name
from listening.report import Figure, share
from listening.unspoken import false_figures
from voicecoach.core.commands import Intent

_ALONE = (Condition(echo=0, path="loopback"), Condition(echo=0), Condition(echo=10))
_OVER = (Condition(echo=0), Condition(echo=10))
_SECONDS = 12.0
_TIMES = 12
_WHAT = "the coach's first sentences"


def jobs(plan: Plan) -> list[Job]:
    """The coach begins, and hears itself; and people say "stop" meanwhile, a second after it."""
    return [*_alone(plan), *_spoken_over(plan)] if plan.speaks else []


def _alone(plan: Plan) -> list[Job]:
    return [
        plan.job(
            *("beginnings", f"{_WHAT}, {condition}"),
            condition=condition,
            length=_SECONDS,
            coach=texts,
            seed=seed,
        )
        for condition in _ALONE[: plan.of(len(_ALONE), 1)]
        for seed in range(plan.of(_TIMES, 1))
        for texts in beginnings()
    ]


def _spoken_over(plan: Plan) -> list[Job]:
    said = lines.of_people(plan.clips.get("stop", []), Intent.STOP)
    return [
        job
        for condition in _OVER[: plan.of(len(_OVER), 0)]
        for seed, line in enumerate(said)
        for texts in beginnings()[seed % len(beginnings()) :][:1]
        for job in plan.by_people("beginnings", (line,), condition, coach=texts, seed=seed)
    ]


def figures(results: Sequence[Result]) -> list[Figure]:
    """An hour of beginnings; and of the words said over them."""
    found = false_figures([one for one in results if not one.job.lines])
    for name, said in by_name([one for one in results if one.job.lines]).items():
        what = f"{_WHAT}, {name.removeprefix('coach speaking ')}"
        found += share(f"stop over {what}", said, attrgetter("halted"))
        found += share(f"stop or suspicion over {what}", said, attrgetter("noticed"))
    return found
