"""The coach hears itself as loudly as it speaks: that alone must never be a command."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from e2e.stage import SAID, SHORT, Coach, Entry, now, own_card

from voicecoach.core.commands import SAFETY, normal

pytestmark = pytest.mark.timeout(240)

RECENT = 6000
"""Ms; no sentence lasts longer."""

ENOUGH = 6
"""Halts after which nobody would go on."""


def test_the_coach_is_not_its_own_user(tmp_path: Path, env: dict[str, str]) -> None:
    with own_card("--loopback", "0") as card:
        card["XDG_CACHE_HOME"] = env["XDG_CACHE_HOME"]
        coach = Coach(tmp_path, SHORT, "--wait", "1", env=card, terminal=True)
        try:
            listen_to_the_end(coach)
        finally:
            coach.close()
    heard = [entry for entry in coach.all("heard") if entry["by"] != "keys"]
    own = [entry for entry in heard if entry["intent"] not in SAFETY and said(coach, entry)]
    assert own == [], coach.story()
    if heard or coach.all("lost"):
        # What it never said, it cannot guard against, and before a stop nothing may stand (law 1):
        # only better ears will heal that.
        pytest.xfail(f"it mishears its own voice, or cannot keep up: {coach.story()}")
    assert coach.all("prompt", "Exercise two of two"), coach.story()


def said(coach: Coach, heard: Entry) -> bool:
    """Whether the coach had just said the very words that it heard."""
    words = [
        normal(entry["text"])
        for entry in coach.entries
        if entry["kind"] in SAID and 0 <= heard["at_ms"] - entry["at_ms"] < RECENT
    ]
    return any(f" {heard['text']} " in f" {one} " for one in words)


def listen_to_the_end(coach: Coach) -> None:
    """Presses "continue" wherever it halts, until the first exercise is over."""
    halts, end = 0, now() + 150_000
    while halts < ENOUGH and now() < end and not coach.all("prompt", "Exercise two of two"):
        if len(halted(coach)) > halts:
            time.sleep(2)
            halts = len(halted(coach))
            coach.press(b"c")
        time.sleep(0.2)


def halted(coach: Coach) -> list[Entry]:
    return [entry for entry in coach.all("action", "note") if entry["note"] == "halted"]
