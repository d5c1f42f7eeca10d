"""The process that listens: microphone to decisions, as JSON lines on stdout.

It is a process of its own, because a decoder in the coach's process makes its sound stutter.
Laws: it ignores Ctrl-C, which is for the coach; it ends when the coach ends (its stdin closes);
whatever fails becomes one line with a sentence, never a traceback.

Lines out (times are CLOCK_MONOTONIC in ms):
    {"is": "alive", "at", "behind", "noise", "speech", "echo", "left", "delay"}
        often. `behind`: the most ms of sound that have waited since the last; the rest as in Signs
    {"is": "hearing", "at"}                    the first sound has come
    {"is": "heard", "at", "began", "intent", "phrase", "by"}
    {"is": "suspected", "at"}                  perhaps a stop
    {"is": "noticed", "at", "what"}            something about the sound: see `What`
    {"is": "lost", "at", "organ", "why", "for_good"}
    {"is": "back", "at", "organ"}
Lines in:
    {"contexts": ["coaching"]}
    {"played": BASE64, "index", "at"}          what the loudspeaker plays: see `Canceller`
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from voicecoach.core.commands import Context
from voicecoach.core.en import PHRASES
from voicecoach.ears.capture import Capture, now_ms
from voicecoach.ears.endpoint import CHUNK_BYTES
from voicecoach.ears.health import TYPICAL, Health
from voicecoach.ears.hearing import Decision, ms
from voicecoach.ears.keeping import Keeping
from voicecoach.ears.listening import Listening, Told, listening
from voicecoach.ears.recogniser import DEFAULT, check_recogniser
from voicecoach.ears.told import Notice, Signs, Suspicion
from voicecoach.errors import EarsError

HEARTBEAT = 0.25
"""Seconds. Whoever waits for it must notice within two that the ears stand still."""

TOO_FAR_BEHIND = 2000
"""Ms of sound that may wait; more means that a stop would be heard too late to be one.

It is thrown away then: to hear what is said now is worth more. To start the process again would
throw away more, and cost what there is too little of.
"""

MUTED = "The microphone is muted. Turn it on, or use the keys."


class Outbox:
    """Lines to the coach, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def tell(self, kind: str, **facts: object) -> None:
        """Writes one line; when nobody reads any more, the process has no purpose left."""
        try:
            with self._lock:
                sys.stdout.write(json.dumps({"is": kind, "at": now_ms(), **facts}) + "\n")
                sys.stdout.flush()
        except OSError:
            leave()


def leave() -> NoReturn:
    """Ends at once: sound libraries can hang when they are asked to close a dead device."""
    os._exit(0)


