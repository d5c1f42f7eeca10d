"""What is known of the sessions before, and what a session tells to those who remember.

`Memory` is filled by the diary before a session and given to `begin`; without one, nothing is
asked about earlier days. What the diary needs for that comes to it as actions, with their moment:

`Note(kind, place, detail, held)`; `held` is how much of the place's hold had run, in ms. Kinds:
- the safety words: "stop", "pain", "worsening", "nerve", "dizzy", "emergency", "help", "fallen",
  "dont_stop": one was heard; `detail` is the words.
- "answer": to a question of the coach; `detail` is the row of the halts' table and the intent, as
  in "hurt new".
- "hurt": the person has confirmed that it hurt here; `detail` is the safety word that told of it.
  An exercise with such a note is one that hurt.
- "dropped": this exercise is left out for the rest of the session; `detail` is why: "hurt",
  "remembered" (worse than last time), "locked".
- "approved": the person's physiotherapist has said yes to a locked exercise.
- "score": `detail` is when and how strong, as in "before 3", "after 0", "within 5"; or "before
  unknown".
- "unfinished": the session ends here before its plan; `detail` is the safety word that it ends
  for, or "" where the person just wished it to.
- "finished": all that was planned is done; `detail` as in "unfinished".
- "held": a hold ran its whole length, which is `detail`, in ms.
- "next_up", "skipped", "going_back", "from_the_start", "easier", "harder": moves in the plan.
- "halted": `detail` is the row. "noticed", "microphone_lost", ...: about the coach itself.

`Forget()`: the person wants the latest note about stops and pains deleted.
`Remember(exercise, name, value)`: a number for the profile.
"""

from __future__ import annotations

from dataclasses import dataclass

from voicecoach.core.routine import Side


@dataclass(frozen=True, slots=True)
class Left:
    """Where the last session of this routine was left, before its end."""

    exercise: str  # id
    set: int = 1
    side: Side | None = None
    rep: int = 0  # 0 before the first


@dataclass(frozen=True, slots=True)
class Ended:
    """What the last session of all ended for, of whatever routine it was."""

    exercise: str  # id; "" before the first, and after the last
    why: str  # the detail of its note "unfinished" or "finished"


@dataclass(frozen=True, slots=True)
class Memory:
    """What the diary remembers, as far as it matters today. Exercises by their id."""

    left: Left | None = None  # None where the last session was finished, or there was none
    ended: Ended | None = None  # None where it ended for nothing
    hurt: frozenset[str] = frozenset()  # in the last session in which they were done
    locked: frozenset[str] = frozenset()  # hurt in the last two, and no "approved" since
