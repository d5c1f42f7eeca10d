"""The diary's file: opened, led to the present version, written and read. SQLite, write-ahead.

Laws:
- `add` returns when its rows are on the disk (`synchronous=FULL`), all of them or none.
- The file is its owner's alone, and so are the two that SQLite puts beside it.
- A file that is no diary, is damaged, or comes from a newer version is never touched or moved.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from voicecoach.diary.rows import IN_ANSWER, STOPS, Entry, Forget, Row, Session
from voicecoach.diary.schema import APPLICATION, STEPS, VERSION
from voicecoach.errors import DiaryError

PATIENCE = 5.0
"""Seconds that another session's write is waited for; it takes milliseconds."""

_MAGIC = b"SQLite format 3\0"
_APPLICATION_AT = 68  # in the file's header; sqlite.org/fileformat.html

_CURES = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space."),
    sqlite3.SQLITE_IOERR: ("the disk does not take or give it", "See to the disk and its space."),
    sqlite3.SQLITE_READONLY: ("it may only be read", "Allow yourself to write it."),
    sqlite3.SQLITE_PERM: ("it may not be opened", "Allow yourself to read and write it."),
    sqlite3.SQLITE_AUTH: ("it may not be opened", "Allow yourself to read and write it."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Allow yourself to read and write it."),
    sqlite3.SQLITE_BUSY: ("another programme holds it", "End that programme."),
    sqlite3.SQLITE_LOCKED: ("another programme holds it", "End that programme."),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", "Move it away, to begin with a new one."),
    sqlite3.SQLITE_NOTADB: ("it is damaged, or no diary", "Move it away, or name another file."),
}


def diary_path() -> Path:
    """Where the diary lies, unless it is named: `XDG_STATE_HOME/voicecoach/diary.sqlite3`."""
    base = Path(os.environ.get("XDG_STATE_HOME") or "relative")
    # An XDG path that is not absolute is to be ignored: specifications.freedesktop.org/basedir
    base = base if base.is_absolute() else Path.home() / ".local" / "state"
    return base / "voicecoach" / "diary.sqlite3"


class Diary:
    """An open diary. One thread at a time may use it. Raises DiaryError throughout."""

    def __init__(self, path: Path, *, writing: bool = True) -> None:
        """Opens it; `writing` makes it where there is none, and leads an old one to today."""
        self.path = path
        with _told(path):
            if writing:
                _make(path)
            self._sql = _connect(path, writing=writing)
            try:
                self._begin(writing=writing)
            except BaseException:
                self._sql.close()
                raise
        self._session = 0

    def close(self) -> None:
        """Closes it; what was added is safe already."""
        with suppress(sqlite3.Error):
            self._sql.close()

    def add(self, entries: Sequence[Entry]) -> None:
        """Writes all or nothing; what follows a Session belongs to it."""
        session = self._session
        with _told(self.path), self._transaction():
            for entry in entries:
                match entry:
                    case Session():
                        session = self._insert(entry)
                    case Forget():
                        self._forget(session)
                    case _:
                        self._insert(entry, session)
        self._session = session
        if any(isinstance(entry, Forget) for entry in entries):
            # The words still stand in the log beside the file; a busy reader keeps them for now.
            with suppress(sqlite3.Error):
                self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with _told(self.path):
            return self._sql.execute(query, values).fetchall()

    # -- within -----------------------------------------------------------------------------

    def _begin(self, *, writing: bool) -> None:
        with self._transaction("BEGIN"):
            version = self._version()
        if version > VERSION:
            raise DiaryError(
                f"{self.path}: this diary comes from a newer voicecoach. It was left as it is: "
                f"use that one, or name another file with --diary."
            )
        if not writing:
            if version < VERSION:
                raise DiaryError(
                    f"{self.path}: this diary comes from an older voicecoach and may only be read. "
                    f"Allow yourself to write it, so that it can be brought up to date."
                )
            return
        with suppress(OSError):  # another owner's: SQLite will say what may be done with it
            self.path.chmod(0o600)
        self._sql.execute("PRAGMA foreign_keys=ON")
        self._sql.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten, too
        # Every commit waits for the disk, and on macOS for the disk's own memory.
        self._sql.execute("PRAGMA synchronous=FULL")
        self._sql.execute("PRAGMA fullfsync=ON")
        if version < VERSION:
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        with self._transaction():
            for step in STEPS[self._version() :]:  # another session may have come first
                for statement in step:
                    self._sql.execute(statement)
            self._sql.execute(f"PRAGMA user_version={VERSION}")
        # Kept in the file. Where it cannot be had, because of the file system or of another session
        # at this moment, the mode stays what it is: as durable, but slower.
        with suppress(sqlite3.OperationalError):
            self._sql.execute("PRAGMA journal_mode=WAL")

    def _version(self) -> int:
        """0 for an empty file. Raises DiaryError for a database of something else."""
        application = self._number("PRAGMA application_id")
        empty = not self._number("SELECT count(*) FROM sqlite_master")
        if application != APPLICATION and not (empty and application == 0):
            raise DiaryError(f"{self.path}: this is no diary. Name another file with --diary.")
        return self._number("PRAGMA user_version")

    def _number(self, query: str) -> int:
        return int(self._sql.execute(query).fetchone()[0])

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
        self._sql.execute(begin)
        try:
            yield
            self._sql.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # an error may have rolled it back already
                self._sql.execute("ROLLBACK")
            raise

    def _insert(self, row: Row, *owner: int) -> int:
        statement, names = _INSERTIONS[type(row)]
        values = (*owner, *(_clean(getattr(row, name)) for name in names))
        return int(self._sql.execute(statement, values).lastrowid or 0)

    def _forget(self, session: int) -> None:
        """Deletes the latest note of a stop, and what was noted there in answer to it."""
        query = 'SELECT id, kind, number, "set", side, rep FROM note WHERE session = ? ORDER BY id'
        notes = self._sql.execute(query, (session,)).fetchall()
        stops = [index for index, (_, kind, *_) in enumerate(notes) if kind in STOPS]
        for number, kind, *place in notes[stops[-1] :] if stops else ():
            if kind in STOPS | IN_ANSWER and tuple(place) == notes[stops[-1]][2:]:
                self._sql.execute("DELETE FROM note WHERE id = ?", (number,))


