"""What scenes are made of: people's words, synthetic voices, talk and noises, by group of speakers.

Every word has its place: in people's clips by loudness (in noise by alignment), in synthetic
sentences by forced alignment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from listening import voices
from listening.corpus import RATE, Clip, Sound, fold
from listening.mixing import Random

SAFETY = ("stop", "hurts", "ouch", "yes", "no")
"""What the spotter is for."""

RIVALS = (
    *("up", "down", "left", "right", "on", "off", "go", "bed", "cat", "happy"),
    *("zero", "one", "five", "eight"),
)
"""Words that many people recorded. To tell them from each other teaches what sets words apart:
more than a few stops alone can."""

CLASSES = ("other", *SAFETY, *RIVALS)

STOPS = (
    *("stop", "stop", "stop please", "please stop", "stop now", "stop stop", "stop it", "oh stop"),
    *("stop it hurts", "stop that hurts", "no stop", "stop stop stop", "ow stop", "okay stop"),
    *("i want to stop", "can we stop", "stop it please", "stop my back", "wait stop", "hey stop"),
)
PAINS = (
    *("it hurts", "that hurts", "ouch", "ow", "ouch that hurts", "ow it hurts", "it hurts stop"),
    *("it really hurts", "oh it hurts", "my back hurts", "ouch ouch", "ow ow", "stop it hurts"),
)
NEAR = (
    *("stuff", "stars", "star", "step", "steps", "shop", "top", "drop", "stopped", "stopping"),
    *("stops", "spot", "stock", "stomp", "stuck", "staff", "start", "store", "story", "stub"),
    *("up", "tap", "swap", "chop", "pop", "hop", "stand up", "step up", "top up", "strong"),
    *("it helps", "it hurt", "hers", "hurry", "it heard", "a house", "how", "now", "out", "couch"),
    *("our", "hour", "about", "house", "the hearts", "it works", "that works", "yet", "guess"),
    *(
        "chess",
        "less",
        "know",
        "nose",
        "go",
        "note",
        "low",
        "slow",
        "so",
        "oh",
        "year",
        "yesterday",
    ),
    *("next", "repeat", "pause", "continue", "skip", "slower", "faster", "go back", "ready"),
    *("say again", "finish", "louder", "quieter", "how long", "where am i", "don't know", "normal"),
    *("what's the stuff on the step", "the stars are out", "his store is at the top of the street"),
    *("there was a storm", "start with the left", "a spot of tea", "turn it off", "put it on"),
)
"""Words that are near, and other commands: never a safety word."""

SOUNDS = {**{word: CLASSES.index(word) for word in SAFETY}, "ow": CLASSES.index("ouch")}


@dataclass(frozen=True, slots=True)
class Word:
    """A word within an event: where it lies in samples, and its class."""

    start: int
    end: int
    kind: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something heard within a scene."""

    sound: Sound
    words: tuple[Word, ...] = ()


Align = Callable[[Sound, str], list[tuple[str, int, int]]]
"""Where each word of a text lies in a sound, in samples; empty when it cannot be told."""


def aligner() -> Align:
    """Forced alignment by pocketsphinx."""
    from pocketsphinx import Decoder  # noqa: PLC0415

    decoder = Decoder(lm=None, loglevel="FATAL", samprate=float(RATE))

    def align(sound: Sound, text: str) -> list[tuple[str, int, int]]:
        padded = np.concatenate((np.zeros(3200, np.float32), sound, np.zeros(3200, np.float32)))
        padded = padded / max(0.05, float(np.abs(padded).max())) * 0.6
        hissing = padded + np.random.default_rng(0).normal(0, 1e-4, len(padded))
        try:
            decoder.set_align_text(text)
            decoder.start_utt()
            decoder.process_raw((hissing * 32767).astype("<i2").tobytes(), full_utt=True)
            decoder.end_utt()
            parts = list(decoder.seg() or ())
        except (RuntimeError, ValueError):
            return []
        found: list[tuple[str, int, int]] = []
        for part in parts:
            name = part.word.partition("(")[0]
            if name not in {"<s>", "</s>", "<sil>", "NULL"} and name[:1] != "[":
                start, end = (int(f * 160) - 3200 for f in (part.start_frame, part.end_frame + 1))
                found.append((name, max(0, start), min(len(sound), end)))
        return found if [name for name, _, _ in found] == text.split() else []

    return align


