"""What the phone network learns from: utterances, each as it was said and as a room hears it.

Each pair belongs to one group of speakers, like the spotter's scenes: all people, noises and
voices of flite in it are of that group. A pair has what was said, where that is known, and what
hama's network made of the utterance before it was put into the room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import soxr

from listening import corpus, voices
from listening.corpus import RATE, Sound
from listening.mixing import (
    Random,
    at_snr,
    babble,
    coloured,
    in_room,
    piece,
    speech_power,
    tilt,
)

SHARES = {
    "people": 0.28,
    "talk": 0.13,
    "flite": 0.22,
    "flite, a command": 0.1,
    "espeak": 0.19,
    "espeak, a command": 0.08,
}
"""Who says something in a pair, and how often. Only talk has no text."""

CHANCES = {
    "two words": 0.25,  # of one group, one after the other
    "warped": 0.7,  # pitch, formants and speed changed together
    "microphone": 0.4,  # a colour of its own
    "room": 0.35,
    "noise": 0.85,
    "microphone in the room": 0.3,
    "the commonest way": 0.7,  # to say a word; else any of those in the dictionary
}

BACKGROUNDS = {"coloured": 0.45, "babble": 0.15, "music": 0.15, "noise": 0.25}

LOUD = 0.1
"""Root mean square of the loud part of what is said, before its level is drawn."""

LONGEST = 6 * RATE
_STRETCH = 3 * RATE  # of talk
_TINY = 1e-9

_Thing = TypeVar("_Thing")

Ways = tuple[tuple[str, ...], ...]
"""Of each word, the ways to say it: phones with a space between."""


@dataclass(frozen=True, slots=True)
class Said:
    """An utterance, and what is known of it."""

    sound: npt.NDArray[np.int16]
    ways: Ways | None
    group: int | None
    """None where it may be of any."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What was said in a room, and what is known of it."""

    sound: npt.NDArray[np.int16]
    phones: npt.NDArray[np.int8]
    """Class of each, none where it is not known."""
    before: npt.NDArray[np.float16]
    """How likely each class was in the utterance itself, (n, classes)."""


@dataclass(frozen=True)
class Stock:
    """All that pairs are made of."""

    said: Mapping[str, Sequence[Said]]
    """By the names of SHARES."""
    talk: Mapping[int, Sequence[Sound]]
    noises: Mapping[int, Sequence[Sound]]
    rooms: Sequence[Sound]
    tunes: Sequence[Sound]


def of_people(folder: Path, ways: Callable[[str], Ways | None]) -> dict[str, list[Said]]:
    """The words people recorded, and their talk in stretches of three seconds."""
    found: dict[str, list[Said]] = {"people": [], "talk": []}
    for clip in corpus.words(folder):
        sound = clip.sound()
        if clip.word != "silence" and len(sound) > RATE // 4:
            known = None if clip.word == "arabic" else ways(clip.word)
            found["people"].append(Said(_whole(sound), known, clip.fold))
    for clip in corpus.recordings(folder, "speech"):
        sound = clip.sound()
        for start in range(0, max(1, len(sound) - RATE), _STRETCH):
            stretch = sound[start : start + _STRETCH]
            if np.abs(stretch).max() > 0.01:
                found["talk"].append(Said(_whole(stretch), None, clip.fold))
    return found


def of_voices(
    engine: str, texts: Sequence[str], ways: Callable[[str], Ways | None], random: Random
) -> list[Said]:
    """Each text by one voice of an engine, at a rate and a pitch of its own."""
    known = [one for one in voices.speakers() if one.engine == engine]
    jobs = []
    for text in texts:
        one = known[int(random.integers(len(known)))]
        pitch = int(random.integers(25, 80)) if engine == "espeak" else 50
        rate = round(float(random.uniform(0.8, 1.3)), 2)
        jobs.append((voices.Speaker(engine, one.name, rate, pitch), text))
    voices.render_all(jobs)
    found = []
    for speaker, text in jobs:
        sound, known_ways = voices.say(speaker, text), ways(text)
        if known_ways and RATE // 5 < len(sound) < LONGEST:
            found.append(Said(_whole(sound), known_ways, voices.group(speaker)))
    return found


def _whole(sound: Sound) -> npt.NDArray[np.int16]:
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)


def _samples(said: Said) -> Sound:
    return np.asarray(said.sound / np.float32(32768), np.float32)


def _level(sound: Sound) -> float:
    return float(np.sqrt(max(speech_power(sound), _TINY)))


