"""What the ears got and told, kept in files: for finding out why somebody was not understood.

Laws: nothing is kept unless it was asked for by name, and then only for the owner to read. A slow
or full disk never keeps the ears waiting. What was written survives a kill at any moment.

In the folder, with -2, -3 ... in the names where there are some already:
    microphone.wav    as it came, 16 kHz
    reference.wav     what the loudspeaker played: by the clocks, its sample n was due when sample n
                      of the microphone was there
    decisions.jsonl   in order, what went in beside the sound, and what was told; `sample` is how
                      much of microphone.wav had gone in before:
        {"is": "sound", "sample", "at"}        from here on `at` runs evenly with the samples
        {"is": "played", "sample", "index", "at", "position", "count"}  a part of reference.wav
        {"is": "contexts", "sample", "contexts"}
        {"is": "heard" ...} {"is": "suspected" ...} {"is": "noticed" ...}   as in `facts`
"""

from __future__ import annotations

import json
import os
import queue
import threading
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from voicecoach.core.commands import Context
from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.hearing import Decision, ms
from voicecoach.ears.listening import Listening, Told
from voicecoach.ears.sound import chunks, read_wav
from voicecoach.ears.told import Notice
from voicecoach.errors import EarsError

MICROPHONE, REFERENCE, DECISIONS = "microphone.wav", "reference.wav", "decisions.jsonl"

_LONGEST_HOLE = 600 * RATE  # samples; a clock that jumps further is broken
Line = dict[str, Any]
_Job = Callable[[], None]


def facts(told: Told) -> Line:
    """What was told, as JSON; moments are ms of the recording."""
    decided = {"decided_ms": ms(told.decided)}
    match told:
        case Decision():
            return {
                "is": "heard",
                "intent": told.intent.value,
                "phrase": told.phrase,
                "by": told.by,
                "at_ms": ms(told.began),
                **decided,
            }
        case Notice():
            return {"is": "noticed", "what": told.what, **decided}
        case _:
            return {"is": "suspected", **decided}