LONG = int(0.65 * RATE)
"""Samples: a "stop" that seems to last longer is one in noise."""


def trimmed(sound: Sound) -> tuple[int, int]:
    """From where to where a single word is loud: within 25 dB of its loudest 20 ms."""
    frames = np.square(sound[: len(sound) // 160 * 160]).reshape(-1, 160).mean(1)
    smooth = np.convolve(frames, np.ones(3) / 3, "same")
    floor = max(smooth.max() * 10**-2.5, np.quantile(smooth, 0.1) * 3)
    loud = np.flatnonzero(smooth > min(floor, smooth.max() * 0.3))
    return int(loud[0]) * 160, (int(loud[-1]) + 1) * 160


def of_clip(sound: Sound, kind: int, aligned: tuple[int, int] | None = None) -> Event:
    """A whole clip of a single word, and where the word lies.

    In a noisy clip loudness does not tell where the word is: there the alignment does.
    """
    start, end = trimmed(sound)
    if aligned is not None and end - start > LONG and aligned[1] - aligned[0] < end - start:
        start, end = aligned
    return Event(sound, (Word(start, end, kind),))


@dataclass
class Material:
    """What scenes are made of, by group of speakers."""

    people: dict[tuple[int, int], list[Event]] = field(default_factory=dict)  # group, class
    talk: dict[int, list[Sound]] = field(default_factory=dict)
    noises: dict[int, list[Sound]] = field(default_factory=dict)
    spoken: list[Event] = field(default_factory=list)  # synthetic safety words
    near: list[Event] = field(default_factory=list)  # synthetic words that are none
    coach: list[Sound] = field(default_factory=list)  # the coach's own sentences
    rooms: list[Sound] = field(default_factory=list)
    tunes: list[Sound] = field(default_factory=list)


def of_people(clips: Sequence[Clip], material: Material) -> None:
    """Adds the words people recorded."""
    kinds = {word: kind for kind, word in enumerate(CLASSES) if kind}
    align = aligner()
    for clip in clips:
        sound = clip.sound()
        if clip.word == "silence" or not len(sound):
            continue
        kind = kinds.get(clip.word, 0)
        found = align(sound, clip.word) if clip.word in SAFETY else []
        event = of_clip(sound, kind, found[0][1:] if found else None)
        material.people.setdefault((clip.fold, kind), []).append(event)


def of_voices(random: Random, material: Material, coach: Sequence[str], many: int) -> None:
    """Adds synthetic renderings: of the safety words with the place of each, and of others."""
    known = voices.speakers()

    def some(count: int) -> list[voices.Speaker]:
        picks = [known[int(n)] for n in random.integers(0, len(known), count)]
        return [
            voices.Speaker(
                p.engine,
                p.name,
                1.0 if p.engine == "festival" else round(float(random.uniform(0.8, 1.35)), 2),
                int(random.integers(30, 75)) if p.engine == "espeak" else 50,
            )
            for p in picks
        ]

    wanted = [(s, t) for t in STOPS for s in some(many)]
    wanted += [(s, t) for t in PAINS for s in some(3 * many)]  # no people recorded these
    others = [(s, t) for t in NEAR for s in some(max(4, many // 3))]
    mouths = voices.few()
    lines = [(mouths[int(random.integers(len(mouths)))], t) for t in coach]
    lines += [(voices.Speaker("espeak", name), t) for t in coach for name in ("en-us", "en-gb")]
    voices.render_all([*wanted, *others, *lines])
    align = aligner()
    for speaker, text in wanted:
        sound = voices.say(speaker, text)
        words = [
            Word(start, end, SOUNDS[name])
            for name, start, end in align(sound, text)
            if name in SOUNDS
        ]
        if words:
            material.spoken.append(Event(sound, tuple(words)))
    material.near += [Event(voices.say(*one)) for one in others]
    material.coach += [voices.say(*one) for one in lines]


def divide(recordings: Sequence[Clip], into: dict[int, list[Sound]]) -> None:
    """Long recordings by group."""
    for clip in recordings:
        into.setdefault(fold(clip.speaker), []).append(clip.sound())
