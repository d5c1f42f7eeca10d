"""The files of a routine, with a voice that needs no engine: samples, times, names, loudness."""

from __future__ import annotations

import subprocess
import tracemalloc
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from outlets.stage import (
    TWO,
    Speech,
    job,
    loudness,
    needs_ffmpeg,
    onsets,
    probed,
    rendered,
    samples,
)
from samples import exercise, routine

from voicecoach.core.routine import Clock, Dose, Phase
from voicecoach.core.units import Ms, seconds
from voicecoach.core.wording import Length
from voicecoach.errors import SpeakerError, VoicecoachError, VoiceError
from voicecoach.outlets.job import Job, outputs
from voicecoach.outlets.render import render
from voicecoach.outlets.sheet import LEAD_IN
from voicecoach.speaker import wave_file
from voicecoach.voice.base import Clip


def captions(path: Path) -> list[tuple[int, str]]:
    """When each begins, in ms, and its text."""
    told = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n")[1:]:
        times, text = block.split("\n")
        hours, minutes, rest = times.split(" ")[0].split(":")
        told.append(
            (int(hours) * 3_600_000 + int(minutes) * 60_000 + int(rest.replace(".", "")), text)
        )
    return told


def alone(told: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """What begins in silence: the word after a hold comes while its tone dies away."""
    return [(at, text) for at, text in told if text[0] != "[" and text != "And release."]


# -- where everything is -----------------------------------------------------------------------


def test_it_begins_with_half_a_second_of_silence_and_the_cautions_come_first(
    tmp_path: Path,
) -> None:
    rendered(job(tmp_path / "two.wav", captions=True))
    assert onsets(samples(tmp_path / "two.wav"))[0] == LEAD_IN * 48 == 24_000
    texts = [text for _, text in captions(tmp_path / "two.vtt")]
    assert texts.index("Go easy.") < texts.index("Exercise one of two. Tilt.")


def test_every_sound_is_at_the_sample_that_its_caption_says(tmp_path: Path) -> None:
    rendered(job(tmp_path / "two.wav", captions=True))
    begun = set(onsets(samples(tmp_path / "two.wav")).tolist())
    spoken = alone(captions(tmp_path / "two.vtt"))
    assert len(spoken) > 35
    assert [text for at, text in spoken if at * 48 not in begun] == []


def test_the_counts_are_a_second_apart_to_the_sample(tmp_path: Path) -> None:
    rendered(job(tmp_path / "two.wav", captions=True))
    begun = onsets(samples(tmp_path / "two.wav"))
    counts = [at for at, text in captions(tmp_path / "two.vtt") if text in {"one", "two", "three"}]
    grid = [int(begun[np.argmin(np.abs(begun - at * 48))]) for at in counts]
    within = [b - a for a, b in pairwise(grid) if b - a < 60_000]
    assert within == [48_000] * 6


def test_the_wait_is_what_was_asked_for_whatever_the_rate(tmp_path: Path) -> None:
    for rate in (120, 250):
        for wait in (2, 31):
            out = tmp_path / f"{rate}-{wait}.wav"
            rendered(job(out, rate=rate, wait=seconds(wait), captions=True))
            told = captions(out.with_suffix(".vtt"))
            chime = next(n for n, (_, text) in enumerate(told) if "waits for you" in text)
            # From the end of the gate, 100 ms after the tone, to what comes next.
            assert told[chime + 1][0] - told[chime][0] == 380 + 100 + wait * 1000


def test_rate_changes_sentences_and_never_a_hold(tmp_path: Path) -> None:
    holds = []
    for rate in (100, 300):
        out = tmp_path / f"{rate}.wav"
        rendered(job(out, rate=rate, captions=True))
        told = captions(out.with_suffix(".vtt"))
        ends = [at for at, text in told if text == "[tone: the hold is over]"]
        lasts = [at for at, text in told if text in {"three", "five"}]
        holds.append([end - max(at for at in lasts if at <= end) for end in ends])
    assert holds[0] == holds[1] == [0, 0, 0]


def test_it_says_that_it_is_a_recording_and_offers_nothing_that_it_cannot_do(
    tmp_path: Path,
) -> None:
    ranged = exercise("Tilt", Dose(reps=1, hold=seconds(3)))
    rendered(job(tmp_path / "one.wav", routine(ranged), captions=True))
    texts = [text for _, text in captions(tmp_path / "one.vtt")]
    assert texts[1:4] == [
        "This is a recording. I cannot hear you.",
        "I go on two seconds after each exercise is explained.",
        "Pause me if you need longer.",
    ]
    assert "If you feel new pain, ease out of it slowly, and rest." in texts
    said = " ".join(texts).lower()
    assert not [word for word in ("say ", "tell me", "press g", "ask:") if word in said]


def test_less_is_said_where_less_is_asked_for(tmp_path: Path) -> None:
    often = exercise("Tilt", Dose(reps=3, hold=seconds(3)))
    lasts = [
        rendered(job(tmp_path / f"{length}.wav", routine(often), length=length)).lasts
        for length in (Length.FULL, Length.MINIMAL)
    ]
    assert lasts[0] > lasts[1]


# -- several files -----------------------------------------------------------------------------


def test_split_gives_a_file_for_each_part_and_a_playlist_with_true_lengths(
    tmp_path: Path,
) -> None:
    made = job(tmp_path / "two.wav", split=True, captions=True)
    told = rendered(made)
    folder = tmp_path / "two"
    assert told.path == folder / "two.m3u8"
    assert sorted(folder.iterdir()) == sorted(outputs(made))
    lines = told.path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["#EXTM3U", "#PLAYLIST:Two; of = them"]
    names = lines[3::2]
    assert names == [
        *("00-before-you-begin.wav", "01-tilt.wav", "02-knee.wav", "03-at-the-end.wav")
    ]
    whole = rendered(job(tmp_path / "whole.wav", captions=True))
    for line, name in zip(lines[2::2], names, strict=True):
        length = line.removeprefix("#EXTINF:").split(",")[0]
        sound = samples(folder / name)
        assert len(sound) == round(float(length) * 48_000)
        begun = onsets(sound)
        assert begun[0] == LEAD_IN * 48
        spoken = [at for at, _ in alone(captions((folder / name).with_suffix(".vtt")))]
        assert set(np.array(spoken) * 48) <= set(begun.tolist())
    assert told.lasts == whole.lasts + 3 * LEAD_IN
    parts = [line for name in names for line in captions((folder / name).with_suffix(".vtt"))]
    assert [text for _, text in parts] == [text for _, text in captions(tmp_path / "whole.vtt")]


def test_what_else_lies_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "mine.wav").write_text("mine")
    rendered(job(tmp_path / "two.wav", split=True))
    assert (tmp_path / "two" / "mine.wav").read_text() == "mine"


