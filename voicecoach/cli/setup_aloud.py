"""`voicecoach setup --aloud`: the set-up as a talk. Answers come by voice, or by single keys.

Laws: a stop ends it, in silence first; what was called right is kept at once; without a microphone
the keys do, and without keys the microphone.
"""

from __future__ import annotations

import signal
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from voicecoach.cli.exits import Exit
from voicecoach.core.commands import Context, Intent
from voicecoach.core.en import EN
from voicecoach.core.events import Back, Heard, Lost
from voicecoach.core.setup import PATIENCE, begin, step
from voicecoach.core.units import RATE, Ms
from voicecoach.errors import EarsError

if TYPE_CHECKING:
    from voicecoach.clock import Clock
    from voicecoach.ears.base import Ears
    from voicecoach.speaker.base import Speaker
    from voicecoach.voice.base import Voice

_KEYS = (
    "Digits are keys; Enter or F ends a number. Y is yes, O is no, S skips, R repeats. "
    "The space bar, or a spoken stop, ends the set-up; what was kept stays."
)


def set_up() -> int:
    """Asks until all is answered, left, or ended. Raises VoicecoachError."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # as Ctrl-C: the terminal is given back
            signal.signal(getattr(signal, name), signal.default_int_handler)
    with ExitStack() as closing:
        talk = _open(closing)
        print(_KEYS, flush=True)
        converse(talk)
    return Exit.DONE


def converse(talk: Talk) -> None:
    """The whole talk; the profile is written as soon as there is something new to keep."""
    from voicecoach.library.profile import load_profile, profile_path, save_profile

    path = profile_path()
    state, words = begin(EN, load_profile(path))
    while True:
        talk.listen(state.context)
        heard = talk.say(words)
        if state.over:
            return
        before = state.profile
        state, words = step(state, heard or talk.wait(PATIENCE))
        if state.profile != before:
            save_profile(path, state.profile)


def _open(closing: ExitStack) -> Talk:
    from voicecoach.clock import LiveClock
    from voicecoach.ears.keys import KeyEars
    from voicecoach.ears.microphone import MicrophoneEars, worker_command
    from voicecoach.ears.recogniser import DEFAULT, check_recogniser
    from voicecoach.speaker.choice import open_speaker
    from voicecoach.voice.silent import SilentVoice
    from voicecoach.voice.spoken import SpokenVoice

    speaker = open_speaker("auto", lambda _why: None, lambda: None)
    closing.callback(speaker.close)
    voice: Voice = SpokenVoice() if speaker.audible else SilentVoice()
    closing.callback(voice.close)
    clock, keys = LiveClock(speaker.now), KeyEars()
    ears: list[Ears] = [keys]
    try:
        check_recogniser(DEFAULT)
        played = speaker.played if speaker.audible else None
        ears.append(MicrophoneEars(worker_command(), played=played))
    except EarsError as error:
        if not keys.attached:
            raise
        print(error)
    for one in ears:
        closing.callback(one.close)
        one.start(clock.post, clock.now)
    return Talk(clock, voice, speaker, ears, keys=keys.attached)


class Talk:
    """Says sentences and waits for an answer, whichever comes first."""

    def __init__(
        self, clock: Clock, voice: Voice, speaker: Speaker, ears: Sequence[Ears], *, keys: bool
    ) -> None:
        self._clock, self._voice, self._speaker = clock, voice, speaker
        self._ears, self._keys = ears, keys
        self._untold: list[str] = []  # what has failed, or works again

    def listen(self, context: Context) -> None:
        """Which answers are open from now on."""
        for one in self._ears:
            one.listen(context)

    def say(self, texts: Iterable[str]) -> Heard | None:
        """Says and prints them; an answer breaks them off. What has failed is said first."""
        for text in texts:
            heard = self._untell() or self._say(text)
            if heard is not None:
                return heard
        return None

    def wait(self, length: Ms) -> Heard | None:
        """An answer, or None after so long."""
        until = Ms(self._clock.now() + length)
        while (heard := self._until(until)) is None and self._untold:
            if (heard := self._untell()) is not None:
                return heard
        return heard

    def _untell(self) -> Heard | None:
        while self._untold:
            heard = self._say(self._untold.pop(0))
            if heard is not None:
                return heard
        return None

    def _say(self, text: str) -> Heard | None:
        from voicecoach.ears.base import Spoken
        from voicecoach.speaker.base import Placed

        print(text, flush=True)
        clip = self._voice.clip(text, RATE)
        start = Ms(self._clock.now() + self._speaker.lead)
        until = Ms(start + clip.duration)
        for one in self._ears:
            one.speaking(Spoken(start, until, text))
        self._speaker.play([Placed(start, clip)])
        heard = self._until(until)
        while heard is None and self._clock.now() < until:  # something else has happened
            heard = self._until(until)
        return heard

    def _until(self, until: Ms) -> Heard | None:
        """What is heard until then; None also where something is to be told."""
        while (event := self._clock.wait(until)) is not None:
            match event:
                case Heard():
                    self._speaker.cut()  # before anything else
                    for one in self._ears:
                        one.hush(self._clock.now())
                    return _told(event)
                case Lost(_, organ, why):
                    if organ != "speaker" and not self._keys:
                        raise EarsError(why)
                    self._untold.append(why)
                    return None
                case Back(_, "microphone" | "recogniser"):
                    self._untold.append(EN.say("microphone_back"))
                    return None
                case _:
                    pass
        return None


def _told(heard: Heard) -> Heard:
    """Printed. Enter, which is a stop in a session, ends a number here: so it does everywhere."""
    by_key = heard.by == "keys"
    print(f"Key {heard.phrase}." if by_key else f"You: {heard.phrase}.", flush=True)
    enter = by_key and heard.phrase == "enter"
    return replace(heard, intent=Intent.FINISH) if enter else heard
