"""What ``bot/storage/store.py`` promises of transactions, asked of every backend."""

import asyncio

import pytest

from bot.errors import Conflict
from bot.storage import Store
from tests.storage.sample import GROUP, Message, Plain, Seat, beside, everything, put, put_one, reopen

# --- conflicts --------------------------------------------------------------------------------------------------------


async def test_a_stale_copy_is_a_conflict(store: Store) -> None:
    (seat,) = await put(store, Seat(lesson=1))
    async with store.transaction(GROUP) as tx:
        newer = await tx.update(seat)
        with pytest.raises(Conflict, match="已被别人改动"):
            await tx.update(seat)
        with pytest.raises(Conflict):
            await tx.remove(seat)
        await tx.remove(newer)
        for change in (tx.update, tx.remove):
            with pytest.raises(Conflict):
                await change(newer)
        with pytest.raises(Conflict):
            await tx.update(Seat(id=99, revision=1))


@pytest.mark.parametrize("mine", ["update", "remove"])
@pytest.mark.parametrize("theirs", ["update", "remove"])
async def test_a_record_another_transaction_changed_meanwhile(store: Store, mine: str, theirs: str) -> None:
    (seat,) = await put(store, Seat(lesson=1), space="system")
    opened = store.transaction(GROUP)
    tx = await opened.__aenter__()
    await tx.add(Plain(text="never seen"))
    await getattr(tx.within("system"), mine)(seat)
    await beside(store, "group:b", lambda b: getattr(b.within("system"), theirs)(seat))
    with pytest.raises(Conflict, match="已被别人改动"):
        await opened.__aexit__(None, None, None)
    assert await everything(store, Plain) == []
    assert [seat.revision for seat in await everything(store, Seat, "system")] == ([2] if theirs == "update" else [])


@pytest.mark.parametrize("mine", ["update", "remove"])
async def test_a_record_changed_between_reading_and_writing(store: Store, mine: str) -> None:
    await put(store, Seat(lesson=1), space="system")
    async with store.transaction(GROUP) as tx:
        seat = await tx.within("system").get(Seat, 1)
        assert seat is not None
        await beside(store, "group:b", lambda b: b.within("system").update(seat))
        with pytest.raises(Conflict):
            await getattr(tx.within("system"), mine)(seat)


# --- all or nothing ---------------------------------------------------------------------------------------------------


async def test_an_exception_leaves_no_trace(store: Store) -> None:
    kept, other = await put(store, Seat(lesson=1, member="王"), Seat(lesson=2))

    async def stumble() -> None:
        async with store.transaction(GROUP) as tx:
            await tx.add(Seat(lesson=3, member="张"))
            await tx.add(Plain())
            await tx.within("group:new").add(Plain())
            await tx.remove(other)
            kept.lesson = 5
            await tx.update(kept)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    for _ in range(2):
        assert [(seat.lesson, seat.revision) for seat in await everything(store, Seat)] == [(1, 1), (2, 1)]
        assert await everything(store, Plain) == []
        assert [space async for space in store.spaces()] == [GROUP]
        async with store.transaction(GROUP) as tx:
            assert await tx.find(Seat, lesson=3) == []
            assert len(await tx.find(Seat, lesson=1)) == 1
        await reopen(store)
    assert (await put(store, Seat(lesson=3, member="张")))[0].id == 3


