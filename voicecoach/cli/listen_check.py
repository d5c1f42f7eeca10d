"""`voicecoach listen-check`: whether the person is heard, and what to change where they are not.

Laws: it is spoken and printed, and works with keys. A stop, the space bar, F or Ctrl-C ends it, in
silence first. The coach spells the words that it asks for, so that it never says them itself.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

from voicecoach.cli.exits import Exit
from voicecoach.core.commands import SAFETY, Intent
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.clock import LiveClock
    from voicecoach.core.events import Heard
    from voicecoach.core.units import Ms
    from voicecoach.ears.microphone import MicrophoneEars
    from voicecoach.ears.told import Signs
    from voicecoach.speaker.base import Speaker
    from voicecoach.voice.base import Voice

SUMMARY = "Test how well you are heard, and say what to change."

WORDS = (
    ("stop", "check_halt", SAFETY - {Intent.DONT_STOP}),
    ("next", "check_move", frozenset({Intent.NEXT})),
)
"""What the person is asked to say: word, prompt, and what counts as heard."""

_ANSWER = 6000  # ms to begin and say a word
_START = 8000  # ms for the listening process
_ROOM = 3000
_ECHO = 600  # ms after the coach's own sentence: what is on its way, and the heartbeat

_AUDIBLE = 3.0  # dB

FAINT = -45.0
"""dBFS of speech from where coming nearer helps."""
NOISY = 12.0
"""dB between voice and room from where a headset helps."""
OVERHEARD = 10.0
"""dB of the coach's voice above the person's from where taking it out does not suffice."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of this verb."""
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    parser.add_argument(
        "--recognizer",
        "--recogniser",
        default="pocketsphinx",
        metavar="NAME",
        help="another engine for all but the safety words",
    )


def run(arguments: argparse.Namespace) -> int:
    """0: every word was heard; 1: not every one; 4: nothing can be heard at all."""
    from voicecoach.ears.checked import Checked, checked_path, save_checked

    lines = sys.stderr if arguments.json else sys.stdout
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # as Ctrl-C: the terminal is given back
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with ExitStack() as closing:
        test = _open(arguments.recognizer, lines, closing)
        ended = test.conduct()
        checked = Checked(tuple(test.heard), test.signs)
        if not ended:
            try:
                save_checked(checked_path(), checked)
            except VoicecoachError as error:
                test.line(str(error))
    if arguments.json:
        result = {"heard": checked.heard, "ended": ended, "advice": test.advice}
        print(json.dumps({**result, **asdict(checked.signs)}))
    if ended == _DEAF:
        return Exit.NO_AUDIO
    return Exit.DONE if len(checked.heard) == len(WORDS) else Exit.ERROR


_DEAF, _STOPPED = "no microphone", "stopped"


class _EndedError(Exception):
    """The test ends early: why, and a last sentence (by its name, or as a text)."""

    def __init__(self, why: str, sentence: str = "") -> None:
        super().__init__(why)
        self.why, self.sentence = why, sentence


def _open(recogniser: str, lines: TextIO, closing: ExitStack) -> _Test:
    from voicecoach.clock import LiveClock
    from voicecoach.ears.keys import KeyEars
    from voicecoach.ears.microphone import MicrophoneEars, worker_command
    from voicecoach.ears.recogniser import check_recogniser
    from voicecoach.speaker.choice import open_speaker
    from voicecoach.voice.silent import SilentVoice
    from voicecoach.voice.spoken import SpokenVoice

    check_recogniser(recogniser)
    speaker = open_speaker("auto", lambda _why: None, lambda: None)
    closing.callback(speaker.close)
    voice: Voice = SpokenVoice() if speaker.audible else SilentVoice()
    closing.callback(voice.close)
    clock = LiveClock(speaker.now)
    played = speaker.played if speaker.audible else None
    ears = MicrophoneEars(worker_command(recogniser), played=played)
    for one in (ears, KeyEars()):
        closing.callback(one.close)
        one.start(clock.post, clock.now)
    return _Test(clock, voice, speaker, ears, lines)


