"""The tables of the diary, version by version.

Law: a step is never changed once it has been released; what is new is a new step at the end. A
file of any older version is led through the steps it lacks, in one transaction or not at all.
"""

from __future__ import annotations

APPLICATION = 0x766F6963
"""`PRAGMA application_id`: no other programme's database is taken for a diary ("voic")."""

_PLACED = (
    'number INTEGER NOT NULL, "set" INTEGER NOT NULL, side TEXT NOT NULL, rep INTEGER NOT NULL'
)

STEPS: tuple[tuple[str, ...], ...] = (
    (  # to version 1
        f"PRAGMA application_id = {APPLICATION}",
        # AUTOINCREMENT: the number of a session that was deleted is not given to another.
        """CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            began_ms INTEGER NOT NULL, utc_offset INTEGER NOT NULL, routine TEXT NOT NULL,
            per_day_low INTEGER NOT NULL, per_day_high INTEGER NOT NULL, often INTEGER NOT NULL)""",
        """CREATE TABLE exercise (
            session INTEGER NOT NULL REFERENCES session(id), number INTEGER NOT NULL,
            exercise TEXT NOT NULL, name TEXT NOT NULL, sets INTEGER NOT NULL,
            reps INTEGER NOT NULL, sides TEXT NOT NULL, each_ms INTEGER NOT NULL,
            as_many INTEGER NOT NULL, PRIMARY KEY (session, number)) WITHOUT ROWID""",
        """CREATE TABLE change (
            id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id),
            at_ms INTEGER NOT NULL, number INTEGER NOT NULL, how TEXT NOT NULL,
            name TEXT NOT NULL, sets INTEGER NOT NULL, reps INTEGER NOT NULL, sides TEXT NOT NULL,
            each_ms INTEGER NOT NULL, as_many INTEGER NOT NULL)""",
        f"""CREATE TABLE place (
            id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id),
            at_ms INTEGER NOT NULL, {_PLACED})""",
        f"""CREATE TABLE rep (
            id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id),
            at_ms INTEGER NOT NULL, {_PLACED}, held_ms INTEGER NOT NULL,
            prescribed_ms INTEGER NOT NULL, done INTEGER NOT NULL)""",
        f"""CREATE TABLE note (
            id INTEGER PRIMARY KEY, session INTEGER NOT NULL REFERENCES session(id),
            at_ms INTEGER NOT NULL, kind TEXT NOT NULL, {_PLACED},
            words TEXT NOT NULL, "by" TEXT NOT NULL, held_ms INTEGER NOT NULL)""",
        "CREATE INDEX session_routine ON session (routine)",
        "CREATE INDEX session_began ON session (began_ms)",
        "CREATE INDEX change_session ON change (session)",
        "CREATE INDEX place_session ON place (session)",
        "CREATE INDEX rep_session ON rep (session)",
        "CREATE INDEX note_session ON note (session)",
    ),
    (  # to version 2: an exercise is looked for across all sessions, before it comes
        "CREATE INDEX exercise_id ON exercise (exercise, session)",
    ),
)

VERSION = len(STEPS)