# -- what does not fit, and what fails ---------------------------------------------------------


def test_numbers_and_words_that_do_not_fit_are_told_with_their_place(tmp_path: Path) -> None:
    paced = Dose(
        reps=1, hold=Ms(0), clock=Clock.PHASES, phases=(Phase(seconds(1), "Slowly up and down."),)
    )
    tight = routine(
        exercise("Tilt", Dose(reps=2, hold=seconds(60))),
        exercise("Rise", paced),
        exercise("End", paced),
    )
    told = rendered(job(tmp_path / "tight.wav", tight, rate=90)).warnings
    assert told[0].startswith("Exercise 1, Tilt: at 90 words a minute ")
    assert told[0].endswith(" of 60 numbers do not fit into their seconds: left out.")
    assert told[1:] == tuple(
        f"Exercise {number}, {name}: “Slowly up and down.” does not fit into 1 seconds: "
        "a tone is heard instead."
        for number, name in ((2, "Rise"), (3, "End"))
    )
    assert rendered(job(tmp_path / "fits.wav")).warnings == ()


class Mute(Speech):
    """Fails in the midst."""

    def clip(self, text: str, rate: int) -> Clip:
        if text == "And release.":
            raise VoiceError("The engine is gone.")
        return super().clip(text, rate)


def test_a_voice_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "two.wav").write_bytes(b"old")
    with pytest.raises(VoicecoachError, match=r"The voice fails at “And release.”: The engine"):
        render(job(tmp_path / "two.wav", captions=True), lambda *_: None, Mute())
    assert (tmp_path / "two.wav").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "two.wav"]


def test_what_is_interrupted_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "two.wav").write_bytes(b"old")

    def interrupt(stage: str, share: float) -> None:
        if stage == "written" and share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(job(tmp_path / "two.wav", captions=True), interrupt, Speech())
    assert (tmp_path / "two.wav").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "two.wav"]


