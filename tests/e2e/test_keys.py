"""Keys and the terminal, Ctrl-C and closed pipes: the ways to end a session, and what is left."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from e2e.stage import PER_MS, PLAY, SHORT, Clips, Coach, Recording, now, until

Start = Callable[..., Coach]

SPACE_WITHIN = 100
"""Ms from the press to silence."""


def cut_after(sink: Recording, clip: Clips, text: str, pressed: float) -> float:
    """Ms from a moment to the end of a sentence that was cut; it must have been sounding."""
    word = clip.word(text)
    at = sink.find(word, sink.position(pressed) - len(word), sink.position(pressed))
    assert at is not None, f"{text!r} was not sounding"
    sink.reach(at + len(word))
    heard = sink.samples(at, at + len(word))
    different = abs(heard.astype(int) - word) > 1
    assert different.any(), f"{text!r} was said to its end"
    return sink.moment(at + int(different.argmax()) + 5 * PER_MS) - pressed


def test_space_silences_at_once_and_page_down_goes_on(
    start: Start, sink: Recording, clips: Clips
) -> None:
    coach = start("--ears", "keys", terminal=True)
    sentence = coach.wait("said", "Welcome")
    time.sleep(0.5)
    pressed = coach.press(b" ")
    coach.wait("stop", "space")
    coach.wait("said", "Stopped")
    late = cut_after(sink, clips, sentence["text"], pressed)
    assert late <= SPACE_WITHIN
    coach.press(b"\x1b[6~")
    coach.wait("heard", "page down")
    coach.wait("said", "Exercise one of two")
    coach.press(b"f")
    assert coach.ended() == 0
    assert coach.all("ended")[0]["text"] == "done"
    assert coach.terminal_given_back
    assert coach.errors.read_text() == ""


def test_ctrl_c_ends_aloud_within_a_second(start: Start, sink: Recording, clips: Clips) -> None:
    coach = start("--ears", "auto", terminal=True)
    coach.wait("said", "Two exercises")
    coach.press(b"\x03")
    coach.wait("said", "Ending now")
    assert coach.ended() == 130
    (asked,), (ended,) = coach.all("interrupted"), coach.all("ended")
    assert ended["at_ms"] - asked["at_ms"] <= 1000
    word = clips.word("Ending now.")
    at = sink.find(word, 0, len(sink))
    assert at is not None
    sink.reach(at + len(word))
    assert (sink.samples(at, at + len(word)) == word).all(), "it was not said to its end"
    assert coach.terminal_given_back
    assert coach.errors.read_text() == ""


def test_a_second_interrupt_ends_at_once(start: Start, sink: Recording) -> None:
    coach = start("--ears", "auto", terminal=True)
    coach.wait("said", "Two exercises")
    worker = until(lambda: coach.child("voicecoach.ears.worker"), 5, "the listening process")
    coach.signal(signal.SIGINT)
    coach.wait("interrupted")
    coach.signal(signal.SIGINT)
    second = now()
    assert coach.ended() == 130
    assert sink.moment(len(sink)) - second < 500
    assert not coach.all("ended")
    assert coach.terminal_given_back
    until(lambda: not Path(f"/proc/{worker}").exists(), 5, "the end of the listening process")


def test_the_terminal_is_given_back_after_a_fault_of_ours(start: Start) -> None:
    code = (
        "import sys, time\n"
        "import voicecoach.live as live\n"
        "from voicecoach.cli import main\n"
        "def fault(*_): raise ZeroDivisionError\n"
        "live.Conductor.run = fault\n"
        "sys.exit(main(['play', *sys.argv[1:]]))"
    )
    coach = start("--ears", "keys", terminal=True, command=(sys.executable, "-c", code))
    assert coach.ended() == 1
    assert coach.terminal_given_back


def test_words_through_a_pipe(start: Start) -> None:
    coach = start("--ears", "typed", stdin=subprocess.PIPE)
    typing = coach.process.stdin
    assert typing is not None

    def type_(words: bytes) -> None:
        typing.write(words + b"\n")
        typing.flush()

    coach.wait("said", "Welcome")
    type_(b"Next, please!")
    coach.wait("heard", "next please")
    coach.wait("said", "Exercise one of two")
    type_(b"oh dear that hurts a lot")
    coach.wait("stop", "that hurts")
    coach.wait("said", "Ease out slowly")
    type_(b"finish")
    typing.close()
    assert coach.ended() == 3


def test_a_log_that_cannot_be_written_is_one_sentence(env: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "nowhere" / "log"
    done = subprocess.run(
        [*PLAY, SHORT, "--log", log], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{log}: the log cannot be written: No such file or directory. Choose another file."
    ]


def test_a_reader_that_leaves_is_no_traceback(env: dict[str, str], tmp_path: Path) -> None:
    errors, log = tmp_path / "errors", tmp_path / "log"
    command = shlex.join([*PLAY, str(SHORT), "--ears", "typed", "--log", str(log)])
    done = subprocess.run(  # noqa: S602 - a pipeline is what is tested
        f"(sleep 3; echo finish) | {command} 2>{shlex.quote(str(errors))} | head -1",
        shell=True,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "Welcome. This is Short test.\n"
    assert errors.read_text() == ""
    assert '"ended"' in log.read_text().splitlines()[-1], "the session went on to its end"
