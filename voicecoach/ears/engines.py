"""The other engines, asked for by name: NAME, or NAME:FOLDER with the model's own folder.

Laws: an engine gets whole utterances and gives words, nothing else; pocketsphinx goes on
listening for the safety words beside it (law 1). A model is loaded once and held open. An engine
that sends audio off the machine is never used unless it was named; one that was given a folder
fetches nothing. Whatever an engine raises is one sentence.

Those that run here (vosk, whisper, faster-whisper) are used as themselves, because
SpeechRecognition 3.17 loads their model again for every phrase; to the services it is the door:
its AudioData is the container and its `recognize_NAME` the way in. Either is imported only when
it was asked for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.ears.endpoint import RATE
from voicecoach.errors import EarsError

SIZE = "base.en"
"""Which whisper is fetched, once, when no folder was given."""


class Whole(Protocol):
    """An engine that decodes an utterance once it is over."""

    def words(self, pcm: bytes) -> str:
        """The words of 16 kHz mono 16-bit samples; empty when there are none.

        Raises EarsError when the engine fails.
        """


@dataclass(frozen=True, slots=True)
class Engine:
    """What an engine needs, and how it begins.

    `package` is what to install for `modules`; `key` the environment variable with the key of a
    service; `holds` are the files of which a model's folder has one.
    """

    package: str
    begin: Callable[[str], Callable[[bytes], str]]
    """Given a folder (or nothing), what turns the samples of an utterance into words."""

    modules: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    sends: bool = False
    key: str = ""


def asked_for(recogniser: str) -> tuple[str, str]:
    """NAME:FOLDER as a name and a folder, which may be empty."""
    name, _, folder = recogniser.partition(":")
    return name, folder


def check_engine(recogniser: str) -> None:
    """Raises EarsError with what is missing and what to do; says nothing when all is there."""
    name, folder = asked_for(recogniser)
    engine = ENGINES[name]
    for module in engine.modules:
        if find_spec(module) is None:
            raise EarsError(
                f"The recogniser {name} is not installed. "
                f'Install it with: pip install "{engine.package}".'
            )
    if engine.key and not os.environ.get(engine.key):
        raise EarsError(
            f"The recogniser {name} needs a key. Put it in the environment variable {engine.key}."
        )
    if folder and not engine.holds:
        raise EarsError(f"The recogniser {name} has no folder of its own. Give its name alone.")
    if folder:
        _find(name, Path(folder))
    elif name == "vosk" and not _of_speech_recognition().exists():
        raise EarsError(
            "The recogniser vosk needs a model. Give its folder: --recognizer vosk:FOLDER."
        )


def _find(name: str, folder: Path) -> Path:
    """The file by which a model's folder is known. Raises EarsError."""
    holds = ENGINES[name].holds
    for pattern in holds:
        for path in sorted(folder.glob(pattern)):
            return path
    raise EarsError(
        f"{folder}: holds no model of {name}. Give the folder that has {' or '.join(holds)} in it."
    )


def engine(recogniser: str) -> Whole:
    """An engine, held open. Raises EarsError when it cannot work."""
    check_engine(recogniser)
    name, folder = asked_for(recogniser)
    try:
        words = ENGINES[name].begin(folder)
    except Exception as error:
        # Every engine has its own errors; none of them may end the ears.
        raise EarsError(
            f"The recogniser {name} did not start. Check its model, or leave --recognizer out."
        ) from error
    return Held(name, words)


@dataclass(frozen=True, slots=True)
class Held:
    """An engine that has begun."""

    name: str
    turn: Callable[[bytes], str]

    def words(self, pcm: bytes) -> str:
        """The words of an utterance."""
        try:
            return self.turn(pcm)
        except Exception as error:
            # As above.
            raise EarsError(
                f"The recogniser {self.name} failed. The built-in recogniser goes on alone."
            ) from error


def _samples(pcm: bytes) -> npt.NDArray[np.float32]:
    """What the whispers want: -1 to 1."""
    return np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)


def _of_speech_recognition() -> Path:
    """Where `sprc download vosk` puts its model."""
    spec = find_spec("speech_recognition")
    where = spec.submodule_search_locations if spec else None
    return Path(next(iter(where or ["."]))) / "models" / "vosk"


def _vosk(folder: str) -> Callable[[bytes], str]:
    vosk = import_module("vosk")
    vosk.SetLogLevel(-1)
    decoder = vosk.KaldiRecognizer(vosk.Model(folder or str(_of_speech_recognition())), RATE)

    def words(pcm: bytes) -> str:
        # A pause inside the utterance ends one result and begins the next.
        early = decoder.Result() if decoder.AcceptWaveform(pcm) else "{}"
        parts = (json.loads(part).get("text", "") for part in (early, decoder.FinalResult()))
        return " ".join(part for part in parts if part)

    return words


def _whisper(folder: str) -> Callable[[bytes], str]:
    whisper = import_module("whisper")
    model = whisper.load_model(str(_find("whisper", Path(folder))) if folder else SIZE)

    def words(pcm: bytes) -> str:
        return str(model.transcribe(_samples(pcm), language="en", fp16=False)["text"])

    return words


def _faster_whisper(folder: str) -> Callable[[bytes], str]:
    library = import_module("faster_whisper")
    model = library.WhisperModel(folder or SIZE, device="cpu", local_files_only=bool(folder))

    def words(pcm: bytes) -> str:
        segments, _ = model.transcribe(_samples(pcm), language="en")
        return " ".join(str(segment.text).strip() for segment in segments)

    return words


def _service(method: str, key: str = "") -> Callable[[str], Callable[[bytes], str]]:
    """The door of SpeechRecognition to a service; `key` as in Engine, passed as argument `key`."""

    def begin(_: str) -> Callable[[bytes], str]:
        library = import_module("speech_recognition")
        recognize = getattr(library.Recognizer(), f"recognize_{method}")
        options: dict[str, Any] = {"key": os.environ[key]} if key else {}

        def words(pcm: bytes) -> str:
            try:
                return str(recognize(library.AudioData(pcm, RATE, 2), **options))
            except library.UnknownValueError:
                return ""

        return words

    return begin


def _sender(method: str, *modules: str, key: str = "") -> Engine:
    package = f"SpeechRecognition[{method}]" if modules else "SpeechRecognition"
    return Engine(
        package,
        _service(method, key),
        ("speech_recognition", *modules),
        sends=True,
        key=key,
    )


ENGINES: Mapping[str, Engine] = {
    "vosk": Engine("vosk", _vosk, ("vosk",), holds=("am/final.mdl", "final.mdl")),
    "whisper": Engine("openai-whisper", _whisper, ("whisper",), holds=("*.pt",)),
    "faster-whisper": Engine(
        "faster-whisper", _faster_whisper, ("faster_whisper",), holds=("model.bin",)
    ),
    "google": _sender("google"),
    "wit": _sender("wit", key="WIT_AI_KEY"),
    "azure": _sender("azure", key="AZURE_SPEECH_KEY"),
    "openai": _sender("openai", "openai"),
    "groq": _sender("groq", "groq"),
}
