"""Several routines at once: a process for each core, a job at a time.

Law: none outlives us. A worker that we end cleans up after itself; one whose parent was killed
ends at once, and its encoder with it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import TYPE_CHECKING

from voicecoach.errors import VoicecoachError
from voicecoach.outlets.job import Job
from voicecoach.outlets.render import Rendered, render

if TYPE_CHECKING:
    from types import FrameType

_PATIENCE = 5.0  # seconds, for a worker that was told to end
_GLANCE = 0.5  # seconds between two looks at the progress


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    pipe: Connection
    index: int = -1  # of the job that it has


def cores() -> int:
    """How many processes can really run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def render_several(
    jobs: Sequence[Job], tell: Callable[[float], None]
) -> Generator[tuple[Job, Rendered | str], None, None]:
    """Each job as it is done, with what was made, or the sentence that says why it failed.

    `tell` is given the share of all that is done, 0 to 1, twice a second.
    """
    waiting = list(range(len(jobs)))[::-1]
    done = [0.0] * len(jobs)
    workers: list[_Worker] = []
    try:
        workers += [_start() for _ in range(min(cores(), len(jobs)))]
        while waiting or any(worker.index >= 0 for worker in workers):
            for worker in workers:
                if worker.index < 0 and waiting:
                    worker.index = waiting.pop()
                    worker.pipe.send(jobs[worker.index])
            for ready in connection.wait([w.pipe for w in workers if w.index >= 0], _GLANCE):
                worker = next(one for one in workers if one.pipe is ready)
                try:
                    told = worker.pipe.recv()
                except (EOFError, OSError):
                    told = "Its process ended unexpectedly. Try it again, alone."
                    workers[workers.index(worker)] = _start()
                if isinstance(told, float):
                    done[worker.index] = told
                else:
                    done[worker.index] = 1.0
                    job, worker.index = jobs[worker.index], -1
                    yield job, told
            tell(sum(done) / len(done))
    finally:
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.process.join(_PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()


def _start() -> _Worker:
    context = get_context("spawn")  # nothing of ours is inherited, so that pipes end with us
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _work(pipe: Connection) -> None:
    """What a worker does: a job at a time, until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us through our parent
    signal.signal(signal.SIGTERM, _end)
    Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            job = pipe.recv()
            pipe.send(_outcome(job, pipe))


def _outcome(job: Job, pipe: Connection) -> Rendered | str:
    last = 0.0

    def tell(stage: str, share: float) -> None:
        nonlocal last
        now = share / 2 + (stage == "written") / 2
        if now - last >= 0.01:  # noqa: PLR2004 - a percent
            last = now
            pipe.send(now)

    try:
        return render(job, tell)
    except VoicecoachError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - no traceback reaches the person, nor ends the rest
        return f"{type(error).__name__}: {error}. That is our fault, not yours."


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(1)  # through every `with`, which leaves no draft and no encoder


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
