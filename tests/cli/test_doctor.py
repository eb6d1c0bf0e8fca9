"""``check`` before and after each mistake: it names what is wrong and what to do."""

import argparse
import socket
from pathlib import Path

import pytest

from bot.cli.doctor import Finding, examine
from bot.cli.house import configured, opened
from bot.clock import SystemClock
from bot.content import content
from bot.delivery.outbox import OutboxItem, enqueue
from bot.domain.people import SYSTEM
from tests.cli.test_verbs import CONFIG

FROM = "bot.cli.doctor."


@pytest.fixture
def arguments(tmp_path: Path) -> argparse.Namespace:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return argparse.Namespace(config=path, json=False)


async def found(arguments: argparse.Namespace) -> dict[str, Finding]:
    return {finding.name: finding for finding in await examine(arguments)}


async def start(arguments: argparse.Namespace) -> None:
    async with opened(configured(arguments)):
        pass


async def test_a_new_installation(arguments):
    before = await found(arguments)
    assert before["配置"].state == "ok"
    assert before["数据"].detail == "还没有数据"
    await start(arguments)
    after = await found(arguments)
    assert after["数据"].state == "ok"
    assert "高一语文备课组" in after["备课组"].detail
    assert "/建组" in after["定时消息"].todo
    assert all(one.todo for one in after.values() if one.state != "ok")


async def test_a_port_that_is_taken(arguments):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        text = CONFIG.replace("port = 0", f"port = {other.getsockname()[1]}")
        arguments.config.write_text(text, encoding="utf-8")
        assert (await found(arguments))["端口"].state == "fail"
    assert (await found(arguments))["端口"].state == "ok"


async def test_a_damaged_file_and_a_full_disk(arguments, monkeypatch):
    await start(arguments)
    database = arguments.config.parent / "data" / "records.sqlite3"
    whole = database.read_bytes()
    database.write_bytes(b"not a database" * 100)
    assert (await found(arguments))["数据"].state == "fail"
    database.write_bytes(whole)
    assert (await found(arguments))["数据"].state == "ok"
    monkeypatch.setattr(f"{FROM}LEAST_SPACE", 10**18)
    assert (await found(arguments))["磁盘"].state == "fail"


async def test_what_the_outbox_holds_back(arguments):
    async with opened(configured(arguments)) as store, store.transaction(SYSTEM) as tx:
        now = SystemClock().now()
        item = await enqueue(tx, channel="gone", kind="card", to="c", content=content("卡片"), now=now)
    assert "gone" in (await found(arguments))["发件箱"].detail
    async with opened(configured(arguments)) as store, store.transaction(SYSTEM) as tx:
        current = await tx.get(OutboxItem, item.id)
        assert current is not None
        await tx.update(current.moved("held"))
    assert "/待定" in (await found(arguments))["发件箱"].todo


async def test_a_wrong_config_is_told_whole(arguments):
    arguments.config.write_text(CONFIG.replace("weeks = 21", "weeks = 99"), encoding="utf-8")
    [only] = (await found(arguments)).values()
    assert only.state == "fail"
    assert "weeks" in only.detail
