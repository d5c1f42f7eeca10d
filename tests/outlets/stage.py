"""What the tests of the outlets share: a voice that needs no engine, short routines, meters."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import wave
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from samples import exercise, routine

from voicecoach.core.routine import Dose, Position, Routine, Sides
from voicecoach.core.units import seconds
from voicecoach.outlets.job import Job
from voicecoach.outlets.render import Rendered, render
from voicecoach.voice.base import Clip, Pcm
from voicecoach.voice.silent import SilentVoice

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None, reason="ffmpeg is missing"
)

TWO: Routine = routine(
    exercise("Tilt", Dose(reps=1, hold=seconds(3)), Position.STANDING),
    exercise("Knee", Dose(reps=1, hold=seconds(5), sides=Sides.ALTERNATE), Position.STANDING),
)
TWO = replace(TWO, title="Two; of = them", source="A text, page 1", prescribed_by="A physio")


class Speech(SilentVoice):
    """As long as the twin's clips; sounds of the loudness, and nearly of the peaks, of speech."""

    def clip(self, text: str, rate: int) -> Clip:
        return Clip(text, _speech(len(super().clip(text, rate).samples)))


@cache
def _speech(length: int) -> Pcm:
    """Pulses with a formant, a hundred a second, in syllables: loud from the first sample on."""
    at = np.arange(length)
    pulse = at % 480
    wave_ = np.minimum((pulse + 1) / 8, 1) * np.exp(-pulse / 90) * np.cos(2 * np.pi * pulse / 60)
    syllables = 0.2 + 0.8 * np.abs(np.cos(np.pi * at / 9_600))
    out = wave_ * syllables
    out *= 0.1 / np.sqrt(np.mean(out**2))
    return np.rint(np.clip(out, -0.9, 0.9) * 32_767).astype(np.int16)


def job(out: Path, of: Routine = TWO, **more: Any) -> Job:  # noqa: ANN401 - a job's own fields
    return Job(of, out, **{"wait": seconds(2), **more})


def rendered(made: Job) -> Rendered:
    return render(made, lambda *_: None, Speech())


def samples(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def onsets(sound: Pcm) -> npt.NDArray[np.intp]:
    """The samples at which something begins after at least 40 ms of silence."""
    loud = np.flatnonzero(sound)
    return loud[np.diff(loud, prepend=-48_000) > 40 * 48]


def probed(path: Path) -> dict[str, Any]:
    """What ffprobe reads in a file."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_chapters"]
    done = subprocess.run(
        [*command, "-show_streams", str(path)], capture_output=True, check=True, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP, by ffmpeg's meter."""
    command = ["ffmpeg", "-hide_banner", "-nostats", "-i", str(path)]
    meter = ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    done = subprocess.run([*command, *meter], capture_output=True, check=True, text=True)
    summary = done.stderr.rpartition("Summary:")[2]
    found = [re.search(rf"{name}: +(\S+) ", summary) for name in ("I", "Peak")]
    measured = [float(one[1]) for one in found if one]
    return measured[0], measured[1]
