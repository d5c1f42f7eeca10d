import io
import json
import queue

import pytest

from voicecoach.voice import renderer
from voicecoach.voice.engine import Known, Unrenderable
from voicecoach.voice.renderer import serve


class Fake:
    def render(self, text: str, _rate: int, _voice: str | None) -> bytes:
        if text == "refused":
            raise Unrenderable("Not this.", fatal=True)
        if text == "bug":
            raise RuntimeError("engine lost")
        return text.encode()

    def voices(self) -> list[Known]:
        return [Known("gmw/en", "English", "en-gb", chosen=True)]


def answers(*questions: str, rate: int = 175) -> list[tuple[dict[str, object], bytes]]:
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    for text in questions:
        asked.put(json.dumps({"text": text, "rate": rate, "voice": None}).encode())
    asked.put(b"")
    out = io.BytesIO()
    serve(asked, out, Fake())
    out.seek(0)
    found = []
    while line := out.readline():
        header = json.loads(line)
        found.append((header, out.read(header.get("bytes", 0))))
    return found


def test_answers_come_in_order_with_their_bytes() -> None:
    assert answers("one", "zwölf\n") == [
        ({"bytes": 3}, b"one"),
        ({"bytes": 7}, "zwölf\n".encode()),
    ]


def test_a_refusal_and_a_bug_are_answers_and_the_next_text_goes_on() -> None:
    refused, bug, good = answers("refused", "bug", "one")
    assert refused == ({"error": "Not this.", "fatal": True}, b"")
    assert bug[0]["fatal"] is False
    assert "engine lost" in str(bug[0]["error"])
    assert good == ({"bytes": 3}, b"one")


def test_it_ends_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "IDLE", 0.01)
    serve(queue.SimpleQueue(), io.BytesIO(), Fake())
