from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dispatch.desk import Desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = await Desk(tmp_path / "数据").open()
    yield desk
    desk.behaviour.gate.set()
    await desk.dispatcher.settle()
    await desk.store.close()
