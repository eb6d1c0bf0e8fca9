from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scheduling.school import School


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    school = await School(tmp_path / "data").open()
    yield school
    await school.store.close()
