"""Slips of late answers are cleared away at night, and not before anybody could still use them."""

from datetime import timedelta
from pathlib import Path

from bot.domain.people import SYSTEM
from bot.platforms.wecom.records import Slip, forget_slips
from bot.storage.tiny import TinyStore
from tests.platforms.wecom.peer import NOW


async def test_old_slips_go_a_bite_at_a_time(tmp_path: Path) -> None:
    store = await TinyStore(tmp_path).open()
    async with store.transaction(SYSTEM) as tx:
        for number, minutes in enumerate((0, 119, 121, 500), start=1):
            asked = NOW - timedelta(minutes=minutes)
            await tx.add(Slip(channel="wecom", stream=str(number), msgid=str(number), conversation="c", asked=asked))
    async with store.transaction(SYSTEM) as tx:
        assert await forget_slips(tx, NOW, 1) == 1
        assert await forget_slips(tx, NOW, 10) == 1
        assert [slip.stream for slip in await tx.scan(Slip)] == ["1", "2"]
    await store.close()
