"""The stage: a coach in a process of its own, a person who speaks, and what was recorded.

Nothing here knows the coach from inside, but for its clips: what its loudspeaker was given is
searched for the very samples of a word. Moments are CLOCK_MONOTONIC in ms; positions are samples
at 48 kHz of a recording.
"""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
import wave
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from voicecoach.core.profile import Profile
from voicecoach.core.units import RATE
from voicecoach.ears.checked import Checked, save_checked
from voicecoach.ears.told import Signs
from voicecoach.library.profile import save_profile
from voicecoach.speaker.mixer import limited
from voicecoach.voice.earcons import earcon
from voicecoach.voice.spoken import SpokenVoice
from voicecoach.voice.store import ClipStore

Samples = npt.NDArray[np.int16]
Entry = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
SHORT = ROOT / "tests" / "e2e" / "short.yaml"
PLAY = (sys.executable, "-m", "voicecoach", "play")
PER_MS = 48
NEAR = 50
"""Parts, one second: a server that was kept from its work may lose samples, now and then."""
SAID = {"prompt", "release"}
AUDIBLE = 20
"""Sixteen-bit steps, -64 dBFS: a virtual card is silent to the last bit."""


def now() -> float:
    """CLOCK_MONOTONIC in ms."""
    return time.monotonic() * 1000


def until(true: Any, seconds: float, what: str) -> Any:  # noqa: ANN401 - gives what `true` gives
    """What `true()` gives as soon as it is not false. Raises AssertionError after `seconds`."""
    end = time.monotonic() + seconds
    while not (found := true()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.01)
    return found


# -- cards -------------------------------------------------------------------------------------


