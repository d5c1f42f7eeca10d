"""Every number of a hold, found in the loudspeaker's own samples."""

from __future__ import annotations

import time

import numpy as np
from e2e.stage import PER_MS, Clips, Samples

from measuring.bench import Bench
from measuring.figures import Figure
from voicecoach.speaker.mixer import limited
from voicecoach.voice.earcons import earcon


def figures(bench: Bench) -> list[Figure]:
    """Intervals and drift of the count, beside the usual way."""
    length = bench.often(30, 10)
    coach = bench.coach("counts", "Counts", "--ears", "keys", hold=length)
    try:
        coach.wait("said", "Welcome")
        coach.press(b"n")
        coach.wait("earcon", "ready")
        coach.press(b"g")
        hold = coach.wait("hold", seconds=30)
        begun = len(bench.sink)
        coach.wait("release", "release", seconds=length + 10)
        time.sleep(1)
        said = coach.all("count")
    finally:
        coach.close()
    places = []
    for entry in said:
        wanted = bench.clips.word(entry["text"])
        if entry is said[-1]:
            wanted = _with_release(bench.clips, entry["text"])
        at = begun + (int(entry["at_ms"]) - int(hold["at_ms"])) * PER_MS
        places.append(bench.sink.find(wanted, at - 900 * PER_MS, at + 900 * PER_MS))
    found = [(second, place) for second, place in enumerate(places, 1) if place is not None]
    lost = ", ".join(entry["text"] for entry, place in zip(said, places, strict=True) if not place)
    late = [place / PER_MS - 1000 * second for second, place in found]
    usual = usual_way(bench, length)
    note = f"{len(found)} counts of a {length} s hold" + (f"; not found: {lost}" if lost else "")
    return [
        Figure(
            "count: largest error of an interval",
            float(np.abs(np.diff(late)).max()),
            1.0,
            "ms",
            note,
        ),
        Figure(
            "count: the last number is late by",
            abs(late[-1] - late[0]),
            1.0,
            "ms",
            "drift over the hold",
            f"{usual:.0f} ms",
        ),
    ]


def _with_release(clips: Clips, text: str) -> Samples:
    """The last number sounds together with the tone that ends the hold."""
    word = clips.word(text).astype(np.float32)
    tone = earcon("release").samples.astype(np.float32)
    mixed = np.zeros(max(len(word), len(tone)), np.float32)
    mixed[: len(word)] += word
    mixed[: len(tone)] += tone
    return limited(mixed)


def usual_way(bench: Bench, length: int) -> float:
    """By how many ms the usual way's last number is late."""
    start = len(bench.sink)
    # Its first runAndWait returns at once, and its first words run into the next: not counted.
    bench.usual("Hold.", "Hold.", *map(str, range(1, length + 1)))
    sounds = bench.sink.sounds(start, len(bench.sink))[-length:]
    if len(sounds) < length:
        return float("nan")
    return (sounds[-1][0] - sounds[0][0]) / PER_MS - (length - 1) * 1000.0
