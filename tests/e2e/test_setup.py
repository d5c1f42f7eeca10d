"""The spoken set-up on a real card: a number by voice, said back, called right, and kept."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from e2e.stage import ROOT, Person, own_card, until

from voicecoach.library.profile import load_profile

pytestmark = pytest.mark.timeout(300)

COMMAND = (*("setsid", "--ctty", sys.executable, "-m", "voicecoach"), "setup", "--aloud")


class SetUp:
    """One that runs on a terminal of its own."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.printed, self.seen = folder / "printed.txt", 0
        self.profile = folder / "voicecoach" / "profile.yaml"
        self.keys, terminal = pty.openpty()
        with self.printed.open("wb") as out:
            self.process = subprocess.Popen(
                COMMAND,
                stdin=terminal,
                stdout=out,
                stderr=out,
                env={**env, "XDG_CONFIG_HOME": str(folder)},
                cwd=ROOT,
            )
        os.close(terminal)

    def wait(self, text: str, seconds: float = 30) -> None:
        def found() -> int:
            return self.printed.read_text().find(text, self.seen) + 1

        try:
            self.seen = until(found, seconds, text)
        except AssertionError as error:
            raise AssertionError(f"{error}; so far: {self.printed.read_text()}") from None

    def tell(self, say: Callable[[], object], answer: str) -> None:
        """Says it until it is heard: a person would, too."""
        for _ in range(10):
            say()
            try:
                self.wait(answer, 5)
            except AssertionError:
                continue
            return
        pytest.fail(f"never heard: {self.printed.read_text()}")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        os.close(self.keys)


@pytest.fixture
def setup(tmp_path: Path, env: dict[str, str]) -> Iterator[SetUp]:
    made = SetUp(tmp_path, env)
    yield made
    made.close()


def beside(folder: Path, env: dict[str, str]) -> tuple[Path, int]:
    """A number by voice: where it is kept, and the exit code."""
    with own_card() as card:
        person = Person(folder, card)
        setup = SetUp(folder, {**card, "XDG_CACHE_HOME": env["XDG_CACHE_HOME"]})
        try:
            setup.wait("To leave it open, say skip.")
            said = (("one", "One."), ("one", "One."), ("six", "Six."), ("finish", "right?"))
            for word, answer in said:
                setup.tell(lambda word=word: person.say(word), answer)  # type: ignore[misc]
            setup.tell(lambda: person.say("yes"), "Kept.")
            os.write(setup.keys, b" ")
            setup.wait("The set-up is over.")
            return setup.profile, setup.process.wait(20)
        finally:
            setup.close()


def test_a_number_by_voice(beside: Callable[[str], tuple[Path, int]]) -> None:
    kept, code = beside(__name__)
    assert load_profile(kept).contacts["emergency"].endswith("16")  # one may be said twice
    assert code == 0


def test_a_number_by_keys(setup: SetUp) -> None:
    setup.wait("Which number")
    for key, answer in (("9", "Nine."), ("1", "One."), ("1", "One."), ("\r", "right?")):
        os.write(setup.keys, key.encode())
        setup.wait(answer)
    assert "Nine one one." in setup.printed.read_text()
    os.write(setup.keys, b"y")
    setup.wait("Kept.")
    os.write(setup.keys, b" ")
    assert setup.process.wait(20) == 0
    assert load_profile(setup.profile).contacts == {"emergency": "911"}