@contextlib.contextmanager
def own_card(*options: str) -> Iterator[dict[str, str]]:
    """The environment of a sound card that may be pulled out; other tests keep theirs."""
    card = subprocess.Popen(
        [ROOT / "scripts" / "virtual-audio", *options, "sh", "-c", "env -0; echo; cat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    if card.stdin is None or card.stdout is None:
        raise AssertionError("the card has no pipes")
    try:
        told = card.stdout.readline().decode().rstrip("\n").split("\0")
        yield dict(line.split("=", 1) for line in told if line)
    finally:
        card.stdin.close()
        card.wait(10)


# -- recordings --------------------------------------------------------------------------------


class Recording:
    """What goes through a source, with the moment at which each part of it arrived.

    Two recordings are aligned by those moments: sample n arrived at `moment(n)`, the earliest
    that the arrival of the parts around it allows. Both are delivered in parts of 20 ms, by the
    same server, so what is left of the delivery's delay is in both.
    """

    def __init__(self, source: str = "spk.monitor", env: Mapping[str, str] | None = None) -> None:
        """Returns when the sound flows."""
        self._process = subprocess.Popen(
            [
                *("parec", "-d", source, "--rate=48000", "--channels=1", "--format=s16le"),
                "--latency-msec=20",
            ],
            stdout=subprocess.PIPE,
            env=env,
        )
        self._pcm = bytearray()
        self._lock = threading.Lock()
        self._ends: list[int] = []
        self._arrived: list[float] = []
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        until(lambda: len(self._pcm) > PER_MS * 100, 10, f"sound from {source}")

    def _read(self) -> None:
        stream = self._process.stdout
        while stream is not None and (part := os.read(stream.fileno(), 1 << 16)):
            at = now()
            with self._lock:
                self._pcm += part
                self._ends.append(len(self._pcm) // 2)
                self._arrived.append(at)

    def moment(self, position: int) -> float:
        """When that sample arrived."""
        return self._base(bisect(self._ends, position)) + position / PER_MS

    def position(self, moment: float) -> int:
        """The sample that arrived at that moment."""
        return round((moment - self._base(bisect(self._arrived, moment))) * PER_MS)

    def _base(self, index: int) -> float:
        """When sample 0 would have arrived, by the parts around one part."""
        with self._lock:
            near = slice(max(0, index - NEAR), index + NEAR)
            parts = zip(self._ends[near], self._arrived[near], strict=True)
            return min(at - end / PER_MS for end, at in parts)

    def samples(self, start: int = 0, end: int | None = None) -> Samples:
        """What has been recorded from one position to another."""
        with self._lock:
            part = bytes(self._pcm[2 * start : None if end is None else 2 * end])
        return np.frombuffer(part[: len(part) // 2 * 2], "<i2").astype(np.int16, copy=False)

    def __len__(self) -> int:
        return len(self._pcm) // 2

    def reach(self, position: int) -> None:
        """Waits until so much is recorded."""
        until(lambda: len(self) >= position, 10, f"{position} samples")

    def sounds(self, start: int, end: int, gap: int = 300) -> list[tuple[int, int]]:
        """First and last sample of all that is not silence; `gap` ms of silence divide it."""
        self.reach(end)
        loud = np.flatnonzero(np.abs(self.samples(start, end).astype(np.int32)) > AUDIBLE)
        parts = np.split(loud, np.flatnonzero(np.diff(loud) > gap * PER_MS) + 1)
        return [(start + int(part[0]), start + int(part[-1])) for part in parts if len(part)]

    def silent(self, start: int, end: int) -> bool:
        """Whether nothing at all sounds between two positions."""
        return not self.sounds(start, end)

    def find(self, wanted: Samples, start: int, end: int) -> int | None:
        """Where these very samples begin, first between two positions; None where they do not.

        A quarter of a second of them decides, so that a word that was cut is found as well.
        """
        head = wanted[: 250 * PER_MS].astype(np.float64)
        heard = self.samples(max(0, start), end + len(head)).astype(np.float64)
        if len(heard) < len(head):
            return None
        size = 1 << int(np.ceil(np.log2(len(heard) + len(head))))
        spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(head, size))
        products = np.fft.irfft(spectrum, size)[: len(heard) - len(head) + 1]
        sums = np.concatenate(([0.0], np.cumsum(heard**2)))
        energy = sums[len(head) :] - sums[: -len(head)]
        distance = energy - 2 * products + float(head @ head)
        found = np.flatnonzero(distance < 0.02 * float(head @ head))
        if not len(found):
            return None
        best = found[0] + int(np.argmin(distance[found[0] : found[0] + PER_MS]))
        return max(0, start) + int(best)

    def close(self) -> None:
        """Ends it; what was recorded stays."""
        self._process.terminate()
        self._process.wait()
        self._thread.join(2)


class Clips:
    """The coach's own clips, as its loudspeaker gives them."""

    def __init__(self, cache: Path) -> None:
        """`cache` is the XDG_CACHE_HOME of the coach."""
        self._voice = SpokenVoice(store=ClipStore(cache / "voicecoach" / "clips"))

    def word(self, text: str, rate: int = RATE) -> Samples:
        """A text."""
        return limited(self._voice.clip(text, rate).samples.astype(np.float32))

    def earcon(self, name: str) -> Samples:
        """A tone."""
        return limited(earcon(name).samples.astype(np.float32))

    def close(self) -> None:
        """Ends the voice."""
        self._voice.close()


# -- the person --------------------------------------------------------------------------------


class Person:
    """Someone in front of the virtual microphone, with a voice that is not the coach's."""

    def __init__(self, folder: Path, env: Mapping[str, str] | None = None) -> None:
        """`folder` keeps what was rendered."""
        self._folder, self._env = folder, env

    def clip(self, words: str, voice: str = "slt") -> Path:
        """Words as a file, by flite, or by festival where the voice is called so."""
        path = self._folder / f"{voice}-{words.replace(' ', '-')}.wav"
        if not path.exists():
            command = ["flite", "-voice", voice, "-t", words, str(path)]
            if voice == "festival":
                command = ["text2wave", "-o", str(path)]
            subprocess.run(command, input=words.encode(), check=True, capture_output=True)
        return path

    def phrases(self, *phrases: str, gap: int = 250, voice: str = "slt") -> Path:
        """Phrases as one file, with so many ms of silence between them."""
        path = self._folder / f"{voice}-{'-'.join(phrases)}-{gap}.wav".replace(" ", "-")
        parts = []
        for phrase in phrases:
            with wave.open(str(self.clip(phrase, voice))) as part:
                facts = part.getparams()
                parts.append(part.readframes(part.getnframes()))
        with wave.open(str(path), "wb") as whole:
            whole.setparams(facts)
            whole.writeframes(bytes(2 * facts.framerate * gap // 1000).join(parts))
        return path

    def play(self, path: Path) -> None:
        """Says a file; returns when it has been said."""
        command = ["paplay", "-d", "micpipe", "--latency-msec=20", str(path)]
        subprocess.run(command, check=True, env=self._env)

    def say(self, words: str, voice: str = "slt") -> None:
        """Says words; returns when they have been said."""
        self.play(self.clip(words, voice))


# -- the coach ---------------------------------------------------------------------------------


class Coach:
    """`voicecoach play` in a process of its own, watched through its log."""

    def __init__(
        self,
        folder: Path,
        *arguments: str | Path,
        env: Mapping[str, str],
        command: Sequence[str] = PLAY,
        terminal: bool = False,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        """`terminal`: it gets one, as its controlling terminal. Else it has none at all."""
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log.jsonl"
        self.printed = folder / "printed.txt"
        self.errors = folder / "errors.txt"
        self.master, self.slave = pty.openpty() if terminal else (-1, -1)
        self.before = termios.tcgetattr(self.slave) if terminal else []
        full = (*command, *map(str, arguments), "--log", str(self.log))
        state = folder / "state"  # of its own: no session is there to be gone on with
        save_checked(state / "voicecoach" / "listening.json", Checked((), Signs()))
        config = folder / "config"  # a person who is not asked how strong their pain is
        save_profile(config / "voicecoach" / "profile.yaml", Profile(scores=False))
        self.started = now()
        with self.printed.open("wb") as out, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                # setsid --ctty: stdin becomes the terminal that Ctrl-C comes from.
                ("setsid", "--ctty", *full) if terminal else full,
                stdin=self.slave if terminal else stdin,
                stdout=out,
                stderr=errors,
                env={**env, "XDG_STATE_HOME": str(state), "XDG_CONFIG_HOME": str(config)},
                cwd=ROOT,
                start_new_session=not terminal,
            )
        self._seen = self._read = 0
        self._entries: list[Entry] = []

    # -- what it says and does -----------------------------------------------------------------

    @property
    def entries(self) -> list[Entry]:
        """All that it has logged so far; a line that is being written is left for later."""
        if self.log.exists():
            with self.log.open("rb") as stream:
                stream.seek(self._read)
                new = stream.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._read += len(whole)
            self._entries += [json.loads(line) for line in whole.splitlines()]
        return self._entries

    def wait(self, kind: str, text: str = "", *, seconds: float = 30.0) -> Entry:
        """The next entry of that kind whose text begins so, after the one waited for last.

        The kind "said" is any sentence: a prompt, or a part of the way out.
        """
        kinds = SAID if kind == "said" else {kind}

        def found() -> Entry | None:
            entries = self.entries
            for index in range(self._seen, len(entries)):
                entry = entries[index]
                if entry["kind"] in kinds and entry["text"].startswith(text):
                    self._seen = index + 1
                    return entry
            if self.process.poll() is not None:
                raise AssertionError(f"it ended before {kind} {text!r}: {self.story()}")
            return None

        try:
            return cast("Entry", until(found, seconds, f"{kind} {text!r}"))
        except AssertionError as error:
            raise AssertionError(f"{error}; so far: {self.story()}") from None

    def all(self, kind: str, text: str = "") -> list[Entry]:
        """Every entry of that kind whose text begins so."""
        return [e for e in self.entries if e["kind"] == kind and e["text"].startswith(text)]

    def story(self) -> str:
        """What happened, for a person to read."""
        lines = [
            f"{entry['at_ms']:6} {entry['kind']} {entry['text']}"
            for entry in self.entries
            if entry["kind"] not in {"action", "event"}
        ]
        return "\n".join(["", *lines, self.errors.read_text(errors="replace")])

    # -- what is done to it --------------------------------------------------------------------

    def press(self, keys: bytes) -> float:
        """Presses keys; gives the moment."""
        at = now()
        os.write(self.master, keys)
        return at

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal."""
        self.process.send_signal(number)

    def ended(self, seconds: float = 20.0) -> int:
        """Its exit code, when it has ended by itself."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end in {seconds} s: {self.story()}") from None

    @property
    def terminal_given_back(self) -> bool:
        """Whether the terminal is as it was before."""
        return termios.tcgetattr(self.slave) == self.before

    def children(self) -> dict[int, str]:
        """Its processes, and their commands."""
        return dict(descendants(self.process.pid))

    def child(self, module: str) -> int | None:
        """The process that runs this module."""
        return next((pid for pid, said in self.children().items() if module in said), None)

    def close(self) -> None:
        """Ends it, whatever it is doing."""
        children = self.children() if self.process.poll() is None else {}
        self.process.kill()
        self.process.wait()
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.master >= 0:
            os.close(self.master)
            os.close(self.slave)


def descendants(pid: int) -> Iterator[tuple[int, str]]:
    """All processes below one, with their command lines."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (folder / "stat").read_text()
                parent = int(stat.rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(folder.name))
    waiting = list(parents.get(pid, ()))
    while waiting:
        one = waiting.pop()
        waiting += parents.get(one, ())
        with contextlib.suppress(OSError):
            said = Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" ")
            yield one, said.decode(errors="replace")


def alive(pid: int) -> bool:
    """Whether a process still runs; one that only waits to be buried does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def missing() -> list[str]:
    """The programs that are needed and not here."""
    return [name for name in ("flite", "parec", "paplay", "setsid") if shutil.which(name) is None]
