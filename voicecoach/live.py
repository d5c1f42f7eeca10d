"""A live session: puts together speaker, voice, ears and conductor, and takes them apart again.

Law: whatever is missing is said and gone around. No loudspeaker: text, in real time. No
microphone: keys. Neither microphone nor keys: it goes on by itself after a set time.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from voicecoach.alert import Alarm
from voicecoach.clock import LiveClock
from voicecoach.conductor import Conductor, Observer, Organs
from voicecoach.core.actions import Action, Outcome, Remember
from voicecoach.core.en import EN
from voicecoach.core.events import Back, Event, Interrupted, Lost, Noticed
from voicecoach.core.plan import Place, plan
from voicecoach.core.profile import Profile, adapt, with_numbers
from voicecoach.core.routine import Routine
from voicecoach.core.score import Cue
from voicecoach.core.state import begin
from voicecoach.core.units import RATE, Ms, seconds
from voicecoach.core.wording import Circumstances, Wording
from voicecoach.diary.diary import diary_path
from voicecoach.diary.keeping import SessionDiary
from voicecoach.ears.base import Ears
from voicecoach.ears.checked import Checked, checked_path, load_checked, save_checked
from voicecoach.ears.keys import KeyEars
from voicecoach.ears.microphone import MicrophoneEars, worker_command
from voicecoach.ears.recogniser import DEFAULT, check_recogniser, sends_audio
from voicecoach.ears.told import Signs
from voicecoach.errors import EarsError, VoicecoachError, VoiceError
from voicecoach.library.profile import profile_path, save_profile
from voicecoach.record import Recorder, json_lines
from voicecoach.screen import Screen
from voicecoach.speaker.base import Placed, Speaker
from voicecoach.speaker.choice import open_speaker
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.voice.base import Voice
from voicecoach.voice.earcons import earcon
from voicecoach.voice.silent import SilentVoice
from voicecoach.voice.spoken import SpokenVoice

if TYPE_CHECKING:
    from types import FrameType

ALONE = seconds(20)
"""How long an exercise is given where nobody can say that they are ready."""

_VERDICT = 5.0  # seconds; longer than the listening process needs to start
_INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Options:
    """How the person wants to be coached."""

    ears: str = "auto"  # auto, microphone, keys, typed, none
    speaker: str = "auto"  # auto, device, silent
    recogniser: str = DEFAULT
    voice: str | None = None  # None: the platform's own choice
    rate: int = RATE
    wait: Ms | None = None
    log: Path | None = None
    keep_audio: Path | None = None
    diary: Path | None = None  # None: the person's own
    profile: Profile = field(default_factory=Profile)


def coach(routine: Routine, options: Options) -> Outcome:
    """Runs a session to its end.

    Raises SpeakerError, EarsError or VoicecoachError, before anything is said, where something
    that was asked for by name cannot be had.
    """
    with ExitStack() as closing:
        _hush_libraries(closing)
        screen = Screen(sys.stdout)
        observers: list[Observer] = [screen]
        if options.log is not None:
            observers.append(_open_log(options.log, screen, closing))
        speaker, clock = _open_speaker(options.speaker)
        closing.callback(speaker.close)
        spoken = _named(options.voice, options.rate)
        voice: Voice = spoken
        if isinstance(speaker, SilentSpeaker):
            screen.line(f"{speaker.reason} The session goes on as text.")
            voice = SilentVoice()
        closing.callback(voice.close)
        ears, circumstances = _open_ears(options, clock, speaker, screen, closing)
        _end_gracefully(clock, ears)
        observers.append(_Memory(profile_path(), options.profile, screen))
        routine = adapt(routine, options.profile)
        diary = SessionDiary(options.diary or diary_path(), routine, _unwritten(clock, screen))
        closing.callback(diary.close)
        observers.append(diary.scribe)
        if options.profile.alert:
            observers.append(Alarm(options.profile.alert, clock.post, clock.now))
        circumstances = _set_up(circumstances, options.profile)
        wording = Wording(EN, routine, plan(routine), circumstances)
        organs = Organs(clock, voice, speaker, ears, observers)
        if voice is spoken:
            organs = replace(organs, ready=spoken.ready)
        try:
            outcome = Conductor(begin(wording, options.rate, diary.memory), organs).run()
        except Exception:
            _apologise(speaker, voice, options.rate)
            raise
        _let_sound_out(speaker)
    return outcome


def _named(name: str | None, rate: int) -> SpokenVoice:
    """The voice; one that was asked for by name must speak. Raises VoiceError."""
    voice = SpokenVoice(name)
    if name is not None:
        try:
            voice.clip("one", rate)
        except VoiceError:
            voice.close()
            raise
    return voice


def _set_up(circumstances: Circumstances, profile: Profile) -> Circumstances:
    """With what the person has set up, as it is said."""
    contacts = {name: EN.dialled(number) for name, number in profile.contacts.items()}
    alerts, scores = bool(profile.alert), profile.scores
    return replace(circumstances, contacts=contacts, alerts=alerts, scores=scores)


def _unwritten(clock: LiveClock, screen: Screen) -> Callable[[str], None]:
    """Says, once, that the diary cannot be used, and shows why."""

    def tell(why: str) -> None:
        screen.line(why)
        clock.post(Noticed(clock.now(), "diary"))

    return tell


def _hush_libraries(closing: ExitStack) -> None:
    """Keeps C libraries off the terminal: they write there when a device dies."""
    with suppress(OSError, ValueError, AttributeError):
        kept = os.dup(2)
        void = os.open(os.devnull, os.O_WRONLY)
        os.dup2(void, 2)
        os.close(void)
        ours, sys.stderr = sys.stderr, os.fdopen(kept, "w", buffering=1, errors="backslashreplace")

        def give_back() -> None:
            os.dup2(kept, 2)
            sys.stderr.close()
            sys.stderr = ours

        closing.callback(give_back)


class _Memory:
    """An observer that keeps the numbers a person gave, in their profile."""

    def __init__(self, path: Path, profile: Profile, screen: Screen) -> None:
        self._path, self._profile, self._screen = path, profile, screen

    def event(self, event: Event) -> None:
        """Nothing."""

    def cue(self, cue: Cue, place: Place) -> None:
        """Nothing."""

    def action(self, at: Ms, action: Action) -> None:  # noqa: ARG002 - an observer's signature
        """Keeps a number at once: the session may be killed."""
        if isinstance(action, Remember):
            number = {(action.exercise, action.name): action.value}
            self._profile = with_numbers(self._profile, number)
            try:
                save_profile(self._path, self._profile)
            except VoicecoachError as error:
                self._screen.line(str(error))


def _open_speaker(choice: str) -> tuple[Speaker, LiveClock]:
    """The speaker, and the clock that runs on its samples."""
    clocks: list[LiveClock] = []  # the speaker may lose its device before its clock is in use

    def lost(why: str) -> None:
        for clock in clocks:
            clock.post(Lost(clock.now(), "speaker", why))

    def back() -> None:
        for clock in clocks:
            clock.post(Back(clock.now(), "speaker"))

    speaker = open_speaker(choice, lost, back)
    clocks.append(LiveClock(speaker.now))
    return speaker, clocks[0]


def _open_ears(
    options: Options, clock: LiveClock, speaker: Speaker, screen: Screen, closing: ExitStack
) -> tuple[Sequence[Ears], Circumstances]:
    """The ears asked for, listening; and what the person must be told about them."""
    ears: list[Ears] = []
    microphone, checked = None, True
    why_not = _why_no_microphone(options)
    if options.keep_audio is not None:
        _check_keeping(options, options.keep_audio)
    if options.ears in {"auto", "microphone"} and not why_not:
        played = None if isinstance(speaker, SilentSpeaker) else speaker.played
        before, checked = _listening_test(screen)
        command = worker_command(
            options.recogniser, keep_audio=options.keep_audio, speech=before.speech
        )
        microphone = MicrophoneEars(command, played=played, before=before)
        ears.append(microphone)
    keys, typed = False, options.ears == "typed"
    if options.ears in {"auto", "keys"}:
        keyboard = KeyEars()
        keys = keyboard.attached
        ears.append(keyboard)
    if typed:
        from voicecoach.ears.typed import TypedEars  # noqa: PLC0415 - it, too, brings the decoder

        ears.append(TypedEars(sys.stdin))
    for one in ears:
        closing.callback(one.close)
        one.start(clock.post, clock.now)
    # With keys at hand nobody waits for the microphone; without, all hangs on it.
    hears = microphone is not None and (keys or _verdict(microphone))
    wait = ALONE if options.wait is None and not (hears or keys or typed) else options.wait
    sent_to = options.recogniser if hears and sends_audio(options.recogniser) else ""
    keeps = microphone is not None and options.keep_audio is not None
    told = Circumstances(hears or typed, keys, why_not, wait, sent_to, checked, keeps_audio=keeps)
    return ears, told


def _why_no_microphone(options: Options) -> str:
    """A sentence where this installation cannot listen; what was asked for by name must work."""
    try:
        check_recogniser(options.recogniser)
    except EarsError as error:
        if options.ears == "microphone" or options.recogniser != DEFAULT:
            raise
        return str(error)
    return ""


def _listening_test(screen: Screen) -> tuple[Signs, bool]:
    """What it found, and whether it was made, or at least offered, before."""
    path = checked_path()
    try:
        found = load_checked(path)
        if found is not None:
            return found.signs, True
        save_checked(path, Checked((), Signs()))  # it is offered once
    except EarsError as error:
        screen.line(str(error))
    screen.line("The listening test: voicecoach listen-check.")
    return Signs(), False


def _check_keeping(options: Options, folder: Path) -> None:
    if options.ears not in {"auto", "microphone"}:
        raise EarsError("--keep-audio needs a microphone. Leave it out, or choose --ears auto.")
    # It brings all of the listening with it, which has a process of its own: not at every start.
    from voicecoach.ears.keeping import prepare  # noqa: PLC0415

    prepare(folder)


def _verdict(microphone: MicrophoneEars) -> bool:
    """Whether the microphone works, as soon as that is known."""
    until = time.monotonic() + _VERDICT
    while not (microphone.hearing or microphone.lost) and time.monotonic() < until:
        time.sleep(0.02)
    return microphone.hearing


def _open_log(path: Path, screen: Screen, closing: ExitStack) -> Recorder:
    try:
        stream = path.open("a", encoding="utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise VoicecoachError(
            f"{path}: the log cannot be written: {reason}. Choose another file."
        ) from None
    closing.callback(_close, stream)
    return Recorder(json_lines(stream, screen.line), whole=True)


def _close(stream: TextIO) -> None:
    """A full disk has been told of already."""
    with suppress(OSError):
        stream.close()


def _end_gracefully(clock: LiveClock, ears: Sequence[Ears]) -> None:
    """The first Ctrl-C ends aloud, the second at once; a closed terminal counts as one, too."""
    asked = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            for one in ears:
                one.close()
            os._exit(_INTERRUPTED)
        asked = True
        clock.post(Interrupted(clock.now()))

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)


def _apologise(speaker: Speaker, voice: Voice, rate: int) -> None:
    """A fault of our own must not be a silence that looks like listening."""
    with suppress(Exception):
        speaker.cut()
        clips = (earcon("alarm"), voice.clip(EN.say("broken"), rate))
        at = speaker.now() + speaker.lead
        for clip in clips:
            speaker.play([Placed(Ms(at), clip)])
            at += clip.duration
        while speaker.audible and speaker.now() < at:
            time.sleep(0.02)


def _let_sound_out(speaker: Speaker) -> None:
    """The last word is still on its way through the card when the session has ended."""
    if speaker.audible:
        time.sleep((speaker.lead + 50) / 1000)
