"""Freshly opened stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import Store
from bot.storage.tiny import TinyStore
from tests.storage.sample import BACKENDS, Message, Seat


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await BACKENDS[request.param](tmp_path).open()
    yield opened
    await opened.close()


@pytest.fixture
async def tiny(tmp_path: Path) -> AsyncIterator[TinyStore]:
    store = await TinyStore(tmp_path / "数据 目录", kinds=(Seat, Message)).open()
    yield store
    await store.close()
