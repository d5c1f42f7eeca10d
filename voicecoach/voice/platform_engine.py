"""The engine that the platform has, through pyttsx3: SAPI5, NSSpeech or eSpeak NG."""

from __future__ import annotations

import difflib
import sys
import time
from pathlib import Path
from typing import Any

from voicecoach.voice.container import complete
from voicecoach.voice.engine import Known, Unrenderable

PATIENCE = 8.0
"""s that a file may take to be complete once the engine says it is done. Measured: up to 0.3."""
_POLL = 0.005
_TRIES = 3
_EMPTY = 1000
"""Bytes of a file that holds no sound: headers, and less than 25 ms."""
_CLOSE = 0.7
"""Likeness from which a name may have been meant: "enus" is 0.89 of "en-us", and 0.67 of "eu"."""


class PlatformEngine:
    """Renders by way of files in a folder. pyttsx3 is loaded at the first question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._engine: Any = None
        self._failures: list[str] = []
        self._voice: str | None = None

    def render(self, text: str, rate: int, voice: str | None) -> bytes:
        """A WAV or AIFF file. Raises Unrenderable."""
        engine = self._started()
        if voice is not None and voice != self._voice:
            self._choose(engine, voice)
        engine.setProperty("rate", rate)
        _settle()
        for _ in range(_TRIES):
            self._failures.clear()
            path = self._folder / f"{time.monotonic_ns()}.wav"
            # One text a run: of two texts in one run the espeak driver renders only the second.
            engine.save_to_file(text, str(path))
            engine.runAndWait()
            _settle()
            if self._failures:
                raise Unrenderable(f"The speech engine failed: {self._failures[0]}.", fatal=False)
            data = _take(path)
            if len(data) > _EMPTY:
                self._check(engine, voice)
                return data
        raise Unrenderable(f'The speech engine gave only silence for "{text}".', fatal=False)

    def voices(self) -> list[Known]:
        """All voices of the platform, in its own order. Raises Unrenderable."""
        engine = self._started()
        chosen = engine.getProperty("voice")
        return [
            Known(one.id, str(one.name), _language(one), chosen=one.id == chosen)
            for one in engine.getProperty("voices")
        ]

    def _started(self) -> Any:  # noqa: ANN401 - pyttsx3 has no types
        if self._engine is None:
            engine = _start()
            engine.connect("error", lambda name, exception: self._failures.append(repr(exception)))  # noqa: ARG005
            self._engine = engine
        return self._engine

    def _choose(self, engine: Any, wanted: str) -> None:  # noqa: ANN401 - pyttsx3 has no types
        """Sets a voice by its id, the end of it, its name or its language.

        pyttsx3 ignores what it does not know. eSpeak NG adds variants to any voice with a plus
        sign: "en-us+f3".
        """
        base, plus, variant = wanted.partition("+")
        known = self.voices()
        for find in (_names, _languages):
            for one in known:
                if base.lower() in find(one):
                    engine.setProperty("voice", one.id + plus + variant)
                    return
        raise _unknown(wanted, known)

    def _check(self, engine: Any, voice: str | None) -> None:  # noqa: ANN401 - pyttsx3 has no types
        """Whether the variant asked for is the one that spoke; it is set only as it speaks."""
        if voice is not None and voice != self._voice:
            base, _, variant = voice.partition("+")
            if not str(engine.getProperty("voice")).lower().endswith(variant.lower()):
                raise Unrenderable(f'{base} has no variant called "{variant}".', fatal=True)
            self._voice = voice


def _names(voice: Known) -> set[str]:
    return {voice.id.lower(), voice.name.lower(), voice.id.lower().rpartition("/")[2]}


def _languages(voice: Known) -> set[str]:
    return {voice.language}


def _unknown(wanted: str, known: list[Known]) -> Unrenderable:
    names = {name: one for one in known for name in (_languages(one) | _names(one)) if name}
    close = [names[name] for name in difflib.get_close_matches(wanted.lower(), names, 5, _CLOSE)]
    ids = ", ".join(dict.fromkeys(one.id for one in close))
    near = f" Names like it: {ids}." if ids else ""
    return Unrenderable(
        f'This computer has no voice called "{wanted}".{near} All: voicecoach voices.', fatal=True
    )


def _language(voice: Any) -> str:  # noqa: ANN401 - pyttsx3 has no types
    """The first one a voice tells of; some drivers give bytes, or none."""
    for language in voice.languages or ():
        text = language.decode("utf-8", "ignore") if isinstance(language, bytes) else str(language)
        return "".join(filter(str.isprintable, text)).replace("_", "-").lower()
    return ""


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


def _start() -> Any:  # noqa: ANN401 - pyttsx3 has no types
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
