"""The listening process from inside: its orders, its lines, what it keeps."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from voicecoach.core.commands import Context, Intent
from voicecoach.ears.endpoint import CHUNK, CHUNK_BYTES
from voicecoach.ears.hearing import Decision
from voicecoach.ears.keeping import Keeping, kept
from voicecoach.ears.listening import Told
from voicecoach.ears.told import Notice, Signs, Suspicion
from voicecoach.ears.worker import MUTED, Work


class Ears:
    """A Listening that tells what it was told to tell, and notes what it is given."""

    def __init__(self, *told: Sequence[Told]) -> None:
        self.script = list(told)
        self.given: list[tuple[object, ...]] = []
        self.sample = 0
        self.signs = Signs(noise=-60.5, delay=40)

    def open(self, contexts: tuple[Context, ...]) -> None:
        self.given.append(contexts)

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        self.given.append((index, pcm, at))

    def feed(self, chunk: bytes, at: int) -> Sequence[Told]:
        self.sample += CHUNK
        self.given.append((len(chunk), at))
        return self.script.pop(0) if self.script else ()


@pytest.fixture
def work() -> Work:
    return Work()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_is_told_becomes_lines(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    ears = Ears(
        [Decision(Intent.STOP, "stop", "decoder", 160, CHUNK), Suspicion(CHUNK)],
        [Notice(what, CHUNK) for what in ("muted", "sound", "noisy")],
    )
    work.hear(ears, bytes(CHUNK_BYTES), 5000)  # type: ignore[arg-type]
    work.hear(ears, bytes(CHUNK_BYTES), 5032)  # type: ignore[arg-type]
    told = lines(capsys)
    for line in told:
        assert line.pop("at") > 0
    assert told == [
        {"is": "heard", "began": 4978, "intent": "stop", "phrase": "stop", "by": "decoder"},
        {"is": "suspected"},
        {"is": "lost", "organ": "microphone", "why": MUTED, "for_good": False},
        {"is": "back", "organ": "microphone"},
        {"is": "noticed", "what": "noisy"},
    ]
    assert work.signs == Signs(noise=-60.5, delay=40)


def test_orders_reach_the_ears(work: Work) -> None:
    ears = Ears()
    work.obey_one(ears, {"contexts": ["number"]})  # type: ignore[arg-type]
    played = base64.b64encode(b"\1\0\2\0").decode()
    work.obey_one(ears, {"played": played, "index": 48, "at": 9000})  # type: ignore[arg-type]
    assert ears.given == [(Context.NUMBER,), (48, b"\1\0\2\0", 9000)]


def test_what_goes_in_and_out_is_kept_when_asked_for(work: Work, tmp_path: Path) -> None:
    work.keeping = Keeping(tmp_path, work.kept_no_more)
    ears = Ears([Suspicion(CHUNK)])
    work.hear(ears, b"\1\0" * CHUNK, 5000)  # type: ignore[arg-type]
    work.obey_one(ears, {"contexts": ["number"]})  # type: ignore[arg-type]
    played = base64.b64encode(b"\1\0\2\0").decode()
    work.obey_one(ears, {"played": played, "index": 48, "at": 5000})  # type: ignore[arg-type]
    work.keeping.flush()
    (one,) = kept(tmp_path)
    assert one.microphone == b"\1\0" * CHUNK
    assert [line["is"] for line in one.told] == ["suspected"]
    text = (tmp_path / "decisions.jsonl").read_text()
    assert [json.loads(line)["is"] for line in text.splitlines()] == [
        *("sound", "suspected", "contexts", "played")
    ]


def test_a_disk_that_is_full_is_noticed(
    work: Work, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work.keeping = Keeping(tmp_path / "nowhere", work.kept_no_more)
    work.hear(Ears(), bytes(CHUNK_BYTES), 5000)  # type: ignore[arg-type]
    work.keeping.flush()
    (line,) = lines(capsys)
    assert (line["is"], line["what"]) == ("noticed", "unkept")


def test_another_engines_answer_is_of_when_it_was_asked_and_only_told_where_it_counts(
    work: Work, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    decision = Decision(Intent.NEXT, "next", "engine", 16_000, 32_000)
    clock = iter((5000, 9000))  # asked, told
    monkeypatch.setattr("voicecoach.ears.worker.now_ms", lambda: next(clock))
    work.answer(lambda: decision)
    (line,) = lines(capsys)
    assert (line["began"], line["at"], line["intent"]) == (4000, 9000, "next")
    monkeypatch.undo()
    work.answer(lambda: None)
    work.counts = lambda one: one is not decision
    work.answer(lambda: decision)
    assert lines(capsys) == []
