"""The ears on the microphone: keeps the listening process alive and passes on what it hears.

Laws: a safety intent is posted before anything else is asked of it. A lost microphone, a dead
or a frozen process is posted once, with a sentence, and tried again until it works, which is
posted too: there is never a silence that looks like listening. A process that is merely too slow
is posted, too, but it is not started again: that would make a slow machine slower. It counts as
heard from when it has kept up for a while, for longer after each time that it did not.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, cast, get_args

from voicecoach.core.commands import SAFETY, Context, Intent
from voicecoach.core.events import Back, Heard, Lost, Noticed, Organ, Suspected
from voicecoach.core.units import Ms
from voicecoach.ears.activity import Activity
from voicecoach.ears.base import Now, Post, Spoken
from voicecoach.ears.checked import changed
from voicecoach.ears.guard import Guard, Span
from voicecoach.ears.reference import Played, Reference
from voicecoach.ears.told import Signs

ENDED = "The listening process has ended. It is started again; until then use the keys."
FROZE = "The listening process does not answer. It is started again; until then use the keys."
NOT_STARTED = "The listening process does not start. It is tried again; until then use the keys."
TOO_BUSY = "This computer is too busy to listen. Close other programs, or use the keys."


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: how long to wait for the listening process.

    Of two seconds in which a frozen one must be noticed, its own heartbeat takes a quarter.
    """

    start: float = 15.0
    beat: float = 1.5
    busy: float = 20.0
    """More, for a process that works and does not answer."""
    still: float = 1.0
    """Without any work, after which one that does not answer is taken for frozen."""
    steady: float = 4.0
    """How long a process that was too slow must keep up; twice as long after each time."""
    steadiest: float = 64.0
    retry: float = 1.0
    rarest: float = 4.0
    """Between two starts that both heard nothing: each costs a third of a second of work."""
    look: float = 0.1


LATE = 1500
"""Ms of sound that may wait for the listening process."""


_PIECE = 0.02
"""Seconds between two pieces of what the loudspeaker plays: it is given that some 30 ms ahead."""

SETTLED = 12_000
"""Ms of listening after which the levels are worth comparing."""

STALE = 3000
"""Ms after which a command is no longer meant: the coach itself had stood still."""


def worker_command(
    recogniser: str = "pocketsphinx", *, keep_audio: Path | None = None, speech: float | None = None
) -> tuple[str, ...]:
    """How the listening process is started.

    `keep_audio`: the folder in which what is heard is kept; None: nothing is. `speech`: how loud
    the person was at the listening test, in dBFS.
    """
    command = (sys.executable, "-m", "voicecoach.ears.worker", "--recogniser", recogniser)
    kept = () if keep_audio is None else ("--keep-audio", str(keep_audio.resolve()))
    loud = () if speech is None else (f"--speech={speech}",)
    return (*command, *kept, *loud)


