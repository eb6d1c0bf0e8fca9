"""Documents that were sent are read beside everything else, and not for ever."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.chat import receiving
from bot.chat.receiving import Documents
from bot.errors import BadArgument
from bot.storage.blobs import Blobs


async def test_a_document_that_takes_too_long_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Blobs(tmp_path).put("每周三\uff1a集体备课".encode(), ".txt")
    assert await Documents(Blobs(tmp_path)).lines(path, "计划.txt") == ["每周三\uff1a集体备课"]
    monkeypatch.setattr(receiving, "READING_SECONDS", 0.05)
    monkeypatch.setattr(receiving, "read_document", lambda _data, _name: time.sleep(0.3))
    ticks = 0

    async def others() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    beside = asyncio.create_task(others())
    with pytest.raises(BadArgument, match="太复杂") as refused:
        await Documents(Blobs(tmp_path)).lines(path, "计划.txt")
    beside.cancel()
    assert ticks, "nobody else waited"
    assert "拆成几份" in refused.value.lines[1]
