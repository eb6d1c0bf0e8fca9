"""The group of the sample school in an open transaction, without chat."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from bot.clock import in_zone
from bot.domain.groups import Group, load, space_of
from bot.simulator import sample
from bot.storage.tiny import TinyStore


class Visit(Protocol):
    def __call__(self, now: str = ..., key: str = ...) -> AbstractAsyncContextManager[Group]: ...


@pytest.fixture
async def visit(tmp_path: Path) -> AsyncIterator[Visit]:
    """``async with visit("2026-09-07T07:00") as group``: one durable transaction at that moment."""
    store = TinyStore(tmp_path / "store")
    await store.open()
    await sample.found(store, sample.START)

    @asynccontextmanager
    async def open_group(now: str = "2026-09-07T07:00", key: str = "chinese") -> AsyncIterator[Group]:
        async with store.transaction(space_of(key)) as tx:
            yield await load(tx, key, in_zone(datetime.fromisoformat(now)))

    yield open_group
    await store.close()
