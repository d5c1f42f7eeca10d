"""The halts: every state in which the coach waits for the person, as one table.

Law: silence first, then the way out of the position, and only then one question at a time;
nothing but the person's own word leads back to the exercise; a question nobody answers leads
somewhere safe. No cause, no diagnosis, no drugs, no claim to have called anyone. Wording is data
(`core/en_safety.py`) and needs a physiotherapist's review before anyone relies on it.

A false stop must cost no more than one "continue": a pain counts when it has been confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping

from voicecoach.core.commands import Intent
from voicecoach.core.danger import DANGER
from voicecoach.core.everyday import EVERYDAY
from voicecoach.core.pain import PAIN
from voicecoach.core.table import Halt, Name

HALTS: Mapping[Name, Halt] = {**EVERYDAY, **PAIN, **DANGER}

SAFETY_HALTS: Mapping[Intent, Name] = {
    Intent.EMERGENCY: Name.EMERGENCY,
    Intent.DIZZY: Name.DIZZY,
    Intent.NERVE: Name.NERVE,
    Intent.PAIN: Name.HURT,
    Intent.WORSENING: Name.HURT,
    Intent.FALLEN: Name.HELP_PERSON,
    Intent.HELP: Name.HELP_WHICH,
    Intent.STOP: Name.STOPPED,
    Intent.DONT_STOP: Name.UNSURE,
}
"""Where each safety word leads, from anywhere. Silence comes before any of them."""

LED_OUT = frozenset({Name.HURT, Name.NERVE})
"""The person is led out wherever she is: she may be in a position that the coach knows not of."""

ENTRANCES: Mapping[Name, str] = {
    Name.PAUSED: "pause",
    Name.COMMANDS: "what can I say",
    Name.LAST_TIME: "at the start, after an end for pain",
    Name.WHERE_LEFT: "at the start, after an end before the last exercise",
    Name.SCORE_BEFORE: "after the welcome",
    Name.HURT_BEFORE: "before an exercise that hurt the last time",
    Name.LOCKED: "before an exercise that hurt two times",
    Name.NUMBER: "before an exercise with a number that is not given",
    Name.SCORE_AFTER: "after the last exercise",
    Name.GET_UP_OFFER: "after the last exercise, on the floor",
    Name.MICROPHONE_LOST: "the microphone is lost",
    Name.SPEAKER_LOST: "the loudspeaker is lost",
    Name.VOICE_LOST: "the voice is lost",
}
"""The other ways into the table: what leads there, in words for the README's diagram."""
