"""Scenes to train the spotter on: a few seconds of a room in which words are said.

Each scene belongs to one group of speakers: all people and noises in it are of that group, so a
network that is to be judged on a group is trained on the scenes of the others.
Labels are per frame of 20 ms: the class for the 220 ms after the end of a word, IGNORE around it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import soxr

from listening.corpus import RATE, Sound
from listening.material import CLASSES, SAFETY, Event, Material, Word
from listening.mixing import (
    Random,
    at_snr,
    babble,
    coloured,
    in_room,
    piece,
    power,
    speech_power,
    tilt,
)
from voicecoach.ears.spotter.features import FLOORS, HOP, WINDOW, Features
from voicecoach.ears.spotter.second import SEEN, STEP, Embeddings

SECONDS = 5.12
FRAMES = 510
STEPS = FRAMES // 2
IGNORE = -1
ENDS = (np.arange(STEPS) * 2 * HOP + HOP + WINDOW) / RATE
"""Seconds from the beginning of a scene to the end of each step."""

CHANCES = {
    "as recorded": 0.35,  # a clip keeps the silence around its word
    "after the stop": 0.65,  # of a stop among words: something follows
    "at once": 0.6,  # ... without any gap
    "not another stop": 0.7,  # ... and is no second stop
    "before the stop": 0.5,
    "room": 0.65,
    "noise": 0.78,
    "noise in a room": 0.3,
    "hiss": 0.15,  # steady noise beside the other noise
    "microphone": 0.5,  # a colour of its own
    "floor": 0.75,  # a faint noise; without it silence is digital
    "far voice": 0.25,  # a child's or a deep voice: a greater change of pitch and speed
}
"""How often scenes are made that way."""

EVENTS = (
    ("stop", 0.16),
    ("stop among words", 0.12),
    ("yes", 0.08),
    ("no", 0.08),
    ("synthetic safety word", 0.18),
    ("other word", 0.2),
    ("near word", 0.09),
    ("talk", 0.12),
    ("noise", 0.06),
)
"""What is heard in a scene, and how often."""

OTHERS = (("other word", 0.45), ("near word", 0.2), ("talk", 0.35))
"""What surrounds a stop that stands among words."""

BACKGROUNDS = (
    ("noise", 0.2),
    ("coloured", 0.2),
    ("babble", 0.25),
    ("music", 0.17),
    ("coach", 0.18),
)

Labels = npt.NDArray[np.int8]


def _bare(event: Event, random: Random) -> Event:
    """A clip with its edges faded close to its word, or (one in three) as it was recorded."""
    word = event.words[0]
    words = (word,) if word.kind else ()
    if random.random() < CHANCES["as recorded"]:
        return Event(event.sound, words)
    left = max(0, word.start - int(random.uniform(0.01, 0.1) * RATE))
    right = min(len(event.sound), word.end + int(random.uniform(0.03, 0.1) * RATE))
    faded = event.sound[left:right].copy()
    edge = min(320, len(faded) // 4)
    faded[:edge] *= np.linspace(0, 1, edge)
    faded[-edge:] *= np.linspace(1, 0, edge)
    moved = tuple(Word(one.start - left, one.end - left, one.kind) for one in words)
    return Event(faded, moved)


def _warped(event: Event, random: Random) -> Event:
    """Pitch, formants and speed changed together."""
    far = random.random() < CHANCES["far voice"]
    ratio = float(random.uniform(0.78, 1.24) if far else random.uniform(0.88, 1.14))
    sound = soxr.resample(event.sound, RATE, RATE * ratio, quality="LQ").astype(np.float32)
    words = tuple(Word(int(w.start * ratio), int(w.end * ratio), w.kind) for w in event.words)
    return Event(sound, words)


def _joined(first: Event, second: Event, gap: int, overlap: int = 160) -> Event:
    """One right after the other, as in connected speech."""
    gap = max(gap, 0)
    at = len(first.sound) + gap - (overlap if gap == 0 else 0)
    total = np.zeros(at + len(second.sound), np.float32)
    total[: len(first.sound)] += first.sound
    total[at:] += second.sound
    moved = tuple(Word(w.start + at, w.end + at, w.kind) for w in second.words)
    return Event(total, first.words + moved)


def _closed(event: Event, random: Random) -> Event:
    """A word whose last sound is cut short, as when the next word follows at once."""
    word = event.words[-1]
    cut = max(
        word.start + (word.end - word.start) // 2, word.end - int(random.uniform(0, 0.09) * RATE)
    )
    sound = event.sound[:cut].copy()
    sound[-80:] *= np.linspace(1, 0, 80)
    return Event(sound, (*event.words[:-1], Word(word.start, cut, word.kind)))


class Stage:
    """Makes scenes of one group."""

    def __init__(self, material: Material, group: int, random: Random, near: float = 1.0) -> None:
        """`near`: how many times as often as usual words are heard that are near a safety word."""
        self._m, self._group, self._random = material, group, random
        self._events = [
            (what, share * near if what == "near word" else share) for what, share in EVENTS
        ]
        self._others = [
            event
            for (of, kind), events in material.people.items()
            if of == group and CLASSES[kind] not in SAFETY
            for event in events
        ]

    def _happens(self, what: str) -> bool:
        return bool(self._random.random() < CHANCES[what])

    def _one_of(self, table: Sequence[tuple[str, float]]) -> str:
        names, shares = zip(*table, strict=True)
        chosen = self._random.choice(len(names), p=np.array(shares) / sum(shares))
        return str(names[int(chosen)])

    def _sound(self, sounds: Sequence[Sound]) -> Sound:
        return sounds[int(self._random.integers(len(sounds)))]

    def _human(self, word: str) -> Event:
        """A safety word by a person, or "other": anything else that people recorded."""
        kind = CLASSES.index(word)
        clips = self._m.people[self._group, kind] if kind else self._others
        clip = clips[int(self._random.integers(len(clips)))]
        return _warped(_bare(clip, self._random), self._random)

    def _synthetic(self, events: Sequence[Event]) -> Event:
        return _warped(events[int(self._random.integers(len(events)))], self._random)

    def _talk(self) -> Event:
        length = int(self._random.uniform(0.3, 2.5) * RATE)
        cut = piece(self._sound(self._m.talk[self._group]), length, self._random).copy()
        cut[:160] *= np.linspace(0, 1, 160)
        cut[-160:] *= np.linspace(1, 0, 160)
        return Event(cut)

    def _noise(self) -> Event:
        length = int(self._random.uniform(0.3, 1.5) * RATE)
        return Event(piece(self._sound(self._m.noises[self._group]), length, self._random))

    def _stop_among_words(self) -> Event:
        """As in "please stop", "stop it hurts", "stop, stop": nothing marks where the word ends."""
        random, stop = self._random, _levelled(self._human("stop"), 0.0, self._random)
        if self._happens("after the stop"):
            gap = 0 if self._happens("at once") else int(random.uniform(0, 0.15) * RATE)
            after = (
                self._event(OTHERS) if self._happens("not another stop") else self._human("stop")
            )
            stop = _joined(_closed(stop, random), _levelled(after, 3.0, random), gap)
        if self._happens("before the stop"):
            before = _levelled(self._event(OTHERS), 3.0, random)
            stop = _joined(before, stop, int(random.uniform(0, 0.12) * RATE))
        return stop

    def _event(self, table: Sequence[tuple[str, float]]) -> Event:
        m = self._m
        match self._one_of(table):
            case "stop":
                return self._human("stop")
            case "stop among words":
                return self._stop_among_words()
            case "yes":
                return self._human("yes")
            case "no":
                return self._human("no")
            case "synthetic safety word":
                return self._synthetic(m.spoken)
            case "other word":
                return self._human("other")
            case "near word":
                return self._synthetic(m.near)
            case "talk":
                return self._talk()
            case _:
                return self._noise()

    def _background(self, length: int) -> Sound:
        random, m = self._random, self._m
        match self._one_of(BACKGROUNDS):
            case "coloured":
                return coloured(length, float(random.uniform(0, 2)), random)
            case "babble":
                return babble(m.talk[self._group], length, random, int(random.integers(1, 8)))
            case "music":
                return piece(self._sound(m.tunes), length, random)
            case "coach":
                pause = np.zeros(int(random.uniform(0, 1) * RATE), np.float32)
                lines = (self._sound(m.coach), pause, self._sound(m.coach), pause)
                return piece(np.concatenate(lines), length, random)
            case _:
                return piece(self._sound(m.noises[self._group]), length, random)

    def _said(self, length: int) -> tuple[Sound, list[Word]]:
        """Words one after the other, in a quiet place."""
        random, words = self._random, list[Word]()
        scene = np.zeros(length, np.float32)
        at = int(random.uniform(0.4, 1.0) * RATE)
        while True:
            event = _levelled(self._event(self._events), 3.0, random)
            if at + len(event.sound) > length:
                return scene, words
            scene[at : at + len(event.sound)] += event.sound
            words += [Word(w.start + at, w.end + at, w.kind) for w in event.words]
            at += len(event.sound) + int(random.exponential(0.3) * RATE)

    def mixed(self) -> tuple[npt.NDArray[np.int16], Labels]:
        """One scene: samples at 16 kHz and STEPS labels."""
        random, length = self._random, int(SECONDS * RATE)
        scene, words = self._said(length)
        if self._happens("room"):
            scene = in_room(scene, self._sound(self._m.rooms))
        if self._happens("noise"):
            noise = self._background(length)
            if self._happens("noise in a room"):
                noise = in_room(noise, self._sound(self._m.rooms))
            if self._happens("hiss"):
                noise = noise + coloured(length, 1.0, random) * np.sqrt(power(noise) / 10)
            scene = at_snr(scene, noise, float(random.uniform(-3, 25)), LOUDNESS**2)
        if self._happens("microphone"):
            scene = tilt(scene, random)
        if self._happens("floor"):
            faint = coloured(length, float(random.uniform(0, 2)), random)
            scene = scene + faint * 10 ** random.uniform(-5.5, -3)
        peak = max(float(np.abs(scene).max()), 1e-6)
        scene = scene * 10 ** (random.uniform(-36, 3) / 20) / peak
        return np.clip(np.rint(scene * 32767), -32768, 32767).astype(np.int16), labelled(words)

    def make(self) -> tuple[npt.NDArray[np.float16], Labels]:
        """One scene: (FRAMES, BANDS) features and STEPS labels."""
        samples, labels = self.mixed()
        # One view, chosen among those whose floor leaves the words well above it.
        loudness = 10 * np.log10(
            max(speech_power(np.asarray(samples / np.float32(32768), np.float32)), 1e-12)
        )
        floors = [floor for floor in FLOORS if floor < loudness - CLEARANCE] or [FLOORS[0]]
        view = Features((floors[int(self._random.integers(len(floors)))],))
        return view.feed(samples)[0, :FRAMES].astype(np.float16), labels

    def embedded(self, embeddings: Embeddings) -> tuple[npt.NDArray[np.float16], Labels]:
        """One scene for the second ear: an embedding at each step, (n, WIDTH), and n labels."""
        samples, labels = self.mixed()
        embeddings.forget()
        rows, kinds = [], []
        for begin in range(0, len(samples), STEP):
            embeddings.feed(samples[begin : begin + STEP])
            if (step := embeddings.last) >= 0:
                rows.append(embeddings.at(step))
                kinds.append(labels[np.abs((step * STEP + SEEN) / RATE - ENDS).argmin()])
        return np.stack(rows).astype(np.float16), np.array(kinds, np.int8)


CLEARANCE = 12.0
"""dB by which the words of a scene are louder than the floor it is seen above."""

LOUDNESS = 0.1
"""Root mean square of the loud part of what is said in a scene."""


def _levelled(event: Event, spread: float, random: Random) -> Event:
    """About as loud as everything else, give or take `spread` dB."""
    gain = (
        LOUDNESS
        / np.sqrt(max(speech_power(event.sound), 1e-8))
        * 10 ** (random.normal(0, spread) / 20)
    )
    return Event(np.asarray(gain * event.sound, np.float32), event.words)


def labelled(words: Sequence[Word]) -> Labels:
    """The class of each step; a step ends where the second of its frames ends."""
    ends = ENDS
    labels = np.zeros(STEPS, np.int8)
    for word in words:
        start, end = word.start / RATE, word.end / RATE
        labels[(ends > start + 0.45 * (end - start)) & (ends < end + 0.33)] = IGNORE
    for word in words:
        end = word.end / RATE
        labels[(ends >= end - 0.03) & (ends < end + 0.19)] = word.kind
    labels[ends < 0.45] = IGNORE
    return labels
