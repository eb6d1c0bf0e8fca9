"""The platform says that the month's quota is gone: each leader hears it once a month."""

from datetime import timedelta
from pathlib import Path

from bot.app import Playhouse
from bot.delivery.outbox import OutboxItem
from bot.domain.people import SYSTEM
from bot.scheduling.trouble import out_of_quota
from bot.simulator import sample
from bot.storage import Store


async def told(store: Store) -> list[tuple[str, str]]:
    async with store.transaction(SYSTEM) as tx:
        return [(item.to_name, item.content.lines[1]) for item in await tx.scan(OutboxItem)]


async def test_each_leader_hears_it_once_a_month(tmp_path: Path):
    async with Playhouse(tmp_path, None) as playground:
        store = playground.store
        for day in range(20):
            await out_of_quota(store, sample.CHANNEL, "已用完", "看用量", sample.START + timedelta(days=day))
        once = [("李老师", "平台的说法：已用完"), ("张老师", "平台的说法：已用完")]
        assert await told(store) == once
        await out_of_quota(store, sample.CHANNEL, "", "看用量", sample.START + timedelta(days=30))
        assert [name for name, _ in await told(store)] == ["李老师", "张老师"] * 2


async def test_leaders_on_other_channels_are_left_alone(tmp_path: Path):
    async with Playhouse(tmp_path, None) as playground:
        await out_of_quota(playground.store, "another", "已用完", "看用量", sample.START)
        assert await told(playground.store) == []