def test_longer_than_a_wav_file_can_be_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.outlets.render.LONGEST", 60)
    assert wave_file.LONGEST > 12 * 3600
    with pytest.raises(SpeakerError, match=r"no WAV file lasts over .* Choose .flac"):
        rendered(job(tmp_path / "two.wav"))


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    peaks = []
    for sets in (2, 2, 16):  # the first is for what is loaded and kept once
        long = routine(exercise("Tilt", Dose(sets=sets, reps=3, hold=seconds(30))))
        tracemalloc.start()
        rendered(job(tmp_path / "long.wav", long))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < 1_000_000


# -- as a meter and as ffprobe read them -------------------------------------------------------


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".opus", ".m4b"])
def test_every_kind_is_as_loud_as_it_should_be_and_told_what_it_is(
    tmp_path: Path, suffix: str
) -> None:
    out = tmp_path / f"two{suffix}"
    made = rendered(job(out))
    integrated, peak = loudness(out)
    assert integrated == pytest.approx(-16, abs=1)
    assert peak <= -1
    told = probed(out)
    assert float(told["format"]["duration"]) == pytest.approx(made.lasts / 1000, abs=0.06)
    tags = {**told["streams"][0].get("tags", {}), **told["format"].get("tags", {})}
    tags = {name.lower(): value for name, value in tags.items()}
    assert tags["title"] == "Two; of = them"
    assert tags["artist"] == "A physio"
    assert tags["comment"] == "Source: A text, page 1"


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".opus", ".m4b"])
def test_chapters_begin_where_their_first_word_does(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"two{suffix}"
    rendered(job(out, captions=True))
    told = captions(out.with_suffix(".vtt"))
    first = [
        *("Exercise one of two. Tilt.", "Exercise two of two. Knee."),
        "That was the last exercise.",
    ]
    begun = [0, *(next(at for at, text in told if text == wanted) for wanted in first)]
    chapters = probed(out)["chapters"]
    assert [one["tags"]["title"] for one in chapters] == [
        *("Before you begin", "Tilt", "Knee", "At the end")
    ]
    for one, at in zip(chapters, begun, strict=True):
        assert float(one["start_time"]) == pytest.approx(at / 1000, abs=0.01)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp3", ".opus", ".m4b"])
def test_chapters_are_right_at_every_fraction_of_a_second(tmp_path: Path, suffix: str) -> None:
    """ffmpeg 5.1 writes those of opus a second late, from half a second on."""
    for rate in (110, 149, 188, 227):
        out = tmp_path / f"{rate}{suffix}"
        rendered(job(out, rate=rate, captions=True))
        told = captions(out.with_suffix(".vtt"))
        wanted = next(at for at, text in told if text == "Exercise two of two. Knee.")
        begun = float(probed(out)["chapters"][2]["start_time"])
        assert begun == pytest.approx(wanted / 1000, abs=0.01)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", [".mp3", ".opus", ".m4b"])
def test_what_is_heard_in_a_compressed_file_is_where_it_is_in_the_plain_one(
    tmp_path: Path, suffix: str
) -> None:
    plain, packed = tmp_path / "two.wav", tmp_path / f"two{suffix}"
    rendered(job(plain))
    rendered(job(packed))
    back = tmp_path / "back.wav"
    command = ["ffmpeg", "-v", "error", "-i", str(packed), "-ar", "48000", str(back)]
    subprocess.run(command, check=True)
    one, two = (samples(path).astype(float) for path in (plain, back))
    begin, length = 24_000, 96_000
    size = 1 << 18
    spectrum = np.fft.rfft(two[: begin + 2 * length], size)
    spectrum *= np.conj(np.fft.rfft(one[begin : begin + length], size))
    # The test's voice hums: a fifth of a second later it is like itself.
    likeness = np.fft.irfft(spectrum, size)[begin - 4800 : begin + 4800]
    assert abs(int(np.argmax(likeness)) - 4800) <= 480
    assert abs(len(one) - len(two)) <= 4800


@pytest.mark.parametrize("more", [{}, {"split": True}, {"captions": True, "split": True}])
def test_what_will_be_written_is_known_before(tmp_path: Path, more: dict[str, bool]) -> None:
    made: Job = job(tmp_path / "a" / "two.wav", replace(TWO, title="Two"), **more)
    rendered(made)
    assert sorted(outputs(made)) == sorted(p for p in tmp_path.rglob("*") if p.is_file())