class Work:
    """What the threads of this process share."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self.jobs: queue.SimpleQueue[Callable[[], Decision | None]] = queue.SimpleQueue()
        self.turning = threading.Event()
        self.signs = Signs()
        self.behind = 0
        self.keeping: Keeping | None = None
        self.counts: Callable[[Decision], bool] = lambda _: True

    def obey(self) -> None:
        """Reads what the coach asks for, until it ends."""
        for line in sys.stdin:
            self.orders.put(json.loads(line))
        leave()

    def beat(self) -> None:
        """Says that the loop still turns: a loop that hangs is a heart that stands still."""
        pause = threading.Event()
        while not pause.wait(HEARTBEAT):
            if self.turning.is_set():
                self.turning.clear()
                behind, self.behind = self.behind, 0
                self.outbox.tell("alive", behind=behind, **asdict(self.signs))

    def ask_engine(self) -> None:
        """Does the slow work of another engine, one utterance after the other."""
        while True:
            self.answer(self.jobs.get())

    def answer(self, job: Callable[[], Decision | None]) -> None:
        """Does one piece of it, and tells what came of it, if no safety word was told meanwhile."""
        asked = now_ms()
        decision = job()
        if decision is not None and self.counts(decision):
            self.tell(decision, asked, decision.decided)

    def engine_failed(self, error: EarsError) -> None:
        """The built-in decoder takes over: it is said, and listening goes on."""
        self.outbox.tell("lost", organ="recogniser", why=str(error), for_good=False)
        self.outbox.tell("back", organ="recogniser")

    def kept_no_more(self) -> None:
        """The disk is full, or worse."""
        self.outbox.tell("noticed", what="unkept")

    def tell(self, told: Told, at: int, sample: int) -> None:
        """What was told, with its moment: the stream stood at `sample` at `at`."""
        if self.keeping is not None:
            self.keeping.told(told)
        match told:
            case Decision():
                self.outbox.tell(
                    "heard",
                    began=at - ms(sample - told.began),
                    intent=told.intent.value,
                    phrase=told.phrase,
                    by=told.by,
                )
            case Suspicion():
                self.outbox.tell("suspected")
            case Notice("muted"):
                self.outbox.tell("lost", organ="microphone", why=MUTED, for_good=False)
            case Notice("sound"):
                self.outbox.tell("back", organ="microphone")
            case Notice(what):
                self.outbox.tell("noticed", what=what)

    def listen(self, recogniser: str, speech: float) -> NoReturn:
        """Hears until something fails; `speech`: how loud it is expected, in dBFS.

        Raises EarsError. The microphone is opened while the models are loaded: what is said
        meanwhile waits.
        """
        opening = ThreadPoolExecutor(1).submit(Capture)
        ears = listening(recogniser, PHRASES, self.engine_failed, self.jobs.put)
        ears.health = Health(speech)
        self.counts = ears.counts
        capture = opening.result()
        buffer, least = bytearray(), -1
        while True:
            self.turning.set()
            frame = capture.take()
            if frame is None:
                continue
            if least < 0:
                self.outbox.tell("hearing")
                least = capture.behind
            least = min(least, capture.behind)  # what has waited from the start is caught up
            self.behind = max(self.behind, capture.behind - least)
            if capture.behind > least + TOO_FAR_BEHIND:
                capture.catch_up()
                continue
            while not self.orders.empty():
                self.obey_one(ears, self.orders.get())
            buffer += frame[1]
            while len(buffer) >= CHUNK_BYTES:
                chunk = bytes(buffer[:CHUNK_BYTES])
                del buffer[:CHUNK_BYTES]
                self.hear(ears, chunk, frame[0] - ms(len(buffer) // 2))

    def obey_one(self, ears: Listening, order: dict[str, Any]) -> None:
        """Does what the coach asks for, between two chunks."""
        if "played" in order:
            piece = order["index"], base64.b64decode(order["played"]), order["at"]
            ears.reference(*piece)
            if self.keeping is not None:
                self.keeping.played(*piece)
            return
        contexts = tuple(map(Context, order["contexts"]))
        ears.open(contexts)
        if self.keeping is not None:
            self.keeping.contexts(contexts)

    def hear(self, ears: Listening, chunk: bytes, at: int) -> None:
        """One chunk, and what it brings."""
        if self.keeping is not None:
            self.keeping.sound(chunk, at)
        for told in ears.feed(chunk, at):
            self.tell(told, at, ears.sample)
        self.signs = ears.signs


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs until the coach ends or the ears fail."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parser = argparse.ArgumentParser(prog="python -m voicecoach.ears.worker")
    parser.add_argument("--recogniser", default=DEFAULT)
    parser.add_argument("--keep-audio", type=Path)
    parser.add_argument("--speech", type=float, default=TYPICAL)
    chosen = parser.parse_args(arguments)
    work = Work()
    if chosen.keep_audio is not None:
        work.keeping = Keeping(chosen.keep_audio, work.kept_no_more)
    for task in (work.obey, work.beat, work.ask_engine):
        threading.Thread(target=task, name=task.__name__, daemon=True).start()
    try:
        check_recogniser(chosen.recogniser)
    except EarsError as error:
        work.outbox.tell("lost", organ="recogniser", why=str(error), for_good=True)
        leave()
    try:
        work.listen(chosen.recogniser, chosen.speech)
    except EarsError as error:
        work.outbox.tell("lost", organ="microphone", why=str(error), for_good=False)
    leave()


if __name__ == "__main__":
    main()
