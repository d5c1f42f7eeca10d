import os
import subprocess
import sys
from pathlib import Path

import pytest

from voicecoach.errors import SpeakerError
from voicecoach.speaker.draft import Drafts


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_has_its_name_when_all_are_kept(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old")
    drafts = Drafts()
    one, two = drafts.new(tmp_path / "one"), drafts.new(tmp_path / "more" / "two")
    one.path.write_text("new")
    assert drafts.new(tmp_path / "one") == one
    assert (tmp_path / "one").read_text() == "old"
    drafts.keep()
    drafts.close()
    assert (tmp_path / "one").read_text() == "new"
    assert names(tmp_path) == ["more", "one"]
    assert names(tmp_path / "more") == ["two"]
    assert two.name.exists()


def test_closed_without_being_kept_it_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old")
    drafts = Drafts()
    drafts.new(tmp_path / "one").path.write_text("new")
    drafts.close()
    drafts.close()
    assert (tmp_path / "one").read_text() == "old"
    assert names(tmp_path) == ["one"]


def test_what_a_dead_process_left_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    mine, other = f".a[1].wav.{os.getpid()}.part", f".other.wav.{dead.pid}.part"
    kept = [".a[1].wav.x.part", f".a[1].wav.{os.getppid()}.part", other]
    for name in [*kept, f".a[1].wav.{dead.pid}.part"]:
        (tmp_path / name).touch()
    drafts = Drafts()
    drafts.new(tmp_path / "a[1].wav")
    assert names(tmp_path) == sorted([*kept, mine])
    drafts.close()


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("")
    with pytest.raises(SpeakerError, match=r"one.wav cannot be written: .*Choose another place"):
        Drafts().new(tmp_path / "folder" / "one.wav")


def test_a_name_that_cannot_be_given_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    drafts = Drafts()
    drafts.new(tmp_path / "one")
    with pytest.raises(SpeakerError, match="Is a directory"):
        drafts.keep()
    drafts.close()
    assert names(tmp_path) == ["one"]
