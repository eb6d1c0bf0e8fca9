"""Fixtures: a desk with one robot channel, or with the channels a test wants."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.transport import Abilities
from tests.delivery.desk import ROBOT, Desk, MakeDesk


@pytest.fixture
async def make_desk(tmp_path: Path) -> AsyncIterator[MakeDesk]:
    desks: list[Desk] = []

    def make(**channels: Abilities) -> Desk:
        desk = Desk(tmp_path / f"data{len(desks)}", channels or {"robot": ROBOT})
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        await desk.store.close()


@pytest.fixture
async def desk(make_desk: MakeDesk) -> Desk:
    made = make_desk()
    await made.store.open()
    return made
