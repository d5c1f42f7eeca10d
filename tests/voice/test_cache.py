"""`voicecoach cache`, and what the store promises when others use it, or die, at the same time."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from voicecoach.cli import main
from voicecoach.voice.store import LIMIT, ClipStore, Usage, clips_folder

SAMPLES = np.ones(1_000, np.int16)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClipStore:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return ClipStore(clips_folder())


def answer(monkeypatch: pytest.MonkeyPatch, word: str | None) -> list[str]:
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        if word is None:
            raise EOFError
        return word

    monkeypatch.setattr("builtins.input", ask)
    return asked


def test_it_tells_where_how_many_how_much_and_the_limit(
    store: ClipStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.write("one", np.ones(600_000, np.int16))
    assert main(["cache"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"The clip cache is in {tmp_path}/voicecoach/clips.",
        f"It holds 1 clip, 1.2 megabytes; it keeps at most {LIMIT / 1e6:.1f} megabytes.",
    ]


@pytest.mark.parametrize(("word", "kept"), [("yes", 0), ("no", 2), ("", 2), (None, 2)])
def test_clearing_asks_first(
    store: ClipStore,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    word: str | None,
    kept: int,
) -> None:
    store.write("one", SAMPLES)
    store.write("two", SAMPLES)
    asked = answer(monkeypatch, word)
    assert main(["cache", "--clear"]) == 0
    assert len(asked) == 1
    assert store.usage().clips == kept
    said = capsys.readouterr().out
    assert ("Nothing was deleted." in said) == bool(kept)
    assert ("Deleted 2 clips, 0.0 megabytes." in said) != bool(kept)


def test_yes_clears_without_asking_and_leaves_what_is_not_its_own(
    store: ClipStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store.write("one", SAMPLES)
    (clips_folder() / "letter.txt").write_text("mine")
    asked = answer(monkeypatch, "no")
    assert main(["cache", "--clear", "--yes"]) == 0
    assert not asked
    assert [path.name for path in clips_folder().iterdir()] == ["letter.txt"]
    assert "Deleted 1 clip, " in capsys.readouterr().out


def test_an_empty_cache_asks_nothing(
    store: ClipStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = answer(monkeypatch, "yes")
    assert main(["cache", "--clear"]) == 0
    assert not asked
    assert "It holds 0 clips, 0.0 megabytes" in capsys.readouterr().out
    assert store.usage() == Usage(0, 0)


def test_what_cannot_be_deleted_is_a_sentence(
    store: ClipStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store.write("one", SAMPLES)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert main(["cache", "--clear", "--yes"]) == 1
    said = capsys.readouterr().err
    assert said.strip().endswith("Permission denied. Delete the folder yourself.")


WRITING = """
import sys, numpy as np
from pathlib import Path
from voicecoach.voice.store import ClipStore
store, limit = Path(sys.argv[1]), int(sys.argv[2])
made = ClipStore(store, limit)
for number in range(int(sys.argv[3])):
    made.write(f"{sys.argv[4]}-{number}", np.full(1_000, number % 100, np.int16))
"""


def writer(folder: Path, limit: int, count: int, name: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITING, str(folder), str(limit), str(count), name]
    )


def test_several_processes_together_keep_below_the_limit(tmp_path: Path) -> None:
    limit = 400_000
    writers = [writer(tmp_path, limit, 600, str(number)) for number in range(4)]
    most = 0
    while any(one.poll() is None for one in writers):
        most = max(most, ClipStore(tmp_path).usage().size)
        time.sleep(0.005)
    assert [one.wait() for one in writers] == [0] * 4
    assert limit // 2 < most <= limit


def test_a_process_killed_while_it_writes_leaves_no_broken_clip(tmp_path: Path) -> None:
    for turn in range(3):
        one = writer(tmp_path, 10**9, 100_000, str(turn))
        before = ClipStore(tmp_path).usage().clips
        while ClipStore(tmp_path).usage().clips < before + 20:
            time.sleep(0.002)
        one.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
        one.wait()
    store = ClipStore(tmp_path)
    clips = [path.stem for path in tmp_path.iterdir() if path.suffix == ".clip"]
    assert len(clips) >= 60
    for key in clips:
        found = store.read(key)
        assert found is not None
        assert len(found) == 1_000
