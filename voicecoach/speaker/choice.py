"""Which speaker a session gets."""

from __future__ import annotations

from voicecoach.errors import SpeakerError
from voicecoach.speaker.base import Speaker
from voicecoach.speaker.silent import SilentSpeaker
from voicecoach.speaker.stream import OnBack, OnLost, StreamSpeaker

CHOICES = ("auto", "device", "silent")


def open_speaker(choice: str, on_lost: OnLost, on_back: OnBack) -> Speaker:
    """The loudspeaker ("device"), none ("silent"), or the one that can be had ("auto").

    Both callbacks come from another thread and must only queue. With "auto" and no loudspeaker,
    the SilentSpeaker's `reason` says why. Raises SpeakerError for "device" when there is none.
    """
    if choice == "silent":
        return SilentSpeaker("Silence was asked for.")
    if choice not in CHOICES:
        raise SpeakerError(f'"{choice}" is no speaker. Choose one of: {", ".join(CHOICES)}.')
    try:
        return StreamSpeaker(on_lost, on_back)
    except SpeakerError as error:
        if choice == "device":
            raise
        return SilentSpeaker(str(error))
