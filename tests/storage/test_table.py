"""The traps of TinyDB's own table, closed in ours; on memory and on disk."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import where
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from bot.errors import ReadOnly
from bot.storage.rows import RowStorage, RowsView
from bot.storage.sqlite import SqliteStorage
from bot.storage.table import RowDatabase, RowTable


class Base:
    """A database that can be closed and opened again."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.database = self._make()

    def _make(self) -> RowDatabase:
        return RowDatabase(self._path, storage=SqliteStorage) if self._path else RowDatabase(storage=RowStorage)

    @property
    def table(self) -> RowTable:
        table = self.database.table("备课 组/seat")
        assert isinstance(table, RowTable)
        return table

    def reopen(self) -> None:
        if self._path:
            self.database.close()
            self.database = self._make()


@pytest.fixture(params=["memory", "disk"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Base]:
    made = Base(tmp_path / "表.sqlite3" if request.param == "disk" else None)
    yield made
    made.database.close()


def test_results_are_nobody_elses(base: Base) -> None:
    source: dict[str, Any] = {"notes": ["a"]}
    number = base.table.insert(source)
    source["notes"].append("source")
    got = base.table.get(doc_id=number)
    assert isinstance(got, Document)
    got["notes"].append("result")
    for found in (*base.table.all(), *base.table.search(where("notes").exists())):
        assert found == {"notes": ["a"]}
        found["notes"].append("again")
    assert base.table.get(doc_id=number) == {"notes": ["a"]}


def test_a_nested_edit_does_not_poison_the_cache_when_it_is_off(base: Base) -> None:
    table = base.database.table("no cache", cache_size=0)
    table.insert({"key": 1, "notes": ["a"]})
    query = where("key") == 1
    table.search(query)[0]["notes"].append("poison")
    assert table.search(query) == [{"key": 1, "notes": ["a"]}]


def test_a_failing_updater_leaves_nothing(base: Base) -> None:
    base.table.insert_multiple({"n": n, "deep": {"n": n}} for n in range(3))

    def stumble(document: Any) -> None:
        document["deep"]["n"] = "half"
        if document["n"] == 1:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        base.table.update(stumble)
    with pytest.raises(TypeError):
        base.table.update({"n": object()})
    with pytest.raises(TypeError):
        base.table.insert_multiple([{"n": 3}, {"n": object()}])
    for _ in range(2):
        assert base.table.all() == [{"n": n, "deep": {"n": n}} for n in range(3)]
        base.reopen()


def test_everything_survives_reopening(base: Base) -> None:
    table = base.table
    table.insert_multiple({"n": n} for n in range(5))
    table.update({"late": True}, doc_ids=[2, 99])
    table.remove(doc_ids=[5, 77])
    table.upsert(Document({"n": "八"}, doc_id=8))
    for _ in range(2):
        found = {document.doc_id: dict(document) for document in base.table}
        assert found == {1: {"n": 0}, 2: {"n": 1, "late": True}, 3: {"n": 2}, 4: {"n": 3}, 8: {"n": "八"}}
        base.reopen()
    base.table.remove(doc_ids=[8])
    base.reopen()
    assert base.table.insert({}) == 9, "an id is not used twice"
    base.table.truncate()
    base.reopen()
    assert base.table.all() == []
    assert base.table.insert({}) == 1


def test_dropped_tables_stay_dropped(base: Base) -> None:
    for name in "abc":
        base.database.table(name).insert({"name": name})
    base.database.drop_table("b")
    base.reopen()
    assert base.database.tables() == {"a", "c"}
    base.database.storage.write({"d": {"7": {"name": "d"}}})
    base.reopen()
    assert base.database.tables() == {"d"}
    assert base.database.table("d").get(doc_id=7) == {"name": "d"}


@pytest.mark.parametrize("wrong", ["nan", "-1", "1.0", "", "²", "一"])
def test_what_is_no_id_is_not_there(base: Base, wrong: str) -> None:
    base.table.insert({})
    assert base.table.get(doc_id=wrong) is None  # type: ignore[call-overload]
    assert wrong not in RowsView(base.table.rows)


def test_another_storage_is_refused() -> None:
    with pytest.raises(TypeError, match="RowStorage"):
        RowTable(MemoryStorage(), "x")  # type: ignore[arg-type, no-untyped-call]


def test_a_write_touches_only_its_own_row(base: Base) -> None:
    base.table.insert_multiple({"n": n} for n in range(100))
    before = dict(base.table.rows.documents)
    base.table.update({"n": "new"}, doc_ids=[50])
    base.table.remove(doc_ids=[51])
    base.table.update({"n": 7}, where("n") == 7)
    after = base.table.rows.documents
    assert {number for number in before if after.get(number) is not before[number]} == {50, 51}


def test_threads_write_side_by_side(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "threads.sqlite3")
    tables = [RowTable(storage, f"table {number}") for number in range(4)]

    def fill(table: RowTable) -> None:
        for n in range(25):
            table.insert({"n": n})

    threads = [threading.Thread(target=fill, args=(table,)) for table in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    storage.close()
    storage.close()
    again = SqliteStorage(tmp_path / "threads.sqlite3")
    assert [len(again.rows(table.name).documents) for table in tables] == [25] * 4
    again.close()
    with pytest.raises(ReadOnly, match="已经关闭"):
        RowTable(again, "late").insert({})
    assert len(again.rows("late").documents) == 0