def prepare(folder: Path) -> None:
    """Makes the folder. Raises EarsError when nothing can be kept there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(13, "it may not be written")
    except OSError as error:
        raise EarsError(
            f"{folder}: no sound can be kept there: {error.strerror}. Choose another folder."
        ) from None


def _names(folder: Path, number: int) -> tuple[Path, Path, Path]:
    """The three files of the first, second ... time."""
    more = f"-{number}" if number > 1 else ""
    names = (MICROPHONE, REFERENCE, DECISIONS)
    microphone, reference, decisions = (
        folder / f"{Path(name).stem}{more}{Path(name).suffix}" for name in names
    )
    return microphone, reference, decisions


def _new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


class _Files:
    """The three open files. Every write may raise OSError."""

    def __init__(self, folder: Path) -> None:
        number = 1
        while any(path.exists() for path in _names(folder, number)):
            number += 1
        microphone, reference, self._decisions = map(_new, _names(folder, number))
        self._files = (microphone, reference, self._decisions)
        self._microphone, self._reference = map(_wave, (microphone, reference))

    def sound(self, pcm: bytes) -> None:
        self._microphone.writeframes(pcm)  # it mends the header each time

    def played(self, pcm: bytes) -> None:
        self._reference.writeframes(pcm)

    def line(self, line: Line) -> None:
        self._decisions.write(json.dumps(line).encode() + b"\n")

    def flush(self) -> None:
        for file in self._files:
            file.flush()


def _wave(file: BinaryIO) -> wave.Wave_write:
    made = wave.open(file, "wb")  # noqa: SIM115  open as long as the session
    made.setnchannels(1)
    made.setsampwidth(2)
    made.setframerate(RATE)
    made.writeframes(b"")
    return made


class Keeping:
    """Keeps what one listening process gets and tells; written by a thread of its own."""

    def __init__(self, folder: Path, failed: Callable[[], None]) -> None:
        """`failed` is told once, when nothing more can be kept."""
        self._folder, self._failed = folder, failed
        self._jobs: queue.SimpleQueue[_Job | threading.Event] = queue.SimpleQueue()
        self._sample = 0
        self._began: int | None = None  # at, for sample 0
        self._shown = 0  # at - ms(sample) as last written
        self._offset: int | None = None  # position in reference.wav - index
        self._end = 0  # of reference.wav
        threading.Thread(target=self._write, name="keeping", daemon=True).start()

    def sound(self, chunk: bytes, at: int) -> None:
        """A chunk that goes into the ears."""
        start = at - ms(len(chunk) // 2)
        even = start - ms(self._sample)
        if self._began is None:
            self._began = start
        if self._sample == 0 or even != self._shown:
            self._shown = even
            self.line({"is": "sound", "at": start})
        self._sample += len(chunk) // 2
        self._jobs.put(lambda: self._files.sound(chunk))

    def played(self, index: int, pcm: bytes, at: int) -> None:
        """A piece of the reference that goes into the ears; kept from the first sound on."""
        if self._began is None:
            return
        if self._offset is None:
            self._offset = (at - self._began) * RATE // 1000 - index
        position = self._offset + index
        cut = max(0, self._end - position)
        position, index, at, pcm = position + cut, index + cut, at + ms(cut), pcm[2 * cut :]
        hole = position - self._end
        if not pcm or hole > _LONGEST_HOLE:
            return
        self._end = position + len(pcm) // 2
        line = {"index": index, "at": at, "position": position, "count": len(pcm) // 2}
        self.line({"is": "played", **line})
        self._jobs.put(lambda: self._files.played(bytes(2 * hole) + pcm))

    def contexts(self, contexts: Sequence[Context]) -> None:
        """What may be said from here on."""
        self.line({"is": "contexts", "contexts": [context.value for context in contexts]})

    def told(self, told: Told) -> None:
        """What the ears told."""
        self.line(facts(told))

    def line(self, line: Line) -> None:
        """A line of decisions.jsonl."""
        whole = {**line, "sample": self._sample}
        self._jobs.put(lambda: self._files.line(whole))

    def flush(self) -> None:
        """Waits until all is written; for tests."""
        done = threading.Event()
        self._jobs.put(done)
        done.wait(10)

    def _write(self) -> None:
        try:
            self._files = _Files(self._folder)
            while True:
                job = self._jobs.get()
                if isinstance(job, threading.Event):
                    self._files.flush()
                    job.set()
                    continue
                job()
                if self._jobs.empty():
                    self._files.flush()
        except OSError:
            self._failed()
        while True:  # nothing is kept any more, and nothing piles up
            job = self._jobs.get()
            if isinstance(job, threading.Event):
                job.set()


class Kept:
    """What was kept, to be heard once more."""

    def __init__(self, folder: Path, number: int = 1) -> None:
        """Raises EarsError."""
        self.path, reference, decisions = _names(folder, number)
        self.microphone = read_wav(self.path)
        self._reference = read_wav(reference) if reference.stat().st_size > _HEADER else b""
        self._lines = _lines(decisions)

    @property
    def told(self) -> list[Line]:
        """What was told then."""
        return [line for line in self._lines if line["is"] in {"heard", "suspected", "noticed"}]

    def again(self, ears: Listening) -> Iterator[Told]:
        """Everything goes in again, in the same order; what is told now."""
        inputs = iter([line for line in self._lines if line["is"] in _INPUTS])
        line = next(inputs, None)
        even = 0
        for chunk in chunks(self.microphone):
            while line is not None and line["sample"] <= ears.sample:
                if line["is"] == "sound":
                    even = line["at"] - ms(line["sample"])
                else:
                    self._give(ears, line)
                line = next(inputs, None)
            yield from ears.feed(chunk, even + ms(ears.sample + CHUNK))
        yield from ears.flush()

    def _give(self, ears: Listening, line: Line) -> None:
        if line["is"] == "contexts":
            ears.open(tuple(map(Context, line["contexts"])))
            return
        start, end = line["position"], line["position"] + line["count"]
        ears.reference(line["index"], self._reference[2 * start : 2 * end], line["at"])


_INPUTS = frozenset({"sound", "played", "contexts"})
_HEADER = 44  # bytes of an empty WAV file


def kept(folder: Path) -> list[Kept]:
    """All that is kept in a folder. Raises EarsError."""
    found: list[Kept] = []
    while _names(folder, len(found) + 1)[0].exists():
        found.append(Kept(folder, len(found) + 1))
    if not found:
        raise EarsError(f"{folder}: no sound is kept here. Name the folder of --keep-audio.")
    return found


def _lines(path: Path) -> list[Line]:
    """The lines that are whole: the last one may have been cut off by a kill."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise EarsError(
            f"{path}: cannot be read. Without it only the sound can be heard."
        ) from error
    found: list[Line] = []
    for line in text.split("\n")[:-1]:
        try:
            found.append(json.loads(line))
        except ValueError as error:
            raise EarsError(f"{path}:{len(found) + 1}: is damaged. Remove that line.") from error
    return found
