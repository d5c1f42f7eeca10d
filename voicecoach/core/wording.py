"""What is said: a segment, an answer or a halt becomes a script in the person's language.

Law: the side is named by the engine at every repetition, the full instruction comes once and
the short one after; instruction is never inside a hold's clock. All sentences are data of the
language (`core/en.py`) or of the routine; here stands only which of them come when.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from voicecoach.core.estimate import estimate
from voicecoach.core.language import Language
from voicecoach.core.plan import Place, Role, Segment
from voicecoach.core.routine import Dose, Exercise, Prop, Routine, Side, Sides, Step
from voicecoach.core.safety import WAY_OUT, Halt
from voicecoach.core.score import (
    Chime,
    Count,
    Item,
    Kind,
    Quiet,
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


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the opening must tell: who can be heard, and how long the coach waits."""

    microphone: bool = True  # words reach the coach, spoken or typed
    keys: bool = True
    no_microphone_why: str = ""
    wait: Ms | None = None  # go on by itself so long after an exercise is explained
    sent_to: str = ""  # the service that what is said is sent to, if any

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

    # -- segments ---------------------------------------------------------------------------

    def segment(self, segment: Segment) -> Script:
        """The script of a segment, from its start."""
        match segment.role:
            case Role.OPENING:
                return self._opening()
            case Role.GATE:
                return self._gate(_exercise(segment), segment.place)
            case Role.GET_READY:
                text = self._say("begin_in", seconds=self.span(segment.length))
                return (Say(text), Span(Kind.READY, segment.length, text))
            case Role.REP:
                return self._rep(segment)
            case Role.REST:
                return self._rest(segment)
            case Role.SWITCH:
                text = self._say("switch", side=self._side(segment.place.side))
                return (Say(text), Span(Kind.SWITCH, segment.length, text))
            case Role.CLOSING:
                return (Say(self._say("last_done")), Say(self._say("well_done"), seconds(3)))

    def _opening(self) -> Script:
        language, routine = self.language, self.routine
        count = len(routine.exercises)
        contents = "contents_one" if count == 1 else "contents"
        words = [
            language.say("welcome", title=routine.title),
            *self.circumstances_words(),
            language.say(
                contents,
                exercises=language.number(count).capitalize(),
                minutes=language.number(self.minutes(0)),
            ),
            language.say("permission"),
            *routine.cautions,
            language.say("tell_me"),
        ]
        if self.circumstances.microphone:
            words.append(language.say("ask_me"))
        if routine.props:
            props = "; ".join(map(self._prop, routine.props))
            words += [language.say("props", props=props), language.say("props_reach")]
        return tuple(Say(sentence, Ms(500)) for sentence in words)

    def circumstances_words(self) -> list[str]:
        """How the person can be heard, where it is not simply by voice."""
        language, now = self.language, self.circumstances
        words = []
        if now.sent_to:
            words.append(language.say("leaves_machine", engine=now.sent_to))
        if not now.microphone and now.keys:
            words.append(language.say("no_microphone", why=now.no_microphone_why).strip())
            words += [language.say("use_keys"), language.say("space_key")]
        if not now.microphone and not now.keys:
            words.append(language.say("unattended"))
        if now.wait is not None:
            words.append(language.say("unattended_wait", wait=self.span(now.wait)))
        return words

    def _gate(self, exercise: Exercise, place: Place) -> Script:
        language = self.language
        name = language.say(
            "exercise",
            number=language.number(place.exercise),
            total=language.number(len(self.routine.exercises)),
            name=exercise.name,
        )
        words: list[Item] = [Say(name, Ms(600))]
        words += [Say(sentence, Ms(500)) for sentence in (exercise.purpose,) if sentence]
        words += [Say(sentence, Ms(700)) for sentence in exercise.cautions]
        words += self._steps(exercise.setup, place.side)
        words += [Say(sentence, Ms(500)) for sentence in self._dose(exercise.dose)]
        return (*words, *self.ask_ready(), Chime("ready"))

    def ask_ready(self) -> Script:
        """Asks for "ready", by voice or key, where there is somebody to give it."""
        if self.circumstances.microphone:
            return (Say(self._say("say_ready")),)
        return (Say(self._say("press_ready")),) if self.circumstances.keys else ()

    def _dose(self, dose: Dose) -> list[str]:
        language = self.language
        counts = {1: language.say("once"), 2: language.say("twice")}
        many = language.say("n_times", number=language.number(dose.reps).capitalize())
        words = {
            "reps": counts.get(dose.reps, many),
            "seconds": self.span(dose.hold),
            "side": self._side(dose.first_side),
        }
        match dose.sides:
            case Sides.NONE:
                said = language.say("times", **words)
            case Sides.LEFT | Sides.RIGHT:
                words["side"] = language.sides[Side(dose.sides.value)]
                said = language.say("times_one_side", **words)
            case Sides.BOTH | Sides.ALTERNATE:
                said = language.say("times_side", **words)
        sets = language.say("sets", sets=language.number(dose.sets).capitalize())
        return [said, sets] if dose.sets > 1 else [said]

    def _rep(self, segment: Segment) -> Script:
        exercise, place = _exercise(segment), segment.place
        moves = (*exercise.way_in, *exercise.check) if segment.full else exercise.again
        words: list[Item] = [Say(self._which(segment), Ms(400))]
        if segment.full and exercise.breathing:
            # Before the movement: whatever is said in the position is held without being counted.
            words.append(Say(exercise.breathing, Ms(500)))
        words += self._steps(moves, place.side)
        number = self.language.number(segment.length // SECOND)
        words.append(Say(self._say("hold_for", number=number), Ms(200)))
        return (*words, self._hold(segment, Ms(0)), *self.let_go(segment))

    def resumed(self, segment: Segment, held: Ms) -> Script:
        """The rest of a rep whose hold was broken off after `held` ms: back in, then finish."""
        exercise, side = _exercise(segment), segment.place.side
        left = Ms(segment.length - held)
        number = self.span(Ms(-(-left // SECOND) * SECOND))
        return (
            Say(self._say("resume")),
            Say(self._which(segment), Ms(400)),
            *self._steps(exercise.way_in, side),
            Say(self._say("hold_rest", seconds=number), Ms(200)),
            self._hold(segment, held),
            *self.let_go(segment),
        )

    def _hold(self, segment: Segment, held: Ms) -> Span:
        length = segment.length
        counts = []
        for at in range(SECOND, length + 1, SECOND):
            if at <= held:
                continue
            half = length >= HALF_WAY_FROM and at * 2 == length
            text = self._say("half_way_count") if half else self.language.number(at // SECOND)
            counts.append(Count(Ms(at - held), text))
        return Span(Kind.HOLD, Ms(length - held), self.span(Ms(length - held)), tuple(counts))

    def let_go(self, segment: Segment) -> Script:
        """The end of a rep, after its hold: and release."""
        release = self._steps(_exercise(segment).release, segment.place.side)
        return (Say(self._say("release"), Ms(300)), *release)

    def _which(self, segment: Segment) -> str:
        """Which rep this is, as in `Left side. Third of five. Half-way.`."""
        language, place = self.language, segment.place
        reps = _exercise(segment).dose.reps
        words = []
        if place.side is not None:
            words.append(language.say("side", side=self._side(place.side).capitalize()))
        of = {"ordinal": language.ordinal(place.rep), "total": language.number(reps)}
        if reps > 1 and place.rep == reps:
            words.append(language.say("last"))
        elif reps >= HALF_WAY_REPS and place.rep == reps // 2 + 1:
            words.append(language.say("half_way", **of))
        else:
            words.append(language.say("rep", **of))
        return " ".join(words)

    def _rest(self, segment: Segment) -> Script:
        text = self._say("rest", seconds=self.span(segment.length))
        ten = Count(Ms(segment.length - seconds(10)), self._say("ten_left"))
        counts = (ten,) if segment.length >= seconds(20) else ()
        return (Say(text), Span(Kind.REST, segment.length, text, counts))

    # -- between segments -------------------------------------------------------------------

    def sentence(self, name: str) -> Script:
        """One sentence of the language, as a script."""
        return (Say(self._say(name), Ms(500)),)

    def way_out(self, segment: Segment) -> Script:
        """Out of whatever position the segment may have brought the person into."""
        if segment.exercise is None:
            return self.sentence("stay_still")
        ease = self.sentence("ease_out")
        if segment.role is not Role.REP:
            return (*ease, *self.sentence("default_release"))
        return (*ease, *self._steps(segment.exercise.release, segment.place.side))

    def halt(self, halt: Halt, segment: Segment, *, moving: bool, again: bool) -> Script:
        """The words of a halt; `again` leaves out the first word: it has just been said."""
        words: list[Item] = [Chime(halt.chime)]
        for word in halt.words[1:] if again else halt.words:
            if isinstance(word, int):
                words.append(Quiet(word))
            elif word == WAY_OUT and moving:
                words += _as_release(self.way_out(segment))
            elif word != WAY_OUT:
                words.append(Say(self._say(word), Ms(400)))
        return tuple(words)

    # -- answers ----------------------------------------------------------------------------

    def where(self, segment: Segment) -> Script:
        """Exercise, rep, side and position."""
        place, count = segment.place, len(self.routine.exercises)
        if segment.exercise is None:
            return self.sentence("before_first" if place.exercise == 0 else "after_last")
        total, number = self.language.number(count), self.language.number(place.exercise)
        words = [self._say("where", name=place.name, number=number, total=total)]
        if place.rep:
            words.append(self._which(segment))
        words.append(self.language.positions[segment.exercise.position])
        return tuple(Say(sentence) for sentence in words)

    def how_long(self, index: int) -> Script:
        """Reps left in this exercise and minutes left in all."""
        segment = self.segments[index]
        left = sum(
            later.role is Role.REP and later.place.exercise == segment.place.exercise
            for later in self.segments[index + 1 :]
        )
        words = []
        if segment.exercise is not None:
            number = self.language.number(left).capitalize()
            words.append(self._say("reps_left", number=number) if left else self._say("rep_left"))
        minutes = self.span(Ms(self.minutes(index) * 60 * SECOND))
        words.append(self._say("time_left", minutes=minutes))
        return tuple(Say(sentence) for sentence in words)

    def minutes(self, index: int) -> int:
        """Whole minutes, rounded up, from a segment to the end, by estimate of the speech."""
        total = 0
        for segment in self.segments[index:]:
            if segment.role is Role.OPENING:
                continue
            script = self.segment(segment)
            total += compose(script, _estimated)[-1].at
            if segment.role is Role.GATE:
                total += self.circumstances.wait or seconds(5)
        return -(-total // (60 * SECOND))

    def span(self, length: Ms) -> str:
        """`five seconds`, `two minutes`: whole seconds, rounded up."""
        count = -(-length // SECOND)
        minutes, rest = divmod(count, 60)
        if minutes and not rest:
            return self._count(minutes, "a_minute", "minutes")
        return self._count(count, "a_second", "seconds")

    # -- words ------------------------------------------------------------------------------

    def _count(self, count: int, one: str, many: str) -> str:
        number = self.language.number(count)
        return self._say(one) if count == 1 else self._say(many, number=number)

    def _say(self, sentence: str, /, **words: str) -> str:
        return self.language.say(sentence, **words)

    def _prop(self, prop: Prop) -> str:
        both = {"prop": prop.name, "instead": prop.instead}
        return self._say("prop_or", **both) if prop.instead else prop.name

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


def _as_release(script: Script) -> list[Item]:
    """Marked in logs and timelines as what it is: a release."""
    return [replace(say, kind=Kind.RELEASE) if isinstance(say, Say) else say for say in script]


def _estimated(sound: Sound) -> Ms:
    return estimate(sound.text, RATE) if isinstance(sound, Utterance) else _CHIME


def _exercise(segment: Segment) -> Exercise:
    if segment.exercise is None:
        raise ValueError(f"a {segment.role} has no exercise")
    return segment.exercise
