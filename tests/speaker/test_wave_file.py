import wave
from pathlib import Path

import pytest

from voicecoach.speaker.draft import Draft
from voicecoach.speaker.wave_file import WaveFile
from voicecoach.voice.container import _chunks, complete


def written(path: Path, tags: dict[str, str], frames: bytes = b"\1\0" * 480) -> bytes:
    file = WaveFile(Draft(path, path), tags)
    file.write(frames)
    file.close()
    return path.read_bytes()


@pytest.mark.parametrize("title", ["Back", "Rücken"])  # even and odd lengths
def test_tags_stand_behind_the_samples_and_the_lengths_are_right(
    tmp_path: Path, title: str
) -> None:
    data = written(tmp_path / "out.wav", {"title": title, "artist": "A physio", "genre": "Speech"})
    assert complete(data)
    assert int.from_bytes(data[4:8], "little") + 8 == len(data)
    chunks = dict(_chunks(data, "<"))
    assert chunks[b"data"] == b"\1\0" * 480
    told = dict(_chunks(b"RIFF0000" + chunks[b"LIST"], "<"))
    assert told == {b"INAM": title.encode() + b"\0", b"IART": b"A physio\0"}


def test_without_tags_it_is_as_the_standard_library_writes_it(tmp_path: Path) -> None:
    data = written(tmp_path / "ours.wav", {})
    with wave.open(str(tmp_path / "theirs.wav"), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(b"\1\0" * 480)
    assert data == (tmp_path / "theirs.wav").read_bytes()
