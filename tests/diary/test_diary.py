"""The file: what is added is there, all or nothing, for its owner alone, whatever is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import get_args

import pytest
from diary.killing import by_table, left_of
from diary.sessions import entries, only
from hypothesis import given, settings
from hypothesis import strategies as st

from voicecoach.diary.diary import Diary, delete_diary, diary_path
from voicecoach.diary.rows import Change, Exercise, Forget, Note, Place, Rep, Row, Session
from voicecoach.diary.schema import APPLICATION, STEPS, VERSION
from voicecoach.errors import DiaryError

SESSION = Session(0, 0, "Any", 0, 0, often=False)
PAIN = Note(10, "pain", 1, 1, "left", 3, "it hurts", "decoder", 0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "diary.sqlite3"


@contextmanager
def opened(path: Path, *, writing: bool = True) -> Iterator[Diary]:
    diary = Diary(path, writing=writing)
    try:
        yield diary
    finally:
        diary.close()


def kept(path: Path) -> list[Row]:
    """All rows, table by table."""
    with opened(path, writing=False) as diary:
        return [row for kind in get_args(Row) for row in of(diary, kind)]


def of(diary: Diary, kind: type[Row]) -> list[Row]:
    columns = ", ".join(f'"{field.name}"' for field in fields(kind))
    return [kind(*row) for row in diary.read(f"SELECT {columns} FROM {kind.__name__}")]  # noqa: S608


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_added_is_there(path: Path) -> None:
    _, session = entries((60, "stop"))
    with opened(path) as diary:
        diary.add(session[:4])
        diary.add(session[4:])
    assert kept(path) == by_table(session)


texts = st.text(max_size=20)
small = st.integers(0, 2**40)
rows = st.one_of(
    st.builds(Place, small, small, small, texts, small),
    st.builds(Rep, small, small, small, texts, small, small, small, st.booleans()),
    st.builds(Note, small, texts, small, small, texts, small, texts, texts, small),
    st.builds(Change, small, small, texts, texts, small, small, texts, small, st.booleans()),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diary]:
    with opened(tmp_path_factory.mktemp("shared") / "diary.sqlite3") as diary:
        yield diary


@settings(max_examples=40)
@given(
    st.builds(Session, small, st.integers(-50_000, 50_000), texts, small, small, st.booleans()),
    st.lists(rows, max_size=20),
)
def test_any_rows_come_back_as_they_were(shared: Diary, session: Session, more: list[Row]) -> None:
    shared.add([session, *more])
    (last,) = shared.read("SELECT max(id) FROM session")[0]
    assert left_of(shared, last) == by_table([session, *more])


def test_half_a_character_is_no_reason_to_lose_a_note(path: Path) -> None:
    with opened(path) as diary:
        diary.add([SESSION, Note(1, "stop", 0, 1, "", 0, "st\udcffop", "typed", 0)])
    assert only(kept(path), Note)[0].words == r"st\udcffop"


def test_all_or_nothing(path: Path) -> None:
    with opened(path) as diary:
        diary.add([SESSION, PAIN])
        twice = Exercise(1, "a", "A", 1, 1, "none", 1, as_many=False)
        with pytest.raises(DiaryError):
            diary.add([PAIN, twice, twice])
        diary.add([PAIN])
    assert kept(path) == [SESSION, PAIN, PAIN]


def test_what_is_added_waits_for_the_disk(path: Path) -> None:
    with opened(path) as diary:
        assert diary.read("PRAGMA synchronous") == [(2,)]
        assert diary.read("PRAGMA journal_mode") == [("wal",)]
        assert diary.read("PRAGMA fullfsync") == [(1,)]


def test_it_is_its_owners_alone(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent))
    old = os.umask(0)
    try:
        with opened(diary_path()) as diary:
            diary.add([SESSION])
            beside = list(diary_path().parent.iterdir())
            assert {one.name for one in beside} == {
                "diary.sqlite3",
                "diary.sqlite3-wal",
                "diary.sqlite3-shm",
            }
            assert {mode(one) for one in beside} == {0o600}
    finally:
        os.umask(old)
    assert mode(diary_path().parent) == 0o700


def test_rights_that_are_too_wide_are_taken_back(path: Path) -> None:
    opened(path).__enter__().close()
    path.chmod(0o644)
    opened(path).__enter__().close()
    assert mode(path) == 0o600


def test_a_folder_that_a_person_named_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    opened(tmp_path / "diary.sqlite3").__enter__().close()
    assert mode(tmp_path) == 0o755


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert diary_path() == Path("/somewhere/voicecoach/diary.sqlite3")
    for nothing in ("", "relative/path"):
        monkeypatch.setenv("XDG_STATE_HOME", nothing)
        assert diary_path() == Path.home() / ".local/state/voicecoach/diary.sqlite3"


# -- versions -------------------------------------------------------------------------------------


def at_version(path: Path, version: int) -> sqlite3.Connection:
    path.parent.mkdir()
    sql = sqlite3.connect(path)
    for statement in (one for step in STEPS[:version] for one in step):
        sql.execute(statement)
    sql.execute(f"PRAGMA user_version = {version}")
    sql.commit()
    return sql


def schema(path: Path) -> list[tuple[str, str]]:
    with opened(path) as diary:
        return diary.read("SELECT name, sql FROM sqlite_master ORDER BY name")


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_every_older_version_is_brought_up_to_date(path: Path, version: int) -> None:
    sql = at_version(path, version)
    names = ", ".join(field.name for field in fields(Session))
    marks = ", ".join("?" * len(fields(Session)))
    insert = f"INSERT INTO session ({names}) VALUES ({marks})"  # noqa: S608
    sql.execute(insert, astuple(SESSION))
    sql.commit()
    sql.close()
    with opened(path) as diary:
        assert diary.read("PRAGMA user_version") == [(VERSION,)]
        diary.add([SESSION, PAIN])
    assert only(kept(path), Session) == [SESSION, SESSION]
    assert schema(path) == schema(path.with_name("fresh"))


def test_an_old_one_that_may_only_be_read_is_not_half_brought_up_to_date(path: Path) -> None:
    at_version(path, 1).close()
    before = path.read_bytes()
    with pytest.raises(DiaryError, match="older voicecoach"):
        Diary(path, writing=False)
    assert path.read_bytes() == before


# -- what may be wrong with the file --------------------------------------------------------------


def newer(path: Path) -> None:
    sql = at_version(path, VERSION)
    sql.execute(f"PRAGMA user_version = {VERSION + 1}")
    sql.commit()
    sql.close()


def foreign(path: Path) -> None:
    path.parent.mkdir()
    sql = sqlite3.connect(path)
    sql.execute("CREATE TABLE session (id)")
    sql.commit()
    sql.close()


def text(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, " * 1000, encoding="utf-8")


def torn(path: Path) -> None:
    """A page in the middle of it is gone."""
    with opened(path) as diary:
        diary.add([SESSION, *[PAIN] * 2000])
    data = bytearray(path.read_bytes())
    data[4096 : len(data)] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


WRONG: list[tuple[Callable[[Path], None], str]] = [
    (newer, "newer voicecoach. It was left as it is"),
    (foreign, "this is no diary"),
    (text, "it is damaged, or no diary. Move it away"),
    (torn, "it is damaged. Move it away"),
    (a_folder, "it cannot be opened"),
]


@pytest.mark.parametrize(("wrong", "says"), WRONG, ids=lambda value: getattr(value, "__name__", ""))
def test_a_file_that_is_no_good_is_told_of_and_left_as_it_is(
    path: Path, wrong: Callable[[Path], None], says: str
) -> None:
    wrong(path)
    before = path.read_bytes() if path.is_file() else b""
    rights = mode(path)

    def use() -> None:
        with opened(path) as diary:
            diary.add([SESSION, PAIN])

    with pytest.raises(DiaryError) as told:
        use()
    assert says in str(told.value)
    assert str(told.value).startswith(f"{path}: ")
    if wrong is not torn:  # that one is a diary, and was opened
        assert mode(path) == rights
    assert (path.read_bytes() if path.is_file() else b"") == before
    assert not Path(f"{path}-journal").exists()


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DiaryError, match="Name another file with --diary"):
        Diary(tmp_path / "file" / "diary.sqlite3")


def as_nobody(do: Callable[[], None]) -> bool:
    """Whether it could be done by somebody without any rights."""
    if os.geteuid() != 0:
        do()
        return True
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            do()
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


@pytest.fixture
def open_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that everybody may enter: those of pytest are its owner's alone."""
    folder = Path("/tmp") / f"voicecoach-{os.getpid()}-{tmp_path.name}"  # noqa: S108
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other ones there")
def test_one_that_may_only_be_read_can_be_read(open_folder: Path) -> None:
    path = open_folder / "diary.sqlite3"
    with opened(path) as diary:
        diary.add([SESSION, PAIN])
    path.chmod(0o444)
    open_folder.chmod(0o555)

    def read() -> None:
        assert kept(path) == [SESSION, PAIN]

    def write() -> None:
        with pytest.raises(DiaryError, match=r"may only be read|cannot be opened"):
            Diary(path).add([SESSION])

    assert as_nobody(read)
    assert as_nobody(write)
    open_folder.chmod(0o755)
    assert sorted(one.name for one in open_folder.iterdir()) == ["diary.sqlite3"]


