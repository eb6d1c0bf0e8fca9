"""Hand-over and a new term in a group of three years. ``YEARS_RECORDS=50000`` fills it as full as the benchmark."""

import os
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter

import pytest

from bot.app import Playhouse
from bot.cli.data import rows_of
from bot.clock import in_zone
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from tests.conftest import Answer, Chat
from tests.three_years import TERMS, fill

RECORDS = int(os.environ.get("YEARS_RECORDS", "3000"))
LIMIT = 1.0
"""Seconds for either, whatever the group has written so far."""
SPRING = in_zone(datetime.fromisoformat("2027-02-20T12:00"))

pytestmark = pytest.mark.timeout(60 + RECORDS / 500)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Chat]:
    """The group shortly before its seventh term, on the data that is in ``folder``."""
    async with Playhouse(folder, None) as playground:
        playground.clock.set(SPRING)
        yield Chat(playground)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    async with opened(tmp_path / "data") as chat:
        await fill(chat.playground.store, RECORDS)
    return tmp_path / "data"


async def quick(saying: Awaitable[Answer]) -> Answer:
    """The answer, which has not taken longer than it may."""
    began = perf_counter()
    answer = await saying
    took = perf_counter() - began
    print(f"{answer.splitlines()[0]}: {took * 1e3:.0f} ms")
    assert took <= LIMIT
    return answer


async def exported(chat: Chat, term: str = "") -> list[dict[str, object]]:
    """What ``export`` prints, the roster aside."""
    async with chat.playground.store.transaction(SYSTEM) as tx:
        (record,) = await tx.find(GroupRecord, key="chinese")
    rows = await rows_of(chat.playground.store, record, term)
    return [row for row in rows if row["kind"] not in ("members", "tenures")]


async def old_terms(chat: Chat) -> dict[str, list[dict[str, object]]]:
    return {term.name: await exported(chat, term.name) for term in TERMS}


async def test_the_lead_and_the_term_change_and_nothing_of_three_years_is_lost(folder: Path) -> None:
    async with opened(folder) as chat:
        before, roster = await old_terms(chat), await chat.王老师("/成员")
        month, mine = await chat.李老师.private("/汇总 上学期"), await chat.王老师("/我的 上学期")
        assert sum(len(rows) for rows in before.values()) > RECORDS * 0.7
        await quick(chat.李老师("/移交 张老师"))
    async with opened(folder) as chat:  # restarted while the question waits
        await quick(chat.张老师("/移交 同意"))
        begun = await quick(chat.张老师("/新学期"))
        assert "名单 8 人照旧" in begun
        assert "接着做（新编号）" in begun
        assert len(begun.splitlines()) <= 12
    async with opened(folder) as chat:
        assert await old_terms(chat) == before
        assert await chat.张老师.private("/汇总 上学期") == month
        assert await chat.王老师("/我的 上学期") == mine
        assert sorted(await chat.王老师("/成员")) == sorted(roster)
        for term in TERMS:
            assert (await chat.王老师(f"/我的 {term.name}")).startswith(f"📒 王老师 {term.name}")
            assert (await chat.张老师.private(f"/汇总 {term.name}")).startswith(f"📊 {term.name}小结")


async def test_open_tasks_of_the_last_term_alone_go_on_and_all_of_it_is_taken_back_after_a_restart(
    folder: Path,
) -> None:
    async with opened(folder) as chat:
        before = await exported(chat)
        last = [row for row in before if row["kind"] == "tasks" and row["term"] == TERMS[-1].name]
        owed = {row["text"] for row in last if not row["done"]}
        await chat.李老师("/新学期")
        carried = [row for row in await exported(chat) if row["kind"] == "tasks" and row["term"] not in names()]
        assert ({row["text"] for row in carried}, len(carried)) == (owed, len(owed))
        assert owed
    async with opened(folder) as chat:
        assert "其余放回" in await quick(chat.李老师("/撤销"))
        assert await exported(chat) == before


def names() -> set[str]:
    return {term.name for term in TERMS}