def one_thread() -> dict[str, str]:
    """The environment in which numpy and onnxruntime start no threads: each would want a core."""
    return {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def monotonic_ms() -> int:
    """The clock that both processes share, in ms."""
    return time.monotonic_ns() // 1_000_000


class MicrophoneEars:
    """What the person says, through a listening process of its own."""

    def __init__(
        self,
        command: tuple[str, ...] | None = None,
        *,
        played: Played | None = None,
        before: Signs | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`command` is how to start the listening process.

        `played`: what the loudspeaker played, to be taken out of what is heard.
        `before`: the sound at the listening test; that it has changed is noticed.
        """
        self._played = played
        self._command = command or worker_command()
        self._before, self._compare_at = before, 0
        self._patience = patience or Patience()
        self._guard, self._guarding = Guard(), threading.Lock()
        self._context = Context.COACHING
        self._orders: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
        self._closed = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._threads: list[threading.Thread] = []
        self._lost: set[Organ] = set()
        self._silent_since = 0
        self._slow: int | None = None  # when it was last too slow, until it has kept up
        self._keep_up = self._patience.steady
        self._hearing = False
        self._why = ENDED
        self.signs = Signs()
        """What the listening process knows of the sound, a quarter of a second ago."""

    def start(self, post: Post, now: Now) -> None:
        """Starts the listening process; its failures are posted as Lost."""
        self._post, self._now = post, now
        for task in (self._keep, self._watch, self._send):
            thread = threading.Thread(target=task, name=f"microphone {task.__name__}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def listen(self, context: Context) -> None:
        """Which commands are open from now on."""
        self._context = context
        self._order()

    def speaking(self, spoken: Spoken) -> None:
        """The coach will say this then: its own words must not count as the person's."""
        with self._guarding:
            self._guard.speaking(spoken)

    def hush(self, at: Ms) -> None:
        """The coach was cut at this moment."""
        with self._guarding:
            self._guard.hush(at)

    def close(self) -> None:
        """Ends the listening process."""
        self._closed.set()
        process = self._process
        if process is not None:
            process.kill()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(timeout=2)

    @property
    def hearing(self) -> bool:
        """Whether the microphone and the recogniser work at this moment."""
        return self._hearing and not self._lost

    @property
    def lost(self) -> bool:
        """Whether it is known not to work."""
        return bool(self._lost)

    @property
    def pid(self) -> int | None:
        """The listening process, for those who measure it."""
        return None if self._process is None else self._process.pid

    def _order(self) -> None:
        self._orders.put({"contexts": [self._context.value]})

    def _send(self) -> None:
        """Passes on orders and what is played: a frozen process may keep this thread, no other."""
        reference = None if self._played is None else Reference(self._played, self._now)
        while not self._closed.is_set():
            with contextlib.suppress(queue.Empty):
                self._write(self._orders.get(timeout=_PIECE))
            if reference is not None and (piece := reference.take()) is not None:
                pcm = base64.b64encode(piece.pcm).decode()
                self._write({"played": pcm, "index": piece.index, "at": piece.at})

    def _write(self, line: dict[str, object]) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        # A process that has just ended is noticed by its reader.
        with contextlib.suppress(OSError, ValueError):
            process.stdin.write(json.dumps(line) + "\n")
            process.stdin.flush()

    def _keep(self) -> None:
        pause = self._patience.retry
        while not self._closed.is_set():
            self._why, self._hearing, self._silent_since = ENDED, False, monotonic_ms()
            try:
                process = self._spawn()
            except OSError:
                self._lose("recogniser", NOT_STARTED)
            else:
                for_good = self._read(process)
                process.kill()
                process.wait()
                self._process = None
                if for_good:
                    return
                if not self._lost and not self._closed.is_set():
                    self._lose("recogniser", self._why)
            if self._hearing:
                pause = self._patience.retry
            self._closed.wait(pause)
            pause = min(2 * pause, self._patience.rarest)

    def _spawn(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(  # noqa: S603  our own module, or a test's
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            # The same package as ours, whatever folder the person is in.
            cwd=Path(__file__).resolve().parents[2],
            # Ctrl-C and Ctrl-Z of the terminal are for the coach alone.
            start_new_session=True,
            env=one_thread(),
        )
        if self._closed.is_set():
            self._process.kill()
        self._order()
        return self._process

    def _read(self, process: subprocess.Popen[str]) -> bool:
        """Takes line after line until the process ends; True when it need not be tried again."""
        for line in process.stdout or ():
            if self._closed.is_set():
                return True
            with contextlib.suppress(ValueError, KeyError, TypeError):
                if self._take(json.loads(line)):
                    return True
        return False

    def _take(self, told: dict[str, Any]) -> bool:
        self._silent_since = monotonic_ms()
        match told["is"]:
            case "heard":
                self._heard(Intent(told["intent"]), told["phrase"], told["by"], told)
            case "alive":
                self.signs = Signs(*(told.get(field.name) for field in fields(Signs)))
                self._keeps_up(told.get("behind", 0))
                self._compare()
            case "suspected":
                self._post(Suspected(self._now()))
            case "noticed":
                self._post(Noticed(self._now(), told["what"]))
            case "hearing":
                self._hearing = True
                self._compare_at = monotonic_ms() + SETTLED
                for organ in sorted(self._lost):
                    if organ != "recogniser" or self._slow is None:
                        self._regain(organ)
            case "lost":
                self._lose(_organ(told["organ"]), told["why"])
                return bool(told["for_good"])
            case "back":
                self._regain(_organ(told["organ"]))
        return False

    def _heard(self, intent: Intent, phrase: str, by: str, told: dict[str, Any]) -> None:
        now = self._now()
        if intent in SAFETY or self._admits(intent, phrase, told, now):
            self._post(Heard(now, intent, phrase, by))

    def _admits(self, intent: Intent, phrase: str, told: dict[str, Any], now: Ms) -> bool:
        clock = monotonic_ms()
        if clock - int(told["at"]) > STALE:
            return False
        heard = Span(Ms(now - clock + int(told["began"])), Ms(now - clock + int(told["at"])))
        with self._guarding:
            return self._guard.admits(intent, phrase, heard)

    def _compare(self) -> None:
        """Tells, once the coach has been heard for a while, that it is not as at the test."""
        if self._before is None or not self._hearing or monotonic_ms() < self._compare_at:
            return
        before, self._before = self._before, None
        if changed(before, self.signs):
            self._post(Noticed(self._now(), "changed"))

    def _too_slow(self) -> None:
        """It works, but nothing that is said now would be heard in time."""
        if self._slow is None:
            self._lose("recogniser", TOO_BUSY)
        self._slow = monotonic_ms()

    def _keeps_up(self, behind: int) -> None:
        """One more heartbeat, and the ms of sound that waited."""
        if behind > LATE:
            self._too_slow()
        elif self._slow is not None and monotonic_ms() - self._slow > self._keep_up * 1000:
            self._slow = None
            self._keep_up = min(2 * self._keep_up, self._patience.steadiest)
            self._regain("recogniser")

    def _lose(self, organ: Organ, why: str) -> None:
        if organ not in self._lost:
            self._lost.add(organ)
            self._post(Lost(self._now(), organ, why))

    def _regain(self, organ: Organ) -> None:
        if organ in self._lost:
            self._lost.discard(organ)
            self._post(Back(self._now(), organ))

    def _watch(self) -> None:
        """Ends a process that stands still; its reader then starts another."""
        looked, activity = monotonic_ms(), Activity()
        while not self._closed.wait(self._patience.look):
            before, looked = looked, monotonic_ms()
            if looked - before > 1000 * (self._patience.look + 1):
                # We stood still ourselves (Ctrl-Z): its beats are waiting to be read.
                self._silent_since = looked
            allowed = self._patience.beat if self._hearing else self._patience.start
            process, silent = self._process, looked - self._silent_since
            if process is None:
                continue
            idle = activity.idle(process.pid, looked)
            if silent <= allowed * 1000:
                continue
            if (
                silent <= (allowed + self._patience.busy) * 1000
                and idle < self._patience.still * 1000
            ):
                self._too_slow()
            else:
                self._why = FROZE if self._hearing else NOT_STARTED
                self._silent_since = looked
                process.kill()


def _organ(name: str) -> Organ:
    """Raises ValueError for anything else."""
    organs: tuple[Organ, ...] = get_args(Organ)
    return organs[organs.index(cast("Organ", name))]
