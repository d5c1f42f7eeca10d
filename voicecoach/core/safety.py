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
