"""The coach's own voice: all that the shipped routines say, as the loudspeaker is given it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import soxr

from listening.corpus import RATE, Sound
from voicecoach.core import units
from voicecoach.library import check_routine, load_routine, shipped_routines
from voicecoach.record import Entry, Recorder
from voicecoach.simulation import simulate
from voicecoach.voice.base import SAMPLE_RATE
from voicecoach.voice.spoken import SpokenVoice

_PAUSE = int(0.35 * RATE)  # samples between two sentences

_SAID = {"prompt", "count"}


@lru_cache(maxsize=1)
def sentences() -> tuple[str, ...]:
    """Every text of every shipped routine, and every other that sessions of them say."""
    texts: dict[str, None] = {}
    for path in shipped_routines():
        for spoken in check_routine(path).spoken:
            texts.update(dict.fromkeys(spoken.aloud))
        entries: list[Entry] = []
        simulate(load_routine(path), [Recorder(entries.append)])
        texts.update((entry["text"], None) for entry in entries if entry["kind"] in _SAID)
    return tuple(texts)


@lru_cache(maxsize=1)
def beginnings() -> tuple[tuple[str, ...], ...]:
    """The first sentences of a session, for each shipped routine: some ten seconds."""
    found = []
    for path in shipped_routines():
        entries: list[Entry] = []
        simulate(load_routine(path), [Recorder(entries.append)])
        found.append(tuple(entry["text"] for entry in entries if entry["kind"] == "prompt")[:4])
    return tuple(found)


def prepare(texts: Iterable[str]) -> None:
    """Has the clips ready on disk, where every process finds them. Raises VoiceError."""
    voice = SpokenVoice()
    try:
        for text in texts:
            voice.clip(text, units.RATE)
    finally:
        voice.close()


@lru_cache(maxsize=2)
def coaching(texts: tuple[str, ...]) -> tuple[Sound, list[tuple[int, int, str]]]:
    """These texts in a row as 16 kHz sound; start, end and text of each. Raises VoiceError."""
    pieces, said, at = list[Sound](), list[tuple[int, int, str]](), 0
    voice = SpokenVoice()
    try:
        for text in texts:
            samples = voice.clip(text, units.RATE).samples.astype(np.float32) / 32768
            sound = soxr.resample(samples, SAMPLE_RATE, RATE, quality="MQ")
            pieces += [sound, np.zeros(_PAUSE, np.float32)]
            said.append((at, at + len(sound), text))
            at += len(sound) + _PAUSE
    finally:
        voice.close()
    return np.concatenate(pieces), said
