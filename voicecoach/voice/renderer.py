"""The child that holds the speech engines: `python -m voicecoach.voice.renderer`.

Apart from the coach because pyttsx3 needs a main thread on macOS, prints on stdout, may hang, and
is not needed once the clips are rendered: a child can be killed, and leaves no memory behind.

Asked:    one JSON line on stdin    {"text": ..., "rate": words a minute, "voice": name or null}
                                    or {"voices": true}
Answered: one JSON line on stdout   {"bytes": n} and n bytes of a WAV or AIFF file, or of JSON,
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
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from voicecoach.voice.engine import Engine, Known, Unrenderable
from voicecoach.voice.piper_engine import PiperEngine
from voicecoach.voice.platform_engine import PlatformEngine
from voicecoach.voice.source import PIPER

IDLE = 20.0
"""s. A new child costs some 0.1 s; an idle one holds 19 MB."""


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
        serve(questions, answers, _ByName(PlatformEngine(Path(folder)), PiperEngine()))
    os._exit(0)  # the reading thread may hold stdin's lock, on which a normal exit would abort


class _ByName:
    """The engine of a voice: Piper's where its name says so, else the platform's."""

    def __init__(self, platform: Engine, piper: Engine) -> None:
        self._platform, self._piper = platform, piper

    def render(self, text: str, rate: int, voice: str | None) -> bytes:
        engine = self._piper if voice and voice.startswith(PIPER) else self._platform
        return engine.render(text, rate, voice)

    def voices(self) -> list[Known]:
        return self._platform.voices()


def serve(questions: queue.SimpleQueue[bytes], answers: BinaryIO, engine: Engine) -> None:
    """Answers each question; returns at an empty one, or after IDLE seconds without any."""
    while True:
        try:
            line = questions.get(timeout=IDLE)
        except queue.Empty:
            return
        if not line:
            return
        header, body = _answer(json.loads(line), engine)
        answers.write(json.dumps(header).encode() + b"\n" + body)
        answers.flush()


def _answer(question: dict[str, Any], engine: Engine) -> tuple[dict[str, object], bytes]:
    try:
        if "voices" in question:
            body = json.dumps([asdict(voice) for voice in engine.voices()]).encode()
        else:
            body = engine.render(question["text"], question["rate"], question["voice"])
    except Unrenderable as error:
        return {"error": str(error), "fatal": error.fatal}, b""
    except Exception as error:  # noqa: BLE001 - an engine may raise anything; the coach must know
        return {"error": f"The speech engine failed: {error!r}.", "fatal": False}, b""
    return {"bytes": len(body)}, body


def _read(questions: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        questions.put(line)
    questions.put(b"")


if __name__ == "__main__":
    main()
