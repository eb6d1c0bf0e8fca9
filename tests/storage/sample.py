"""The records and small helpers of the store's tests, and the backends they run on."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field

from bot.storage import Record, Store, Transaction
from bot.storage.tiny import TinyStore

R = TypeVar("R", bound=Record)
GROUP = "group:g1 语文/备课组"


class Side(StrEnum):
    TEACH = "讲"
    LISTEN = "听"


class Seat(Record):
    TABLE = "seat"
    INDEXES = ("lesson", "member", "day")
    UNIQUE = (("lesson", "member"),)

    lesson: int = 0
    member: str | None = None
    day: date | None = None
    side: Side = Side.LISTEN
    notes: list[str] = Field(default_factory=list)


class Message(Record):
    TABLE = "message"
    UNIQUE = (("channel", "msgid"), ("token",))

    channel: str = "wecom"
    msgid: str = ""
    token: str | None = None


class Plain(Record):
    TABLE = "plain"
    text: str = ""
    share: float = 0.0


def tiny(folder: Path) -> Store:
    return TinyStore(folder / "数据 目录" / "备课组")


BACKENDS: dict[str, Callable[[Path], Store]] = {"tiny": tiny}


async def reopen(store: Store) -> None:
    await store.close()
    await store.open()


async def put(store: Store, *records: Record, space: str = GROUP) -> list[Any]:
    async with store.transaction(space) as tx:
        return [await tx.add(record) for record in records]


async def everything(store: Store, kind: type[R], space: str = GROUP) -> list[R]:
    async with store.transaction(space) as tx:
        return await tx.scan(kind)


async def put_one(store: Store, space: str = GROUP) -> None:
    await put(store, Plain(), space=space)


async def beside(store: Store, space: str, work: Callable[[Transaction], Awaitable[Any]]) -> None:
    """Run a whole transaction in a task of its own."""

    async def run() -> None:
        async with store.transaction(space) as tx:
            await work(tx)

    await asyncio.create_task(run())
