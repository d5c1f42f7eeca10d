"""What is said: a segment, a halt or a position becomes a script in the person's language.

Law: the side is named by the engine at every repetition, the full instruction comes once and
the short one after; instruction is never inside a hold's clock. Cautions are said at every
length. All sentences are data of the language (`core/en_sentences.py`) or of the routine;
here stands only which of them come when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum

from voicecoach.core.amounts import counted, per_day, span, told
from voicecoach.core.estimate import estimate
from voicecoach.core.language import Language
from voicecoach.core.plan import GATES, Role, Segment, plan
from voicecoach.core.positions import way
from voicecoach.core.routine import (
    Clock,
    Dose,
    Exercise,
    Prop,
    Routine,
    Side,
    Step,
)
from voicecoach.core.score import (
    Chime,
    Count,
    Item,
    Kind,
    Say,
    Script,
    Sound,
    Span,
    Utterance,
    compose,
)
from voicecoach.core.units import RATE, SECOND, Ms, seconds

HALF_WAY_FROM = seconds(20)
"""Holds of this length or more are marked at half-way instead of with the number."""

HALF_WAY_REPS = 4
"""From this many reps on, the middle one is announced as half-way."""

_CHIME = Ms(250)  # about how long an earcon lasts
_MOVE_TIME = seconds(5)  # to get from one position to another, a sentence


class Length(IntEnum):
    """How much is said; cautions and sides always are."""

    MINIMAL = 0
    SHORT = 1
    FULL = 2


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the opening must tell: who can be heard, and how long the coach waits."""

    microphone: bool = True  # words reach the coach, spoken or typed
    keys: bool = True
    no_microphone_why: str = ""
    wait: Ms | None = None  # go on by itself so long after an exercise is explained
    sent_to: str = ""  # the service that what is said is sent to, if any
    checked: bool = True  # how well the person is heard has been tested at least once
    keeps_audio: bool = False  # what is heard is kept on this machine
    contacts: Mapping[str, str] = field(default_factory=dict)
    """What the person has set up: "emergency", "urgent_line", "place"; as they are to be said."""
    alerts: bool = False  # there is somebody whom an alert can be sent to
    scores: bool = False  # the strength of the pain is asked before and after
    recorded: bool = False  # it is heard from a file, later: by somebody who can pause it

    @property
    def anybody(self) -> bool:
        """Whether there is somebody who can answer."""
        return self.microphone or self.keys


