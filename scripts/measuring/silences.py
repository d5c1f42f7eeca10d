"""A sentence is being said; the person says stop, or presses a key; it breaks off."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from e2e.stage import PER_MS, Coach, until

from measuring.bench import Bench
from measuring.figures import Figure, median

VOICES = ("slt", "rms", "kal", *(("festival",) if shutil.which("text2wave") else ()))
FADE = 5 * PER_MS
LENGTHY = "A title so long that anybody has the time to say a word"


def figures(bench: Bench) -> list[Figure]:
    """A sentence is being said; the person says stop, or presses a key; it breaks off."""
    coach = bench.coach("silences", LENGTHY, "--ears", "auto")
    sentence = f"Welcome. This is {LENGTHY}."
    try:
        coach.wait("said", "Welcome", seconds=10)
        until(lambda: coach.child("voicecoach.ears.worker"), 10, "the listening process")
        time.sleep(2.5)
        coach.press(b" ")
        coach.wait("said", "Stopped")
        spoken = [
            _silence(bench, coach, sentence, partial(_say_stop, bench, turn))
            for turn in range(bench.often(20, 6))
        ]
        pressed = [
            _silence(bench, coach, sentence, partial(coach.press, b" "))
            for _ in range(bench.often(10, 6))
        ]
    finally:
        coach.close()
    heard = sorted(late for late in spoken if late is not None)
    keys = sorted(late for late in pressed if late is not None)
    missed = len(spoken) - len(heard)
    note = f"{len(heard)} of {len(spoken)} spoken stops heard, {len(set(VOICES))} voices"
    return [
        Figure("end of a spoken stop to silence, median", median(heard), 400, "ms", note),
        Figure(
            f"end of a spoken stop to silence, worst of {len(spoken)}",
            None if missed or not heard else heard[-1],
            700,
            "ms",
            f"{missed} not heard; worst of those heard {heard[-1]:.0f}" if missed and heard else "",
        ),
        Figure("key press to silence, median", median(keys), None, "ms", f"{len(keys)} presses"),
        Figure("key press to silence, worst", keys[-1] if keys else None, 100, "ms"),
    ]


def _silence(
    bench: Bench, coach: Coach, sentence: str, interrupt: Callable[[], float], again: int = 2
) -> float | None:
    """Ms from the moment that `interrupt` gives to the end of the sentence; None if it went on."""
    start = len(bench.sink)
    coach.press(b"c")
    coach.wait("said", "Welcome")
    time.sleep(0.3)
    moment = interrupt()
    try:
        coach.wait("stop", seconds=2.0)
    except AssertionError:
        coach.press(b" ")
        coach.wait("stop")
        coach.wait("said", "Stopped")
        return None
    coach.wait("said", "Stopped")
    word = bench.clips.word(sentence)
    at = bench.sink.find(word, start, len(bench.sink))
    if at is None and again:
        # The card ran dry within the first quarter of a second, so the sentence is not found.
        return _silence(bench, coach, sentence, interrupt, again=again - 1)
    if at is None:
        raise AssertionError("the sentence was not said")
    bench.sink.reach(at + len(word))
    different = np.abs(bench.sink.samples(at, at + len(word)).astype(int) - word) > 1
    return bench.sink.moment(at + int(different.argmax()) + FADE) - moment


def _say_stop(bench: Bench, turn: int) -> float:
    """Says stop; gives the moment at which its sound ended in the microphone."""
    start = len(bench.microphone)
    bench.person.say("stop", VOICES[turn % len(VOICES)])
    bench.microphone.reach(len(bench.microphone) + 100 * PER_MS)
    heard = np.abs(bench.microphone.samples(start).astype(int))
    # The end of the word is where it falls 40 dB below its peak: renderers add a tail of noise.
    return bench.microphone.moment(start + int(np.flatnonzero(heard > heard.max() / 100)[-1]))
