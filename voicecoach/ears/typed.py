"""Typed words: the ears of tests, of scripts, and of everyone without a microphone.

Law: what can be said can be typed, through the same tables.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TextIO

from voicecoach.core.commands import Context, Phrases
from voicecoach.core.en import PHRASES
from voicecoach.core.events import Heard
from voicecoach.core.units import Ms
from voicecoach.ears.base import Now, Post, Spoken
from voicecoach.ears.hearing import understood


class TypedEars:
    """One line of words is one utterance. The end of the stream is simply the end of typing."""

    def __init__(self, stream: TextIO, phrases: Phrases = PHRASES) -> None:
        """Reads the stream in a thread of its own; the stream stays the caller's."""
        self._stream, self._phrases = stream, phrases
        self._context = Context.COACHING
        self._closed = False

    def start(self, post: Post, now: Now) -> None:
        """Begins to read."""
        # A daemon, because a read from a terminal cannot be ended from outside.
        reading = threading.Thread(
            target=self._read, args=(post, now), name="typed ears", daemon=True
        )
        reading.start()

    def listen(self, context: Context) -> None:
        """Which commands are open from now on."""
        self._context = context

    def speaking(self, spoken: Spoken) -> None:
        """Typing has no echo."""

    def hush(self, at: Ms) -> None:
        """Typing has no echo."""

    def close(self) -> None:
        """Nothing typed from now on is posted."""
        self._closed = True

    def _read(self, post: Post, now: Now) -> None:
        # ValueError: the stream was closed by its owner.
        with contextlib.suppress(ValueError, OSError):
            for line in self._stream:
                if self._closed:
                    return
                found = understood(line, (self._context,), self._phrases, final=True)
                if found is not None:
                    post(Heard(now(), found.intent, found.phrase, "typed"))
