"""What a channel has heard and used: counted in memory, kept in the store, by calendar month."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import SCHOOL_ZONE, MovableClock
from bot.delivery.logbook import MOST_SENDERS, ChannelLog, Logbook, logs
from bot.errors import StoreError
from bot.storage.tiny import TinyStore
from tests.delivery.desk import START


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START)


@pytest.fixture
async def store(tmp_path: Path):
    store = TinyStore(tmp_path, kinds=[ChannelLog])
    yield await store.open()
    await store.close()


async def test_calls_of_several_writes_add_up_and_survive_a_restart(store, clock, tmp_path):
    for _ in range(3):
        book = Logbook(clock)
        book.called("ding", "api")
        book.called("ding", "webhook")
        book.called("ding", "webhook")
        await book.write(store)
    await store.close()
    await store.open()
    assert (await logs(store))["ding"].calls_in(START) == {"api": 3, "webhook": 6}


async def test_a_new_month_begins_at_nothing(store, clock):
    book = Logbook(clock)
    clock.set(datetime(2026, 9, 30, 23, 59, tzinfo=SCHOOL_ZONE))
    book.called("ding", "api")
    clock.set(datetime(2026, 10, 1, 0, 0, tzinfo=SCHOOL_ZONE))
    book.called("ding", "api")
    await book.write(store)
    log = (await logs(store))["ding"]
    assert log.calls_in(clock.now()) == {"api": 1}
    assert log.calls_in(START) == {}


async def test_who_was_heard_and_how_the_bot_was_called(store, clock):
    book = Logbook(clock)
    for number in range(MOST_SENDERS + 5):
        book.heard("wecom", f"{number:03}")
    book.heard("ding", "$:LWCP_v1:$x", lasting=False)
    book.addressed("wecom", "小助手" * 30, right=False)
    await book.write(store)
    book.heard("wecom", "000")
    book.addressed("wecom", "备课" * 30, right=True)
    await book.write(store)
    found = await logs(store)
    wecom = found["wecom"]
    assert wecom.right_name == "备课" * 30
    assert (wecom.senders[0], len(wecom.senders), len(wecom.called)) == ("000", MOST_SENDERS, 40)
    assert (wecom.named_at, wecom.nameless_at) == (START, None)
    assert wecom.called_at == wecom.called_right_at == START
    assert (found["ding"].named_at, found["ding"].nameless_at) == (None, START)


async def test_the_platforms_own_word_on_the_quota_counts_for_its_month(store, clock):
    book = Logbook(clock)
    book.exhausted("ding", "暂停")
    await book.write(store)
    log = (await logs(store))["ding"]
    assert (log.detail, log.exhausted_in(START)) == ("暂停", True)
    assert not log.exhausted_in(datetime(2026, 10, 1, tzinfo=SCHOOL_ZONE))


async def test_what_could_not_be_written_is_written_the_next_time(store, clock):
    book = Logbook(clock)
    book.called("ding", "api")
    book.heard("ding", "007")
    await store.close()
    with pytest.raises(StoreError):
        await book.write(store)
    book.called("ding", "api")
    await store.open()
    await book.write(store)
    await book.write(store)
    log = (await logs(store))["ding"]
    assert (log.calls_in(START), log.senders) == ({"api": 2}, ("007",))
