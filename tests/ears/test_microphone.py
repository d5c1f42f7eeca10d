"""The listening process may die, freeze or find no device: each is said once, and mended.

The process is a script of the test here; `test_device.py` runs the real one on a sound card.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import signal
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from voicecoach.core.commands import Context, Intent
from voicecoach.core.events import Back, Heard, Lost, Noticed, Suspected
from voicecoach.core.units import Ms
from voicecoach.ears.base import Ears, Posted, Spoken
from voicecoach.ears.microphone import (
    ENDED,
    FROZE,
    NOT_STARTED,
    TOO_BUSY,
    MicrophoneEars,
    Patience,
    worker_command,
)
from voicecoach.ears.told import Signs

HEAD = """
import json, sys, time, os
def tell(kind, **facts):
    facts.setdefault("at", time.monotonic_ns() // 1000000)
    print(json.dumps({"is": kind, **facts}), flush=True)
def heard(intent, phrase, began=300, **facts):
    at = time.monotonic_ns() // 1000000
    tell("heard", began=at - began, intent=intent, phrase=phrase, by="decoder", **facts)
def live():
    while True:
        tell("alive")
        time.sleep(0.05)
"""

QUICK = Patience(start=5.0, beat=0.6, busy=5.0, still=0.3, steady=0.3, retry=0.05, look=0.05)


class Listener:
    """Ears on a scripted process, and what they posted."""

    def __init__(self, script: str, patience: Patience = QUICK) -> None:
        self.events: queue.SimpleQueue[Posted] = queue.SimpleQueue()
        self.ears = MicrophoneEars(command=(sys.executable, "-c", HEAD + script), patience=patience)
        self.ears.start(self.events.put, lambda: Ms(time.monotonic_ns() // 1_000_000))

    def next(self) -> Posted:
        return self.events.get(timeout=10)

    def nothing(self, seconds: float = 0.3) -> bool:
        try:
            self.events.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


Make = Callable[..., Listener]


@pytest.fixture
def listener() -> Iterator[Make]:
    made: list[Listener] = []

    def make(script: str, patience: Patience = QUICK) -> Listener:
        made.append(Listener(script, patience))
        return made[-1]

    yield make
    for one in made:
        one.ears.close()
        one.ears.close()


def test_what_is_heard_is_posted(listener: Make) -> None:
    one = listener('tell("hearing"); heard("next", "next"); live()')
    event = one.next()
    assert isinstance(event, Heard)
    assert (event.intent, event.phrase, event.by) == (Intent.NEXT, "next", "decoder")
    assert one.nothing()


def test_a_dead_process_is_lost_once_then_back(listener: Make, tmp_path: Path) -> None:
    mark = tmp_path / "third"
    script = f"""
    import pathlib
    mark = pathlib.Path({str(mark)!r})
    runs = len(mark.read_text()) if mark.exists() else 0
    mark.write_text("." * (runs + 1))
    if runs == 1:
        sys.exit(3)
    tell("hearing")
    if runs == 2:
        live()
    """
    one = listener(
        "\n".join(
            line.strip(" ") if not line.startswith("        ") else line[4:]
            for line in script.splitlines()
        )
    )
    lost, back = one.next(), one.next()
    assert isinstance(lost, Lost)
    assert (lost.organ, lost.why) == ("recogniser", ENDED)
    assert isinstance(back, Back)
    assert back.organ == "recogniser"
    assert one.nothing()


def test_a_killed_process_is_started_again(listener: Make) -> None:
    one = listener('tell("hearing"); heard("repeat", "repeat"); live()')
    one.next()
    assert one.ears.pid is not None
    os.kill(one.ears.pid, signal.SIGKILL)
    assert isinstance(one.next(), Lost)
    assert isinstance(one.next(), Back)
    assert isinstance(one.next(), Heard)


def test_a_frozen_process_is_noticed_and_replaced(listener: Make) -> None:
    one = listener('tell("hearing"); live()')
    while one.ears.pid is None:
        time.sleep(0.01)
    time.sleep(0.5)
    os.kill(one.ears.pid, signal.SIGSTOP)
    lost = one.next()
    assert isinstance(lost, Lost)
    assert lost.why == FROZE
    assert isinstance(one.next(), Back)


SPIN = """
def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
"""
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def losses(one: Listener, seconds: float) -> list[str]:
    """What was lost and came back in this time."""
    found, end = [], time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        try:
            event = one.events.get(timeout=left)
        except queue.Empty:
            break
        if isinstance(event, Lost):
            found.append(event.why)
        if isinstance(event, Back):
            found.append("back")
    return found


def test_a_busy_process_is_said_and_left_alive(listener: Make) -> None:
    one = listener(SPIN + 'tell("hearing"); tell("alive"); spin(2.5); live()')
    lost = one.next()
    pid = one.ears.pid
    assert isinstance(lost, Lost)
    assert (lost.organ, lost.why) == ("recogniser", TOO_BUSY)
    assert isinstance(one.next(), Back)
    assert one.ears.pid == pid
    assert one.ears.hearing
    assert one.nothing()


@on_linux
def test_a_busy_thread_does_not_hide_a_frozen_one(listener: Make) -> None:
    one = listener(
        SPIN + "import threading; threading.Thread(target=spin, args=(60,), daemon=True).start();"
        'tell("hearing"); tell("alive"); time.sleep(60)',
        replace(QUICK, beat=1.5),
    )
    lost = one.next()
    assert isinstance(lost, Lost)
    assert lost.why == FROZE


def test_a_process_that_only_works_is_replaced_in_the_end(listener: Make, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    one = listener(
        SPIN + f'open({str(runs)!r}, "a").write("."); tell("hearing"); spin(60)',
        replace(QUICK, busy=0.5),
    )
    assert losses(one, 3) == [TOO_BUSY]  # the next one, too, must first keep up
    assert len(runs.read_text()) > 1


def test_a_process_that_lags_is_said_and_left_alive(listener: Make, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    one = listener(
        f'open({str(runs)!r}, "a").write("."); tell("hearing"); tell("alive", behind=2100); live()'
    )
    lost = one.next()
    assert isinstance(lost, Lost)
    assert lost.why == TOO_BUSY
    assert isinstance(one.next(), Back)
    assert runs.read_text() == "."
    assert one.nothing()


def test_one_that_lags_again_and_again_must_keep_up_for_longer(listener: Make) -> None:
    script = """
tell("hearing")
for _ in range(8):
    tell("alive", behind=9000)
    end = time.monotonic() + 0.8
    while time.monotonic() < end:
        tell("alive", behind=20)
        time.sleep(0.05)
live()
"""
    one = listener(script)
    # It must keep up for 0.3 s, then 0.6, then 1.2, which it does not: said twice, not eight times.
    assert losses(one, 6) == [TOO_BUSY, "back"] * 2 + [TOO_BUSY]


def test_a_process_that_never_hears_is_lost(listener: Make) -> None:
    one = listener("time.sleep(60)", replace(QUICK, start=3.0))
    lost = one.next()
    assert isinstance(lost, Lost)
    assert lost.why == NOT_STARTED


def test_a_program_that_cannot_be_started_is_lost() -> None:
    events: queue.SimpleQueue[Posted] = queue.SimpleQueue()
    ears = MicrophoneEars(command=("/nowhere/at/all",), patience=QUICK)
    ears.start(events.put, lambda: Ms(0))
    assert events.get(timeout=5) == Lost(Ms(0), "recogniser", NOT_STARTED)
    ears.close()


def test_a_lost_microphone_is_told_in_its_own_words(listener: Make) -> None:
    one = listener('tell("lost", organ="microphone", why="Unplugged.", for_good=False)')
    event = one.next()
    assert isinstance(event, Lost)
    assert (event.organ, event.why) == ("microphone", "Unplugged.")
    assert one.nothing()  # tried again and again, said once


def test_what_cannot_heal_is_not_tried_again(listener: Make, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    one = listener(
        f'open({str(runs)!r}, "a").write("."); '
        'tell("lost", organ="recogniser", why="Not installed.", for_good=True)'
    )
    assert isinstance(one.next(), Lost)
    assert one.nothing()
    assert runs.read_text() == "."


def test_the_coachs_own_words_are_refused_and_stop_is_not(listener: Make) -> None:
    one = listener(
        'tell("hearing"); sys.stdin.readline(); sys.stdin.readline();'
        'tell("alive"); heard("next", "next"); heard("stop", "stop"); heard("repeat", "repeat");'
        "live()"
    )
    while one.ears.pid is None:
        time.sleep(0.01)
    now = time.monotonic_ns() // 1_000_000
    one.ears.speaking(Spoken(Ms(now - 500), Ms(now + 20_000), "next next stop next stop next"))
    one.ears.listen(Context.COACHING)
    one.ears.listen(Context.COACHING)
    assert [_intent(one.next()), _intent(one.next())] == [Intent.STOP, Intent.REPEAT]


def _intent(event: Posted) -> Intent:
    assert isinstance(event, Heard)
    return event.intent


def test_a_stale_command_is_dropped_but_a_stale_stop_is_not(listener: Make) -> None:
    one = listener(
        'old = time.monotonic_ns() // 1000000 - 9000; tell("hearing");'
        'tell("heard", at=old, began=old, intent="next", phrase="next", by="decoder");'
        'tell("heard", at=old, began=old, intent="stop", phrase="stop", by="decoder"); live()'
    )
    assert _intent(one.next()) is Intent.STOP
    assert one.nothing()


def test_the_context_reaches_the_process_from_its_start(listener: Make) -> None:
    one = listener(
        'names = json.loads(sys.stdin.readline())["contexts"];'
        'names = json.loads(sys.stdin.readline())["contexts"];'
        'tell("hearing"); heard("yes", names[0]); live()'
    )
    while one.ears.pid is None:
        time.sleep(0.01)
    one.ears.listen(Context.QUESTION)
    event = one.next()
    assert isinstance(event, Heard)
    assert event.phrase == "question"


def test_nonsense_from_the_process_is_passed_over(listener: Make) -> None:
    one = listener(
        'print("ALSA lib pcm.c"); print("[1]"); print("{}"); tell("heard", intent="dance");'
        'tell("hearing"); heard("stop", "stop"); live()'
    )
    assert _intent(one.next()) is Intent.STOP


def test_suspicions_and_notices_are_posted(listener: Make) -> None:
    one = listener('tell("hearing"); tell("suspected"); tell("noticed", what="noisy"); live()')
    assert isinstance(one.next(), Suspected)
    noticed = one.next()
    assert isinstance(noticed, Noticed)
    assert noticed.what == "noisy"
    assert one.nothing()


def test_a_muted_microphone_is_lost_and_found_without_a_new_process(listener: Make) -> None:
    one = listener(
        'tell("hearing"); tell("lost", organ="microphone", why="Muted.", for_good=False);'
        'time.sleep(0.2); tell("back", organ="microphone"); live()'
    )
    lost, back = one.next(), one.next()
    assert (type(lost), type(back)) == (Lost, Back)
    assert one.ears.hearing


def test_what_is_known_of_the_sound_comes_with_the_heartbeat(listener: Make) -> None:
    one = listener('tell("hearing"); tell("alive", noise=-61.5, delay=40); time.sleep(60)')
    until(lambda: one.ears.signs.noise is not None)
    assert one.ears.signs == Signs(noise=-61.5, delay=40)


@pytest.mark.parametrize(("noise", "told"), [(-30, True), (-58, False)])
def test_a_change_since_the_listening_test_is_noticed_once(
    noise: int,
    told: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("voicecoach.ears.microphone.SETTLED", 200)
    script = f"""
tell("hearing")
for _ in range(100):
    tell("alive", noise={noise})
    time.sleep(0.05)
"""
    events: queue.SimpleQueue[Posted] = queue.SimpleQueue()
    command = (sys.executable, "-c", HEAD + script)
    ears = MicrophoneEars(command, before=Signs(noise=-60), patience=QUICK)
    ears.start(events.put, lambda: Ms(7))
    time.sleep(1.5)
    ears.close()
    found = []
    while not events.empty():
        found.append(events.get())
    assert found == [Noticed(Ms(7), "changed")] * told


def test_how_the_listening_process_is_started() -> None:
    assert worker_command("vosk")[-2:] == ("--recogniser", "vosk")
    whole = worker_command(keep_audio=Path("kept"), speech=-23.5)
    assert whole[-3:] == ("--keep-audio", str(Path("kept").resolve()), "--speech=-23.5")


def test_what_is_played_reaches_the_process_in_pieces_that_join(tmp_path: Path) -> None:
    kept = tmp_path / "lines"
    script = f"""
tell("hearing")
with open({str(kept)!r}, "w") as file:
    for line in sys.stdin:
        file.write(line)
        file.flush()
        tell("alive")
"""
    begun = time.monotonic_ns() // 1_000_000

    def now() -> Ms:
        return Ms(time.monotonic_ns() // 1_000_000 - begun)

    def played(start: Ms, end: Ms) -> npt.NDArray[np.int16]:
        return np.full((end - start) * 48, 1000, np.int16)

    ears = MicrophoneEars(
        played=played, command=(sys.executable, "-c", HEAD + script), patience=QUICK
    )
    ears.start(lambda _: None, now)
    until(lambda: kept.exists() and kept.read_text().count("played") > 10)
    ears.close()
    lines = [json.loads(line) for line in kept.read_text().splitlines()]
    pieces = [line for line in lines if "played" in line]
    for one, other in pairwise(pieces):
        pcm = np.frombuffer(base64.b64decode(one["played"]), "<i2")
        assert other["index"] == one["index"] + len(pcm)
        assert abs(one["at"] - begun - one["index"] / 16) < 30  # as busy as the machine is
    assert pcm.mean() == pytest.approx(1000, abs=2)


def test_a_process_that_reads_no_more_keeps_nobody_waiting(listener: Make) -> None:
    one = listener('tell("hearing"); time.sleep(60)', replace(QUICK, beat=30.0))
    until(lambda: one.ears.hearing)
    begun = time.monotonic()
    for _ in range(20_000):
        one.ears.listen(Context.COACHING)  # far more than a pipe holds
    one.ears.close()
    assert time.monotonic() - begun < 5


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_one_that_never_hears_is_tried_ever_more_rarely(listener: Make, tmp_path: Path) -> None:
    """Each start costs a third of a second of work, and with keys a session may last an hour."""
    starts = tmp_path / "starts"
    script = f"""
    open({str(starts)!r}, "a").write(str(time.monotonic()) + " ")
    tell("lost", organ="microphone", why="No microphone.", for_good=False)
    """
    listener(textwrap.dedent(script), replace(QUICK, rarest=0.6))
    until(lambda: starts.exists() and len(starts.read_text().split()) > 6)
    times = [float(one) for one in starts.read_text().split()]
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps[5] > 0.6
    assert sum(gaps[:3]) < gaps[4] + gaps[5]


def test_close_ends_the_process(listener: Make) -> None:
    one = listener('tell("hearing"); live()')
    while one.ears.pid is None:
        time.sleep(0.01)
    pid = one.ears.pid
    one.ears.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert one.nothing(0.2)


def test_they_are_ears() -> None:
    ears: Ears = MicrophoneEars(command=("/nowhere",))
    ears.close()
