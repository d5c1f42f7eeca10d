"""Clips at moments to samples: the one mixer behind the loudspeaker, the file and the tests.

Law: a clip's first sample is sample `at * 48` of the session, exactly; the samples are the same
whatever the size of the blocks they are asked for in. No clock, no thread, no device here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from voicecoach.core.units import Ms
from voicecoach.speaker.base import Placed
from voicecoach.voice.base import SAMPLE_RATE, Pcm

PER_MS = SAMPLE_RATE // 1000
FADE = 5 * PER_MS
"""Samples in which a cut falls silent: short enough for "at once", long enough not to click."""
DUCK = 10 * PER_MS
"""Samples in which it is ducked, and comes back: at a fade's slope it would be heard as a click."""
QUIETEST, LOUDEST = -24, 12
"""dB. Speech is rendered at -20 dBFS RMS: below -44 it is lost in a room, above -8 it distorts."""

_FULL = 32_767.0
_DAY = 24 * 60 * 60 * SAMPLE_RATE

Floats = npt.NDArray[np.float32]


def limited(mix: Floats, knee: float = 0.75, full: float = 1.0) -> Pcm:
    """`full` (of full scale) is never passed: above `knee`, peaks are bent instead of clipped.

    Without memory, sample by sample, so that it cannot depend on blocks and adds no latency. Speech
    keeps its clarity under far more bending than the 12 dB of the loudest gain can cause.
    """
    bend, rest = knee * _FULL, (full - knee) * _FULL
    if mix.max(initial=0.0) > bend or mix.min(initial=0.0) < -bend:
        mix, size = mix.copy(), np.abs(mix)
        over = size > bend
        mix[over] = np.sign(mix[over]) * (bend + rest * np.tanh((size[over] - bend) / rest))
    return np.rint(mix).astype(np.int16)


@dataclass(frozen=True, slots=True)
class _Sound:
    """Samples from a position (in samples of the session) on."""

    start: int
    samples: Pcm | Floats

    @property
    def end(self) -> int:
        return self.start + len(self.samples)


def _still_to_come(sounds: Iterable[_Sound], position: int) -> list[_Sound]:
    """Without what lies before a position; a sound entered in its midst fades in over 5 ms."""
    out = []
    for sound in sounds:
        if sound.start >= position:
            out.append(sound)
        elif sound.end > position:
            rest = sound.samples[position - sound.start :].astype(np.float32)
            head = rest[:FADE]
            head *= np.linspace(0.0, 1.0, FADE, endpoint=False, dtype=np.float32)[: len(head)]
            out.append(_Sound(position, rest))
    return out


class _Level:
    """A factor that is reached in a straight line, always in as many samples."""

    def __init__(self, samples: int, level: float = 1.0) -> None:
        self._samples = samples
        self._from = self._to = np.float32(level)
        self._turned = -samples  # where it last began to change

    def turn(self, wanted: float, position: int) -> None:
        """Goes to another factor from a position on, from wherever it is there."""
        self._from = np.float32(np.max(self.over(position, 1)))
        self._to = np.float32(wanted)
        self._turned = position

    def over(self, position: int, frames: int) -> Floats | np.float32:
        """The factors of so many samples; one for all of them where it does not change."""
        done = position - self._turned
        if done >= self._samples:
            return self._to
        share = np.arange(done, done + frames, dtype=np.float32) / self._samples
        return cast("Floats", self._from + (self._to - self._from) * np.clip(share, 0.0, 1.0))


