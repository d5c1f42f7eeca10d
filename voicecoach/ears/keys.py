"""Single keys: the ears that work when nothing else does, and the fastest way to stop.

Laws: any key that is no command is a stop, unknown escape sequences included; a stop is never
filtered; a command that is not open is ignored, as is a digit where no number is asked for; the
terminal is given back however the session ends; Ctrl-C stays what it is.
Screen readers and foot pedals send arrows, page keys, Space and Enter, so these have meanings.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

from voicecoach.core.commands import OPEN, SAFETY, Context, Intent
from voicecoach.core.events import Heard
from voicecoach.core.units import Ms
from voicecoach.ears.base import Now, Post, Spoken
from voicecoach.ears.terminal import open_keyboard

KEYS: Mapping[str, Intent] = {
    "g": Intent.READY,
    "n": Intent.NEXT,
    "b": Intent.GO_BACK,
    "r": Intent.REPEAT,
    "p": Intent.PAUSE,
    "c": Intent.CONTINUE,
    "s": Intent.SKIP,
    "-": Intent.SLOWER,
    "+": Intent.FASTER,
    "=": Intent.FASTER,
    "]": Intent.LOUDER,
    "[": Intent.QUIETER,
    "l": Intent.HOW_LONG,
    "w": Intent.WHERE,
    "?": Intent.COMMANDS,
    "f": Intent.FINISH,
    "y": Intent.YES,
    "o": Intent.NO,
    "m": Intent.PERSON,
    "h": Intent.PAIN,
    "a": Intent.HELP,
    "k": Intent.DONT_STOP,
    "!": Intent.EMERGENCY,
    "z": Intent.DIZZY,
    "v": Intent.NERVE,
    "j": Intent.WORSENING,
    "u": Intent.FALLEN,
    "backspace": Intent.FORGET,
    ">": Intent.LONGER,
    ".": Intent.LONGER,
    "<": Intent.SHORTER,
    ",": Intent.SHORTER,
    "e": Intent.EASIER,
    "d": Intent.HARDER,
    "i": Intent.SAY_MORE,
    "t": Intent.SAY_LESS,
    **dict.fromkeys("1234567890", Intent.NUMBER),
    "page down": Intent.NEXT,
    "right": Intent.NEXT,
    "page up": Intent.GO_BACK,
    "left": Intent.GO_BACK,
}
"""g is go, o is nO, m is huMan, a is Aid, k is Keep going, d is harDer, i is more Information,
t is Terse, z is diZzy, v is nerVe, j is pain that Jumps, u is help me Up. > and < are the way on
and the way back; . and , are the same keys without Shift, as = is for +. Each digit is its number,
and 0 is ten where nothing can be zero: that is all one press can say. In a question, 1 is the
first answer that is offered, 2 the second. Every other key is a stop.
"""

KEY_NAMES: Mapping[str, str] = {
    " ": "space",
    "\r": "enter",
    "\n": "enter",
    "\x1b": "escape",
}

SEQUENCES: Mapping[str, str] = {
    "\x7f": "backspace",
    "\b": "backspace",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1bOA": "up",
    "\x1bOB": "down",
    "\x1bOC": "right",
    "\x1bOD": "left",
}
"""What terminals send for the keys that have a name here."""


def split(text: str) -> Iterator[str]:
    """What one read brought, as keys: an escape sequence is one key, whatever it means."""
    at = 0
    while at < len(text):
        end = _sequence_end(text, at) if text[at] == "\x1b" else at + 1
        key = text[at:end]
        yield SEQUENCES.get(key, key)
        at = end


def _sequence_end(text: str, at: int) -> int:
    """Where the escape sequence that begins at `at` ends (ECMA-48: parameters, then one final)."""
    if text[at + 1 : at + 2] == "O":
        return min(at + 3, len(text))
    if text[at + 1 : at + 2] != "[":
        # A lone Escape, or Alt with a key: one press.
        return min(at + 2, len(text)) if text[at + 1 : at + 2] != "\x1b" else at + 1
    end = at + 2
    while end < len(text) and not "\x40" <= text[end] <= "\x7e":
        end += 1
    return min(end + 1, len(text))


def meaning(key: str, context: Context) -> Intent | None:
    """What a key does now; None for a command that is not open."""
    intent = KEYS.get(key.lower() if len(key) == 1 else key, Intent.STOP)
    chosen = intent is Intent.NUMBER and context is Context.QUESTION
    return intent if chosen or intent in SAFETY or intent in OPEN[context] else None


def name(key: str) -> str:
    """A key as it is told to the person: no control characters, which a terminal would obey."""
    return KEY_NAMES.get(key, key if key.isprintable() else "another key")


class KeyEars:
    """Keys of the controlling terminal, one event a press."""

    def __init__(self) -> None:
        self._context = Context.COACHING
        self._keyboard = open_keyboard()
        self._closed = threading.Event()

    @property
    def attached(self) -> bool:
        """Whether there is a keyboard to press keys on."""
        return self._keyboard is not None

    def start(self, post: Post, now: Now) -> None:
        """Begins to read keys. Without a terminal nothing is ever posted, which is no failure."""
        if self._keyboard is not None:
            threading.Thread(
                target=self._read, args=(post, now), name="key ears", daemon=True
            ).start()

    def listen(self, context: Context) -> None:
        """Which commands are open from now on."""
        self._context = context

    def speaking(self, spoken: Spoken) -> None:
        """Keys have no echo."""

    def hush(self, at: Ms) -> None:
        """Keys have no echo."""

    def close(self) -> None:
        """Gives the terminal back."""
        self._closed.set()
        if self._keyboard is not None:
            self._keyboard.close()

    def _read(self, post: Post, now: Now) -> None:
        if self._keyboard is None:
            return
        for text in self._keyboard.presses():
            for key in split(text):
                if self._closed.is_set():
                    return
                intent = meaning(key, self._context)
                if intent is not None:
                    post(Heard(now(), intent, name(key), "keys"))