class _Test:
    """The test as it goes on."""

    def __init__(
        self, clock: LiveClock, voice: Voice, speaker: Speaker, ears: MicrophoneEars, lines: TextIO
    ) -> None:
        self._clock, self._voice, self._speaker = clock, voice, speaker
        self._ears, self._lines = ears, lines
        self.heard: list[str] = []
        self.advice: list[str] = []
        self._noticed: set[str] = set()
        self._ending = False

    @property
    def signs(self) -> Signs:
        """The sound, as far as it is known."""
        return self._ears.signs

    def conduct(self) -> str:
        """Asks and listens; why it ended early, or nothing."""
        try:
            self._examine()
        except _EndedError as error:
            self._ending = True
            self.say(*filter(None, (error.sentence,)), "check_over")
            return error.why
        self._ending = True
        self.say(*self.advice, "check_over")
        return ""

    def _examine(self) -> None:
        self.line("A spoken stop, the space bar or F ends this test.")
        self._await_microphone()
        self.say("check_start", "check_room")
        self._listen(_ROOM)
        if self._speaker.audible:
            self.say("check_echo")
            self._listen(_ECHO)
        for word, prompt, wanted in WORDS:
            if self._asked(prompt, wanted):
                self.heard.append(word)
        self.line(*_figures(self.signs))
        self.advice = list(_advice(self.signs, self._noticed, well=len(self.heard) == len(WORDS)))

    # -- speaking -----------------------------------------------------------------------------

    def line(self, *texts: str) -> None:
        """Prints."""
        for text in texts:
            print(text, file=self._lines, flush=True)

    def say(self, *sentences: str) -> None:
        """Prints and says sentences, each by its name in the language or as a text."""
        from voicecoach.core.en import EN
        from voicecoach.core.units import RATE, Ms
        from voicecoach.ears.base import Spoken
        from voicecoach.speaker.base import Placed

        for name in sentences:
            text = EN.sentences.get(name, name)
            self.line(text)
            clip = self._voice.clip(text, RATE)
            start = Ms(self._clock.now() + self._speaker.lead)
            until = Ms(start + clip.duration)
            self._ears.speaking(Spoken(start, until, text))
            self._speaker.play([Placed(start, clip)])
            self._until(until, frozenset(), talking=True)

    # -- listening ----------------------------------------------------------------------------

    def _await_microphone(self) -> None:
        until = self._clock.now() + _START
        while not self._ears.hearing:
            self._listen(20)
            if self._clock.now() > until:
                raise _deaf("It does not answer.")

    def _listen(self, length: int) -> None:
        self._until(self._after(length), frozenset())

    def _after(self, length: int) -> Ms:
        from voicecoach.core.units import Ms

        return Ms(self._clock.now() + length)

    def _asked(self, prompt: str, wanted: frozenset[Intent]) -> bool:
        for sentence in (prompt, "check_unheard"):
            self.say(sentence)
            if self._until(self._after(_ANSWER), wanted):
                self.say("check_heard")
                return True
        return False

    def _until(self, until: Ms, wanted: frozenset[Intent], *, talking: bool = False) -> bool:
        """Waits; True as soon as something that is wanted was heard."""
        from voicecoach.core.events import Heard, Lost, Noticed, Suspected

        while (event := self._clock.wait(until)) is not None:
            match event:
                case Heard():
                    if self._take(event, wanted, talking=talking):
                        return True
                case Lost(_, "microphone" | "recogniser") if not self._ending:
                    raise _deaf(event.why)
                case Suspected():
                    self.line("Perhaps a stop.")
                case Noticed():
                    self._noticed.add(event.what)
                case _:
                    pass
        return False

    def _take(self, heard: Heard, wanted: frozenset[Intent], *, talking: bool) -> bool:
        """Whether this was wanted. Raises _EndedError when the person has had enough."""
        if heard.intent in SAFETY:
            self._speaker.cut()  # before anything else
        by_key = heard.by == "keys"
        self.line(f"Key {heard.phrase}." if by_key else f"You: {heard.phrase}.")
        if heard.intent in wanted and not by_key:
            return True
        if heard.intent in SAFETY | {Intent.FINISH} and not self._ending:
            raise _EndedError(_STOPPED, "check_self" if talking and not by_key else "")
        return False


def _deaf(why: str) -> _EndedError:
    from voicecoach.core.en import EN

    return _EndedError(_DEAF, EN.say("no_microphone", why=why))


def _figures(signs: Signs) -> Iterator[str]:
    """The levels, for those who want to know; 0 dB is the loudest that a microphone can tell."""
    if signs.noise is not None:
        yield f"Room: {signs.noise:.0f} dB."
    if signs.echo is None or signs.left is None or signs.noise is None:
        pass
    elif signs.echo < signs.noise + _AUDIBLE:
        yield "My voice does not come back through the microphone."
    else:
        late = "" if signs.delay is None else f", {signs.delay:.0f} ms late"
        yield f"My voice in the microphone: {signs.echo:.0f} dB{late}."
        yield f"My voice when I have taken it out: {signs.left:.0f} dB."
    if signs.speech is not None:
        yield f"Your voice: {signs.speech:.0f} dB."


def _advice(signs: Signs, noticed: set[str], *, well: bool) -> Iterator[str]:
    """What to change, as names of sentences."""
    if signs.speech is None:
        if not well:
            yield "check_nothing"
    else:
        if "clipping" in noticed:
            yield "noticed_clipping"
        if signs.speech < FAINT:
            yield "check_near"
        if signs.noise is not None and signs.speech - signs.noise < NOISY:
            yield "check_calm"
        if signs.left is not None and signs.left > signs.speech + OVERHEARD:
            yield "check_headset"
    yield "check_well" if well else "check_lacking"