def test_a_locked_one_is_waited_for_and_told_of(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voicecoach.diary.diary.PATIENCE", 0.05)
    with opened(path) as diary:
        diary.add([SESSION])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DiaryError, match="another programme holds it"):
            diary.add([PAIN])
        other.execute("ROLLBACK")
        other.close()
        diary.add([PAIN])
    assert kept(path) == [SESSION, PAIN]


# -- two at once ----------------------------------------------------------------------------------

SEVERAL = """
import sys
from pathlib import Path
from voicecoach.diary import diary
from voicecoach.diary.diary import Diary
from voicecoach.diary.rows import Note, Session
diary.PATIENCE = 60  # a busy machine's disk
print("ready", flush=True)
sys.stdin.readline()
diary = Diary(Path(sys.argv[1]))
diary.add([Session(0, 0, sys.argv[2], 0, 0, False)])
for at in range(10):
    diary.add([Note(at, "stop", 1, 1, "", 1, sys.argv[2], "keys", 0)])
diary.close()
"""


def test_sessions_at_once_do_not_harm_it(path: Path) -> None:
    """All begin in one moment, where there is no diary yet."""
    begun = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", SEVERAL, path, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    for one in begun:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in begun:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    for one in begun:
        assert one.communicate(timeout=60)[1] == ""
    with opened(path, writing=False) as diary:
        assert diary.read("PRAGMA integrity_check") == [("ok",)]
        counted = diary.read(
            "SELECT routine, words, count(*), min(at_ms), max(at_ms) FROM note "
            "JOIN session ON session.id = session GROUP BY session.id, words ORDER BY routine"
        )
    assert counted == [(str(number), str(number), 10, 0, 9) for number in range(4)]


