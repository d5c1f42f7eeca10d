"""The spoken set-up: one question at a time, each answer said back, and kept when called right.

Laws: nothing is guessed; silence changes nothing and leads on. Pure: a step gives the new state
and what is to be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from voicecoach.core.commands import SAFETY, Context, Intent
from voicecoach.core.events import Heard
from voicecoach.core.language import Language
from voicecoach.core.profile import Profile
from voicecoach.core.units import seconds

PATIENCE = seconds(20)
"""Without an answer a question is asked once more; then what there was stays."""

QUESTIONS = ("emergency", "urgent_line", "place", "scores")
PLACES = ("the emergency room", "A and E", "the nearest hospital")
"""They are chosen by number. Any other place can be typed."""

_DIGITS = range(3, 16)  # from 112 to the longest telephone number (ITU-T E.164)
_GROUP = 3  # digits that are said in one breath
_FOR_HELP = frozenset({Intent.EMERGENCY, Intent.FALLEN, Intent.HELP})


@dataclass(frozen=True, slots=True)
class SetUp:
    """How far it has come, and the profile as it is to be kept."""

    language: Language
    profile: Profile
    number: int = 0  # of the question
    digits: str = ""  # of the number that is being given
    proposed: str = ""  # said back, and not yet called right
    asked_again: bool = False
    over: bool = False

    @property
    def question(self) -> str:
        """The one that is open."""
        return QUESTIONS[self.number]

    @property
    def context(self) -> Context:
        """What the ears should listen for."""
        closed = self.proposed or self.question == "scores"
        return Context.QUESTION if closed else Context.NUMBER


Result = tuple[SetUp, tuple[str, ...]]


def begin(language: Language, profile: Profile) -> Result:
    """The first question."""
    state = SetUp(language, profile)
    return state, (language.say("setup_start"), *_question(state))


def step(state: SetUp, heard: Heard | None) -> Result:
    """What an answer does; `heard` is None where there was none for PATIENCE."""
    if heard is None:
        return _left(state) if state.asked_again else _ask(replace(state, asked_again=True))
    if heard.intent in SAFETY and heard.intent is not Intent.DONT_STOP:
        return _end(state, heard.intent)
    state = replace(state, asked_again=False)
    if heard.intent in {Intent.SKIP, Intent.DONT_KNOW}:
        return _left(state)
    if state.proposed:
        return _confirmed(state, _yes_or_no(state, heard))
    return _ANSWERS[state.question](state, heard)


def _ask(state: SetUp) -> Result:
    return state, tuple(_question(state))


def _question(state: SetUp) -> Iterator[str]:
    """The open question; what was said back; or the number as far as it has come."""
    say = state.language.say
    if state.proposed:
        yield say("setup_heard")
        yield from _spoken(state, state.proposed)
        yield say("setup_right")
        return
    if state.digits:
        yield say("setup_so_far")
        yield from _spoken(state, state.digits)
        yield say("setup_go_on")
        return
    yield say(f"setup_{state.question}")
    if state.question == "place":
        for number, place in enumerate(PLACES, 1):
            yield say("setup_choice", number=state.language.number(number), place=place)
    elif state.question != "scores":
        yield say("setup_digits")
    if state.question != "scores":
        kept = bool(state.profile.contacts.get(state.question))
        yield say("setup_keep" if kept else "setup_leave")


def _spoken(state: SetUp, text: str) -> Iterator[str]:
    """A number in groups of three digits, each a sentence; a place as it is."""
    if not text.isdigit():
        yield f"{text[:1].upper()}{text[1:]}."
        return
    for at in range(0, len(text), _GROUP):
        yield f"{state.language.dialled(text[at : at + _GROUP]).capitalize()}."


def _digit(state: SetUp, heard: Heard) -> Result:
    say, digits = state.language.say, state.digits
    if heard.intent is Intent.NUMBER:
        value = state.language.numbers.get(heard.phrase, -1)
        if value not in range(10):
            return state, (say("setup_one_digit"),)
        state = replace(state, digits=f"{digits}{value}")
        if len(state.digits) < _DIGITS[-1]:
            return state, (f"{state.language.number(value).capitalize()}.",)
    elif heard.intent is not Intent.FINISH:
        return _ask(state)
    elif not digits:
        return _left(state)
    elif len(digits) not in _DIGITS:
        again = replace(state, digits="")
        return again, (say("setup_length"), *_question(again))
    return _ask(replace(state, proposed=state.digits, digits=""))


def _place(state: SetUp, heard: Heard) -> Result:
    value = state.language.numbers.get(heard.phrase, 0)
    if heard.intent is Intent.FINISH:
        return _left(state)
    if heard.intent is Intent.NUMBER and 0 < value <= len(PLACES):
        state = replace(state, proposed=PLACES[value - 1])
    return _ask(state)


def _scores(state: SetUp, heard: Heard) -> Result:
    wanted = _yes_or_no(state, heard)
    if wanted is None:
        return _ask(state)
    state = replace(state, profile=replace(state.profile, scores=wanted))
    return _next(state, "setup_scores_on" if wanted else "setup_scores_off")


_ANSWERS: Mapping[str, Callable[[SetUp, Heard], Result]] = {
    "emergency": _digit,
    "urgent_line": _digit,
    "place": _place,
    "scores": _scores,
}


def _yes_or_no(state: SetUp, heard: Heard) -> bool | None:
    """By words or letters, or by the keys 1 and 2, as in a session."""
    number = state.language.numbers.get(heard.phrase) if heard.intent is Intent.NUMBER else 0
    if heard.intent is Intent.YES or number == 1:
        return True
    return False if heard.intent is Intent.NO or number == 2 else None  # noqa: PLR2004 - a key


def _confirmed(state: SetUp, right: bool | None) -> Result:  # noqa: FBT001 - an answer
    if right is None:
        return _ask(state)
    if not right:
        return _ask(replace(state, proposed=""))
    contacts = {**state.profile.contacts, state.question: state.proposed}
    return _next(replace(state, profile=replace(state.profile, contacts=contacts)), "setup_kept")


def _left(state: SetUp) -> Result:
    return _next(state, "setup_as_it_is")


def _next(state: SetUp, said: str) -> Result:
    words = (state.language.say(said),)
    if state.number + 1 == len(QUESTIONS):
        state = replace(state, over=True, digits="", proposed="")
        return state, (*words, state.language.say("setup_over"))
    state = replace(state, number=state.number + 1, digits="", proposed="", asked_again=False)
    return state, (*words, *_question(state))


def _end(state: SetUp, intent: Intent) -> Result:
    """Ended by a safety word. Who calls for help is told whom to call, as far as it is known."""
    language, words = state.language, list[str]()
    if intent in _FOR_HELP:
        number = language.dialled(state.profile.contacts.get("emergency", ""))
        words.append(language.say("help_call_out", emergency=number or language.unset["emergency"]))
    return replace(state, over=True), (*words, language.say("setup_over"))
