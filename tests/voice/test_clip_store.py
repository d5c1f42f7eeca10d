import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voicecoach.voice.store import ClipStore, cache_folder

SAMPLES = np.arange(-500, 500, dtype=np.int16)
KEY = ClipStore.key("espeak", "", 1, "one", 175)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    store = ClipStore(tmp_path / "new" / "clips")
    assert store.read(KEY) is None
    store.write(KEY, SAMPLES)
    found = ClipStore(tmp_path / "new" / "clips").read(KEY)
    assert found is not None
    assert found.tolist() == SAMPLES.tolist()
    assert [path.suffix for path in (tmp_path / "new" / "clips").iterdir()] == [".clip"]


def test_keys_differ_in_every_part() -> None:
    parts = [
        ("espeak", "", 1, "one", 175),
        ("espeak", "", 1, "one", 176),
        ("sapi5", "", 1, "one", 175),
    ]
    parts += [
        ("espeak", "en", 1, "one", 175),
        ("espeak", "", 2, "one", 175),
        ("espeak", "", 1, "One", 175),
    ]
    assert len({ClipStore.key(*part) for part in parts}) == len(parts)


@pytest.mark.parametrize("damage", [0, 5, 12, 15, 16, 700, -1])
def test_a_damaged_clip_is_not_there_and_goes_away(tmp_path: Path, damage: int) -> None:
    store = ClipStore(tmp_path)
    store.write(KEY, SAMPLES)
    (path,) = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[damage] ^= 0xFF
    path.write_bytes(data)
    assert store.read(KEY) is None
    assert not path.exists()


@pytest.mark.parametrize("length", [0, 3, 16, 100])
def test_a_clip_cut_short_is_not_there(tmp_path: Path, length: int) -> None:
    store = ClipStore(tmp_path)
    store.write(KEY, SAMPLES)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:length])
    assert store.read(KEY) is None


def test_a_place_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = ClipStore(tmp_path / "file" / "clips")
    store.write(KEY, SAMPLES)
    assert store.read(KEY) is None


def test_a_full_disk_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    store = ClipStore(tmp_path)
    store.write(KEY, SAMPLES)
    assert store.read(KEY) is None


def test_it_stays_below_its_limit_and_the_least_used_go_first(tmp_path: Path) -> None:
    store = ClipStore(tmp_path, limit=40_000)
    for number in range(30):
        store.write(f"clip{number}", SAMPLES)
        os.utime(tmp_path / f"clip{number}.clip", (1_000_000 + number,) * 2)
        if number >= 5:
            assert store.read("clip3") is not None, "used in each round, so it is kept"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 40_000
    assert store.read("clip29") is not None
    assert store.read("clip0") is None


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    draft = tmp_path / "123-0.tmp"
    draft.write_bytes(b"half")
    os.utime(draft, (1_000_000, 1_000_000))
    ClipStore(tmp_path).write(KEY, SAMPLES)
    assert not draft.exists()


def test_many_processes_share_it(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from voicecoach.voice.store import ClipStore\n"
        "store = ClipStore(Path(sys.argv[1]), limit=30_000)\n"
        "for n in range(200):\n"
        "    store.write(f'k{n % 20}', np.full(1000, n % 20, np.int16))\n"
        "    found = store.read(f'k{(n * 7) % 20}')\n"
        "    assert found is None or set(found.tolist()) == {(n * 7) % 20}\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]


def test_the_folder_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "voicecoach"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == tmp_path / ".cache" / "voicecoach"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == tmp_path / "Library" / "Caches" / "voicecoach"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert cache_folder() == tmp_path / "local" / "voicecoach"