# -- what is deleted ------------------------------------------------------------------------------


def test_a_note_that_is_to_be_forgotten_is_gone_from_the_disk(path: Path) -> None:
    words = "ouch says the oboe"
    before = Note(1, "stop", 1, 1, "", 1, "stop", "decoder", 0)
    here = (2, 1, "left", 3)
    told = [Note(5, "pain", *here, words, "ears", 0), Note(6, "answer", *here, words, "ears", 0)]
    skipped = Note(8, "skipped", *here, "", "keys", 0)
    later = Note(9, "answer", 3, 1, "", 0, "", "keys", 0)
    with opened(path) as diary:
        diary.add([SESSION, before, *told, skipped, later])
        assert words.encode() in b"".join(one.read_bytes() for one in path.parent.iterdir())
        diary.add([Forget()])
        assert of(diary, Note) == [before, skipped, later]
        assert words.encode() not in b"".join(one.read_bytes() for one in path.parent.iterdir())


def test_what_another_session_noted_is_not_forgotten(path: Path) -> None:
    with opened(path) as diary:
        diary.add([SESSION, PAIN])
        diary.add([SESSION, Forget()])
    assert kept(path) == [SESSION, SESSION, PAIN]


@pytest.mark.parametrize("wrong", [torn, newer])
def test_a_diary_that_cannot_be_read_can_be_deleted(
    path: Path, wrong: Callable[[Path], None]
) -> None:
    wrong(path)
    delete_diary(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("wrong", [foreign, text])
def test_what_is_no_diary_is_not_deleted(path: Path, wrong: Callable[[Path], None]) -> None:
    wrong(path)
    before = path.read_bytes()
    with pytest.raises(DiaryError, match="no diary"):
        delete_diary(path)
    assert path.read_bytes() == before


def test_nothing_is_deleted_under_a_session(path: Path) -> None:
    with opened(path) as diary:
        diary.add([SESSION])
        with pytest.raises(DiaryError, match="a session is using the diary"):
            delete_diary(path)
        diary.add([PAIN])
    assert kept(path) == [SESSION, PAIN]
    delete_diary(path)
    assert list(path.parent.iterdir()) == []


def test_no_other_programmes_number() -> None:
    assert APPLICATION.to_bytes(4, "big") == b"voic"