async def test_several_tables_and_spaces_are_one_commit(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        await tx.add(Seat(lesson=1))
        await tx.add(Plain(text="a"))
        assert tx.space == GROUP
        system = tx.within("system")
        assert system.space == "system"
        await system.add(Plain(text="b"))
        assert await tx.within(GROUP).count(Plain) == 1
    await reopen(store)
    assert [await everything(store, Plain, space) for space in (GROUP, "system")] != [[], []]
    assert len(await everything(store, Seat)) == 1


async def test_others_see_a_transaction_whole_or_not_at_all(store: Store) -> None:
    seen: list[tuple[int, int]] = []

    async def watch() -> None:
        async with store.transaction("watcher") as tx:
            seen.append((await tx.within(GROUP).count(Plain), await tx.within("system").count(Plain)))

    async with store.transaction(GROUP) as tx:
        await tx.add(Plain())
        await asyncio.create_task(watch())
        await tx.within("system").add(Plain())
        await asyncio.create_task(watch())
    await watch()
    assert seen == [(0, 0), (0, 0), (1, 1)]


async def test_a_transaction_cannot_be_used_after_its_end(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        records = tx.within("system")
    for late in (tx, records):
        with pytest.raises(RuntimeError):
            await late.add(Plain())


# --- one at a time ----------------------------------------------------------------------------------------------------


async def test_transactions_of_a_space_run_in_the_order_of_asking(store: Store) -> None:
    order: list[str] = []

    async def ask(name: str) -> None:
        async with store.transaction(GROUP) as tx:
            order.append(f"{name} in")
            await asyncio.sleep(0)
            await tx.add(Plain(text=name))
            order.append(f"{name} out")

    async with asyncio.TaskGroup() as tasks:
        for name in "abcde":
            tasks.create_task(ask(name))
    assert order == [f"{name} {way}" for name in "abcde" for way in ("in", "out")]
    assert [plain.text for plain in await everything(store, Plain)] == list("abcde")


async def test_many_read_modify_writes_at_once_lose_nothing(store: Store) -> None:
    await put(store, Seat(lesson=0))

    async def increase() -> None:
        async with store.transaction(GROUP) as tx:
            seat = await tx.get(Seat, 1)
            assert seat is not None
            await asyncio.sleep(0)
            seat.lesson += 1
            await tx.update(seat)

    await asyncio.gather(*(increase() for _ in range(50)))
    await reopen(store)
    assert (await everything(store, Seat))[0].lesson == 50


async def test_other_spaces_are_not_kept_waiting(store: Store) -> None:
    async with store.transaction(GROUP), asyncio.timeout(5):
        await asyncio.create_task(put_one(store, "group:b"))


async def test_cancelled_while_waiting_or_in_the_body_leaves_nothing(store: Store) -> None:
    entered = asyncio.Event()

    async def stay() -> None:
        async with store.transaction(GROUP) as tx:
            await tx.add(Plain(text="never seen"))
            entered.set()
            await asyncio.Event().wait()

    first = asyncio.create_task(stay())
    await entered.wait()
    waiting = asyncio.create_task(put_one(store))
    last = asyncio.create_task(put_one(store))
    await asyncio.sleep(0)
    waiting.cancel()
    first.cancel()
    results = await asyncio.gather(first, waiting, last, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError, asyncio.CancelledError, type(None)]
    assert [(plain.id, plain.text) for plain in await everything(store, Plain)] == [(1, "")]


async def test_cancelled_while_the_disk_works_the_write_stands(store: Store) -> None:
    body_done = asyncio.Event()

    async def write() -> None:
        async with store.transaction(GROUP) as tx:
            await tx.add(Plain(text="stands"))
            body_done.set()

    task = asyncio.create_task(write())
    await body_done.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await reopen(store)
    assert [plain.text for plain in await everything(store, Plain)] == ["stands"]


async def test_asking_twice_for_ones_own_space_is_an_error_not_a_standstill(store: Store) -> None:
    async with asyncio.timeout(5), store.transaction(GROUP) as tx:
        await tx.add(Plain())
        with pytest.raises(RuntimeError):
            await put_one(store)
    assert len(await everything(store, Plain)) == 1


async def test_unique_values_across_open_transactions_of_different_spaces(store: Store) -> None:
    opened = store.transaction("group:a")
    a = await opened.__aenter__()
    await a.within("system").add(Message(msgid="same"))
    await a.add(Plain(text="never seen"))
    await beside(store, "group:b", lambda b: b.within("system").add(Message(msgid="same")))
    with pytest.raises(Conflict, match="已有相同的记录"):
        await opened.__aexit__(None, None, None)
    await reopen(store)
    assert [message.id for message in await everything(store, Message, "system")] == [2]
    assert await everything(store, Plain, "group:a") == []


async def test_different_values_of_different_spaces_do_not_disturb(store: Store) -> None:
    async with store.transaction("group:a") as a:
        await a.within("system").add(Message(msgid="a's"))
        await beside(store, "group:b", lambda b: b.within("system").add(Message(msgid="b's")))
        await a.within("system").add(Message(msgid="a's second"))
    await reopen(store)
    found = await everything(store, Message, "system")
    assert {message.id: message.msgid for message in found} == {1: "a's", 2: "b's", 3: "a's second"}


# --- a trial ----------------------------------------------------------------------------------------------------------


async def test_a_trial_sees_what_was_changed_and_leaves_no_trace(store: Store) -> None:
    (old,) = await put(store, Seat(lesson=1, member="王"))
    async with store.transaction(GROUP) as tx:
        added = await tx.add(Seat(lesson=2, member="张"))
        await tx.within("system").add(Plain(text="kept"))
        before = tx.changed
        async with tx.trial() as trial:
            assert [seat.lesson for seat in await trial.scan(Seat)] == [1, 2]
            assert await trial.within("system").count(Plain) == 1
            await trial.remove(old)
            await trial.update(added.model_copy(update={"lesson": 7}))
            await trial.within("system").add(Plain(text="forgotten"))
            await trial.within("group:new").add(Plain())
            with pytest.raises(Conflict):
                await trial.add(Seat(lesson=7, member="张"))
            for number in range(20):  # enough to be indexed
                await trial.add(Seat(lesson=3, member=f"{number}"))
            assert len(await trial.find(Seat, lesson=3)) == 20
            assert [seat.member for seat in await trial.find(Seat, lesson=7)] == ["张"]
            assert await trial.find(Seat, lesson=1) == []
        assert tx.changed == before
        assert [seat.lesson for seat in await tx.scan(Seat)] == [1, 2]
        await tx.update(added.model_copy(update={"lesson": 4}))
    for _ in range(2):
        assert [(seat.id, seat.lesson) for seat in await everything(store, Seat)] == [(1, 1), (2, 4)]
        assert [row.text for row in await everything(store, Plain, "system")] == ["kept"]
        assert await everything(store, Plain, "group:new") == []
        await reopen(store)


async def test_a_trial_that_breaks_breaks_nothing_else(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        trying = tx.trial()
        trial = await trying.__aenter__()
        await trial.add(Plain(text="forgotten"))
        assert not await trying.__aexit__(ZeroDivisionError, ZeroDivisionError(), None)
        with pytest.raises(RuntimeError, match="has ended"):
            await trial.add(Seat())
        assert (await tx.add(Plain(text="kept"))).id == 1
    assert [row.text for row in await everything(store, Plain)] == ["kept"]


async def test_which_tables_a_transaction_has_changed(store: Store) -> None:
    (seat,) = await put(store, Seat(lesson=1), space="system")
    async with store.transaction(GROUP) as tx:
        system = tx.within("system")
        assert await system.find(Seat, lesson=1) == [seat]
        await system.scan(Seat)
        assert not system.has_changed(Seat)
        await system.remove(await system.update(seat))
        assert [system.has_changed(Seat), tx.has_changed(Seat), system.has_changed(Plain)] == [True, False, False]
        await tx.remove(await tx.add(Seat(lesson=2)))
        assert not tx.has_changed(Seat), "nobody will ever see it"


# --- numbers ----------------------------------------------------------------------------------------------------------


async def numbers(store: Store, count: int, sequence: str = "items", space: str = GROUP) -> list[int]:
    async with store.transaction(space) as tx:
        return [await tx.next_number(sequence) for _ in range(count)]


async def test_a_number_is_given_out_once(store: Store) -> None:
    assert await numbers(store, 2) == [1, 2]
    assert await numbers(store, 1, "claims/2026学年") == [1]
    assert await numbers(store, 1, space="group:b") == [1]
    await reopen(store)
    assert await numbers(store, 1) == [3]
    async with store.transaction("group:c") as tx:
        assert [await tx.within(GROUP).next_number("items"), await tx.next_number("items")] == [4, 1]
        assert tx.changed == 0, "a number is no record"
    assert [space async for space in store.spaces()] == [], "nor does it make a space"
    assert await asyncio.gather(*(numbers(store, 1) for _ in range(5))) == [[5], [6], [7], [8], [9]]


async def test_a_failed_transaction_leaves_no_gap(store: Store) -> None:
    await numbers(store, 1)
    opened = store.transaction(GROUP)
    tx = await opened.__aenter__()
    assert await tx.next_number("items") == 2
    async with tx.trial() as trial:
        assert await trial.next_number("items") == 3
    assert await tx.next_number("items") == 3
    await opened.__aexit__(ZeroDivisionError, None, None)
    assert await numbers(store, 1) == [2]
    with pytest.raises(RuntimeError, match="ended"):
        await tx.next_number("others")


async def test_a_sequence_can_begin_higher(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        assert [await tx.next_number("items", above=57), await tx.next_number("items", above=3)] == [58, 59]
    await reopen(store)
    assert await numbers(store, 1) == [60]
