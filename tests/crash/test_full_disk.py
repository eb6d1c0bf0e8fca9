"""The whole bot behind its callback addresses while the disk is full or broken, and when it is good again.

A batch that could not be written stops all writing. DingTalk is then answered 503 and delivers again; WeCom would drop
the message in silence after three times, so the person is told. The next tick of the alarm reads the disk again.
"""

import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.domain.groups import space_of
from bot.domain.reflections import Reflection
from bot.errors import StoreError
from bot.platforms.wecom import answers
from bot.simulator import sample
from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore
from tests.crash.platforms import FakePlatforms
from tests.platforms.dingtalk import samples
from tests.platforms.house import Served, house, school_config, section
from tests.platforms.wecom.peer import KEY, TOKEN, Platform
from tests.storage.faults import replace_open_file

LONG_TEXT = "导入太长" * 2_000  # bytes enough for pages that a full disk has not
WECOM = section("wecom-callback", name="wecom", token=TOKEN, encoding_aes_key=KEY)


def dingtalk(base: str) -> str:
    """The app's section, calling its platform at ``base``."""
    app = {"client_id": "dingKEY", "client_secret": samples.SECRET, "robot_code": "dingrobotcode"}
    return section("dingtalk-callback", name="ding", **app, corp_id="dingcorp", api_base=base, oapi_base=base)


@pytest.fixture
async def platforms() -> AsyncIterator[FakePlatforms]:
    fake = FakePlatforms()
    async with fake.serving():
        yield fake


@pytest.fixture
async def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platforms: FakePlatforms) -> AsyncIterator[Served]:
    monkeypatch.chdir(tmp_path)
    config = school_config(dingtalk(platforms.base), WECOM, channel="ding")
    async with house(config, tmp_path, MovableClock(sample.START)) as served:
        yield served


async def ding(bot: Served, msgid: str, text: str, **more: str) -> tuple[int, str]:
    """Status and text of the answer to what 王老师 says in the group; each delivery is signed anew."""
    bot.clock.set(bot.clock.now() + timedelta(milliseconds=1))
    body = samples.body(f" {text}", without=("sessionWebhook",), msgId=msgid, **more)
    headers = samples.headers(bot.clock.now())
    async with bot.http.post(bot.callback("ding"), data=samples.raw(body), headers=headers) as answer:
        said = await answer.json(content_type=None) if answer.status == 200 else {}
        return answer.status, str(said.get("markdown", {}).get("text", ""))


async def ready(bot: Served) -> int:
    async with bot.http.get(f"{bot.url}/health/ready") as answer:
        return answer.status


async def texts(store: TinyStore) -> list[str]:
    async with store.transaction(space_of(sample.CHINESE)) as tx:
        return [reflection.text for reflection in await tx.scan(Reflection)]


async def wecom(bot: Served, text: str) -> str:
    """What somebody unknown is answered, always under the same message id."""
    peer = Platform(bot.clock)
    query, data = peer.signed(peer.body(text, msgid="w1"))
    async with bot.http.post(bot.callback("wecom"), params=query, data=data) as answer:
        assert answer.status == 200
        return peer.said(await answer.read())


def full(store: TinyStore) -> None:
    """No page more for the file."""
    assert store._folder is not None
    connection = store._folder.storage._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


def broken(store: TinyStore) -> None:
    """Every call on the log ends with EIO."""
    replace_open_file(store._path / f"{DATABASE}-wal", "/proc/self/mem")


def unsynced(store: TinyStore) -> None:
    """Writing to the log goes well and syncing it does not."""
    replace_open_file(store._path / f"{DATABASE}-wal", "/dev/null")


linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux shows a process its open files")
FAULTS = [full, pytest.param(broken, marks=linux), pytest.param(unsynced, marks=linux)]


@pytest.mark.parametrize("fault", FAULTS)
async def test_nothing_is_acknowledged_that_is_not_written_and_it_goes_on_by_itself(
    bot: Served, monkeypatch: pytest.MonkeyPatch, fault: Callable[[TinyStore], None]
) -> None:
    first = await ding(bot, "m1", "/反思 第一条记录\uff0c导入太长")
    assert first[1].startswith("✅")
    fault(bot.store)
    for _ in range(2):
        assert (await ding(bot, "m2", f"/反思 {LONG_TEXT}"))[0] == 503
    assert await wecom(bot, "/帮助") == answers.FAILED
    assert await ready(bot) == 503
    assert "数据写不进磁盘" in bot.store.trouble
    with monkeypatch.context() as no_better:
        no_better.setattr("bot.storage.sqlite._PRAGMAS", ("PRAGMA query_only=ON",))
        with pytest.raises(StoreError):
            await bot.bot.tick()
        assert await ready(bot) == 503
        assert (await ding(bot, "m2", f"/反思 {LONG_TEXT}"))[0] == 503
    await bot.bot.tick()
    assert await ready(bot) == 200
    assert await texts(bot.store) == ["第一条记录\uff0c导入太长"]
    again = await ding(bot, "m2", f"/反思 {LONG_TEXT}")
    assert again[1].startswith("✅")
    assert await ding(bot, "m2", f"/反思 {LONG_TEXT}") == again
    assert await ding(bot, "m1", "/反思 第一条记录\uff0c导入太长") == first
    assert await wecom(bot, "/帮助") != answers.FAILED
    await bot.store.close()
    await bot.store.open()
    assert await texts(bot.store) == ["第一条记录\uff0c导入太长", LONG_TEXT]


async def ask_for_a_post(bot: Served) -> None:
    """The leader moves a meeting privately: the group has to be told."""
    leader = {"conversationType": "1", "senderStaffId": sample.user_of("李老师"), "senderNick": "李老师"}
    _, added = await ding(bot, "p1", "/日程 加 每周三第8节 集体备课", **leader)
    number = added.removeprefix("✅ 已加 ").split()[0]
    _, moved = await ding(bot, "p2", f"/日程 改 {number} 地点\uff1a会议室", **leader)
    assert moved.startswith("✅")


async def test_a_post_waits_until_it_can_be_marked_as_being_sent(bot: Served, platforms: FakePlatforms) -> None:
    await ask_for_a_post(bot)
    full(bot.store)
    assert (await ding(bot, "m2", f"/反思 {LONG_TEXT}"))[0] == 503
    with pytest.raises(StoreError):
        await bot.bot.sender.drain()
    assert platforms.taken.total() == 0
    await bot.bot.tick()
    sent = await bot.bot.sender.drain()
    assert [item.state for item in sent if item.kind == "change"] == ["sent"]
    assert list(platforms.taken.values()) == [1]


@linux
async def test_a_post_whose_outcome_cannot_be_written_is_held(bot: Served, platforms: FakePlatforms) -> None:
    await ask_for_a_post(bot)
    platforms.on_taken = lambda: broken(bot.store)
    with pytest.raises(StoreError):
        await bot.bot.sender.drain()
    platforms.on_taken = lambda: None
    await bot.bot.tick()
    changed = await bot.bot.sender.drain()
    assert [item.state for item in changed if item.kind == "change"] == ["held"]
    assert [count for (_, _, text), count in platforms.taken.items() if "会议室" in text and "⚠️" not in text] == [1]
