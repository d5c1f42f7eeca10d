"""Conditions in which words are said, and streams of sound made of both.

Laws: a person of a group is surrounded only by noises and talk of the same group, which the
network that judges the group has never met; rooms are measured ones, where training has simulated
ones. All follows from the seed of the stream.

Levels: `clean` is as recorded. Everywhere else a person is PERSON loud, and decibels are between
the loud quarter of the word (`mixing.speech_power`) and the mean power of the noise around it;
the same for the echo, whose loud quarter is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import soxr

from listening import corpus
from listening.corpus import RATE, Sound
from listening.mixing import (
    Random,
    babble,
    coloured,
    in_room,
    music,
    piece,
    power,
    room,
    speech_power,
)

PERSON = 10 ** (-30 / 20)
"""RMS of the loud part of what people say, full scale at 1."""

HISS = 10 ** (-75 / 20)
"""RMS of the pink noise that every microphone has."""

BEFORE, AFTER = RATE, 2 * RATE
"""Samples around what is said; two words are more than three seconds apart, so that a suspicion of
one cannot add to that of the next."""

_TAIL = RATE // 2  # samples that a room goes on
_SMOOTH = RATE // 50  # samples in which the noise changes its gain

HOME = (
    *("esc10_rain", "esc10_clock_tick", "esc10_fire_crackling", "esc10_dog_bark"),
    *("esc10_chainsaw", "esc10_helicopter", "esc10_sea_waves", "esc10_baby_cry"),
    *("exercise_bike", "doing_the_dishes"),
)
"""What is heard at home: folders and files of `noise`."""

DRIFT = 150
"""Parts per million by which the microphone's clock is faster than the loudspeaker's, where they
are two devices."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What surrounds a person; the numbers are decibels."""

    noise: str = ""
    snr: float = 0.0
    room: str = ""
    echo: float | None = None
    """The coach is speaking, so much louder than the person."""
    path: str = "simulated"
    """Of the echo: "simulated", "loopback" (without a room), "two devices" (with drift),
    "recorded", or "untold": simulated, and the ears are not told what is played, so that they can
    take nothing out."""

    def __str__(self) -> str:
        """Its name in tables."""
        parts = [self.room.replace("_", " ")] if self.room else []
        if self.noise:
            parts.append(f"{self.noise} {self.snr:g} dB")
        if self.echo is not None:
            said = "recorded echo" if self.path == "recorded" else "coach speaking"
            parts.append(f"{said} {self.echo:+g} dB".replace("+0", "0"))
        if self.path in {"loopback", "two devices", "untold"}:
            parts.append(self.path)
        return ", ".join(parts) or "clean"


CLEAN = Condition()


@dataclass(frozen=True, slots=True)
class Item:
    """Something said, and where its words begin and end, in samples."""

    sound: Sound
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item stands in a stream: its words, and until when it may be heard."""

    start: int
    end: int
    until: int


@dataclass(frozen=True, slots=True)
class Stream:
    """What the microphone gives, what the loudspeaker was given, and what people said when."""

    sound: Sound
    places: tuple[Place, ...] = ()
    reference: Sound | None = None


Pair = tuple[Sound, Sound]
"""What a loudspeaker was given, and what a microphone heard of it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is there to surround the people of a group; None is everybody's."""

    folder: Path | None
    group: int | None

    def _sounds(self, kind: str, chosen: Callable[[corpus.Clip], bool]) -> list[Sound]:
        if self.folder is None:
            return []
        return [
            clip.sound()
            for clip in corpus.recordings(self.folder, kind)
            if self.group in {None, clip.fold} and chosen(clip)
        ]

    def talk(self) -> list[Sound]:
        """Continuous speech."""
        return self._sounds("speech", lambda _: True)

    def noises(self, names: Sequence[str]) -> list[Sound]:
        """Recordings of these names, or in folders of these names."""
        return self._sounds("noise", lambda clip: bool({clip.word, clip.speaker} & set(names)))

    def response(self, name: str) -> Sound:
        """A measured room."""
        return corpus.read((self.folder or Path()) / "rir" / f"{name}.wav")

    def has(self, condition: Condition) -> bool:
        """Whether there is what the condition needs."""
        sources: Mapping[str, Callable[[], object]] = {
            "babble": self.talk,
            "home": lambda: self.noises(HOME),
            "bike": lambda: self.noises(("exercise_bike",)),
            "dishes": lambda: self.noises(("doing_the_dishes",)),
        }
        noise = condition.noise not in sources or bool(sources[condition.noise]())
        rooms = not condition.room or condition.room in room_names(self.folder)
        pair = condition.path != "recorded" or bool(recorded_pairs(self.folder, "farend"))
        return noise and rooms and pair


@dataclass(frozen=True, slots=True)
class Setting:
    """A condition, what there is to make it of, and what the coach says where it is speaking."""

    condition: Condition
    around: Surroundings
    coach: Sound | None = None


def room_names(folder: Path | None) -> list[str]:
    """The measured rooms."""
    return [] if folder is None else sorted(path.stem for path in (folder / "rir").glob("*.wav"))


def recorded_pairs(folder: Path | None, kind: str) -> list[Pair]:
    """Loudspeakers and what a microphone heard at the same time, cut to one length."""
    found = []
    for played in sorted((folder / "echo").glob(f"*{kind}*_lpb.wav")) if folder else ():
        heard = played.with_name(played.name.replace("_lpb.wav", "_mic.wav"))
        if heard.exists():
            one, two = corpus.read(played), corpus.read(heard)
            found.append((one[: len(two)], two[: len(one)]))
    return found


