"""The layout of the file: what was written before it, what goes at night, what no copy takes along."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import StoreError
from bot.storage import record_file
from bot.storage.backup import copy_database, tidy_database
from bot.storage.folder import DATABASE
from bot.storage.rows import Change, RowStorage
from bot.storage.tiny import TinyStore
from tests.storage.sample import GROUP, Message, Plain, everything, put, put_one, reopen

FORMAT_1 = """
CREATE TABLE tables (name TEXT PRIMARY KEY, last_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (name TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (name, id))
 WITHOUT ROWID;
INSERT INTO tables VALUES ('group:a/plain', 3), ('group:b/plain', 7), ('group:b/message', 0);
INSERT INTO documents VALUES ('group:a/plain', 2, '{"version":1,"record":{"id":2,"revision":4,"text":"旧"}}');
INSERT INTO documents VALUES ('group:a/plain', 3, '{"version":1,"record":{"id":3,"revision":1,"text":"新"}}');
PRAGMA user_version=1;
"""


def rows_in(file: Path) -> list[tuple[str, int | None, str | None]]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT name, id, body FROM changes ORDER BY number").fetchall()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder that an older program has left; in group b the last records are gone."""
    (tmp_path / "old").mkdir()
    with closing(sqlite3.connect(tmp_path / "old" / DATABASE)) as connection:
        connection.executescript(FORMAT_1)
    return tmp_path / "old"


async def test_a_file_of_an_older_program_is_read_on(old: Path) -> None:
    store = await TinyStore(old).open()
    assert [(r.id, r.text, r.revision) for r in await everything(store, Plain, "group:a")] == [
        (2, "旧", 4),
        (3, "新", 1),
    ]
    assert [record.id for record in await put(store, Plain(), space="group:b")] == [8]
    assert [record.id for record in await put(store, Message(msgid="1"), space="group:b")] == [1]
    await reopen(store)
    assert [record.id for record in await everything(store, Plain, "group:b")] == [8]
    await store.close()
    with closing(sqlite3.connect(old / DATABASE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (record_file.FORMAT,)
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("changes",)]


async def test_an_older_file_is_brought_over_whole_or_not_at_all(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (old / DATABASE).read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr(record_file, "_FROM_FORMAT_1", (*record_file._FROM_FORMAT_1, "INSERT INTO nowhere VALUES (1)"))
        with pytest.raises(StoreError, match="现在打不开"):
            await TinyStore(old).open()
    with closing(sqlite3.connect(old / DATABASE)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)
    assert len((old / DATABASE).read_bytes()) == len(before)
    store = await TinyStore(old).open()
    assert len(await everything(store, Plain, "group:a")) == 2
    await store.close()


async def test_what_is_superseded_goes_while_the_store_is_open(tiny: TinyStore) -> None:
    first, second = await put(tiny, Plain(text="一"), Plain(text="二"))
    for number in range(20):
        first.text = f"第{number}稿"
        (first,) = [await _update(tiny, first)]
    async with tiny.transaction(GROUP) as tx:
        await tx.remove(second)
        await tx.next_number("items")
        await tx.next_number("items")
    await asyncio.to_thread(tidy_database, tiny._path / DATABASE)
    found = rows_in(tiny._path / DATABASE)
    assert [(name.rpartition("/")[2], number) for name, number, _ in found] == [
        ("plain", 1),
        ("plain", 2),
        ("#items", 2),
    ]
    assert [body is not None for _, _, body in found] == [True, False, False], "of what is gone only the number is left"
    await put_one(tiny)
    await reopen(tiny)
    assert [(record.id, record.text) for record in await everything(tiny, Plain)] == [(1, "第19稿"), (3, "")]
    async with tiny.transaction(GROUP) as tx:
        assert await tx.next_number("items") == 3


async def _update(store: TinyStore, record: Plain) -> Plain:
    async with store.transaction(GROUP) as tx:
        return await tx.update(record)


async def test_what_was_taken_back_is_in_no_copy_and_goes_at_night(tiny: TinyStore, tmp_path: Path) -> None:
    secret, kept = "后悔写下的话" * 50, "留下的话" * 50
    (mine, _) = await put(tiny, Plain(text=secret), Plain(text=kept))
    async with tiny.transaction(GROUP) as tx:
        await tx.remove(mine)
    await tiny.backup(str(tmp_path / "copy"))
    await asyncio.to_thread(tidy_database, tiny._path / DATABASE)
    for file in (tmp_path / "copy", tiny._path / DATABASE):
        found = file.read_bytes()
        assert (kept.encode() in found, secret.encode() in found) == (True, False)
    assert (tiny._path / f"{DATABASE}-wal").read_bytes() == b""


def test_nothing_is_tidied_in_a_file_of_another_layout(old: Path, tmp_path: Path) -> None:
    tidy_database(old / DATABASE)
    copy_database(old / DATABASE, tmp_path / "copy")
    for file in (old / DATABASE, tmp_path / "copy"):
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT count(*) FROM documents").fetchone() == (2,)
    with pytest.raises(StoreError, match="没有整理"):
        tidy_database(tmp_path / "none")
    assert not (tmp_path / "none").exists()


async def test_what_cannot_be_done_says_why(tiny: TinyStore) -> None:
    records = await put(tiny, *(Plain(text=f"第{number}条") for number in range(300)))
    async with tiny.transaction(GROUP) as tx:
        for record in records:
            await tx.remove(record)
    await tiny.close()
    with closing(sqlite3.connect(tiny._path / DATABASE, isolation_level=None)) as connection:
        connection.execute("PRAGMA query_only=ON")
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            record_file.tidy(connection)
        assert not connection.in_transaction
    await tiny.open()
    assert [record.id for record in await put(tiny, Plain())] == [301]


def test_a_table_dropped_between_two_slices_stays_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was superseded when it was looked up is so still, whatever others write meanwhile."""
    whole, slices = record_file._whole, list[int]()

    @contextmanager
    def interrupted(connection: sqlite3.Connection) -> Iterator[None]:
        with whole(connection):
            yield
        slices.append(len(slices))
        if len(slices) == 1:
            record_file.append(connection, [{"a/x": Change(clear=True, kept=False)}])

    monkeypatch.setattr(record_file, "_SLICE", 2)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        record_file.prepare(connection)
        for number in range(6):
            record_file.append(connection, [{"a/x": Change({1: b"%d" % number, 2: b"{}"}, last_id=2, tells=False)}])
        monkeypatch.setattr(record_file, "_whole", interrupted)
        assert record_file.tidy(connection)
        assert (len(slices), record_file.read(connection)) == (5, {})
        assert (record_file.tidy(connection), record_file.tidy(connection)) == (True, False)
        assert connection.execute("SELECT count(*) FROM changes").fetchone() == (0,)


bodies = st.dictionaries(st.integers(1, 5), st.one_of(st.none(), st.sampled_from([b'{"a":1}', '"文"'.encode()])))
changes = st.one_of(
    st.builds(Change, bodies, clear=st.booleans()), st.builds(Change, clear=st.just(True), kept=st.just(False))
)
histories = st.lists(
    st.lists(st.dictionaries(st.sampled_from(["a/x", "a/#y", "b/x"]), changes, min_size=1), min_size=1, max_size=3),
    max_size=6,
)


@settings(deadline=None)
@given(histories, st.sets(st.integers(0, 5)))
def test_any_history_is_read_as_it_stands_in_memory(history: list[list[dict[str, Change]]], tidied: set[int]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        record_file.prepare(connection)
        memory = RowStorage()
        for number, batch in enumerate(history):
            for each in batch:
                memory.change(each)
            record_file.append(connection, batch)
            if number in tidied:
                record_file.tidy(connection)
        told = record_file.read(connection)
    assert sorted(told) == sorted(memory.names())
    for name, rows in told.items():
        here = memory.rows(name)
        assert (rows.documents, rows.last_id, rows.told_id) == (here.documents, here.last_id, here.told_id)
