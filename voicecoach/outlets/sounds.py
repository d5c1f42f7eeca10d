"""The sounds of one file: clips mastered once, measured once, and kept while there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from voicecoach.core.score import Earcon, Sound, Utterance
from voicecoach.errors import VoicecoachError, VoiceError
from voicecoach.outlets.loudness import Energies, weighted
from voicecoach.outlets.mastering import mastered
from voicecoach.voice.base import Clip, Voice
from voicecoach.voice.earcons import earcon

MEMORY = 48 * 1024 * 1024
"""Bytes of clips: those of the longest shipped routine. Others are read and mastered again."""

DRIVE = 6.8
"""dB that a clip is raised by at first. Clips are levelled alike, and limiting takes some of it:
shipped routines then come within 0.6 LU of -16 LUFS.
"""


class Sounds:
    """A voice that gives mastered clips, all at one rate."""

    def __init__(self, voice: Voice, rate: int) -> None:
        self._voice, self._rate = voice, rate
        self._clips: OrderedDict[Sound, Clip] = OrderedDict()
        self._energies: dict[Sound, Energies] = {}
        self._bytes = 0
        self._drive = DRIVE

    def of(self, sound: Sound) -> Clip:
        """The clip of a sound. Raises VoicecoachError when the voice fails: no file then."""
        found = self._clips.get(sound)
        if found is not None:
            self._clips.move_to_end(sound)
            return found
        plain = self._plain(sound)
        clip = Clip(plain.text, mastered(plain.samples, 10.0 ** (self._drive / 20.0)))
        self._clips[sound] = clip
        self._bytes += clip.samples.nbytes
        while self._bytes > MEMORY and len(self._clips) > 1:
            self._bytes -= self._clips.popitem(last=False)[1].samples.nbytes
        return clip

    def energies(self, sound: Sound) -> Energies:
        """What it adds to the loudness of a session."""
        found = self._energies.get(sound)
        if found is None:
            found = self._energies[sound] = weighted(self.of(sound).samples)
        return found

    def raise_by(self, decibels: float) -> None:
        """Masters all of them anew, so much louder."""
        self._drive += decibels
        self._bytes = 0
        self._clips.clear()
        self._energies.clear()

    def _plain(self, sound: Sound) -> Clip:
        match sound:
            case Earcon(name):
                return earcon(name)
            case Utterance(text):
                try:
                    return self._voice.clip(text, self._rate)
                except VoiceError as error:
                    # Live, the session would go on in text; a file without a voice is none.
                    raise VoicecoachError(f"The voice fails at “{text}”: {error}") from error

    # -- as a voice, for the conductor ---------------------------------------------------------

    def clip(self, text: str, rate: int) -> Clip:  # noqa: ARG002 - a voice's signature
        """The mastered clip: as long as the plain one."""
        return self.of(Utterance(text))

    def prepare(self, texts: Iterable[str], rate: int) -> None:
        """Has the voice render these ahead."""
        self._voice.prepare(texts, rate)

    def close(self) -> None:
        """Nothing: the voice belongs to whoever opened it."""