@dataclass(frozen=True, slots=True)
class Wording:
    """All that is said in one routine, in one language."""

    language: Language
    routine: Routine
    segments: tuple[Segment, ...]
    circumstances: Circumstances
    length: Length = Length.FULL

    def with_exercise(self, number: int, exercise: Exercise) -> Wording:
        """Planned anew, with another exercise in that place (from 1)."""
        exercises = list(self.routine.exercises)
        exercises[number - 1] = exercise
        routine = replace(self.routine, exercises=tuple(exercises))
        return replace(self, routine=routine, segments=plan(routine))

    def greeting(self) -> Script:
        """Who speaks, and how the person can be heard."""
        words = [self.say("welcome", title=self.routine.title), *self._circumstances()]
        return _calmly(words)

    def contents(self) -> Script:
        """What is to come, and all that must be known before it."""
        routine, language = self.routine, self.language
        count = len(routine.exercises)
        minutes, number = language.number(self.minutes(0)), language.number(count).capitalize()
        contents = "contents_one" if count == 1 else "contents"
        words = [self.say(contents, exercises=number, minutes=minutes)]
        words += per_day(language, routine.times_per_day, often=routine.often)
        words.append(self.say("approval" if routine.approval else "permission"))
        words += [*routine.cautions, *map(self._left_out, routine.left_out)]
        words.append(self.say("tell_me" if self.circumstances.anybody else "tell_nobody"))
        if self.circumstances.microphone:
            words.append(self.say("ask_me"))
        if routine.props:
            props = "; ".join(map(self._prop, routine.props))
            words += [self.say("props", props=props), self.say("props_reach")]
        return _calmly(words)

    def _left_out(self, pair: tuple[str, str]) -> str:
        name, instead = pair
        return self.say("done_instead" if instead else "left_out", name=name, instead=instead)

    def _circumstances(self) -> list[str]:
        """How the person can be heard, where it is not simply by voice."""
        now = self.circumstances
        words = []
        if now.sent_to:
            words.append(self.say("leaves_machine", engine=now.sent_to))
        if now.keeps_audio:
            words.append(self.say("keeps_audio"))
        if now.microphone and not now.checked:
            words.append(self.say("not_checked"))
        if not now.microphone and now.keys:
            words.append(self.say("no_microphone", why=now.no_microphone_why).strip())
            words += [self.say("use_keys"), self.say("space_key")]
        if not now.anybody:
            words.append(self.say("recorded" if now.recorded else "unattended"))
        if now.wait is not None:
            words.append(self.say("unattended_wait", wait=span(self.language, now.wait)))
        if now.recorded:
            words.append(self.say("recorded_wait"))
        return words

    # -- segments ---------------------------------------------------------------------------

    def segment(self, segment: Segment) -> Script:
        """The script of a segment, from its start."""
        match segment.role:
            case Role.OPENING:
                return (*self.greeting(), *self.contents())
            case Role.MOVE:
                return self._move(segment)
            case Role.GATE:
                return self._gate(segment)
            case Role.GET_READY:
                text = self.say("begin_in", seconds=span(self.language, segment.length))
                return (Say(text), Span(Kind.READY, segment.length, text))
            case Role.REP:
                return self._rep(segment)
            case Role.REST:
                return self._rest(segment)
            case Role.SWITCH:
                text = self.say("switch", side=self._side(segment.place.side))
                return (Say(text), Span(Kind.SWITCH, segment.length, text))
            case Role.CLOSING:
                return (Say(self.say("last_done")), Say(self.say("well_done"), seconds(3)))

    def _move(self, segment: Segment) -> Script:
        """Step by step over every station; each sentence leaves the time to do it."""
        stations = way(segment.start, exercise_of(segment).position)
        if not stations:
            return ()
        down = segment.place.exercise == 1 and stations[-1].on_floor
        here, words = segment.start, [Say(self.say("move_start" if down else "move"), Ms(600))]
        for station in stations:
            words += [Say(step, _MOVE_TIME) for step in self.language.moves[here, station]]
            here = station
        return (*words, *self.ask_ready(), Chime("ready"))

    def _gate(self, segment: Segment) -> Script:
        exercise, place = exercise_of(segment), segment.place
        number, total = place.exercise, len(self.routine.exercises)
        name = self.say(
            "exercise",
            number=self.language.number(number),
            total=self.language.number(total),
            name=exercise.name,
        )
        words: list[Item] = [Say(name, Ms(600))]
        if self.length is Length.FULL and exercise.purpose:
            words.append(Say(exercise.purpose, Ms(500)))
        words += [Say(sentence, Ms(700)) for sentence in exercise.cautions]
        words += self._steps(exercise.setup, place.side)
        dose = told(self.language, exercise.dose, offers=self.circumstances.anybody)
        words += [Say(sentence, Ms(500)) for sentence in dose]
        often = per_day(self.language, exercise.times_per_day, often=exercise.often)
        words += [Say(sentence, Ms(500)) for sentence in often]
        return (*words, *self.ask_ready(), Chime("ready"))

    def ask_ready(self) -> Script:
        """Asks for "ready", by voice or key, where there is somebody to give it."""
        if self.circumstances.microphone:
            return (Say(self.say("say_ready")),)
        return (Say(self.say("press_ready")),) if self.circumstances.keys else ()

    def _rep(self, segment: Segment) -> Script:
        exercise, side = exercise_of(segment), segment.place.side
        words: list[Item] = [Say(self.which(segment), Ms(400))]
        if segment.full and exercise.breathing:
            # Before the movement: whatever is said in the position is held without being counted.
            words.append(Say(exercise.breathing, Ms(500)))
        words += self._steps(self._moves(segment), side)
        if exercise.dose.clock is Clock.PHASES:
            return (*words, *self._phases(exercise.dose, side), *self.let_go(segment))
        words.append(Say(self._hold_for(segment), Ms(200)))
        return (*words, self._hold(segment, Ms(0)), *self.let_go(segment))

    def _moves(self, segment: Segment) -> tuple[Step, ...]:
        """The way in: in full once, then short, and where little is to be said not at all."""
        exercise = exercise_of(segment)
        if segment.full:
            return (*exercise.way_in, *exercise.check)
        return () if self.length is Length.MINIMAL else exercise.again

    def _hold_for(self, segment: Segment) -> str:
        dose = exercise_of(segment).dose
        if dose.breaths:
            breaths = counted(self.language, dose.breaths, "a_breath", "breaths")
            return self.say("hold_breaths", breaths=breaths)
        if dose.clock is Clock.WORK:
            return self.say("work_for", seconds=span(self.language, segment.length))
        return self.say("hold_for", number=self.language.number(segment.length // SECOND))

    def resumed(self, segment: Segment, held: Ms) -> Script:
        """The rest of a rep whose hold was broken off after `held` ms: back in, then finish."""
        exercise, side = exercise_of(segment), segment.place.side
        left = Ms(max(segment.length - held, 0))
        return (
            Say(self.say("resume")),
            Say(self.which(segment), Ms(400)),
            *self._steps(exercise.way_in, side),
            Say(self.say("hold_rest", seconds=span(self.language, left)), Ms(200)),
            self._hold(segment, held),
            *self.let_go(segment),
        )

    def _hold(self, segment: Segment, held: Ms) -> Span:
        dose, length = exercise_of(segment).dose, segment.length
        counts = self._breaths(dose) if dose.breaths else self._seconds(length)
        later = tuple(Count(Ms(one.at - held), one.text) for one in counts if one.at > held)
        counts = counts if not held else later
        left = Ms(max(length - held, 0))
        kind = Kind.WORK if dose.clock is Clock.WORK else Kind.HOLD
        return Span(kind, left, span(self.language, left), counts)

    def _seconds(self, length: Ms) -> tuple[Count, ...]:
        """One, two, three ..., each when that second is over; half-way in a long one."""
        counts = []
        for at in range(SECOND, length + 1, SECOND):
            half = length >= HALF_WAY_FROM and at * 2 == length
            text = self.say("half_way_count") if half else self.language.number(at // SECOND)
            counts.append(Count(Ms(at), text))
        return tuple(counts)

    def _breaths(self, dose: Dose) -> tuple[Count, ...]:
        """In and out, each for half of a breath."""
        words = []
        for breath in range(dose.breaths):
            start = breath * dose.breath
            words.append(Count(Ms(start), self.say("breath_in")))
            words.append(Count(Ms(start + dose.breath // 2), self.say("breath_out")))
        return tuple(words)

    def _phases(self, dose: Dose, side: Side | None) -> list[Item]:
        """Paced movements speak as their span begins; holds are counted like any other."""
        items: list[Item] = []
        for phase in dose.phases:
            items += self._steps(phase.way_in, side)
            if phase.hold:
                number = self.language.number(phase.length // SECOND)
                items.append(Say(self.say("hold_for", number=number), Ms(200)))
                counts = self._seconds(phase.length)
                items.append(Span(Kind.HOLD, phase.length, number, counts))
            else:
                text = self._sided(phase.say, side)
                items.append(Span(Kind.PACE, phase.length, text, (), says=text))
        return items

    def let_go(self, segment: Segment) -> Script:
        """The end of a rep, after its hold: and release."""
        exercise = exercise_of(segment)
        paced = exercise.dose.clock is Clock.PHASES and not exercise.dose.phases[-1].hold
        word = () if paced else (Say(self.say("release"), Ms(300)),)
        return (*word, *self._steps(exercise.release, segment.place.side))

    def which(self, segment: Segment) -> str:
        """Which rep this is, as in `Left side. Three of five. Half-way.`.

        By cardinals: "first of five", as a microphone hears it of a loudspeaker in a room, was
        taken for "stop" ten times in ten.
        """
        place, dose = segment.place, exercise_of(segment).dose
        words = []
        if place.side is not None:
            words.append(self.say("side", side=self._side(place.side).capitalize()))
        number = self.language.number(place.rep).capitalize()
        of = {"number": number, "total": self.language.number(dose.reps)}
        if dose.as_many:
            words.append(self.say("ordinal", ordinal=self.language.ordinal(place.rep)))
        elif dose.reps == 1:
            words.append(self.say("only"))
        elif place.rep == dose.reps:
            words.append(self.say("last"))
        elif dose.reps >= HALF_WAY_REPS and place.rep == dose.reps // 2 + 1:
            words.append(self.say("half_way", **of))
        else:
            words.append(self.say("rep", **of))
        return " ".join(words)

    def _rest(self, segment: Segment) -> Script:
        text = self.say("rest", seconds=span(self.language, segment.length))
        ten = Count(Ms(segment.length - seconds(10)), self.say("ten_left"))
        counts = (ten,) if segment.length >= seconds(20) else ()
        return (Say(text), Span(Kind.REST, segment.length, text, counts))

    # -- between segments -------------------------------------------------------------------

    def sentence(self, sentence: str, /, **words: str) -> Script:
        """One sentence of the language, as a script."""
        return (Say(self.say(sentence, **words), Ms(500)),)

    def way_out(self, segment: Segment) -> Script:
        """Out of whatever position the segment may have brought the person into."""
        if segment.exercise is None or segment.role is Role.MOVE:
            return self.sentence("stay_still")
        ease, steps = self.sentence("ease_out"), segment.exercise.release
        if segment.role is not Role.REP or not steps:
            return (*ease, *self.sentence("default_release"))
        return (*ease, *self._steps(steps, segment.place.side))

    def minutes(self, index: int) -> int:
        """Whole minutes, rounded up, from a segment to the end, by estimate of the speech."""
        total = 0
        for segment in self.segments[index:]:
            if segment.role is Role.OPENING:
                continue
            script = self.segment(segment)
            total += compose(script, _estimated)[-1].at
            if segment.role in GATES and script:
                total += self.circumstances.wait or seconds(5)
        return -(-total // (60 * SECOND))

    # -- words ------------------------------------------------------------------------------

    def say(self, sentence: str, /, **words: str) -> str:
        """A sentence of the language, by name; numbers and names of the person's own filled in."""
        given = self.circumstances.contacts
        own = {name: given.get(name) or unset for name, unset in self.language.unset.items()}
        return self.language.say(sentence, **own, **words)

    def _prop(self, prop: Prop) -> str:
        both = {"prop": prop.name, "instead": prop.instead}
        return self.say("prop_or", **both) if prop.instead else prop.name

    def _side(self, side: Side | None) -> str:
        return "" if side is None else self.language.sides[side]

    def _steps(self, steps: Iterable[Step], side: Side | None) -> list[Item]:
        return [Say(self._sided(step.say, side), step.time) for step in steps]

    def _sided(self, text: str, side: Side | None) -> str:
        """The sentence with its side words; the engine names them, never the author."""
        if side is None:
            return text
        other = Side.RIGHT if side is Side.LEFT else Side.LEFT
        for name, word in (("{side}", side), ("{other}", other)):
            text = text.replace(name, self.language.sides[word])
        return text[:1].upper() + text[1:]


def _calmly(words: list[str]) -> Script:
    return tuple(Say(sentence, Ms(500)) for sentence in words)


def exercise_of(segment: Segment) -> Exercise:
    """The exercise of a segment that has one."""
    if segment.exercise is None:
        raise ValueError(f"a {segment.role} has no exercise")
    return segment.exercise


def _estimated(sound: Sound) -> Ms:
    return estimate(sound.text, RATE) if isinstance(sound, Utterance) else _CHIME
