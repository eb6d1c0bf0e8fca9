"""Stands in for TinyDB's own conftest.py: the same fixtures on our table and our storages.

``test_tinydb_own_suite.py`` copies it beside TinyDB's tests; it is not collected here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import MemoryStorage

from bot.storage.rows import RowStorage
from bot.storage.sqlite import SqliteStorage
from bot.storage.table import RowTable

OPENED: list[SqliteStorage] = []


def on_disk(path: Any, **_json_options: Any) -> SqliteStorage:
    """TinyDB's default storage for this run; options of its JSON storage mean nothing here."""
    OPENED.append(SqliteStorage(Path(str(path))))
    return OPENED[-1]


TinyDB.table_class = RowTable  # type: ignore[assignment]
TinyDB.default_storage_class = staticmethod(on_disk)  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def _our_storages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ours = request.module.__name__.endswith(("test_tables", "test_tinydb", "test_storages"))
    if ours and request.node.name != "test_in_memory":  # that one writes what is no table, to TinyDB's own storage
        monkeypatch.setattr(request.module, "MemoryStorage", RowStorage, raising=False)
    yield
    while OPENED:
        OPENED.pop().close()


@pytest.fixture(params=["memory", "disk"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> TinyDB:
    made = TinyDB(tmp_path / "test.db") if request.param == "disk" else TinyDB(storage=RowStorage)
    made.drop_tables()
    made.insert_multiple({"int": 1, "char": c} for c in "abc")
    return made


@pytest.fixture
def storage() -> Any:
    return CachingMiddleware(MemoryStorage)()  # type: ignore[no-untyped-call]
