"""Which engine and voice are meant by a name, and what their clips are kept under."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from voicecoach.errors import VoiceError

PIPER = "piper:"
"""Before the path of a voice file, it names a voice of Piper; a path to .onnx does so, too."""

_ENGINES = {"darwin": "nsss", "win32": "sapi5"}  # what pyttsx3.init() takes; else espeak


@dataclass(frozen=True, slots=True)
class Source:
    """Where speech comes from."""

    engine: str
    voice: str | None = None  # as the renderer is asked for it; None is the engine's own choice
    version: str = ""  # of a voice file: a new one at the same place is another voice


def source(name: str | None) -> Source:
    """The platform's engine, with a voice of its own; or Piper, with a voice file.

    Raises VoiceError when the file is not there. Whether the platform has the voice is known only
    when it is asked to speak: neither engine is loaded here.
    """
    if name is None or not (name.startswith(PIPER) or name.endswith(".onnx")):
        return Source(_ENGINES.get(sys.platform, "espeak"), name or None)
    path = Path(name.removeprefix(PIPER)).expanduser().absolute()
    files = (path, path.with_name(f"{path.name}.json"))
    try:
        states = [file.stat() for file in files]
    except OSError as error:
        raise VoiceError(
            f"{error.filename}: {error.strerror}. A Piper voice is two files in one folder: "
            "NAME.onnx and NAME.onnx.json."
        ) from error
    version = ", ".join(f"{state.st_size} bytes, {state.st_mtime_ns} ns" for state in states)
    return Source("piper", f"{PIPER}{path}", version)
