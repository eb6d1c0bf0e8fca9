"""Which records may be copied by their surface, and that nobody ever sees another's changes through it."""

from datetime import date, datetime
from typing import Any, ClassVar

import pytest

from bot.app import record_kinds
from bot.content import Action, Content
from bot.delivery.outbox import OutboxItem
from bot.storage import Record
from bot.storage.sharing import duplicate, is_shareable
from bot.storage.tiny import TinyStore


class Flat(Record):
    TABLE: ClassVar[str] = "flat"
    INDEXES: ClassVar = ("name",)
    name: str = ""
    days: tuple[date, ...] = ()
    at: datetime | None = None
    content: Content | None = None


class Listed(Record):
    TABLE: ClassVar[str] = "listed"
    notes: list[str] = []  # noqa: RUF012 - pydantic copies it


class Nested(Record):
    TABLE: ClassVar[str] = "nested"
    parts: tuple[dict[str, int], ...] = ()


class Measured(Record):
    TABLE: ClassVar[str] = "measured"
    share: float = 0.0


class Anything(Record):
    TABLE: ClassVar[str] = "anything"
    value: Any = None


@pytest.mark.parametrize(
    ("kind", "shareable"),
    [(Flat, True), (OutboxItem, True), (Listed, False), (Nested, False), (Measured, False), (Anything, False)],
)
def test_only_what_cannot_be_changed_in_place_is_shared(kind: type[Record], shareable: bool) -> None:
    assert is_shareable(kind) is shareable


def test_what_is_written_with_every_message_is_shared() -> None:
    shared = {kind.TABLE for kind in record_kinds() if is_shareable(kind)}
    assert shared >= {"seen", "reflections", "counters", "people", "identities", "members", "groups"}


def test_a_duplicate_is_equal_and_its_own() -> None:
    one = Flat(id=7, name="王老师", content=Content(lines=("a",), actions=(Action(label="x", send="/x"),)))
    other = duplicate(one)
    assert other == one
    assert other.model_dump_json() == one.model_dump_json()
    other.name = "赵老师"
    assert one.name == "王老师"
    assert other.model_copy(update={"name": "x"}).name == "x"
    with pytest.raises(ValueError, match="days"):
        other.days = 5  # type: ignore[assignment] - still validated


async def test_nobody_sees_anothers_changes(tmp_path) -> None:
    store = await TinyStore(tmp_path).open()
    async with store.transaction("group:a") as tx:
        mine = await tx.add(Flat(name="王老师"))
        mine.days = (date(2026, 9, 7),)
        assert (await tx.find(Flat, name="王老师"))[0].days == ()
    async with store.transaction("group:a") as tx:
        first = (await tx.find(Flat, name="王老师"))[0]
        first.name = "changed and not stored"
        second = await tx.get(Flat, first.id)
        assert second is not None
        assert second.name == "王老师"
        assert (await tx.scan(Flat))[0].name == "王老师"
    await store.close()


async def test_a_glance_ends_without_the_disk_and_a_write_in_it_does_not(tmp_path, monkeypatch) -> None:
    store = await TinyStore(tmp_path).open()
    waited: list[int] = []
    settled = store.settled

    async def counted(durable):
        waited.append(1)
        await settled(durable)

    monkeypatch.setattr(store, "settled", counted)
    async with store.glance("group:a") as tx:
        assert await tx.find(Flat, name="x") == []
    assert waited == []
    async with store.glance("group:a") as tx:
        await tx.add(Flat(name="x"))
    assert waited == [1]
    async with store.transaction("group:a") as tx:
        assert len(await tx.find(Flat, name="x")) == 1
    assert waited == [1, 1]
    await store.close()
