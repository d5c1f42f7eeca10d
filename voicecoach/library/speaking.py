"""The twelve rules for speaking to somebody who cannot see, as far as a machine can judge them.

Law: all of it is advice, because a machine is sometimes wrong here; what would be unsafe is an
error, and stands in `rules.py`. The twelve come from those who teach blind people to move and who
describe films to them (dcmp.org, yogajournal.com, ukcoaching.org); a few are the house's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from voicecoach.core.estimate import estimate
from voicecoach.core.routine import Position, Sides
from voicecoach.core.units import RATE, Ms
from voicecoach.library.build import is_as_before, numbers, steps
from voicecoach.library.report import Report
from voicecoach.library.schema import EXERCISE, FORM, ROUTINE, Table
from voicecoach.library.spoken import Spoken, everything, forms, spoken
from voicecoach.library.walk import Filled

MOST_WORDS = 14
"""A sentence longer than this is forgotten before it is done (house rule)."""

MOST_WORDS_OF_A_MOVEMENT = 12
"""Rule 7."""

MOST_BEFORE_COUNT = Ms(10_000)
"""Between the movement that is held and the count: what is said then is strain nobody
prescribed. Own judgement, after a bridge that was up for twenty seconds before its five."""

SHORT_ENOUGH = 12
"""Words of a way in that may be said again and again without a short form."""

LONG_SESSION = Ms(45 * 60_000)
"""Own judgement: what takes longer is not done every day."""

_CHANGING = frozenset({Sides.BOTH, Sides.ALTERNATE})
_LIMB = "arm|leg|knee|foot|hand|hip|ankle|elbow|shoulder|thigh|heel|wrist|calf|shin|palm|fist"
_VERB = (
    "bend|bring|cross|draw|drop|extend|hold|kneel|lie|lift|lower|move|place|press|pull|push"
    "|put|raise|reach|return|roll|rotate|set|sit|slide|squeeze|stand|step|straighten|stretch"
    "|swing|take|tighten|tilt|turn|twist|walk"
)
_NUMBER = r"\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """Words to leave out. `moves`: only where a movement is told."""

    rule: str
    words: re.Pattern[str]
    what: str
    fix: str
    moves: bool = True


UNSAID = (
    Unsaid(
        "rule-1-never-point",
        _words(
            "like this|like that|as shown|this way|that way|over there|here|sees?|looks?|looking"
            r"|watch(?:es|ing)?|pictures?|pictured|mirror|(?:your|both) eyes (?:follow|on)"
        ),
        "means nothing to somebody who cannot see.",
        "Say what touches what, what moves where, or what it feels like.",
        moves=False,
    ),
    Unsaid(
        "rule-3-body-directions",
        _words(
            "(?:anti|counter-?)?clockwise|(?<!out )sideways"
            "|(?:to|on|towards?) (?:one|the|each|either) side"
            "|diagonal(?:ly)?|towards? (?:me|the (?:door|window|screen|camera|speaker))"
        ),
        "is no direction of the person's own body.",
        "Say left or right, towards head or feet, to the ceiling or the mat, in front or behind.",
    ),
    Unsaid(
        "rule-4-side-before-limb",
        _words(rf"(?:other|opposite) (?:{_LIMB}|side|one)"),
        "makes the person work out which one.",
        "Write {side} or {other} before the limb; where sides is none, left or right.",
    ),
    Unsaid(
        "rule-5-distance-by-the-body",
        re.compile(
            r"\b(?:\d+|an?|one|two|few) ?(?:cm|mm|centimet(?:re|er)s?|inch(?:es)?|met(?:re|er)s?)\b"
            r"|\bdegrees?\b|\bright angles?\b|\u00b0",
            re.IGNORECASE,
        ),
        "cannot be measured on a mat.",
        "Give the distance by the body: a hand, a fist, hip width; or say what it feels like.",
    ),
    Unsaid(
        "rule-8-literal-images",
        _words("like (?:a|an|the)|as if|as though|imagine|visuali[sz]e|picture"),
        "begins an image that not everybody has seen.",
        "Say which part moves, where to, and what it feels like.",
    ),
    Unsaid(
        "rule-11-totals-are-the-coachs",
        _words(
            rf"(?:{_NUMBER}) (?:times|repetitions|reps|seconds?|counts?|breaths)|hold for|count to"
            "|repeat(?:ed)?|last one|half-?way through"
        ),
        "is said by the coach itself, from the dose.",
        "Leave it out; the dose stands in reps, hold, sets and sides.",
    ),
)

_TWO_MOVES = re.compile(
    rf"^(?:slowly |gently |now |then )?(?:{_VERB})\b.*?,? (?:and|then|while) "
    rf"(?:then |slowly |gently )?(?:{_VERB})\b",
    re.IGNORECASE,
)
_NO_VERB = re.compile(r"^(?:you|your|the|it|this|that|there|we|i|one|try|be)\b", re.IGNORECASE)
_ONE_LIMB = re.compile(
    rf"\b(?:your|the|this|that|one|a) ({_LIMB})\b(?! (?:width|height|on|upon))", re.IGNORECASE
)
_FIXED = re.compile(rf"\b(?:left|right) ({_LIMB}|side)\b", re.IGNORECASE)

_PROP = _words(
    "chairs?|stools?|walls?|pillows?|cushions?|towels?|blankets?|bolsters?|balls?(?! of)|tables?"
    "|counters?|worktops?|beds?|benches|bench|bands?|belts?|straps?|ropes?|rails?|sticks?|blocks?"
    "|steps?(?= (?:in front|behind|of))"
)
_CONTACT = _words(
    "mat|floor|ground|carpet|chair|seat|stool|bench|wall|bed|table|counter|worktop|towel|pillow"
    "|cushion|flat|against|touch(?:es|ing)?|weight"
)
_POSTURE = {
    Position.SUPINE: _words("lie|lying|roll|stay|keep"),
    Position.PRONE: _words("lie|lying|roll|turn|stay|keep"),
    Position.SIDE_LYING: _words("lie|lying|roll|turn|stay|keep"),
    Position.SITTING: _words("sit|sitting|seat|stay|keep|chair"),
    Position.FLOOR_SITTING: _words("sit|sitting|stay|keep"),
    Position.STANDING: _words("stand|standing|stay|keep|feet"),
    Position.ALL_FOURS: _words("hands|kneel|all fours|stay|keep"),
}


def speak_well(routine: Filled, report: Report) -> None:
    """Advises wherever a speaking rule seems broken."""
    for one in spoken(routine, ROUTINE):
        _sentences(one, report)
    for exercise in routine.items("exercises"):
        _exercise(exercise, report)
    _props_listed(routine, report)
    _not_long(routine, report)


def _exercise(exercise: Filled, report: Report) -> None:
    sides = exercise.get("sides")
    for part, table in ((exercise, EXERCISE), *((form, FORM) for form in forms(exercise))):
        for one in spoken(part, table):
            _sentences(one, report)
            if one.moves:
                _movement(one, report)
            if one.moves and sides in _CHANGING:
                _sided(one, report)
        _shortened(exercise, part, table, report)
        _soon_counted(part, report)
    _posture_first(exercise, report)
    at = exercise.keys.get("name", exercise.at)
    if "check" not in exercise.keys:
        what = "Nothing tells the person whether they have it right."
        fix = "Write check: and what they should feel or touch, in one sentence."
        report.advise(at, "rule-6-self-check", what, fix)
    if "release" not in exercise.keys and "phases" in exercise.keys:
        what = "Nothing says how to come out of this."
        fix = "Write release: and how to rest after the last repetition."
        report.advise(at, "rule-9-way-out", what, fix)


# ----------------------------------------------------------------- sentences


def _sentences(one: Spoken, report: Report) -> None:
    for sentence in one.sentences:
        if (words := len(sentence.split())) > MOST_WORDS:
            what = f"This sentence has {words} words, more than {MOST_WORDS}."
            report.advise(one.at, "long-sentence", what, "Make two sentences of it.")
    for unsaid in UNSAID:
        if (one.moves or not unsaid.moves) and (found := unsaid.words.search(one.text)):
            report.advise(one.at, unsaid.rule, f"{found[0]!r} {unsaid.what}", unsaid.fix)


def _movement(one: Spoken, report: Report) -> None:
    rule = "rule-7-one-movement"
    for sentence in one.sentences:
        words = len(sentence.split())
        if MOST_WORDS_OF_A_MOVEMENT < words <= MOST_WORDS:
            what = f"This movement is told in {words} words, more than {MOST_WORDS_OF_A_MOVEMENT}."
            report.advise(one.at, rule, what, "Say it shorter, or make two sentences of it.")
        elif _TWO_MOVES.search(sentence):
            what = "This sentence tells two movements."
            report.advise(one.at, rule, what, "Make two sentences of it, each with its time.")
        elif one.key != "check" and (found := _NO_VERB.search(sentence)):
            what = f"This sentence begins with {found[0]!r}, and the movement comes late."
            report.advise(one.at, rule, what, "Begin with what to do, as in: Lift, Bend, Rest.")


def _sided(one: Spoken, report: Report) -> None:
    rule = "rule-4-side-before-limb"
    if found := _FIXED.search(one.text):
        what = f"{found[0]!r} will be wrong on one of the two sides."
        fix = f"Write {{side}} {found[1]} or {{other}} {found[1]}."
        report.advise(one.at, rule, what, fix)
    elif "{" not in one.text and (found := _ONE_LIMB.search(one.text)):
        what = f"{found[0]!r} does not say which side."
        fix = f"Write your {{side}} {found[1]} or your {{other}} {found[1]}."
        report.advise(one.at, rule, what, fix)


# ----------------------------------------------------------------- exercises


def _posture_first(exercise: Filled, report: Report) -> None:
    said = [sentence.get("say", "") for sentence in exercise.items("setup")]
    place = exercise.get("position")
    if not said or place is None or is_as_before(exercise):
        return
    rule, at = "rule-2-posture-first", exercise.keys["setup"]
    if not _POSTURE[place].search(" ".join(said[:2])):
        what = f"The setup does not begin with the posture, {place.replace('_', ' ')}."
        report.advise(at, rule, what, "Say first how to lie, sit, kneel or stand.")
    elif not _CONTACT.search(" ".join(said)):
        what = "The setup does not say what touches the mat, the chair or the wall."
        report.advise(at, rule, what, "Name the parts that rest on something.")


def _shortened(exercise: Filled, part: Filled, table: Table, report: Report) -> None:
    """The full description once, a short one after: for whoever knows it by then."""
    said = {"way_in": "", "again": ""}
    for one in spoken(part, table):
        if one.key in said:
            said[one.key] += f" {one.text}"
    if said["again"] and exercise.get("sides") in _CHANGING and "{side}" not in said["again"]:
        what = "again never says which side."
        fix = 'Put {side} before the limb, as in "Lift your {side} knee."'
        report.advise(part.keys["again"], "rule-4-side-before-limb", what, fix)
    dose = dict(numbers(exercise))
    once = all(
        dose[key].high == 1 and not dose[key].free for key in ("reps", "sets") if key in dose
    )
    if "way_in" in part.keys and not said["again"] and not (once and "reps" in dose):
        words = len(said["way_in"].split())
        if words > SHORT_ENOUGH:
            what = f"All {words} words of way_in are said at every repetition."
            fix = "Write again: and the same in a sentence or two."
            report.advise(part.keys["way_in"], "rule-12-short-form", what, fix)


def _soon_counted(exercise: Filled, report: Report) -> None:
    """The self-check is felt while the position is already held."""
    check = [step for step in steps(exercise, "check") if step.say]
    total = sum(step.time + estimate(step.say, RATE) for step in check)
    if total > MOST_BEFORE_COUNT:
        what = f"About {total // 1000} seconds of hold pass in check, before the count."
        fix = "Keep one short check, with time: 1; put what can be felt earlier into setup."
        report.advise(exercise.keys["check"], "long-check", what, fix)


# ------------------------------------------------------------------- routine


def _props_listed(routine: Filled, report: Report) -> None:
    """Whatever a sentence needs is named before anybody lies down."""
    entries = list(routine.items("props"))
    for exercise in routine.items("exercises"):
        for part in (exercise, *forms(exercise)):
            entries += part.items("props")
    listed = " ".join(f"{prop.get('name', '')} {prop.get('or', '')}" for prop in entries).lower()
    for one in everything(routine):
        for found in _PROP.finditer(one.text) if one.moves else ():
            thing = found[0].lower()
            if thing.rstrip("es") not in listed:
                what = f"{thing!r} is needed, and stands in no list of props."
                fix = "List it under props:, so that it is at hand before anybody lies down."
                report.advise(one.at, "rule-10-props-listed", what, fix)
                listed += f" {thing}"


def _not_long(routine: Filled, report: Report) -> None:
    total = sum(
        _lasts(exercise)
        for exercise in routine.items("exercises")
        if "reserve" not in exercise.keys
    )
    if total > LONG_SESSION:
        what = f"All this takes about {total // 60_000} minutes."
        fix = "Two shorter routines are done more often than one long one."
        report.advise(routine.keys["exercises"], "total-time", what, fix)


def _lasts(exercise: Filled) -> int:
    """About how many ms an exercise takes, every range at its low end."""
    dose = dict(numbers(exercise))

    def told(*keys: str) -> int:
        found = [step for key in keys for step in steps(exercise, key)]
        return sum(step.time + estimate(step.say, RATE) for step in found)

    turns = max(1, dose["reps"].low if "reps" in dose else 1)
    turns *= max(1, dose["sets"].low if "sets" in dose else 1)
    sides = 2 if exercise.get("sides") in _CHANGING else 1
    spans = [one for name, one in dose.items() if name not in ("reps", "sets")]
    length = sum(one.low * (8000 if one.breaths else 1000) for one in spans)
    rest: int = exercise.get("rest", 3)
    each = length + rest * 1000 + told("release") + 3000
    again = "again" if "again" in exercise.keys else "way_in"
    first = told("way_in", "check")
    return told("setup") + 20_000 + sides * (first + (turns - 1) * told(again) + turns * each)
