"""The keyboard of the terminal: presses as they happen, without Enter and without echo.

Law: the terminal is given back exactly as it was: on close, at exit, and while the process is
suspended. Signals from the keyboard (Ctrl-C, Ctrl-Z) stay signals.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Protocol

LONGEST = 1024
"""Bytes taken in one read: a paste, or a key that repeats."""

SEQUENCE_GAP = 0.01
"""Seconds to wait for the rest of an escape sequence that arrived in pieces."""


class Keyboard(Protocol):
    """Something with keys."""

    def presses(self) -> Iterator[str]:
        """What was pressed, read by read, until it is closed or at its end."""

    def close(self) -> None:
        """Gives the terminal back. May be called twice."""


def open_keyboard() -> Keyboard | None:
    """The keyboard of this process's terminal, or None when it has none."""
    if sys.platform == "win32":
        return WindowsKeyboard() if sys.stdin is not None and sys.stdin.isatty() else None
    with contextlib.suppress(OSError, ValueError):
        if sys.stdin is not None and os.isatty(sys.stdin.fileno()):
            return PosixKeyboard(sys.stdin.fileno())
    with contextlib.suppress(OSError):
        return PosixKeyboard(os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY), owned=True)
    return None


if sys.platform != "win32":
    import termios
    import tty

    class PosixKeyboard:
        """A terminal in cbreak mode."""

        def __init__(self, descriptor: int, *, owned: bool = False) -> None:
            """Changes the terminal at once. `owned`: close the descriptor at the end."""
            self._descriptor, self._owned = descriptor, owned
            self._before = termios.tcgetattr(descriptor)
            self._wake, self._waker = os.pipe()
            os.set_blocking(self._waker, False)
            self._lock = threading.Lock()
            self._closed = False
            self._take()
            atexit.register(self.close)
            # Signals can be caught in the main thread only; elsewhere a resume is not repaired.
            self._catches = threading.current_thread() is threading.main_thread()
            if self._catches:
                # The main thread may wait for long without learning of a signal that the system
                # gave to another thread; the pipe is written at once, whichever it was.
                self._former_pipe = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
                self._former = signal.signal(signal.SIGCONT, lambda _number, _frame: None)

        def _take(self) -> None:
            # A session in the background may not touch the terminal; it is taken on SIGCONT.
            with contextlib.suppress(OSError):  # no job control on it: nothing to ask
                if os.tcgetpgrp(self._descriptor) != os.getpgrp():
                    return
            tty.setcbreak(self._descriptor, termios.TCSANOW)

        def _woken(self) -> None:
            """Shells put their own mode back while the process is stopped: it is taken again."""
            if signal.SIGCONT in os.read(self._wake, LONGEST):
                with self._lock, contextlib.suppress(OSError, termios.error):
                    if not self._closed:
                        self._take()

        def presses(self) -> Iterator[str]:
            """What was pressed, read by read."""
            while not self._closed:
                try:
                    ready, _, _ = select.select([self._descriptor, self._wake], [], [])
                    if self._wake in ready:
                        self._woken()
                        continue
                    text = self._read()
                except (OSError, ValueError):
                    return
                if not text:
                    return
                yield text

        def _read(self) -> str:
            got = os.read(self._descriptor, LONGEST)
            # An Escape alone is a key, but over a slow line it may be the head of a sequence.
            if got in (b"\x1b", b"\x1b[", b"\x1bO"):
                ready, _, _ = select.select([self._descriptor], [], [], SEQUENCE_GAP)
                if ready:
                    got += os.read(self._descriptor, LONGEST)
            return got.decode("utf-8", "replace")

        def close(self) -> None:
            """Gives the terminal back as it was."""
            with self._lock:
                if self._closed:
                    return
                self._closed = True
            with contextlib.suppress(OSError, termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
            os.write(self._waker, b".")
            if self._catches:
                with contextlib.suppress(ValueError):
                    signal.set_wakeup_fd(self._former_pipe)
                    signal.signal(signal.SIGCONT, self._former)
            atexit.unregister(self.close)
            if self._owned:
                os.close(self._descriptor)

else:
    import msvcrt

    POLL = 0.01
    """Seconds between looks at the keyboard, which Windows offers no way to wait for."""

    CODES = {"I": "\x1b[5~", "Q": "\x1b[6~", "M": "\x1b[C", "K": "\x1b[D"}
    """Second half of a special key, as the sequence that other terminals send for it."""

    class WindowsKeyboard:
        """The console."""

        def __init__(self) -> None:
            self._closed = False

        def presses(self) -> Iterator[str]:
            """What was pressed, key by key."""
            while not self._closed:
                if not msvcrt.kbhit():
                    time.sleep(POLL)
                    continue
                key = msvcrt.getwch()
                if key in "\x00\xe0":
                    key = CODES.get(msvcrt.getwch(), "\x1b")
                yield key

        def close(self) -> None:
            """Nothing was changed."""
            self._closed = True
