"""Keys on a real pseudo-terminal, and the table they follow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.core.commands import OPEN, SAFETY, Context, Intent
from voicecoach.core.en import EN, PHRASES
from voicecoach.core.safety import HALTS
from voicecoach.ears.keys import KEYS, SEQUENCES, meaning, name, split

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not for Windows", allow_module_level=True)

import pty
import termios

CHILD = """
import queue, sys, time
from voicecoach.core.commands import Context
from voicecoach.core.units import Ms
from voicecoach.ears.keys import KeyEars
events = queue.SimpleQueue()
ears = KeyEars()
ears.listen(Context(sys.argv[1]))
ears.start(events.put, lambda: Ms(0))
print("ready", ears.attached, flush=True)
while True:
    event = events.get()
    print(event.by, event.intent.value, event.phrase, time.monotonic_ns(), flush=True)
    if event.phrase == "q":
        break
if "crash" in sys.argv:
    raise SystemExit(1)
ears.close()
ears.close()
"""


class Session:
    """A child process whose standard input is a terminal that the test types on."""

    def __init__(self, *arguments: str) -> None:
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        self.child = subprocess.Popen(
            [sys.executable, "-c", CHILD, *arguments],
            stdin=self.theirs,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.line() == ["ready", "True"]

    def line(self) -> list[str]:
        assert self.child.stdout is not None
        return self.child.stdout.readline().rstrip("\n").split(" ")

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def end(self) -> None:
        self.child.kill()
        self.child.wait()
        assert self.child.stdout is not None
        self.child.stdout.close()
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session("coaching")
    yield made
    made.end()


@pytest.fixture
def number_asked() -> Iterator[Session]:
    made = Session("number")
    yield made
    made.end()


def test_every_intent_has_a_key() -> None:
    """Answers to a question have the digits: the first that is offered, the second ..."""
    numbered = {intent for halt in HALTS.values() for intent in halt.choices}
    assert set(KEYS.values()) | {Intent.STOP} | numbered == set(PHRASES)


@given(st.text(min_size=1, max_size=3), st.sampled_from(list(Context)))
def test_a_key_without_a_meaning_is_a_stop(key: str, context: Context) -> None:
    if key not in KEYS and key.lower() not in KEYS:
        assert meaning(key, context) is Intent.STOP


@pytest.mark.parametrize("context", list(Context))
@pytest.mark.parametrize("key", list(KEYS))
def test_a_command_key_counts_only_where_it_is_open(key: str, context: Context) -> None:
    intent = KEYS[key]
    chosen = intent is Intent.NUMBER and context is Context.QUESTION
    wanted = intent if chosen or intent in SAFETY or intent in OPEN[context] else None
    assert meaning(key, context) is wanted


def test_a_digit_is_a_number_where_one_is_asked_for_and_never_a_stop() -> None:
    for key in "1234567890":
        assert meaning(key, Context.NUMBER) is Intent.NUMBER
        assert name(key) in PHRASES[Intent.NUMBER]
        assert meaning(key, Context.QUESTION) is Intent.NUMBER  # the answer with that number
        for context in set(Context) - {Context.NUMBER, Context.QUESTION}:
            assert meaning(key, context) is None
    assert [EN.numbers[name(key)] for key in "0123456789"] == [*range(10)]


def test_escape_sequences_are_one_key_each() -> None:
    text = "n\x1b[6~\x1b[15;2~\x1bOC\x1bx \x1b\x1b[A\x1b"
    assert list(split(text)) == [
        "n",
        "page down",
        "\x1b[15;2~",
        "right",
        "\x1bx",
        " ",
        "\x1b",
        "up",
        "\x1b",
    ]


@given(st.text(alphabet="\x1b[O~ABC;5n ", max_size=12))
def test_no_press_is_lost_in_splitting(text: str) -> None:
    sequences = {shown: raw for raw, shown in SEQUENCES.items()}
    keys = list(split(text))
    assert all(keys)
    rebuilt = "".join(sequences.get(key, key) for key in keys)
    assert len(rebuilt) == len(text)


def test_control_characters_are_never_shown() -> None:
    assert all(name(key).isprintable() for key in ("\x1b[15~", "\x07", "\x00", "\r", " ", "n"))


def test_one_press_is_one_event(session: Session) -> None:
    session.press("n")
    assert session.line()[:3] == ["keys", "next", "n"]
    session.press("\x1b[5~")
    assert session.line()[:4] == ["keys", "go_back", "page", "up"]
    for key in (" ", "\n", "\x1b[20~", "\x1b", "x"):
        session.press(key)
        assert session.line()[:2] == ["keys", "stop"]


def test_a_key_that_is_not_open_is_ignored_but_the_next_is_heard(session: Session) -> None:
    session.press("y")  # no question is open while coaching
    session.press(" ")
    assert session.line()[:2] == ["keys", "stop"]


def test_a_number_is_pressed(number_asked: Session) -> None:
    number_asked.press("50n ")
    assert number_asked.line()[:3] == ["keys", "number", "5"]
    assert number_asked.line()[:3] == ["keys", "number", "0"]
    assert number_asked.line()[:2] == ["keys", "stop"]


def test_a_press_is_an_event_within_20_ms(session: Session) -> None:
    late = []
    for _ in range(10):
        pressed = time.monotonic_ns()
        session.press(" ")
        late.append((int(session.line()[-1]) - pressed) / 1e6)
    assert sorted(late)[len(late) // 2] < 20


def test_the_terminal_is_given_back(session: Session) -> None:
    assert termios.tcgetattr(session.theirs) != session.before
    session.press("q")
    assert session.line()[:2] == ["keys", "stop"]
    session.child.wait(timeout=10)
    assert termios.tcgetattr(session.theirs) == session.before


def test_the_terminal_is_given_back_when_the_session_crashes() -> None:
    session = Session("coaching", "crash")
    session.press("q")
    session.child.wait(timeout=10)
    assert session.child.returncode == 1
    assert termios.tcgetattr(session.theirs) == session.before
    session.end()


def test_after_each_suspension_keys_work_again(session: Session) -> None:
    """Often, since the system gives the signal to any of the threads."""
    for _ in range(20):
        os.kill(session.child.pid, signal.SIGSTOP)
        os.waitpid(session.child.pid, os.WUNTRACED)
        termios.tcsetattr(session.theirs, termios.TCSANOW, session.before)  # as a shell does
        os.kill(session.child.pid, signal.SIGCONT)
        deadline = time.monotonic() + 5
        while termios.tcgetattr(session.theirs)[3] & termios.ICANON:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        session.press(" ")
        assert session.line()[:2] == ["keys", "stop"]


def test_signals_from_the_keyboard_stay_signals(session: Session) -> None:
    assert termios.tcgetattr(session.theirs)[3] & termios.ISIG
