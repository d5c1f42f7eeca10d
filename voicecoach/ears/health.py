"""Whether the microphone gives something that can be understood: watched chunk by chunk.

Laws: it only looks, it never keeps a sample from the ears. What it says is true: a microphone that
takes noise out is silent to the last bit between two words (4 of 62 recordings of one corpus are,
for 1.5 s and more). It fades into that silence, where a switch cuts; and once it has let a short
sound through it is known, and not called muted any more.

Levels are dBFS of 32 ms chunks, so speech of -20 is normal and -50 is hardly there. Measured on
people and rooms: steady noise (bike -34, dishes -30, rain -23, pink noise -12) is never taken for
speech by Silero; speech is found down to -60, long after the decoder has lost it.
"""

from __future__ import annotations

from collections import deque

import numpy as np
import numpy.typing as npt

from voicecoach.ears.endpoint import CHUNK, RATE
from voicecoach.ears.told import Notice, Signs, What

SECOND = RATE // CHUNK
"""Chunks."""

MUTED = 3 * SECOND // 2
"""Chunks without one change, 1.5 s, that mean: the microphone is muted or dead."""
PATIENT = 10 * SECOND
"""The same after sound that has faded."""
_FADED = -75.0  # dBFS of the sound before the silence; rooms are louder
_RETURNED = 3  # chunks of sound that mean: it is back
_GAP = SECOND // 5  # chunks of digital silence on both sides of sound that a gate let through
_ISLAND = 5 * SECOND  # chunks: nobody turns a microphone on for less

FULL = 32_600
"""Of 32768: a converter or a mixer that is overdriven stays at its end, or just below."""
CLIPPED = RATE // 100
"""Samples at full scale within a second. One shout or bump is no habit: a second one makes it."""
_HABIT = 10 * SECOND

NOISY = 13.0
"""dB between the loud tenth of speech and the soft tenth of noise below which hardly anything but
the safety words is understood. Twelve commands by three synthetic voices, in pink noise and on the
bike: 53 of 72 at 23 dB, 32 at 18, 9 at 13, 1 at 10, none at 7.
"""
LOUD = -50.0
"""dBFS; in softer noise than this it is the speech that is wrong."""
TYPICAL = -21.0
"""dBFS of speech before any was heard: of people near their microphone, in two corpora."""
_LASTS = 5 * SECOND

QUIET = -52.0
"""dBFS of speech below which words are lost."""
_ENOUGH = 2 * SECOND

_LOOK = SECOND // 2  # chunks between two looks at the levels
_NOTHING = -120.0  # dBFS of digital silence
_PLAYING = -45.0  # dBFS of the reference, from where on its echo is worth measuring
_ROOM = 150  # ms that an echo may come after its reference


def level(samples: npt.NDArray[np.int16]) -> float:
    """How loud some samples are, in dBFS."""
    wide = samples.astype(np.float32)
    power = float(np.dot(wide, wide)) / max(1, len(wide))
    return max(_NOTHING, 10 * float(np.log10(power + 1e-9)) - 90.309)


class _Silence:
    """Tells a muted microphone from one with a noise gate."""

    def __init__(self) -> None:
        self._flat = self._sound = 0  # chunks in a row
        # dBFS of the last two chunks: a switch leaves of the last a few samples, as soft as a fade.
        self._before = self._last = 0.0
        self._after_gap = False  # the sound that runs began after digital silence
        self._muted = self._gated = False

    def feed(self, loud: float | None) -> What | None:
        """One chunk: how loud it is, or None for one that does not change at all."""
        if loud is not None:
            self._before, self._last = self._last, loud
            self._after_gap = self._after_gap or self._flat >= _GAP
            self._sound, self._flat = self._sound + 1, 0
            if self._muted and self._sound >= _RETURNED:
                self._muted = False
                return "sound"
            return None
        self._flat += 1
        if self._flat == _GAP:
            island, self._sound = self._sound, 0
            gate = self._after_gap and _RETURNED <= island < _ISLAND
            self._after_gap = False
            if gate and not self._gated:
                self._gated = True
                return "gated"
        patience = PATIENT if max(self._before, self._last) < _FADED else MUTED
        if self._flat < patience or self._muted or self._gated:
            return None
        self._muted = True
        return "muted"