def _make(path: Path) -> None:
    """An empty file for its owner alone; SQLite gives the same rights to those beside it."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path == diary_path():
        with suppress(OSError):  # ours; a folder that a person named stays as it is
            path.parent.chmod(0o700)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError:
        return
    os.close(handle)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Without this a new file may be gone after a power cut. Not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _connect(path: Path, *, writing: bool) -> sqlite3.Connection:
    mode = "mode=rw" if writing else "mode=ro"
    if not writing and not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists():
        mode += "&immutable=1"  # SQLite would want to put its log beside it
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=PATIENCE,
        isolation_level=None,
        check_same_thread=False,  # made by the thread that asks, handed to the one that writes
    )


def _insertion(row: type[Row]) -> tuple[str, tuple[str, ...]]:
    """The statement, made of the names of our own classes and fields; and those fields."""
    names = tuple(field.name for field in fields(row))
    owner = () if row is Session else ("session",)
    columns = ", ".join(f'"{name}"' for name in (*owner, *names))
    marks = ", ".join("?" * len((*owner, *names)))
    return f"INSERT INTO {row.__name__.lower()} ({columns}) VALUES ({marks})", names  # noqa: S608


_INSERTIONS = {row: _insertion(row) for row in get_args(Row)}


def _clean(value: object) -> object:
    """Half a character, as a terminal may give one, is no text to SQLite."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what goes wrong into a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest of it is only detail
        what, cure = _CURES.get(code, (str(error) or type(error).__name__, "Name another file."))
        raise DiaryError(f"{path}: the diary cannot be used: {what}. {cure}") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DiaryError(
            f"{path}: the diary cannot be used: {reason}. Name another file with --diary."
        ) from None


def delete_diary(path: Path) -> None:
    """Deletes a diary, whole or damaged, that no session is using. Raises DiaryError."""
    with _told(path):
        with path.open("rb") as file:
            header = file.read(_APPLICATION_AT + 4)
        number = int.from_bytes(header[_APPLICATION_AT:], "big")
        if header and not (header.startswith(_MAGIC) and number == APPLICATION):
            raise DiaryError(f"{path}: this is no diary, and was left as it is.")
        with suppress(sqlite3.DatabaseError), closing(_connect(path, writing=True)) as sql:
            _be_alone(path, sql)
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            name.unlink(missing_ok=True)
        _sync(path.parent)


def _be_alone(path: Path, sql: sqlite3.Connection) -> None:
    """Leaving the write-ahead mode is granted only to the one connection that there is."""
    sql.execute("PRAGMA busy_timeout=500")
    try:
        sql.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise DiaryError(f"{path}: a session is using the diary. End it first.") from None
        raise
