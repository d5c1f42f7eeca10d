"""The coach taken out of what the microphone hears: echo cancellation with what it played.

Laws: what is taken away is a linear image of what the loudspeaker played, so a person who speaks
meanwhile stays whole; the microphone is never gated, muted or replaced by silence (law 1 of the
design). No sample comes later than it came. Without a reference nothing is done and nothing is
changed, not one bit; with a reference that has nothing to do with the sound, next to nothing.

The two sound cards have two clocks. By the clock of the machine it is known to some 100 ms what
the microphone hears when; `Search` finds it to a ms, again and again; `Drift` follows it to a
fraction of a sample; the reference is read at that place and speed.

Measured: "stop" by 64 people whom the spotter never met, the coach speaking without a pause, found
for certain before -> after, of 61 alone; echo -10, 0, +10, +20 dB louder than the person. Small
room (RT60 0.24 s): 47, 28, 3, 1 -> 61, 61, 60, 58. No false one in 3 minutes of coach each.
Beside it were tried, all given the true delay: speexdsp (in pyaec: no stated licence, no wheels for
macOS on Intel and Linux on ARM) and this filter take 22-30 dB; WebRTC's canceller takes the person.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from voicecoach.ears.echo_delay import AROUND, Drift, Search
from voicecoach.ears.echo_filter import EchoFilter
from voicecoach.ears.echo_track import KEPT, Floats, Track
from voicecoach.ears.endpoint import CHUNK, CHUNK_BYTES, RATE

_PER_MS = RATE // 1000
_PARTITIONS = 16  # of CHUNK samples: 0.51 s of reverberation
_MEMORY = 0.9997
_FADE = 0.75  # of a room's power, from one partition to the next
_TURNS = 8
_LEAD = 32  # samples: the filter begins 2 ms before the first sound that was found
_SLACK = 1600  # samples: the search lags 100 ms, so that it gets all of the reference
_MOVED = 1600  # samples by which the guess may move before the search begins anew
_GUESSES = 64  # chunks, 2 s, of which the one that came soonest tells the microphone's clock
_LESSON = 90  # chunks, 2.9 s, from which a filter learns when the echo has been found
_REVISION = 24  # chunks after a jump by which it is seen whether what was learnt is still true
_TRUE = 0.5  # share of the power that may then be left
_FOLLOW, _STEER = 0.3, 0.1
"""Share of a measured lateness that is put right at once, and that goes into the speed."""
_UNSURE = 4.0  # times as loud as it looks an echo may be, for a filter that knows nothing
_FASTEST = 3e-4  # 300 ppm; crystals differ by up to 200
_MISLED = 2e-5  # 20 ppm: what was learnt at a speed so wrong is blurred, and is learnt again
_CLIPPED, _FULL = 8, 0.999  # samples at full scale from which on a chunk teaches nothing
_RECENT = 0.95  # what a mean of recent powers keeps of itself at each chunk: 0.6 s
_SETTLED = 48  # chunks, 1.5 s, that a place is given to prove itself
_PROVED = 96  # chunks, 3 s, after which what is left of the coach is like nobody's words
_IN_VAIN = 320  # chunks of the coach, 10 s, after which it is not in the sound: a headset


class EchoCanceller:
    """Takes the coach out of a stream of chunks. For one thread."""

    def __init__(self) -> None:
        self._filter = EchoFilter(CHUNK, _PARTITIONS, _MEMORY, _FADE, _TURNS)
        self._drifting = Drift(CHUNK)
        self._search = Search()
        self._played, self._heard = Track(), Track()
        self._came: deque[float] = deque(maxlen=_GUESSES)  # ms of the microphone's sample 0
        self._due: float | None = None  # ms of the reference's sample 0
        self._sound = -KEPT  # the number after the last sample of the reference with sound
        self._guess: int | None = None  # what is due is so much ahead of what is heard, in numbers
        self._place: float | None = None  # where in the reference the next chunk begins
        self._speed = 0.0  # by how much the reference runs faster
        self._taught = 0.0  # the speed at which the filter began to learn
        self._used = 0  # what of the reference has gone into the filter
        self._stale = False
        self._likeness = self._loudness = 0.0
        self._settled = 0  # chunks since a place was found
        self._sought = 0  # chunks of the coach in which it was looked for
        self._lost = False  # what is expected is not in the sound: nothing is learnt
        self.heard = 0.0
        """The power of the coach in the last chunk, as far as it is known; full scale is 1."""

    @property
    def delay(self) -> float | None:
        """Ms from when the reference is due at the ear until it is heard, where that is known."""
        later = self._later(self._heard.end)
        return None if later is None else later / _PER_MS

    @property
    def learnt(self) -> bool:
        """Whether the echo has been taken out for a while, or has long been sought in vain."""
        if self._place is None:
            return self._sought > _IN_VAIN
        return self._settled > _PROVED

    @property
    def speed(self) -> float:
        """By how many millionths the loudspeaker's clock runs faster than the microphone's."""
        return self._speed * 1e6

    def reference(self, index: int, pcm: bytes, at: int) -> None:
        """What the loudspeaker plays: 16 kHz mono int16, also before it is heard, or late.

        `index` is the number of its first sample since the session's clock began, `at` the
        CLOCK_MONOTONIC ms when that sample is due at the ear. What is never given is silence.
        """
        samples = _floats(pcm[: len(pcm) // 2 * 2])
        if index < 0 or not len(samples):
            return
        if index < self._played.end - KEPT:
            self._played, self._sound, self._used = Track(), -KEPT, 0  # another session
            self._guess = self._place = None
            self._sought = 0
        self._due = at - index / _PER_MS
        self._played.put(index, samples)
        if samples.any():
            self._sound = max(self._sound, index + len(samples))
        self._stale = self._stale or index < self._used

    def feed(self, chunk: bytes, at: int) -> bytes:
        """CHUNK samples without the coach. `at`: CLOCK_MONOTONIC ms when the last was there."""
        if len(chunk) != CHUNK_BYTES:
            return chunk
        self.heard = 0.0
        microphone = _floats(chunk)
        first = self._heard.end
        self._heard.put(first, microphone)
        self._came.append(at - self._heard.end / _PER_MS)
        if self._due is None:
            return chunk
        self._look_around(first)
        if self._place is None:
            return chunk
        place, self._place = self._place, self._place + CHUNK * (1 + self._speed)
        if place - self._filter.span - 2 * CHUNK > self._sound:
            return chunk
        clean = self._without(microphone, place)
        return np.clip(np.rint(clean * 32768), -32768, 32767).astype("<i2").tobytes()

    def _without(self, microphone: Floats, place: float) -> Floats:
        """A chunk without the echo of the reference from that place on."""
        if self._stale:
            self._recall(place)
        echo = self._filter.echo(self._read(place, CHUNK))
        error = microphone - echo
        if not self._lost and np.count_nonzero(np.abs(microphone) >= _FULL) < _CLIPPED:
            self._filter.learn(error)
            self._follow(self._drifting.feed(microphone, echo))
        self._weigh(microphone, echo)
        # What is expected in vain would add an echo.
        fit = min(max(self._fit, 0.0), 1.0)
        self.heard = fit * fit * float(echo @ echo) / CHUNK
        return np.asarray(microphone - fit * echo, np.float32)

    def _weigh(self, microphone: Floats, echo: Floats) -> None:
        self._settled += 1
        self._likeness = _RECENT * self._likeness + float(microphone @ echo)
        self._loudness = _RECENT * self._loudness + float(echo @ echo)

    @property
    def _fit(self) -> float:
        """How much of the expected echo has really been in the sound lately: 1 when all is well.

        Whatever a person says meanwhile is not like it, and changes nothing in the mean.
        """
        return self._likeness / self._loudness if self._loudness > 0 else 0.0

    def _follow(self, late: float | None) -> None:
        """Puts right by how much the microphone was later than expected."""
        if late is None or self._place is None:
            return
        self._place -= _FOLLOW * late
        step = _STEER * late / (16 * CHUNK)
        self._speed = min(max(self._speed - step, -_FASTEST), _FASTEST)
        if abs(self._speed - self._taught) > _MISLED and self._settled > 2 * _SETTLED:
            self._settled = 0
            self._learn_anew(self._heard.end, _LESSON)

    # -- where the echo is ----------------------------------------------------------------------

    def _later(self, first: int) -> float | None:
        """By how many samples the echo comes later than by the guess; `first` is heard next."""
        if self._place is None or self._guess is None:
            return None
        return first + self._guess - self._place + _LEAD

    def _look_around(self, first: int) -> None:
        guess = round((min(self._came) - (self._due or 0.0)) * _PER_MS)
        lost = self._settled > _SETTLED and self._fit < _TRUE
        if self._guess is None or abs(guess - self._guess) > _MOVED or (lost and not self._lost):
            self._guess, self._search = guess, Search()
        self._lost = lost
        begin = first + self._guess - _SLACK
        if begin - self._search.span - AROUND > self._sound:
            return
        self._sought += 1
        found = self._search.feed(
            self._heard.get(first - _SLACK - AROUND, CHUNK), self._played.get(begin, CHUNK)
        )
        if found is not None and self._elsewhere(first, found):
            self._move(first, first + self._guess - found + _LEAD)

    def _elsewhere(self, first: int, found: int) -> bool:
        """Whether an echo found there is not the one that is being taken out.

        A room's reflections come and go within what the filter spans. It must begin elsewhere for
        a sound that comes before them, or when what it expects is not in the sound any more.
        """
        later = self._later(first)
        if later is None:
            return True
        return self._lost or found < later - _LEAD

    def _move(self, first: int, place: float) -> None:
        """The reference of the chunk that begins at `first` has been found to begin there."""
        was, self._place = self._place, place
        self._drifting.restart()
        self._settled, self._lost = 0, False
        if was is None:
            self._learn_anew(first, _LESSON)
        elif not self._still_true(first, round(place - was)):
            self._learn_anew(first, _REVISION)

    def _lately(self, first: int, chunks: int) -> list[tuple[Floats, Floats]]:
        """The microphone and the reference of so many chunks before `first`, as far as there are.

        The filter is made to remember the reference before them.
        """
        chunks = min(chunks, first // CHUNK)
        pace = CHUNK * (1 + self._speed)
        place = (self._place or 0.0) - chunks * pace
        self._recall(place)
        return [
            (self._heard.get(first - back * CHUNK, CHUNK), self._read(place + i * pace, CHUNK))
            for i, back in enumerate(range(chunks, 0, -1))
        ]

    def _still_true(self, first: int, moved: int) -> bool:
        """Whether what was learnt at another place explains what was heard lately.

        As it is, when the delay jumped; or moved by as much as the place, when it was found better.
        """
        learnt, before = self._filter.path.copy(), self._explained(first)
        self._filter.shift(moved)
        after = self._explained(first)
        if before > after:
            self._filter.path[:] = learnt
        return max(before, after) > 0

    def _explained(self, first: int) -> float:
        """How much power would be taken from what was heard lately; below 0 if that is unclear."""
        explained = 0.0
        for microphone, reference in self._lately(first, _REVISION):
            echo = self._filter.echo(reference)
            explained += float((2 * microphone - (1 + _TRUE) * echo) @ echo)
        return explained

    def _learn_anew(self, first: int, chunks: int) -> None:
        """From what was heard lately, twice over."""
        self._taught = self._speed
        lesson = self._lately(first, chunks)
        heard = sum(float(one @ one) for one, _ in lesson)
        played = sum(float(one @ one) for _, one in lesson)
        self._filter.expect(min(max(heard / (played + 1e-9), 1e-3), 1e2) * _UNSURE)
        for microphone, reference in (*lesson, *lesson):
            self._filter.learn(microphone - self._filter.echo(reference))
        self._likeness = self._loudness = 0.0

    # -- the reference --------------------------------------------------------------------------

    def _read(self, place: float, count: int) -> Floats:
        self._used = max(self._used, int(place) + count)
        return self._played.between(place, 1 + self._speed, count)

    def _recall(self, place: float) -> None:
        """Shows the filter what was played before this place."""
        count = self._filter.span + CHUNK
        self._filter.recall(self._read(place - count * (1 + self._speed), count))
        self._stale = False


def _floats(pcm: bytes) -> Floats:
    return np.asarray(np.frombuffer(pcm, "<i2") / 32768, np.float32)