class Studio:
    """Makes pairs."""

    def __init__(
        self,
        stock: Stock,
        hear: Callable[[Sound], npt.NDArray[np.float32]],
        classes: Mapping[str, int],
        random: Random,
    ) -> None:
        """`hear`: how likely each class is in a sound, (n, classes)."""
        self._stock, self._hear, self._classes, self._random = stock, hear, classes, random

    def _happens(self, what: str) -> bool:
        return bool(self._random.random() < CHANCES[what])

    def _one_of(self, table: Mapping[str, float]) -> str:
        return str(self._random.choice(list(table), p=list(table.values())))

    def _any(self, things: Sequence[_Thing]) -> _Thing:
        return things[int(self._random.integers(len(things)))]

    def make(self) -> tuple[int, Pair]:
        """One pair, and the group that it is of."""
        random = self._random
        who = self._one_of(SHARES)
        said = self._any(self._stock.said[who])
        sound, ways = self._utterance(said, who)
        group = int(random.integers(corpus.FOLDS)) if said.group is None else said.group
        edge = 0.25 if who == "people" else 0.45
        before, after = (
            np.zeros(int(random.uniform(0.03, edge) * RATE), np.float32) for _ in range(2)
        )
        clean = np.concatenate((before, sound * (LOUD / _level(sound)), after))
        heard = self._surrounded(clean, group)
        loudest = max(float(np.abs(heard).max()), float(np.abs(clean).max()))
        gain = min(10 ** (random.uniform(-25, 2) / 20), 0.99 / loudest)
        hiss = 3e-5 * random.standard_normal(len(clean)).astype(np.float32)
        phones = [self._classes[phone] for way in self._spoken(ways) for phone in way.split()]
        likely = np.exp(self._hear(gain * clean + hiss)).astype(np.float16)
        return group, Pair(_whole(gain * heard), np.array(phones, np.int8), likely)

    def _utterance(self, said: Said, who: str) -> tuple[Sound, Ways]:
        sound, ways = _samples(said), said.ways or ()
        if who == "people" and ways and self._happens("two words"):
            other = self._any(self._stock.said[who])
            if other.ways and other.group == said.group:
                next_one = _samples(other)
                gap = np.zeros(int(self._random.uniform(0, 0.2) * RATE), np.float32)
                same = next_one * (_level(sound) / _level(next_one))
                sound, ways = np.concatenate((sound, gap, same)), ways + other.ways
        if self._happens("warped"):
            ratio = float(self._random.uniform(0.85, 1.17))
            sound = soxr.resample(sound, RATE, RATE * ratio, quality="LQ").astype(np.float32)
        if self._happens("microphone"):
            sound = tilt(sound, self._random)
        return sound, ways

    def _spoken(self, ways: Ways) -> list[str]:
        return [word[0] if self._happens("the commonest way") else self._any(word) for word in ways]

    def _surrounded(self, sound: Sound, group: int) -> Sound:
        random = self._random
        if self._happens("room"):
            sound = in_room(sound, self._any(self._stock.rooms))
        if self._happens("noise"):
            noise = self._background(len(sound), group)
            sound = at_snr(sound, noise, float(random.uniform(3, 25)), LOUD**2)
        if self._happens("microphone in the room"):
            sound = tilt(sound, random)
        hiss = coloured(len(sound), float(random.uniform(0, 2)), random)
        return np.asarray(sound + hiss * 10 ** random.uniform(-5, -3), np.float32)

    def _background(self, length: int, group: int) -> Sound:
        random, stock = self._random, self._stock
        match self._one_of(BACKGROUNDS):
            case "coloured":
                return coloured(length, float(random.uniform(0, 2)), random)
            case "babble":
                return babble(list(stock.talk[group]), length, random, int(random.integers(2, 8)))
            case "music":
                return piece(self._any(stock.tunes), length, random)
            case _:
                return piece(self._any(stock.noises[group]), length, random)


def keep(pairs: Sequence[Pair], path: Path) -> None:
    """Puts pairs into one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    facts: dict[str, Any] = {}
    for name in ("sound", "phones", "before"):
        parts = [getattr(pair, name) for pair in pairs]
        facts[name] = np.concatenate(parts)
        facts[f"{name}_sizes"] = np.array([len(part) for part in parts])
    np.savez(path, **facts)


def kept(path: Path) -> list[Pair]:
    """The pairs of a file."""
    with np.load(path, allow_pickle=False) as file:
        columns = [
            np.split(file[name], np.cumsum(file[f"{name}_sizes"])[:-1])
            for name in ("sound", "phones", "before")
        ]
    return [Pair(*one) for one in zip(*columns, strict=True)]
