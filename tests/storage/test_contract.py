"""What ``bot/storage/store.py`` promises of records, asked of every backend."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest

from bot.clock import SCHOOL_ZONE
from bot.errors import Conflict
from bot.storage import Store
from tests.storage.sample import GROUP, Message, Plain, Seat, Side, everything, put, reopen

# --- adding, reading, changing, removing ------------------------------------------------------------------------------


async def test_what_was_written_is_read_back_also_after_reopening(store: Store) -> None:
    moment = datetime(2026, 9, 7, 23, 59, tzinfo=SCHOOL_ZONE)
    seat = Seat(
        lesson=0, member="007", day=date(2026, 10, 10), side=Side.TEACH, notes=["好🌸", "长" * 10_000], created=moment
    )
    (added,) = await put(store, seat)
    assert (added.id, added.revision) == (1, 1)
    assert (seat.id, seat.revision) == (0, 0), "the caller's own record is left alone"
    await reopen(store)
    assert await everything(store, Seat) == [added]
    assert added.model_dump(exclude={"id", "revision"}) == seat.model_dump(exclude={"id", "revision"})


async def test_an_id_that_is_not_there_is_none(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        assert [await tx.get(Seat, number) for number in (0, 1, -1, 10**30)] == [None] * 4
        assert await tx.find(Seat, lesson=1) == []
        assert await tx.scan(Seat) == []
        assert await tx.count(Seat) == 0


async def test_update_counts_revisions_and_returns_the_new_copy(store: Store) -> None:
    (seat,) = await put(store, Seat(lesson=1))
    seat.member = "王老师"
    async with store.transaction(GROUP) as tx:
        second = await tx.update(seat)
        second.member = "张老师"
        third = await tx.update(second)
        assert await tx.get(Seat, 1) == third
    assert (seat.revision, second.revision, third.revision) == (1, 2, 3)
    await reopen(store)
    assert await everything(store, Seat) == [third]


async def test_remove_and_count(store: Store) -> None:
    first, second = await put(store, Seat(lesson=1), Seat(lesson=2))
    async with store.transaction(GROUP) as tx:
        await tx.remove(first)
        assert await tx.get(Seat, 1) is None
        assert await tx.count(Seat) == 1
        assert await tx.find(Seat, lesson=1) == []
    await reopen(store)
    assert await everything(store, Seat) == [second]


async def test_ids_count_per_table_and_space_and_are_never_used_twice(store: Store) -> None:
    seats = await put(store, Seat(), Seat(), Plain())
    others = await put(store, Seat(), space="group:b")
    assert [record.id for record in seats + others] == [1, 2, 1, 1]
    async with store.transaction(GROUP) as tx:
        await tx.remove(seats[1])
        assert (await tx.add(Seat())).id == 3
        await tx.remove(await tx.add(Seat()))
    await reopen(store)
    (added,) = await put(store, Seat())
    assert added.id > 3


async def test_ids_stay_used_when_the_table_became_empty(store: Store) -> None:
    (seat,) = await put(store, Seat())
    async with store.transaction(GROUP) as tx:
        await tx.remove(seat)
    await reopen(store)
    assert [record.id for record in await put(store, Seat())] == [2]


async def test_an_id_added_and_removed_in_one_transaction_stays_used(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        await tx.remove(await tx.add(Seat()))
    await reopen(store)
    assert [seat.id for seat in await put(store, Seat())] == [2]


async def test_a_given_id_and_revision_mean_nothing_to_add(store: Store) -> None:
    (seat,) = await put(store, Seat(id=77, revision=9))
    assert (seat.id, seat.revision) == (1, 1)


# --- copies -----------------------------------------------------------------------------------------------------------


async def test_changing_a_copy_changes_nothing(store: Store) -> None:
    original = Seat(lesson=1, notes=["a"])
    (added,) = await put(store, original)
    original.notes.append("original")
    added.notes.append("added")
    async with store.transaction(GROUP) as tx:
        copies = [await tx.get(Seat, 1), *await tx.find(Seat, lesson=1), *await tx.scan(Seat)]
        for copy in copies:
            assert copy is not None
            assert copy.notes == ["a"]
            copy.notes.append("copy")
        assert (await tx.get(Seat, 1) or Seat()).notes == ["a"]
    await reopen(store)
    assert [seat.notes for seat in await everything(store, Seat)] == [["a"]]


async def test_copies_inside_the_transaction_that_wrote_them(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        added = await tx.add(Seat(lesson=1, notes=["a"]))
        added.notes.append("b")
        assert (await tx.find(Seat, lesson=1))[0].notes == ["a"]


@pytest.mark.parametrize("broken", [Plain(text="\ud83d"), Plain(share=float("nan")), Plain.model_construct(text=5)])
async def test_what_cannot_be_kept_is_refused_at_once(store: Store, broken: Plain) -> None:
    async with store.transaction(GROUP) as tx:
        await tx.add(Plain(text="good"))
        with pytest.raises(ValueError):  # noqa: PT011 - pydantic's errors differ, all are ValueErrors
            await tx.add(broken)
        await tx.add(Plain(text="good too"))
    assert [(plain.id, plain.text) for plain in await everything(store, Plain)] == [(1, "good"), (2, "good too")]


# --- find -------------------------------------------------------------------------------------------------------------


async def test_find_by_index_unique_tuple_and_filter(store: Store) -> None:
    day = date(2026, 10, 10)
    await put(
        store,
        Seat(lesson=2, member="王", day=day),
        Seat(lesson=1, member="王"),
        Seat(lesson=2, member="张", side=Side.TEACH),
        Seat(lesson=2),
        Seat(lesson=2),
    )
    table: list[tuple[dict[str, Any], list[int]]] = [
        ({"lesson": 2}, [1, 3, 4, 5]),
        ({"lesson": 2, "member": "张"}, [3]),
        ({"lesson": 2, "member": None}, [4, 5]),
        ({"lesson": 2, "side": Side.TEACH}, [3]),
        ({"lesson": 2, "side": "讲"}, [3]),
        ({"day": day}, [1]),
        ({"day": None}, [2, 3, 4, 5]),
        ({"member": "王", "lesson": 1, "day": None}, [2]),
        ({"member": "王", "lesson": 1, "day": day}, []),
        ({"lesson": "2"}, []),
    ]
    for _ in range(2):
        async with store.transaction(GROUP) as tx:
            for equal, ids in table:
                assert [seat.id for seat in await tx.find(Seat, **equal)] == ids, equal
        await reopen(store)


@pytest.mark.parametrize("equal", [{}, {"side": Side.TEACH}, {"id": 1}, {"lesson": 1, "colour": "red"}])
async def test_find_without_an_index_is_an_error(store: Store, equal: dict[str, Any]) -> None:
    async with store.transaction(GROUP) as tx:
        with pytest.raises(ValueError, match="Seat"):
            await tx.find(Seat, **equal)


async def test_find_sees_what_the_transaction_did(store: Store) -> None:
    moved, gone, kept = await put(store, *(Seat(lesson=1) for _ in range(3)))
    async with store.transaction(GROUP) as tx:
        moved.lesson = 2
        moved = await tx.update(moved)
        await tx.remove(gone)
        added = await tx.add(Seat(lesson=1))
        assert await tx.find(Seat, lesson=1) == [kept, added]
        assert await tx.find(Seat, lesson=2) == [moved]
        assert [seat.id for seat in await tx.scan(Seat)] == [1, 3, 4]
        assert await tx.count(Seat) == 3
        moved.lesson = 1
        await tx.update(moved)
        assert [seat.id for seat in await tx.find(Seat, lesson=1)] == [1, 3, 4]
    async with store.transaction(GROUP) as tx:
        assert [seat.id for seat in await tx.find(Seat, lesson=1)] == [1, 3, 4]
        assert await tx.find(Seat, lesson=2) == []


async def test_a_long_scan_lets_others_run_and_still_sees_one_moment(store: Store) -> None:
    await put(store, *(Plain(text="old") for _ in range(1_500)))
    turns = 0

    async def meddle() -> None:
        nonlocal turns
        await asyncio.sleep(0)
        turns += 1
        async with store.transaction("other") as tx:
            last = await tx.within(GROUP).get(Plain, 1_500)
            assert last is not None
            last.text = "new"
            await tx.within(GROUP).update(last)

    async with store.transaction(GROUP) as tx:
        task = asyncio.create_task(meddle())
        found = await tx.scan(Plain)
        assert turns == 1
        assert {plain.text for plain in found} == {"old"}
    await task


# --- unique values ----------------------------------------------------------------------------------------------------


async def test_a_unique_value_occurs_once_in_a_space(store: Store) -> None:
    first, second = await put(store, Message(msgid="1"), Message(msgid="2", token="t"))
    for wrong in (Message(msgid="1"), Message(msgid="3", token="t")):
        with pytest.raises(Conflict, match="已有相同的记录"):
            await put(store, wrong)
    second.msgid = "1"
    async with store.transaction(GROUP) as tx:
        with pytest.raises(Conflict):
            await tx.update(second)
    await put(store, Message(msgid="1"), space="group:b")
    await put(store, Message(msgid="1", channel="dingtalk"))
    assert first in await everything(store, Message)


async def test_none_is_exempt_from_uniqueness(store: Store) -> None:
    await put(store, Message(msgid="1"), Message(msgid="2"), Seat(lesson=1), Seat(lesson=1))
    assert len(await everything(store, Message)) == 2


async def test_a_unique_value_is_free_again_in_the_same_transaction(store: Store) -> None:
    (old,) = await put(store, Message(msgid="1"))
    async with store.transaction(GROUP) as tx:
        await tx.remove(old)
        again = await tx.add(Message(msgid="1"))
        with pytest.raises(Conflict):
            await tx.add(Message(msgid="1"))
        again.msgid = "2"
        await tx.update(again)
        await tx.add(Message(msgid="1"))
    await reopen(store)
    async with store.transaction(GROUP) as tx:
        assert [m.id for m in await tx.find(Message, channel="wecom", msgid="1")] == [3]
