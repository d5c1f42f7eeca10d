"""The command that calls for help: run as it was set up, and told by how it ended."""

from __future__ import annotations

import queue
import sys
from pathlib import Path

import pytest

from voicecoach import alert
from voicecoach.alert import Alarm, sent
from voicecoach.core.actions import Alert, Silence
from voicecoach.core.events import Alerted
from voicecoach.core.units import Ms


def test_it_is_run_word_by_word_and_without_a_shell(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    code = f"import sys; open({str(kept)!r}, 'w').write('|'.join(sys.argv[1:]))"
    assert sent(f'{sys.executable} -c "{code}" "come now" $HOME ; false')
    assert kept.read_text() == "come now|$HOME|;|false"


@pytest.mark.parametrize("command", ["false", "/nowhere/send", "'", "\0"])
def test_what_does_not_end_well_was_not_sent(command: str) -> None:
    assert not sent(command)


def test_what_does_not_end_was_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert, "LIMIT", 0.2)
    assert not sent("sleep 30")


@pytest.mark.parametrize(("command", "well"), [("true", True), ("false", False)])
def test_an_alert_is_sent_and_what_came_of_it_is_an_event(command: str, well: object) -> None:
    told: queue.SimpleQueue[Alerted] = queue.SimpleQueue()
    alarm = Alarm(command, told.put, lambda: Ms(7))
    alarm.action(Ms(1), Silence())
    assert told.empty()
    alarm.action(Ms(1), Alert())
    assert told.get(timeout=20) == Alerted(Ms(7), sent=well is True)
