"""The scribe: an observer that turns a session into rows, as it happens.

It decides nothing and reads no clock but that of the marks: a hold lasts from the moment it began
to the moment it ran out or was silenced, in the session's own milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from voicecoach.core.actions import Action, End, Forget, Note, Perform, Remember, Silence
from voicecoach.core.events import Event, Heard, Started
from voicecoach.core.plan import Place, on_clock
from voicecoach.core.profile import settle
from voicecoach.core.routine import Exercise, Routine
from voicecoach.core.score import Cue, Kind, Script, Span
from voicecoach.core.units import Ms
from voicecoach.diary import rows
from voicecoach.diary.rows import ENDED, Entry

_ON_CLOCK = frozenset({Kind.HOLD, Kind.WORK, Kind.PACE})
_FORMS = frozenset({"easier", "harder"})
_HELD = "held"  # the core's note of a hold: the scribe's own rows tell more


@dataclass(slots=True)
class _Held:
    """The rep that is on the clock."""

    place: Place
    prescribed: Ms
    held: Ms  # before the span that runs
    began: Ms | None = None  # of the span that runs

    def stop(self, at: Ms) -> None:
        """The clock stands."""
        if self.began is not None:
            self.held = min(Ms(self.held + max(at - self.began, 0)), self.prescribed)
            self.began = None


class Scribe:
    """Writes one session down. `write` must not wait."""

    def __init__(
        self, routine: Routine, write: Callable[[Entry], None], now: Callable[[], datetime]
    ) -> None:
        """`routine` is the one that is played, for this person; `now` gives time with its zone."""
        self._routine, self._write, self._now = routine, write, now
        self._exercises = list(routine.exercises)
        self._zero = Ms(0)
        self._place: Place | None = None
        self._rep: _Held | None = None
        self._heard: Heard | None = None

    def event(self, event: Event) -> None:
        """The start; and by what something was heard."""
        match event:
            case Started(at):
                self._begin(at)
            case Heard():
                self._heard = event
            case _:
                pass

    def action(self, at: Ms, action: Action) -> None:
        """Where the session is, what it notes, what it is told to do otherwise, how it ends."""
        match action:
            case Perform():
                self._perform(at, action)
            case Silence():
                self._break_off(at)
            case Remember(exercise, name, value):
                self._change(at, name, lambda one: settle(one, name, value), exercise)
            case Note(kind) if kind != _HELD:
                self._note(at, action)
            case Forget():
                self._write(rows.Forget())
            case End(outcome):
                self._note(at, Note(ENDED, self._place or Place(0, ""), outcome.value))
            case _:
                pass

    def cue(self, cue: Cue, place: Place) -> None:
        """The clock of a rep starts and stops."""
        rep = self._rep
        if rep is None or rep.place != place:
            return
        if cue.kind in _ON_CLOCK or cue.kind in {Kind.RELEASE, Kind.RESUMED}:
            rep.stop(cue.at)
        if cue.kind in _ON_CLOCK:
            rep.began = cue.at
        if rep.held >= rep.prescribed:
            self._rep_row(cue.at, rep, done=True)
            self._rep = None

    # -- rows -------------------------------------------------------------------------------

    def _begin(self, at: Ms) -> None:
        self._zero = at
        now, routine = self._now(), self._routine
        offset = now.utcoffset() or timedelta(0)
        per_day = routine.times_per_day
        self._write(
            rows.Session(
                began_ms=int(now.timestamp() * 1000),
                utc_offset=int(offset.total_seconds()),
                routine=routine.title,
                per_day_low=per_day.low if per_day else 0,
                per_day_high=per_day.high if per_day else 0,
                often=routine.often,
            )
        )
        for number, one in enumerate(self._exercises, 1):
            self._write(rows.Exercise(number, one.id, one.name, *_dose(one)))

    def _perform(self, at: Ms, action: Perform) -> None:
        place = action.place
        if place != self._place:
            self._rep = None
            self._place = place
            self._write(rows.Place(self._since(at), *_where(place)))
        length = _length(action.script)
        if length:
            prescribed = max(self._prescribed(place), length)
            # A script that is shorter goes on with a hold that was broken off.
            self._rep = _Held(place, prescribed, held=Ms(prescribed - length))

    def _break_off(self, at: Ms) -> None:
        """What has been held so far is kept at once: nobody knows what comes next."""
        if self._rep is not None and self._rep.began is not None:
            self._rep.stop(at)
            self._rep_row(at, self._rep, done=False)

    def _rep_row(self, at: Ms, rep: _Held, *, done: bool) -> None:
        where = _where(rep.place)
        self._write(rows.Rep(self._since(at), *where, rep.held, rep.prescribed, done))

    def _change(
        self, at: Ms, how: str, change: Callable[[Exercise], Exercise], exercise: str
    ) -> None:
        for number, one in enumerate(self._exercises, 1):
            if one.id == exercise:
                changed = self._exercises[number - 1] = change(one)
                row = rows.Change(self._since(at), number, how, changed.name, *_dose(changed))
                self._write(row)

    def _note(self, at: Ms, note: Note) -> None:
        kind, place = note.kind, note.place
        by = self._heard.by if self._heard is not None and self._heard.at == at else ""
        where = _where(place)
        self._write(rows.Note(self._since(at), kind, *where, note.detail, by, note.held))
        if kind in _FORMS and 0 < place.exercise <= len(self._exercises):
            now = self._exercises[place.exercise - 1]
            self._change(at, kind, lambda one: _form(one, kind), now.id)

    def _prescribed(self, place: Place) -> Ms:
        if not 0 < place.exercise <= len(self._exercises):
            return Ms(0)
        return on_clock(self._exercises[place.exercise - 1].dose)

    def _since(self, at: Ms) -> int:
        return at - self._zero


def _where(place: Place) -> tuple[int, int, str, int]:
    return place.exercise, place.set, place.side.value if place.side else "", place.rep


def _dose(exercise: Exercise) -> tuple[int, int, str, int, bool]:
    dose = exercise.dose
    return dose.sets, dose.reps, dose.sides.value, on_clock(dose), dose.as_many


def _length(script: Script) -> Ms:
    """How long a script has the person hold or move on the clock; 0 where it is no rep."""
    spans = (item for item in script if isinstance(item, Span) and item.kind in _ON_CLOCK)
    return Ms(sum(span.length for span in spans))


def _form(exercise: Exercise, form: str) -> Exercise:
    """The easier or harder form, from which the way back stays open: as the session has it."""
    if form == "easier":
        other = exercise.easier
        return replace(other, harder=exercise) if other else exercise
    other = exercise.harder
    return replace(other, easier=exercise) if other else exercise