class _Clipping:
    """Tells a microphone that is overdriven from one shout."""

    def __init__(self) -> None:
        self._counts: deque[int] = deque(maxlen=SECOND)
        self._since = _HABIT  # chunks since the last shout

    def feed(self, full: int) -> What | None:
        """One chunk with so many samples at full scale."""
        self._counts.append(full)
        self._since += 1
        if sum(self._counts) < CLIPPED:
            return None
        self._counts.clear()
        if self._since < SECOND:
            return None  # the same shout
        again = self._since < _HABIT
        self._since = 0
        return "clipping" if again else None


class Health:
    """Watches one stream."""

    def __init__(self, typical: float = TYPICAL) -> None:
        """`typical`: how loud speech is taken to be until some was heard, in dBFS."""
        self._typical = typical
        self._silence, self._clipping = _Silence(), _Clipping()
        self._levels: deque[float] = deque(maxlen=8 * SECOND)
        self._speech: deque[float] = deque(maxlen=4 * SECOND)
        self._echo: deque[tuple[float, float]] = deque(maxlen=4 * SECOND)
        self._playing: deque[tuple[int, int]] = deque(maxlen=64)
        self._sample = self._noisy = 0
        self._told: set[What] = set()
        self.signs = Signs()

    def reference(self, pcm: bytes, at: int) -> None:
        """What the loudspeaker plays, and when it is due at the ear."""
        samples = np.frombuffer(pcm, "<i2")
        if level(samples) > _PLAYING:
            self._playing.append((at, at + len(samples) * 1000 // RATE))

    def feed(self, raw: bytes, clean: bytes, at: int, *, speech: bool) -> list[Notice]:
        """A chunk as it came, and without the coach. `speech`: somebody says something."""
        self._sample += CHUNK
        samples = np.frombuffer(raw, "<i2")
        low, high = int(samples.min()), int(samples.max())
        loud = None if low == high else level(samples)
        full = 0
        if high >= FULL or low <= -FULL:
            full = int(np.count_nonzero(samples >= FULL) + np.count_nonzero(samples <= -FULL))
        found = [self._silence.feed(loud), self._clipping.feed(full)]
        if loud is None:
            self._levels.append(_NOTHING)  # also a noise gate's room is quiet between the words
        else:
            self._measure(loud, level(np.frombuffer(clean, "<i2")), at, speech=speech)
        if self._sample // CHUNK % _LOOK == 0:
            self._look()
            found += [self._noisy_or_not(), self._quiet_or_not()]
        return [Notice(what, self._sample) for what in found if what and self._new(what)]

    def _new(self, what: What) -> bool:
        """Muting and its end are told each time, everything else once."""
        if what in self._told:
            return False
        if what not in {"muted", "sound"}:
            self._told.add(what)
        return True

    def _measure(self, raw: float, clean: float, at: int, *, speech: bool) -> None:
        while self._playing and self._playing[0][1] + _ROOM < at:
            self._playing.popleft()
        if any(start <= at <= end + _ROOM for start, end in self._playing):
            self._echo.append((raw, clean))
            return
        self._levels.append(clean)
        if speech:
            self._speech.append(clean)

    def _look(self) -> None:
        signs = self.signs
        noise, voice, echo, left = signs.noise, signs.speech, signs.echo, signs.left
        if len(self._levels) >= SECOND:
            noise = _percentile(list(self._levels), 10)
        if len(self._speech) >= SECOND:
            voice = _percentile(list(self._speech), 90)
        if len(self._echo) >= SECOND:
            echo = _percentile([raw for raw, _ in self._echo], 50)
            left = _percentile([clean for _, clean in self._echo], 50)
        self.signs = Signs(noise, voice, echo, left)

    def _noisy_or_not(self) -> What | None:
        noise, speech = self.signs.noise, self.signs.speech
        if noise is None or noise < LOUD:
            self._noisy = 0
            return None
        heard = self._typical if speech is None else speech
        self._noisy = self._noisy + _LOOK if heard - noise < NOISY else 0
        return "noisy" if self._noisy >= _LASTS else None

    def _quiet_or_not(self) -> What | None:
        speech = self.signs.speech
        heard = len(self._speech) >= _ENOUGH and speech is not None and speech < QUIET
        return "quiet" if heard else None


def _percentile(levels: list[float], share: int) -> float:
    return round(sorted(levels)[len(levels) * share // 100], 1)
