"""The queue, the child and the store of the real voice, with a child that misbehaves on order."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from voicecoach.errors import VoiceError
from voicecoach.voice.child import Renderer
from voicecoach.voice.spoken import SpokenVoice
from voicecoach.voice.store import ClipStore

FAKE = Path(__file__).with_name("fake_renderer.py")


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.voices: list[SpokenVoice] = []

    def voice(self, mode: str, timeout: float = 10.0) -> SpokenVoice:
        renderer = Renderer(
            command=(sys.executable, str(FAKE), mode, str(self.log)), timeout=timeout
        )
        made = SpokenVoice(store=ClipStore(self.folder / "clips"), renderer=renderer)
        self.voices.append(made)
        return made

    def asked(self) -> list[str]:
        return self.log.read_text().split("\n")[:-1] if self.log.exists() else []


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    for voice in made.voices:
        voice.close()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def test_a_warm_start_asks_no_child(bench: Bench) -> None:
    cold = bench.voice("good").clip("one", 175)
    warm = bench.voice("crash").clip("one", 175)
    assert warm.samples.tolist() == cold.samples.tolist()
    assert bench.asked() == ["start", "one@175"]


def test_memory_comes_before_disk(bench: Bench) -> None:
    voice = bench.voice("good")
    clip = voice.clip("one", 175)
    for path in (bench.folder / "clips").iterdir():
        path.unlink()
    assert voice.clip("one", 175) is clip


def test_a_clip_goes_before_all_that_is_prepared(bench: Bench) -> None:
    voice = bench.voice("slow")
    voice.prepare([f"later {number}" for number in range(20)], 175)
    assert until(lambda: len(bench.asked()) >= 2)
    voice.clip("now", 175)
    assert "now@175" in bench.asked()[2:5]


def test_what_was_prepared_is_there_in_its_order_and_once(bench: Bench) -> None:
    voice = bench.voice("good")
    voice.prepare(["a1", "b1", "a1", "c1"], 175)
    voice.prepare(["b1"], 200)
    assert until(lambda: len(bench.asked()) == 5)
    voice.clip("c1", 175)
    assert bench.asked() == ["start", "a1@175", "b1@175", "c1@175", "b1@200"]


def test_ready_asks_for_what_lacks_and_never_waits(bench: Bench) -> None:
    voice = bench.voice("slow")
    voice.prepare([f"later {number}" for number in range(20)], 175)
    assert not voice.ready(["one", "two"], 175)
    assert until(lambda: voice.ready(["one", "two"], 175))
    assert [line for line in bench.asked() if not line.startswith(("start", "later"))] == [
        "one@175",
        "two@175",
    ]
    assert len(bench.asked()) < 10
    assert voice.clip("two", 175).duration > 0


@pytest.mark.parametrize("mode", ["refuse", "fatal", "crash"])
def test_what_cannot_be_rendered_is_ready_to_be_told(bench: Bench, mode: str) -> None:
    voice = bench.voice(mode)
    assert until(lambda: voice.ready(["one"], 175))
    with pytest.raises(VoiceError):
        voice.clip("one", 175)


def test_a_hung_engine_is_never_ready_until_it_is_given_up(bench: Bench) -> None:
    voice = bench.voice("hang", timeout=0.5)
    begun = time.monotonic()
    assert not voice.ready(["one"], 175)
    assert time.monotonic() - begun < 0.4
    assert until(lambda: voice.ready(["one"], 175))
    with pytest.raises(VoiceError, match="in time"):
        voice.clip("one", 175)


def test_a_closed_voice_is_ready_to_say_so(bench: Bench) -> None:
    voice = bench.voice("good")
    voice.close()
    assert voice.ready(["one"], 175)


def test_without_a_store_it_still_speaks(tmp_path: Path, bench: Bench) -> None:
    (tmp_path / "clips").write_text("in the way")
    assert bench.voice("good").clip("one", 175).duration > 0


def test_a_damaged_clip_is_rendered_again(bench: Bench) -> None:
    bench.voice("good").clip("one", 175)
    (path,) = (bench.folder / "clips").iterdir()
    path.write_bytes(path.read_bytes()[:-3])
    assert bench.voice("good").clip("one", 175).duration > 0
    assert bench.asked() == ["start", "one@175"] * 2


@pytest.mark.parametrize("mode", ["crash once", "one only"])
def test_a_child_that_ended_is_replaced_unnoticed(bench: Bench, mode: str) -> None:
    voice = bench.voice(mode)
    assert voice.clip("one", 175).duration > 0
    assert voice.clip("two", 175).duration > 0
    assert bench.asked().count("start") == 2


@pytest.mark.parametrize("mode", ["crash", "mute", "noise", "refuse", "fatal", "short"])
def test_an_engine_that_fails_is_an_error_in_a_sentence(bench: Bench, mode: str) -> None:
    voice = bench.voice(mode)
    for _ in range(2):
        with pytest.raises(VoiceError, match=r"\.$"):
            voice.clip("one", 175)
    assert not (bench.folder / "clips").exists()


def test_a_hung_engine_is_killed(bench: Bench) -> None:
    voice = bench.voice("hang", timeout=0.3)
    begun = time.monotonic()
    with pytest.raises(VoiceError, match="in time"):
        voice.clip("one", 175)
    assert time.monotonic() - begun < 2


def test_an_engine_that_cannot_is_not_asked_for_everything_that_was_prepared(bench: Bench) -> None:
    voice = bench.voice("fatal")
    voice.prepare([f"text {number}" for number in range(50)], 175)
    with pytest.raises(VoiceError):
        voice.clip("one", 175)
    assert len(bench.asked()) <= 4


def test_close_ends_a_hung_child_at_once_and_who_waits_is_told(bench: Bench) -> None:
    voice = bench.voice("hang")
    voice.prepare(["one", "two"], 175)
    assert until(lambda: len(bench.asked()) == 2)
    begun = time.monotonic()
    voice.close()
    assert time.monotonic() - begun < 1
    with pytest.raises(VoiceError, match="closed"):
        voice.clip("three", 175)
    assert bench.asked() == ["start", "one@175"]


def test_a_renderer_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    voice = SpokenVoice(
        store=ClipStore(tmp_path), renderer=Renderer(command=("/nowhere/python", "-m", "x"))
    )
    with pytest.raises(VoiceError, match="does not start"):
        voice.clip("one", 175)
    voice.close()


@pytest.fixture
def real_child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "voicecoach.voice.renderer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b'{"voices": true}\n')
        child.stdin.flush()
        header = json.loads(child.stdout.readline())  # it is up
        child.stdout.read(header.get("bytes", 0))
        yield child
        child.kill()


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_the_child_outlives_ctrl_c_and_ends_with_its_parent(
    real_child: subprocess.Popen[bytes],
) -> None:
    real_child.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert real_child.poll() is None
    assert real_child.stdin is not None
    real_child.stdin.close()
    assert real_child.wait(3) == 0


def test_an_unknown_voice_is_an_error_and_not_another_voice(tmp_path: Path) -> None:
    voice = SpokenVoice("nobody at all", store=ClipStore(tmp_path))
    with pytest.raises(VoiceError, match=r"no voice called|No speech engine"):
        voice.clip("one", 175)
    voice.close()
