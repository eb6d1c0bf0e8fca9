"""One bot for all rows of a module: what one request leaves behind is there for the next, as in life."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.hostile import site as sites


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[sites.Site]:
    async with sites.site(tmp_path_factory.mktemp("bot")) as running:
        yield running
