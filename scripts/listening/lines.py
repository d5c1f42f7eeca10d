"""What is said to the ears: by people, and by synthetic voices where no people were recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from listening import corpus, voices
from listening.conditions import Item
from listening.corpus import RATE, Clip, Sound
from listening.material import LONG, Align, aligner, trimmed
from voicecoach.core.commands import Intent

_EDGE = RATE // 10  # samples kept around a word that is cut out
_BETWEEN = RATE // 4  # samples between two words of one person


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody says: recordings of one person, or a synthetic voice."""

    text: str
    intent: Intent | None
    speaker: str
    paths: tuple[Path, ...] = ()
    voice: voices.Speaker | None = None


UNMET = ("+m2", "+m4", "+Annie", "+Andy", "+linda", "+Michael", "+belinda", "+john")
"""Variants of eSpeak NG that no training used."""


def mouths() -> list[voices.Speaker]:
    """Synthetic voices that this machine has: flite's, and eSpeak NG's of UNMET."""
    known = voices.speakers()
    flite = [one for one in known if one.engine == "flite"]
    accents = ("en-us", "en-gb-x-rp", "en-gb-scotland", "en-us-nyc")
    espeak = [
        voices.Speaker("espeak", accents[n % len(accents)] + variant)
        for n, variant in enumerate(UNMET)
    ]
    return flite + (espeak if any(one.engine == "espeak" for one in known) else [])


def of_people(clips: Iterable[Clip], intent: Intent | None) -> list[Line]:
    """Single words."""
    return [Line(clip.word, intent, clip.speaker, (clip.path,)) for clip in clips]


def of_voices(
    texts: Iterable[str], intent: Intent | None, speakers: Iterable[voices.Speaker]
) -> list[Line]:
    """Each text by each voice."""
    speakers = list(speakers)
    return [Line(text, intent, str(one), voice=one) for text in texts for one in speakers]


def twice(clips: Sequence[Clip], intent: Intent) -> list[Line]:
    """Two takes of one person, one after the other."""
    return [
        Line(one.word, intent, one.speaker, (one.path, two.path))
        for one, two in pairwise(clips)
        if one.speaker == two.speaker
    ]


def some(clips: Sequence[Clip], count: int) -> list[Clip]:
    """So many, of as many speakers as there are: a second take only when all had a first."""
    turn: dict[str, int] = {}
    order: list[tuple[int, str, Clip]] = []
    for clip in sorted(clips, key=lambda one: _shuffled(one.path.name)):
        turn[clip.speaker] = turn.get(clip.speaker, 0) + 1
        order.append((turn[clip.speaker], _shuffled(clip.speaker), clip))
    order.sort(key=lambda one: one[:2])
    return [clip for _, _, clip in order[:count]]


def _shuffled(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


@lru_cache(maxsize=1)
def _align() -> Align:
    return aligner()


def item(line: Line) -> Item:
    """Its sound, and where the words in it begin and end."""
    if line.voice is not None:
        sound = voices.say(line.voice, line.text)
        return Item(sound, *trimmed(sound))
    sounds = [corpus.read(path) for path in line.paths]
    ends = [_within(sound, line.text) for sound in sounds]
    if len(sounds) == 1:
        return Item(sounds[0], *ends[0])
    return _in_a_row(sounds, ends)


def _within(sound: Sound, text: str) -> tuple[int, int]:
    """Where a word is: where it is loud, or where it is found when all is loud."""
    start, end = trimmed(sound)
    if end - start <= LONG:
        return start, end
    found = _align()(sound, text)
    return found[0][1:] if found and found[0][2] - found[0][1] < end - start else (start, end)


def _in_a_row(sounds: Sequence[Sound], ends: Sequence[tuple[int, int]]) -> Item:
    pieces, places, at = list[Sound](), list[tuple[int, int]](), 0
    for sound, (start, end) in zip(sounds, ends, strict=True):
        left, right = max(0, start - _EDGE), min(len(sound), end + _EDGE)
        pieces += [sound[left:right], np.zeros(_BETWEEN, np.float32)]
        places.append((at + start - left, at + end - left))
        at += right - left + _BETWEEN
    return Item(np.concatenate(pieces), places[0][0], places[-1][1])
