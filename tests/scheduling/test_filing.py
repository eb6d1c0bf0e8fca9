"""The night takes the files nobody wants: the record first, the bytes when no backup's records need them any more."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Playhouse
from bot.delivery.file_links import LIFE
from bot.scheduling.filing import Filing
from bot.storage.blobs import KEEP, Blobs
from tests.conftest import Chat


async def test_what_was_put_away_or_never_decided_on_goes(tmp_path: Path) -> None:
    async with Playhouse(tmp_path / "data", None) as playground:
        chat, blobs = Chat(playground), Blobs(tmp_path / "data" / "store")
        for number, name in enumerate(("存.txt", "删.txt", "待定.txt"), start=5):
            await chat.王老师.sends(name, name.encode())
            assert number == 7 or "✅" in await chat.王老师(f"/资源 存 {number}")
        await chat.王老师("/资源 删 6")
        filing = Filing(playground.store, blobs, playground.clock)
        assert await filing.run() == 0
        assert "没有可以" in await chat.王老师("/撤销") or "找不回来" in await chat.王老师("/撤销")
        assert len(blobs.paths()) == 3
        await chat.later(days=13)
        await filing.run()
        assert (await chat.王老师.private("/资源 7")).status == "ok"
        await chat.later(days=2)
        await filing.run()
        assert (await chat.王老师.private("/资源 7")).status == "refused"
        assert (await chat.王老师.private("/资源 5")).status == "ok"
        wanted = next(path for path in blobs.paths() if blobs.read(path) == "存.txt".encode())
        later = playground.clock.now() + KEEP + timedelta(days=3000)  # the files' own time is the machine's
        assert blobs.clear({wanted}, later) == 2
        assert blobs.paths() == [wanted]


async def test_what_was_made_goes_some_days_after_its_link(tmp_path: Path) -> None:
    async with Playhouse(tmp_path / "data", None) as playground:
        chat, blobs = Chat(playground), Blobs(tmp_path / "data" / "store")
        await chat.王老师("/反思 导入太长，下次三分钟内进入文本")
        made = (await chat.李老师("/汇总 9月 Word")).result.replies[1].files[0]
        key = made.url.rpartition("/")[2]
        (path,) = blobs.paths()
        written = datetime.fromtimestamp((tmp_path / "data" / "store" / path).stat().st_mtime, UTC)
        assert blobs.clear((), written + LIFE) == 0  # whoever has the link can use it to its end
        assert await playground.file(key) is not None
        assert blobs.clear((), written + KEEP + timedelta(minutes=1)) == 1
        assert await playground.file(key) is None
