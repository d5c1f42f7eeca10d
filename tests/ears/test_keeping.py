"""What is kept when somebody asks for it, and that it can be heard again."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from voicecoach.core.commands import Context, Intent
from voicecoach.ears.endpoint import CHUNK, CHUNK_BYTES, RATE, Endpointer
from voicecoach.ears.hearing import Decision, Hearing, ms
from voicecoach.ears.keeping import Keeping, kept, prepare
from voicecoach.ears.listening import Listening
from voicecoach.ears.told import Notice, Suspicion
from voicecoach.errors import EarsError


class Deaf:
    """A decoder that hears nothing."""


def ears(canceller: object = None) -> Listening:
    never = Hearing(Endpointer(lambda _: 0.0), Deaf(), Deaf(), {})  # type: ignore[arg-type]
    return Listening(never, canceller=canceller)  # type: ignore[arg-type]


class Witness:
    """A canceller that notes all that it is given."""

    heard = 0.0
    delay = None
    learnt = True

    def __init__(self) -> None:
        self.given: list[tuple[object, ...]] = []

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        self.given.append(("played", index, pcm, at))

    def feed(self, chunk: bytes, at: int) -> bytes:
        self.given.append(("sound", chunk, at))
        return chunk


def samples(count: int, seed: int = 0) -> bytes:
    made = np.random.default_rng(seed).integers(-3000, 3000, count)
    return made.astype("<i2").tobytes()


def keep(folder: Path) -> tuple[Keeping, list[str]]:
    failures: list[str] = []
    prepare(folder)
    return Keeping(folder, lambda: failures.append("full")), failures


def session(folder: Path, chunks: int = 20) -> list[tuple[object, ...]]:
    """Keeps something; what the canceller was given."""
    keeping, _ = keep(folder)
    witness, index = Witness(), 7000
    for number in range(chunks):
        at = 50_032 + ms(number * CHUNK) + (3 if number > 11 else 0)  # the clock moved
        chunk = samples(CHUNK, number)
        keeping.sound(chunk, at)
        witness.feed(chunk, at)
        if number % 2 == 0:
            piece = samples(640, 100 + number)
            keeping.played(index, piece, at + 20)
            witness.reference(index, piece, at + 20)
            index += 640 if number != 8 else 6400
    keeping.flush()
    return witness.given


def test_everything_goes_in_again_in_the_same_order_at_the_same_moments(tmp_path: Path) -> None:
    before = session(tmp_path)
    witness = Witness()
    (one,) = kept(tmp_path)
    list(one.again(ears(witness)))
    assert witness.given == before


def test_what_was_told_is_kept(tmp_path: Path) -> None:
    keeping, _ = keep(tmp_path)
    keeping.sound(samples(CHUNK), 100)
    keeping.told(Decision(Intent.NEXT, "next", "decoder", 0, CHUNK))
    keeping.told(Suspicion(CHUNK))
    keeping.told(Notice("noisy", CHUNK))
    keeping.flush()
    (one,) = kept(tmp_path)
    assert one.told == [
        {
            "is": "heard",
            "intent": "next",
            "phrase": "next",
            "by": "decoder",
            "at_ms": 0,
            "decided_ms": 32,
            "sample": CHUNK,
        },
        {"is": "suspected", "decided_ms": 32, "sample": CHUNK},
        {"is": "noticed", "what": "noisy", "decided_ms": 32, "sample": CHUNK},
    ]


def test_contexts_are_opened_again_where_they_were(tmp_path: Path) -> None:
    keeping, _ = keep(tmp_path)
    keeping.sound(samples(CHUNK), 100)
    keeping.contexts([Context.NUMBER])
    keeping.sound(samples(CHUNK), 132)
    keeping.flush()
    (one,) = kept(tmp_path)
    hearing = ears()
    opened: list[tuple[int, tuple[Context, ...]]] = []
    hearing.open = lambda contexts: opened.append((hearing.sample, contexts))  # type: ignore[method-assign]
    list(one.again(hearing))
    assert opened == [(CHUNK, (Context.NUMBER,))]


def test_the_two_sounds_lie_side_by_side(tmp_path: Path) -> None:
    """What was due when a sample of the microphone was there has the same number."""
    keeping, _ = keep(tmp_path)
    for number in range(50):
        keeping.sound(bytes(CHUNK_BYTES), 1032 + ms(number * CHUNK))
    click = bytes(2 * 100) + (9999).to_bytes(2, "little") + bytes(2 * 100)
    keeping.played(123_456, click, 1500)
    keeping.flush()
    with wave.open(str(tmp_path / "reference.wav")) as file:
        reference = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert np.flatnonzero(reference).tolist() == [RATE // 2 + 100]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    session(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["decisions.jsonl", "microphone.wav", "reference.wav"]
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_written_over(tmp_path: Path) -> None:
    session(tmp_path, 4)
    first = (tmp_path / "microphone.wav").read_bytes()
    session(tmp_path, 8)
    assert (tmp_path / "microphone.wav").read_bytes() == first
    assert [len(one.microphone) // CHUNK_BYTES for one in kept(tmp_path)] == [4, 8]


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    script = (
        "import os, sys, time\nfrom pathlib import Path\n"
        "from voicecoach.ears.keeping import Keeping\n"
        f"keeping = Keeping(Path({str(tmp_path)!r}), lambda: None)\n"
        "for n in range(100): keeping.sound(bytes(range(256)) * 4, 32 * n)\n"
        "keeping.flush()\nos.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=False, timeout=30)
    with wave.open(str(tmp_path / "microphone.wav")) as file:
        assert file.getnframes() == 100 * CHUNK
    (one,) = kept(tmp_path)
    assert len(one.microphone) == 100 * CHUNK_BYTES


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    session(tmp_path)
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(path.read_bytes()[:-7])
    assert kept(tmp_path)


def test_a_full_disk_is_told_once_and_nothing_else_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping, failures = keep(tmp_path)
    keeping.sound(samples(CHUNK), 32)
    keeping.flush()

    def full(_self: object, _pcm: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("voicecoach.ears.keeping._Files.sound", full)
    for number in range(1, 50):
        keeping.sound(samples(CHUNK), 32 + 32 * number)
    keeping.flush()
    assert failures == ["full"]
    (one,) = kept(tmp_path)
    assert len(one.microphone) == CHUNK_BYTES


def test_a_folder_that_went_away_is_told(tmp_path: Path) -> None:
    failures: list[str] = []
    keeping = Keeping(tmp_path / "gone", lambda: failures.append("gone"))
    keeping.sound(samples(CHUNK), 32)
    keeping.flush()
    assert failures == ["gone"]


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EarsError, match=r"file/below: no sound can be kept there: Not a dir"):
        prepare(tmp_path / "file" / "below")


def test_an_empty_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EarsError, match="no sound is kept here"):
        kept(tmp_path)


@pytest.mark.parametrize("text", ["{\n", "\xff\n"])
def test_damaged_lines_are_a_sentence(tmp_path: Path, text: str) -> None:
    session(tmp_path, 2)
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(EarsError, match=r"decisions\.jsonl"):
        kept(tmp_path)


def test_clocks_that_jump_do_not_fill_the_disk(tmp_path: Path) -> None:
    keeping, _ = keep(tmp_path)
    keeping.sound(samples(CHUNK), 1000)
    keeping.played(0, samples(640), 1000)
    keeping.played(10**12, samples(640), 1040)
    keeping.played(640, samples(640), 1080)
    keeping.flush()
    lines = [json.loads(line) for line in (tmp_path / "decisions.jsonl").open()]
    assert [line["index"] for line in lines if line["is"] == "played"] == [0, 640]
