"""The spotter's second ear: what a network that has heard many thousands of people makes of it.

Google's speech embedding turns 0.78 s of sound into 96 numbers in which words lie apart, whoever
says them; the package pyopen-wakeword brings it. A small network of our own, trained like the
spotter's others, tells from three of them, now and 160 and 320 ms ago, how likely each word has
just been said.
The embedding: J. Lin et al., "Training keyword spotters with limited and synthesized speech data",
ICASSP 2020.

Laws: training and listening use this one class for the embeddings. One costs 2 to 7 ms, so none
is computed that nobody asks for.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.ears.spotter.network import DAMAGED, Array
from voicecoach.errors import EarsError

STEP = 1280
"""Samples at 16 kHz between two embeddings: 80 ms."""

SEEN = 1760
"""Samples from the beginning of a step to where it is complete."""

WIDTH = 96
"""Numbers of an embedding."""

BACK = (0, 2, 4)
"""Steps ago at which the embeddings lie that are looked at together."""

_BANDS = 32
_FRAMES = 76  # of an embedding
_BLOCKS = 10  # that hold them
_KEPT = 40  # steps, 3.2 s


class Embeddings:
    """A stream of sound, and the embedding of what was heard last at any of its steps."""

    def __init__(self) -> None:
        """Raises EarsError when pyopen-wakeword is missing or does not work here."""
        try:
            from pyopen_wakeword import OpenWakeWordFeatures  # noqa: PLC0415

            self._net = OpenWakeWordFeatures.from_builtin()
        except (ImportError, OSError, ValueError) as error:
            raise EarsError(
                "The package pyopen-wakeword is not installed, or not for here."
            ) from error
        self.forget()

    def forget(self) -> None:
        """As at the beginning of a stream: before it there was silence."""
        self._sound = np.zeros(_KEPT * STEP, np.float32)
        self._start = -_KEPT  # the step at which `_sound` begins
        self._frames: dict[int, Array] = {}
        self._known: dict[int, Array] = {}

    def feed(self, samples: npt.NDArray[np.int16]) -> None:
        """Some more of the stream."""
        self._sound = np.concatenate((self._sound, np.asarray(samples, np.float32)))
        old = len(self._sound) // STEP - _KEPT
        if old > 0:
            self._sound, self._start = self._sound[old * STEP :], self._start + old
            for known in (self._frames, self._known):
                for step in [step for step in known if step < self._start]:
                    del known[step]

    @property
    def last(self) -> int:
        """The step that was completed last; below 0 at the beginning of a stream."""
        return self._start + (len(self._sound) - SEEN) // STEP

    def at(self, step: int) -> Array:
        """The embedding of what had been heard by a step of the last two seconds: (WIDTH,)."""
        if step not in self._known:
            blocks = [self._block(one) for one in range(step - _BLOCKS + 1, step + 1)]
            frames = np.concatenate(blocks)[-_FRAMES:]
            net = self._net
            given, made = net.emb_input_tensor, net.emb_output_tensor
            self._known[step] = self._run(net.emb_interpreter, given, made, frames)
        return self._known[step]

    def around(self, step: int) -> Array:
        """What the small network sees at a step: (len(BACK) * WIDTH,)."""
        return np.concatenate([self.at(step - back) for back in BACK])

    def _block(self, step: int) -> Array:
        """Mel bands of 80 ms, scaled as the embedding was taught: (8, _BANDS)."""
        if step not in self._frames:
            begin = (step - self._start) * STEP
            sound = self._sound[begin : begin + SEEN]
            net = self._net
            bands = self._run(
                net.mel_interpreter, net.mel_input_tensor, net.mel_output_tensor, sound
            )
            self._frames[step] = np.asarray(bands.reshape(-1, _BANDS) / 10 + 2, np.float32)
        return self._frames[step]

    def _run(self, interpreter: Any, given: Any, made: Any, values: Array) -> Array:  # noqa: ANN401
        lib, values = self._net.lib, np.ascontiguousarray(values, np.float32)
        pointer = ctypes.c_void_p
        lib.TfLiteTensorCopyFromBuffer(
            given, values.ctypes.data_as(pointer), ctypes.c_size_t(values.nbytes)
        )
        lib.TfLiteInterpreterInvoke(interpreter)
        found = np.empty(lib.TfLiteTensorByteSize(made) // 4, np.float32)
        lib.TfLiteTensorCopyToBuffer(
            made, found.ctypes.data_as(pointer), ctypes.c_size_t(found.nbytes)
        )
        return found


class SecondEar:
    """How likely each word has just been said."""

    def __init__(self, weights: Mapping[str, Array], embeddings: Embeddings) -> None:
        """Raises EarsError when a layer is missing or of another size."""
        self._w, self._embeddings = weights, embeddings
        self._known: dict[int, Array] = {}
        try:
            self._likely(np.zeros(len(BACK) * WIDTH, np.float32))
        except (KeyError, ValueError) as error:
            raise EarsError(DAMAGED) from error

    def feed(self, samples: npt.NDArray[np.int16]) -> None:
        """Some more of the stream."""
        self._embeddings.feed(samples)

    def best(self, steps: int) -> Array:
        """The highest score of each class in the last steps of 80 ms: (classes,)."""
        last = self._embeddings.last
        self._known = {step: one for step, one in self._known.items() if step > last - _KEPT}
        for step in range(last - steps + 1, last + 1):
            if step not in self._known:
                self._known[step] = self._likely(self._embeddings.around(step))
        return np.asarray(
            np.max([self._known[step] for step in range(last - steps + 1, last + 1)], axis=0)
        )

    def _likely(self, seen: Array) -> Array:
        w = self._w
        x = np.maximum(seen @ w["first"] + w["first_bias"], 0.0)
        x = np.maximum(x @ w["second"] + w["second_bias"], 0.0)
        logits = x @ w["head"] + w["head_bias"]
        likely = np.exp(logits - logits.max())
        return np.asarray(likely / likely.sum(), np.float32)