class Mixer:
    """A position that only grows, and the clips that sound there or later. For one thread."""

    def __init__(
        self, remember: Ms, level: float = 1.0, limit: Callable[[Floats], Pcm] = limited
    ) -> None:
        """`remember`: how much of what was mixed can be had again by played().

        `level` is the factor that stands for a gain of 0 dB.
        """
        self.position = 0
        """The next sample to be mixed."""
        self._waiting: list[_Sound] = []  # the latest first
        self._sounding: list[_Sound] = []
        self._memory = np.zeros(max(1, remember * PER_MS), np.int16)
        self._level, self._limit = level, limit
        self._gain = _Level(FADE, level)
        self._duck = _Level(DUCK)
        self._ducked = 0
        """The sample from which on it is ducked no more; 0 when it is not."""

    def quiet(self, span: Ms) -> bool:
        """Whether nothing sounds for so long. May be called from another thread, as a guess."""
        end = self.position + span * PER_MS
        return not self._sounding and not any(sound.start < end for sound in self._waiting[-1:])

    @property
    def undisturbed(self) -> int:
        """Samples until a sound begins or ends: at least one, and a day where there is none."""
        moments = [sound.end for sound in self._sounding]
        moments += [sound.start for sound in self._waiting[-1:] if sound.start > self.position]
        moments += [sound.end for sound in self._waiting[-1:]]
        return min(moments, default=self.position + _DAY) - self.position

    def place(self, clips: Iterable[Placed]) -> None:
        """Adds clips. What lies before the position is not heard; the rest then fades in."""
        new = [_Sound(placed.at * PER_MS, placed.clip.samples) for placed in clips]
        self._waiting += _still_to_come(new, self.position)
        self._waiting.sort(key=lambda sound: -sound.start)

    def cut(self) -> None:
        """What sounds fades out in the next 5 ms; what was to sound is forgotten, and any duck."""
        self._ducked = min(self._ducked, self.position + FADE)
        self._take(self.position)
        ramp = np.linspace(1.0, 0.0, FADE, endpoint=False, dtype=np.float32)
        tails = []
        for sound in self._sounding:
            rest = sound.samples[self.position - sound.start :][:FADE]
            tails.append(_Sound(self.position, rest * ramp[: len(rest)]))
        self._sounding = tails
        self._waiting.clear()

    def gain(self, decibels: int) -> None:
        """The loudness of all that follows, reached within 5 ms; kept in QUIETEST … LOUDEST."""
        wanted = 10.0 ** (min(max(decibels, QUIETEST), LOUDEST) / 20.0)
        self._gain.turn(wanted * self._level, self.position)

    def duck(self, decibels: int, until: Ms) -> None:
        """Softer by so much (a number below 0) until then, on top of the gain."""
        if until * PER_MS > self.position:
            self._duck.turn(10.0 ** (min(max(decibels, QUIETEST), 0) / 20.0), self.position)
            self._ducked = max(self._ducked, until * PER_MS)

    def mix(self, frames: int) -> Pcm:
        """The next so many samples; the position moves on."""
        first = self._ducked - self.position
        if first <= 0 < self._ducked:
            self._duck.turn(1.0, self.position)
            self._ducked = 0
        elif 0 < first < frames:
            return np.concatenate((self.mix(first), self.mix(frames - first)))
        start, end = self.position, self.position + frames
        self._take(end)
        if self._sounding:
            total = np.zeros(frames, np.float32)
            for sound in self._sounding:
                first = max(sound.start, start)
                part = sound.samples[first - sound.start : end - sound.start]
                total[first - start : first - start + len(part)] += part
            self._sounding = [sound for sound in self._sounding if sound.end > end]
            total *= self._gain.over(start, frames) * self._duck.over(start, frames)
            out = self._limit(total)
        else:
            out = np.zeros(frames, np.int16)
        self._remember(out, end)
        self.position = end
        return out

    def skip(self, position: int) -> None:
        """Moves on to a position without a sound, as when a device was away. Never back."""
        missed = position - self.position
        if missed <= 0:
            return
        self._remember(np.zeros(min(missed, len(self._memory)), np.int16), position)
        self.position = position
        self._sounding = _still_to_come(self._sounding, position)
        self._waiting = _still_to_come(self._waiting, position)

    def played(self, start: Ms, end: Ms) -> Pcm:
        """What was mixed from one moment to another; silence where that is not remembered.

        Shorter where `end` has not been mixed yet: nothing is told before it is certain. May be
        called from another thread: what is forgotten meanwhile is old or new.
        """
        position, size = self.position, len(self._memory)
        last = min(end * PER_MS, position)
        out = np.zeros(max(0, last - start * PER_MS), np.int16)
        first = max(start * PER_MS, position - size, 0)
        if first < last:
            at = np.arange(first, last) % size
            out[first - start * PER_MS : last - start * PER_MS] = self._memory[at]
        return out

    def _take(self, end: int) -> None:
        """What starts before this sample counts as sounding from now on."""
        while self._waiting and self._waiting[-1].start < end:
            self._sounding.append(self._waiting.pop())

    def _remember(self, samples: Pcm, end: int) -> None:
        size = len(self._memory)
        kept = samples[-size:]
        start = (end - len(kept)) % size
        head = min(len(kept), size - start)
        self._memory[start : start + head] = kept[:head]
        self._memory[: len(kept) - head] = kept[head:]
