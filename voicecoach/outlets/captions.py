"""What is heard, to be read: WebVTT beside the sound, and the session as plain lines.

A caption begins with its sound, to the millisecond. It stays until the next one, at most two
seconds after its sound, so that it can be read. Tones are told in brackets, by their meaning.
Source: https://www.w3.org/TR/webvtt1/.
"""

from __future__ import annotations

from typing import TextIO

from voicecoach.core.score import Earcon, Sound
from voicecoach.core.units import SECOND, Ms, clock_time
from voicecoach.voice.earcons import MEANINGS

_LINGERS = 2 * SECOND
_SIGNS = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class Captions:
    """Writes the captions of one file; the times are those of the file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: tuple[Ms, Ms, str] | None = None
        stream.write("WEBVTT\n")

    def sound(self, at: Ms, until: Ms, sound: Sound) -> None:
        """A sound from one moment to another, in order of time."""
        self._write(at)
        self._last = at, until, caption(sound)

    def end(self, at: Ms) -> None:
        """The file ends there."""
        self._write(at)
        self._last = None

    def _write(self, following: Ms) -> None:
        if self._last is None:
            return
        at, until, text = self._last
        shown = max(until, min(following, Ms(until + _LINGERS)))
        self._stream.write(
            f"\n{clock_time(at)} --> {clock_time(shown)}\n{text.translate(_SIGNS)}\n"
        )


class Transcript:
    """Writes the words of one file: a heading for each exercise, a line for each sentence."""

    def __init__(self, stream: TextIO, title: str) -> None:
        self._stream = stream
        self._counting = False
        stream.write(f"{title}\n")

    def heading(self, title: str) -> None:
        """An exercise begins."""
        self._end_count()
        self._stream.write(f"\n{title}\n")

    def sound(self, at: Ms, sound: Sound, *, count: bool) -> None:
        """A sentence, or a number of a hold: all numbers of a hold stand in one line."""
        if isinstance(sound, Earcon):
            return
        if count and self._counting:
            self._stream.write(f", {sound.text}")
            return
        self._end_count()
        minutes, seconds = divmod(at // SECOND, 60)
        self._stream.write(f"{minutes}:{seconds:02} {sound.text}")
        self._counting = count
        if not count:
            self._stream.write("\n")

    def end(self) -> None:
        """The file ends."""
        self._end_count()

    def _end_count(self) -> None:
        if self._counting:
            self._stream.write("\n")
        self._counting = False


def caption(sound: Sound) -> str:
    """What is read of a sound."""
    if isinstance(sound, Earcon):
        return next(f"[tone: {told}]" for name, (told, _) in MEANINGS.items() if name == sound.name)
    return sound.text
