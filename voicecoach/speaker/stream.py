"""The loudspeaker: one continuous stream whose samples are the session's clock.

Threads: PortAudio's calls `_feed` for each block; `speaker` watches over the stream and reopens it.
The conductor only appends to an inbox that `_feed` empties, so that neither ever waits for the
other. Law: a lost device is an event, not an error; the clock goes on, and so does the session.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

import numpy as np

from voicecoach.core.units import Ms
from voicecoach.errors import SpeakerError
from voicecoach.speaker.base import Placed
from voicecoach.speaker.clock import SampleClock
from voicecoach.speaker.device import BLOCK, Output
from voicecoach.speaker.mixer import PER_MS, Mixer
from voicecoach.voice.base import Pcm

OnLost = Callable[[str], None]
"""Told, in the watching thread, why nobody can hear the coach any more. Must only queue."""
OnBack = Callable[[], None]
"""Told, in the watching thread, that it can be heard again. Must only queue."""

REMEMBER = Ms(30_000)
_WATCH = 0.1  # s between two looks at the stream
_DEAF = 1.0  # s without a call back after which a device is lost, whatever it says
_REOPEN = 1.0  # s between two attempts
_START = 2.5  # s a device may take to begin; Bluetooth and sleeping sinks take some 2
_ROUGH, _WINDOW = 3, 10.0  # underruns in so many s that mean: this card needs longer blocks
_GAP = Ms(60_000)  # nothing placed for so long: the change must not fall between two counts
_LONGEST = 2048  # frames
_SWITCH = 0.0005  # s; see __init__
_MARGIN = 20  # ms of lead for a conductor that is late and a clock that ripples

_Job = Callable[[], None]


class StreamSpeaker:
    """A loudspeaker, in real time. Raises SpeakerError when there is none to begin with."""

    def __init__(self, on_lost: OnLost, on_back: OnBack, *, block: int = BLOCK) -> None:
        """Returns when the sound really flows, which takes some 0.05 s, or after 2.5 s."""
        # Another Python thread may keep the interpreter for this long before the callback gets it.
        # At the usual 5 ms a busy thread made 30 underruns a second at 256 frames; at 0.5, none.
        sys.setswitchinterval(min(_SWITCH, sys.getswitchinterval()))
        self._on_lost, self._on_back = on_lost, on_back
        self._block = block
        self._mixer = Mixer(REMEMBER)
        self._clock = SampleClock()
        self._inbox: deque[_Job] = deque()
        self._latency = 0.0
        self._feed_number = 0
        self._begun = False
        self._counted = (0.0, 0)
        self._flowing = threading.Event()
        self._closing = threading.Event()
        self._output: Output | None = self._opened()
        self._flowing.wait(_START)
        self._begun = True
        self._audible = True
        self._watcher = threading.Thread(target=self._watch, name="speaker", daemon=True)
        self._watcher.start()

    @property
    def audible(self) -> bool:
        """False while the device is lost, and after close()."""
        return self._audible

    @property
    def lead(self) -> Ms:
        """ms: what the card holds, two blocks, and a margin. Some 40."""
        return Ms(int(self._latency) + 2 * self._block // PER_MS + _MARGIN)

    @property
    def device(self) -> str:
        """What plays, for people: name, rate and block."""
        output = self._output
        if output is None:
            return "no loudspeaker"
        return (
            f"{output.name}, {output.rate} Hz, {output.channels} channels, "
            f"{self._block} frames, {output.underflows} underruns"
        )

    def now(self) -> Ms:
        """Milliseconds of sound played since the beginning, or that would have been."""
        return self._clock.now()

    def play(self, clips: Iterable[Placed]) -> None:
        """Adds clips; takes effect with the next block."""
        placed = list(clips)
        self._inbox.append(lambda: self._mixer.place(placed))

    def cut(self) -> None:
        """Silence, and nothing left to be said."""
        self._inbox.append(self._mixer.cut)

    def gain(self, decibels: int) -> None:
        """Loudness of all that follows; kept within -24 … +12 dB."""
        self._inbox.append(lambda: self._mixer.gain(decibels))

    def duck(self, decibels: int, until: Ms) -> None:
        """Softer by so much from the next block until then, or until it is cut."""
        self._inbox.append(lambda: self._mixer.duck(decibels, until))

    def played(self, start: Ms, end: Ms) -> Pcm:
        """What the device has been given for these moments; silence while it was lost."""
        return self._mixer.played(start, end)

    def close(self) -> None:
        """Ends the stream. A frozen sound server may keep the thread, but not the coach."""
        self._audible = False
        self._closing.set()
        if self._watcher is not threading.current_thread():
            self._watcher.join(timeout=2.0)

    # -- in PortAudio's thread ------------------------------------------------------------------

    def _opened(self) -> Output:
        """A stream that feeds on the mixer until the next one is opened. Raises SpeakerError."""
        self._feed_number += 1
        number, begun, waited = self._feed_number, 0.0, False
        self._flowing.clear()

        def feed(frames: int) -> Pcm:
            nonlocal begun, waited
            if number != self._feed_number:
                return _silence(frames)  # given up, but not yet ended
            if not waited:
                # The card first fills its buffers at once; it plays when it asks after a pause.
                begun = begun or time.monotonic()
                if (time.monotonic() - begun) * 1000 * PER_MS < frames / 2:
                    return _silence(frames)
                waited = True
                self._begin()
            return self._feed(frames)

        output = Output(feed, self._block)
        self._counted = (time.monotonic(), 0)
        self._latency = output.latency
        return output

    def _begin(self) -> None:
        if not self._begun:
            self._clock.set(-self._latency)  # the first block is on its way to the ear
        else:
            self._mixer.skip(int((self._clock.now() + self._latency) * PER_MS))
        self._flowing.set()

    def _feed(self, frames: int) -> Pcm:
        """The next block. Between two calls only this thread touches the mixer."""
        late = self._clock.behind(self._mixer.position / PER_MS - self._latency)
        if late:
            self._mixer.skip(self._mixer.position + int(late * PER_MS))
        while self._inbox:
            self._inbox.popleft()()
        block = self._mixer.mix(frames)
        self._clock.follow(self._mixer.position / PER_MS - self._latency)
        return block

    # -- in the watching thread -----------------------------------------------------------------

    def _watch(self) -> None:
        while not self._closing.wait(_WATCH):
            if self._output is not None:
                why = self._trouble(self._output)
                if why:
                    self._lose(self._output, why)
                elif self._rough(self._output):
                    self._output = self._smoother(self._output)
            else:
                self._idle()
                if not self._closing.wait(_REOPEN - _WATCH):
                    self._reopen()
        if self._output is not None:
            self._output.close()

    def _trouble(self, output: Output) -> str:
        """Why the stream is lost, or nothing."""
        if output.failure is not None:
            return f"The sound failed: {output.failure!r}."
        if not output.active:
            return "The loudspeaker was taken away."
        patience = _DEAF if self._flowing.is_set() else _START + _DEAF
        if time.monotonic() - output.called > patience:
            return "The loudspeaker does not answer."
        return ""

    def _rough(self, output: Output) -> bool:
        """Whether it underran more than now and then, and a moment of silence can hide a change."""
        if time.monotonic() - self._counted[0] > _WINDOW:
            self._counted = (time.monotonic(), output.underflows)
        new = output.underflows - self._counted[1]
        return new >= _ROUGH and self._block < _LONGEST and self._mixer.quiet(_GAP)

    def _smoother(self, output: Output) -> Output | None:
        """The same with blocks twice as long: a gap of some 50 ms while nothing is to be said."""
        self._feed_number += 1
        output.close()
        self._block *= 2
        try:
            return self._opened()
        except SpeakerError as error:
            self._audible = False
            self._on_lost(str(error))
            return None

    def _lose(self, output: Output, why: str) -> None:
        self._feed_number += 1
        self._output = None
        self._audible = False
        self._on_lost(why)
        output.close()

    def _idle(self) -> None:
        """Does what the callback would: clips whose time has passed are gone."""
        self._mixer.skip(self._clock.now() * PER_MS)
        while self._inbox:
            self._inbox.popleft()()

    def _reopen(self) -> None:
        try:
            output = self._opened()
        except SpeakerError:
            return
        if not self._flowing.wait(_START):
            self._feed_number += 1
            output.close()
            return
        self._output = output
        self._audible = True
        self._on_back()


def _silence(frames: int) -> Pcm:
    return np.zeros(frames, np.int16)
