"""What a session does when one of its organs fails, returns, or is in trouble, or at Ctrl-C.

Law: every failure is said aloud, pauses, and leaves a way on; a halt that the person asked for
stays what it is. A coach that cannot hear never goes on without saying so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from voicecoach.core.actions import Duck, End, Note, Outcome, Silence
from voicecoach.core.events import Alerted, Back, Lost, Noticed, Organ, Suspected
from voicecoach.core.moves import (
    answer,
    enter,
    freeze,
    prefixed,
    resume,
    say_into,
    silenced,
    speak,
    untold,
)
from voicecoach.core.plan import Role
from voicecoach.core.score import Chime, Say, Script
from voicecoach.core.state import Phase, Result, State
from voicecoach.core.table import Name
from voicecoach.core.units import Ms, seconds

HALT_OF: Mapping[Organ, Name] = {
    "microphone": Name.MICROPHONE_LOST,
    "recogniser": Name.MICROPHONE_LOST,
    "speaker": Name.SPEAKER_LOST,
    "voice": Name.VOICE_LOST,
}

DUCK = -15
"""Decibels: the sentence can still be followed, and a second "stop" is heard beside it."""

DUCKED = seconds(2)


def heed(state: State, event: Lost | Back | Suspected | Noticed | Alerted) -> Result:
    """What an organ tells. Perhaps a stop: the coach only lowers its voice, to hear better."""
    match event:
        case Lost():
            return _lose(state, event)
        case Back():
            return _regain(state, event)
        case Noticed():
            return _notice(state, event)
        case Alerted(_, sent):
            name = "alert_sent" if sent else "alert_failed"
            note = Note(name, state.segment.place)
            return prefixed((note,), answer(state, state.wording.sentence(name)))
        case Suspected(at):
            return state, (Duck(DUCK, Ms(at + DUCKED)),) if state.speaking else ()


def _notice(state: State, noticed: Noticed) -> Result:
    """Said once a session, where nothing is being said, or before the next piece of the plan."""
    known = noticed.what in state.noticed
    state = replace(state, noticed=state.noticed | {noticed.what})
    note = Note("noticed", state.segment.place, noticed.what)
    if known or f"noticed_{noticed.what}" not in state.wording.language.sentences:
        return state, (note,)
    state = replace(state, untold=(*state.untold, noticed.what))
    return (state, (note,)) if state.speaking else prefixed((note,), tell(state))


def tell(state: State) -> Result:
    """What was noticed, where the coach is silent and waits."""
    return speak(replace(state, untold=()), untold(state))


def _lose(state: State, lost: Lost) -> Result:
    """Pauses and says so; before the first movement it only says so."""
    note = Note(f"{lost.organ}_lost", state.segment.place, lost.why)
    known = lost.organ in state.lost
    state = replace(state, lost=state.lost | {lost.organ})
    if known or state.phase is Phase.ENDING:
        return state, (note,)
    told: Script = (Chime("alarm"), Say(lost.why, Ms(500)))
    deaf = HALT_OF[lost.organ] is Name.MICROPHONE_LOST
    if deaf and state.wording.circumstances.keys:
        told = (*told, *state.wording.sentence("use_keys"))
    if state.phase is Phase.HALTED:
        return prefixed((note,), silenced(enter(state, state.halt, prefix=told)))
    opening = state.phase is Phase.COACHING and state.segment.role is Role.OPENING
    if opening and lost.organ != "speaker":
        return state, (note, say_into(state, told))
    frozen = freeze(state, lost.at)
    return prefixed((Silence(), note), enter(frozen, HALT_OF[lost.organ], prefix=told))


def _regain(state: State, back: Back) -> Result:
    """Says so. Only a loudspeaker goes on by itself, and only where nothing else stands against."""
    note = Note(f"{back.organ}_back", state.segment.place)
    known = back.organ in state.lost
    state = replace(state, lost=state.lost - {back.organ})
    deaf = any(HALT_OF[organ] is Name.MICROPHONE_LOST for organ in state.lost)
    again = HALT_OF[back.organ] is Name.MICROPHONE_LOST
    if not known or state.phase is Phase.ENDING or (again and deaf) or back.organ == "voice":
        return state, (note,)
    told = state.wording.sentence("microphone_back" if again else "speaker_back")
    if state.phase is not Phase.HALTED:
        return prefixed((note,), answer(state, told))
    return prefixed((note,), silenced(_after(state, back, told, deaf=deaf)))


def _after(state: State, back: Back, told: Script, *, deaf: bool) -> Result:
    """From a halt: on by itself, to the other loss, or to the choice of the person."""
    if state.halt is not HALT_OF[back.organ]:
        return enter(state, state.halt, prefix=told)
    if back.organ != "speaker":
        return enter(state, Name.PAUSED, prefix=told)
    if deaf:
        return enter(state, Name.MICROPHONE_LOST, prefix=told)
    return resume(state, prefix=told)


def interrupt(state: State, at: Ms) -> Result:
    """Ends aloud within a second; a second interrupt while saying so ends at once."""
    if state.phase is Phase.ENDING:
        return replace(state, phase=Phase.ENDED), (Silence(), End(state.outcome))
    note = Note("unfinished", state.segment.place, state.why)
    state = replace(freeze(state, at), phase=Phase.ENDING, outcome=Outcome.INTERRUPTED)
    return silenced(speak(state, (Say(state.wording.language.say("interrupted"), Ms(0)),)), note)
