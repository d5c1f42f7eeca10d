"""The coach's side of the renderer: starts it on need, asks it, kills it when it hangs."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence

from voicecoach.errors import VoiceError
from voicecoach.voice.container import Recording, parse
from voicecoach.voice.engine import Known

TIMEOUT = 15.0
"""s a text may take, with the start of the engine; the longest sentence takes some 0.03."""

TIMEOUT_OF_PIPER = 60.0
"""s: it takes 0.2 s for each second of speech, where the machine has nothing else to do."""

_TIDY = 0.3
"""s that a child is given to end by itself."""

COMMAND = (sys.executable, "-m", "voicecoach.voice.renderer")


class Refused(VoiceError):  # noqa: N818 - an answer of the engine, in its own words
    """The engine does not render. `fatal`: it will not render any other text either."""

    def __init__(self, sentence: str, *, fatal: bool) -> None:
        super().__init__(sentence)
        self.fatal = fatal


class Renderer:
    """A text at a time, from one thread. The child lives only while there is something to render.

    `close` may come from another thread.
    """

    def __init__(
        self,
        voice: str | None = None,
        *,
        command: Sequence[str] = COMMAND,
        timeout: float = TIMEOUT,
    ) -> None:
        self._voice = voice
        self._command = tuple(command)
        self._timeout = timeout
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    def render(self, text: str, rate: int) -> Recording:
        """What the engine makes of a text at so many words a minute; Refused when it does not."""
        body = self._answer({"text": text, "rate": rate, "voice": self._voice})
        try:
            return parse(body)
        except ValueError as error:
            raise Refused(
                f"The speech engine wrote an unusable file: {error}.", fatal=True
            ) from error

    def voices(self) -> list[Known]:
        """The voices that can be asked for by name; Refused when the engine does not start."""
        body = self._answer({"voices": True})
        return [Known(**one) for one in json.loads(body)]

    def close(self) -> None:
        """Ends the child at once; who waits for it gets Refused. May be called twice."""
        self._closed = True
        self._kill()

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.terminate()  # it cleans up, in some milliseconds
        try:
            child.wait(_TIDY)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # a question that was never read
                    pipe.close()

    def _answer(self, question: dict[str, object]) -> bytes:
        line = json.dumps(question).encode() + b"\n"
        body = self._ask(line)
        if body is None:
            # It may have ended by itself a moment before, having nothing to do: ask a new one.
            body = self._ask(line)
        if body is None:
            raise Refused("The speech engine crashed. Try another voice.", fatal=False)
        return body

    def _ask(self, question: bytes) -> bytes | None:
        """The answer's bytes, or None when the child ended without an answer."""
        child = self._running()
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self._timeout, give_up)
        timer.daemon = True
        timer.start()
        try:
            header, body = _exchange(child, question)
        except (OSError, ValueError):
            self._kill()
            if late.is_set():
                raise Refused(
                    "The speech engine did not answer in time. Restart the computer's speech, "
                    "or choose another voice.",
                    fatal=True,
                ) from None
            return None
        finally:
            timer.cancel()
        if "error" in header:
            raise Refused(str(header["error"]), fatal=bool(header["fatal"]))
        return body

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise Refused("The voice is closed.", fatal=True)
        if self._child is None or self._child.poll() is not None:
            self._kill()
            try:
                self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as error:
                raise Refused(
                    f"The speech renderer does not start: {error}.", fatal=True
                ) from error
        return self._child


def _exchange(child: subprocess.Popen[bytes], question: bytes) -> tuple[dict[str, object], bytes]:
    """Raises OSError or ValueError when the child ends before the whole answer is there."""
    if child.stdin is None or child.stdout is None:
        raise OSError("the child has no pipes")
    child.stdin.write(question)
    child.stdin.flush()
    header: dict[str, object] = json.loads(child.stdout.readline())
    size = header.get("bytes", 0)
    body = child.stdout.read(size if isinstance(size, int) else 0)
    if len(body) != size:
        raise ValueError("the answer is cut short")
    return header, body