TUNES = 12


@lru_cache(maxsize=TUNES)
def tune(number: int) -> Sound:
    """Eight seconds of music that no training heard: its seeds are single numbers, this a pair."""
    return music(8 * RATE, np.random.default_rng([4, number]))


def pink(length: int, random: Random) -> Sound:
    """Pink noise; made in a length that is quick to make."""
    quick = -(-length // 16_384) * 16_384
    return coloured(quick, 1.0, random)[:length]


def background(kind: str, length: int, around: Surroundings, random: Random) -> Sound:
    """Noise of one kind; how loud does not matter."""
    if kind == "pink":
        return pink(length, random)
    if kind == "babble":
        return babble(around.talk(), length, random)
    if kind == "music":
        return _joined(tune, TUNES, length, random)
    names = {"home": HOME, "bike": ("exercise_bike",), "dishes": ("doing_the_dishes",)}[kind]
    sounds = around.noises(names)
    return _joined(sounds.__getitem__, len(sounds), length, random)


def _joined(pick: Callable[[int], Sound], count: int, length: int, random: Random) -> Sound:
    """Pieces of four seconds and more, one after the other, equally loud."""
    pieces, total = list[Sound](), 0
    while total < length:
        one = pick(int(random.integers(count)))
        one = piece(one, min(len(one), 8 * RATE), random)
        while len(one) < 4 * RATE:
            one = np.concatenate((one, one))
        pieces.append(one / np.sqrt(max(power(one), 1e-9)))
        total += len(one)
    return np.concatenate(pieces)[:length]


def simulated_echo(played: Sound, path: str, random: Random) -> Sound:
    """What a microphone hears of a loudspeaker: 20 to 80 ms later, in a room, as long as before."""
    delay = int(random.uniform(0.02, 0.08) * RATE)
    dry = path == "loopback"
    wet = played if dry else in_room(played, room(random, float(random.uniform(0.2, 0.5))))
    if path == "two devices":
        wet = soxr.resample(wet, RATE, RATE * (1 + DRIFT * 1e-6))
    late = np.zeros(len(played), np.float32)
    wet = wet[: len(late) - delay]
    late[delay : delay + len(wet)] = wet
    return late


def echoed(setting: Setting, length: int, random: Random) -> Pair:
    """What is played, and its echo at the condition's level."""
    condition, coach = setting.condition, setting.coach
    if condition.path == "recorded":
        played, echo = recorded_pairs(setting.around.folder, "farend")[0]
        often = length // len(played) + 1
        played, echo = np.tile(played, often)[:length], np.tile(echo, often)[:length]
    elif coach is None:
        raise ValueError("The coach is speaking in this condition: say what.")
    else:
        played = np.tile(coach, length // len(coach) + 1)[:length]
        echo = simulated_echo(played, condition.path, random)
    loud = PERSON * 10 ** ((condition.echo or 0.0) / 20)
    return played, np.asarray(echo * loud / np.sqrt(speech_power(echo)), np.float32)


def stream(
    items: Sequence[Item],
    setting: Setting,
    random: Random,
    gaps: tuple[int, int] = (BEFORE, AFTER),
) -> Stream:
    """Items, one after the other; `gaps`: the least samples before each, and those after it."""
    condition, around = setting.condition, setting.around
    pieces, places, edges, at = list[Sound](), list[Place](), [0], 0
    for item in items:
        said = _leveled(item.sound, condition, around)
        # Words begin anywhere within a chunk.
        jitter = int(random.integers(512)) if gaps[0] else 0
        before, after = (np.zeros(length, np.float32) for length in (gaps[0] + jitter, gaps[1]))
        pieces += [before, said, after]
        start, at = at + len(before), at + len(before) + len(said) + len(after)
        places.append(Place(start + item.start, start + item.end, at))
        edges.append(at)
    sound = np.concatenate(pieces)
    sound += pink(len(sound), random) * HISS
    if condition.noise:
        sound += at_each(edges, background(condition.noise, len(sound), around, random), condition)
    played = None
    if condition.echo is not None:
        played, echo = echoed(setting, len(sound), random)
        sound += echo
        if condition.path == "untold":
            played = None
    return Stream(within_range(sound), tuple(places), played)


def _leveled(sound: Sound, condition: Condition, around: Surroundings) -> Sound:
    if condition == CLEAN:
        return sound
    dry = len(sound)
    if condition.room:
        tail = np.zeros(_TAIL, np.float32)
        sound = in_room(np.concatenate((sound, tail)), around.response(condition.room))
    return np.asarray(sound * PERSON / np.sqrt(max(speech_power(sound[:dry]), 1e-9)), np.float32)


def at_each(edges: Sequence[int], noise: Sound, condition: Condition) -> Sound:
    """The noise, as loud as the condition wants it in each stretch between two edges."""
    wanted = PERSON * 10 ** (-condition.snr / 20)
    knots, gains = list[int](), list[float]()
    for start, end in pairwise(edges):
        gain = wanted / np.sqrt(max(power(noise[start:end]), 1e-9))
        knots += [start + _SMOOTH // 2, end - _SMOOTH // 2]
        gains += [gain, gain]
    return np.asarray(noise * np.interp(np.arange(len(noise)), knots, gains), np.float32)


def within_range(sound: Sound) -> Sound:
    """Softer as a whole where it would be louder than a microphone can tell."""
    peak = float(np.abs(sound).max(initial=0.0))
    return sound if peak < 1 else np.asarray(sound * (0.99 / peak), np.float32)
