"""The child that holds the speech engine: `python -m voicecoach.voice.renderer`.

Apart from the coach because pyttsx3 needs a main thread on macOS, prints on stdout, may hang, and
is not needed once the clips are rendered: a child can be killed, and leaves no memory behind.

Asked:    one JSON line on stdin    {"text": ..., "rate": words a minute, "voice": name or null}
Answered: one JSON line on stdout   {"bytes": n} and n bytes of a WAV or AIFF file,
                                    or {"error": sentence, "fatal": whether no text will do}
It ends at the end of stdin, and by itself after IDLE seconds without a question.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from voicecoach.voice.container import complete

IDLE = 20.0
"""s. A new child costs some 0.1 s; an idle one holds 19 MB."""
PATIENCE = 8.0
"""s that a file may take to be complete once the engine says it is done. Measured: up to 0.3."""
_POLL = 0.005
_TRIES = 3
_EMPTY = 1000
"""Bytes of a file that holds no sound: headers, and less than 25 ms."""

Render = Callable[[str, int, str | None], bytes]


class Unrenderable(Exception):  # noqa: N818 - it is an answer, not a fault of this program
    """No sound for that text, or (fatal) for any; the error's text is a sentence."""

    def __init__(self, sentence: str, *, fatal: bool) -> None:
        super().__init__(sentence)
        self.fatal = fatal


def main() -> None:
    """Answers questions until stdin ends or nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coach, which says goodbye
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 prints; answers must stay clean
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(questions,), daemon=True).start()
    # The coach ends us by SIGTERM: the folder must not stay behind, one a session.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with (
        contextlib.suppress(SystemExit),
        tempfile.TemporaryDirectory(prefix="voicecoach-") as folder,
    ):
        serve(questions, answers, pyttsx3_render(Path(folder)))
    os._exit(0)  # the reading thread may hold stdin's lock, on which a normal exit would abort


def serve(questions: queue.SimpleQueue[bytes], answers: BinaryIO, render: Render) -> None:
    """Answers each question; returns at an empty one, or after IDLE seconds without any."""
    while True:
        try:
            line = questions.get(timeout=IDLE)
        except queue.Empty:
            return
        if not line:
            return
        header, body = _answer(json.loads(line), render)
        answers.write(json.dumps(header).encode() + b"\n" + body)
        answers.flush()


def _answer(question: dict[str, Any], render: Render) -> tuple[dict[str, object], bytes]:
    try:
        body = render(question["text"], question["rate"], question["voice"])
    except Unrenderable as error:
        return {"error": str(error), "fatal": error.fatal}, b""
    except Exception as error:  # noqa: BLE001 - an engine may raise anything; the coach must know
        return {"error": f"The speech engine failed: {error!r}.", "fatal": False}, b""
    return {"bytes": len(body)}, body


def _read(questions: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        questions.put(line)
    questions.put(b"")


def pyttsx3_render(folder: Path) -> Render:
    """Renders through pyttsx3 by way of files in a folder; the engine starts at the first text."""
    engines: list[Any] = []
    failures: list[str] = []
    chosen: list[str] = []

    def render(text: str, rate: int, voice: str | None) -> bytes:
        if not engines:
            engine = _engine()
            engine.connect("error", lambda name, exception: failures.append(repr(exception)))  # noqa: ARG005
            engines.append(engine)
        (engine,) = engines
        if voice is not None and voice not in chosen:
            _choose(engine, voice)
            chosen[:] = [voice]
        engine.setProperty("rate", rate)
        _settle()
        for _ in range(_TRIES):
            failures.clear()
            path = folder / f"{time.monotonic_ns()}.wav"
            # One text a run: of two texts in one run the espeak driver renders only the second.
            engine.save_to_file(text, str(path))
            engine.runAndWait()
            _settle()
            if failures:
                raise Unrenderable(f"The speech engine failed: {failures[0]}.", fatal=False)
            data = _take(path)
            if len(data) > _EMPTY:
                return data
        raise Unrenderable(f'The speech engine gave only silence for "{text}".', fatal=False)

    return render


def _settle() -> None:
    """Waits until the thread in which eSpeak NG renders has done all it was told.

    A last call back that comes when the next text has begun makes pyttsx3 write that text's file
    at once: empty (measured: 2 texts in 100), and what is rendered then could end in the file
    after it, which is another text. And a rate set while that thread still runs takes effect a
    text too late, or never (measured: 23 changes in 60; none in 60 with this wait).
    """
    binding = sys.modules.get("pyttsx3.drivers._espeak")
    if binding is not None:
        binding.Synchronize()


def _engine() -> Any:  # noqa: ANN401 - pyttsx3 has no types
    try:
        import pyttsx3  # noqa: PLC0415 - the child must come up, and answer, without it

        return pyttsx3.init()
    except ImportError as error:
        raise Unrenderable(
            f"The speech library does not load ({error}). Install it with: pip install pyttsx3.",
            fatal=True,
        ) from error
    except Exception as error:
        raise Unrenderable(f"{_ADVICE} ({_first_line(error)})", fatal=True) from error


_ADVICE = (
    "No speech engine starts. On Linux install one with: sudo apt-get install espeak-ng."
    if sys.platform.startswith("linux")
    else "No speech engine starts. Turn on a system voice in the settings for speech."
)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[0]


def _choose(engine: Any, wanted: str) -> None:  # noqa: ANN401 - pyttsx3 has no types
    """Sets a voice by its id, its name or the end of its id; pyttsx3 itself ignores unknown ones.

    eSpeak NG adds variants to any voice with a plus sign: "en-us+f3".
    """
    base, plus, variant = wanted.partition("+")
    for known in engine.getProperty("voices"):
        names = {known.id.lower(), str(known.name).lower(), known.id.lower().rpartition("/")[2]}
        if base.lower() in names:
            engine.setProperty("voice", known.id + plus + variant)
            return
    raise Unrenderable(f'This computer has no voice called "{wanted}".', fatal=True)


def _take(path: Path) -> bytes:
    """The file once it is whole; engines write it after they say they are done."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = b""
        if complete(data):
            path.unlink()
            return data
        if time.monotonic() > end:
            raise Unrenderable("The speech engine wrote no sound.", fatal=False)
        time.sleep(_POLL)


if __name__ == "__main__":
    main()
