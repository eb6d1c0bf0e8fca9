"""``check`` as a whole, and those of its checks that need more than one wrong thing to be tried."""

import asyncio
import json
import os
import socket
import sys
from datetime import time, timedelta

from bot.cli.doctor import Finding, check, examine
from bot.cli.doctor.checks import CHECKS, LONGEST, Check
from bot.cli.doctor.context import NEAR_SECONDS, Context
from bot.cli.doctor.show import COLUMNS, text, width
from bot.clock import SystemClock
from bot.content import content
from bot.delivery.outbox import enqueue
from bot.domain import handover, school_changes, school_terms, settings
from bot.domain.groups import load
from bot.domain.people import Identity
from bot.errors import StoreError
from tests.cli.patient import good

NOW = SystemClock().now()
HOUR = timedelta(hours=1)


async def test_a_good_installation_gives_nothing_to_do(well):
    found = await well.check()
    # The holidays of the coming year may not be out yet, and the bot does not run.
    assert [one.name for one in found if not good(one) and one.name not in ("校历", "回调")] == []
    assert len({one.name for one in found}) >= 20


async def test_a_wrong_clock_says_who_refuses_what(well):
    well.platforms.ahead = timedelta(hours=-2)
    detail = (await well.finding("时钟")).detail
    assert "差 600 秒以上\uff0c钉钉" in detail
    assert "差 600 秒以上\uff0c企业微信" in detail
    assert "310000" in detail
    await well.platforms.ding.server.close()
    await well.platforms.wecom.close()
    unknown = await well.finding("时钟")
    assert unknown.state == "warn"
    assert "核对不了" in unknown.detail


async def test_what_was_called_right_since_is_right(well):
    await well.log("wecom", called="别人", called_at=NOW - HOUR, nameless_at=NOW - HOUR)
    assert good(await well.finding("听到 wecom"))
    await well.log("wecom", called="备课助手", called_at=NOW + HOUR)  # config.toml was wrong then, and is right now
    assert good(await well.finding("听到 wecom"))
    long = "备课助手" * 12  # longer than a wrong name is kept
    well.changed(('bot_name = "备课助手"', f'bot_name = "{long}"'))
    await well.log("wecom", right_name=long, called_at=None)
    assert good(await well.finding("听到 wecom"))
    await well.log("ding", calls={"webhook": 2900}, month="2020-01", exhausted_at=NOW - timedelta(days=40))
    assert good(await well.finding("用量"))


async def test_a_port_that_is_taken_and_by_whom(well, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", well.port))
        other.listen()
        monkeypatch.setattr("bot.cli.doctor.context.NEAR_SECONDS", 0.1)  # it answers nothing
        taken = await well.finding("端口")
        assert taken.state == "fail"
        assert (f"进程 {os.getpid()}" in taken.detail) == sys.platform.startswith("linux")
    assert good(await well.finding("端口"))


async def test_a_folder_that_cannot_be(patient, monkeypatch):
    assert "第一次用时建" in (await patient.finding("文件夹")).detail
    (patient.folder / "file").touch()
    patient.changed(("port =", 'port = 0\n[store]\npath = "file/data"\n#'))
    below = await patient.finding("文件夹")
    assert (below.state, "是文件" in below.detail) == ("fail", True)
    patient.write(patient.config)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    closed = await patient.finding("文件夹")
    assert (closed.state, "不能写" in closed.detail) == ("fail", True)


async def test_a_full_disk(patient, monkeypatch):
    assert good(await patient.finding("磁盘"))
    monkeypatch.setattr("bot.cli.doctor.machine.LEAST_SPACE", 10**18)
    assert (await patient.finding("磁盘")).state == "fail"


async def test_data_that_somebody_else_holds(well):
    assert good(await well.finding("数据锁"))
    async with well.transaction():
        locked = await well.finding("数据锁")
        assert locked.state == "fail"
        assert f"进程 {os.getpid()}" in locked.detail
        assert good(await well.finding("发件箱"))  # what reads the data goes on beside the holder
    assert good(await well.finding("数据锁"))


async def test_nothing_is_there_yet(patient):
    names = {one.name: one for one in await patient.check()}
    assert names["数据"].detail == "还没有数据"
    assert "发件箱" not in names
    assert not patient.data.exists()


async def test_a_check_changes_nothing(well):
    def contents() -> dict[str, bytes]:
        files = [path for path in well.folder.rglob("*") if path.is_file() and path.name != "lock"]
        return {str(path): path.read_bytes() for path in files}

    before = contents()
    await well.check()
    assert contents() == before
    assert well.platforms.posted == []
    assert well.platforms.ding.posts == []
    assert set(well.platforms.ding.calls) == {"", "accessToken"}


def test_networks_are_waited_for_five_seconds_in_all():
    assert NEAR_SECONDS + LONGEST <= 5
    assert all(one.needs == "network" for one in CHECKS if one.name in ("时钟", "回调", "凭证"))


async def broken(_: Context) -> list[Finding]:
    raise KeyError("https://example.com/send?key=secret")


async def refusing(_: Context) -> list[Finding]:
    raise StoreError("数据目录不能用。")


async def endless(_: Context) -> list[Finding]:
    await asyncio.Event().wait()
    return []


async def test_a_check_that_breaks_is_a_finding_and_the_others_go_on(well, monkeypatch):
    before = [one.name for one in await well.check()]
    more = (Check("坏的", broken), Check("拒绝的", refusing, "data"), Check("等着的", endless, "network"))
    monkeypatch.setattr("bot.cli.doctor.checks.CHECKS", (*more, *CHECKS))
    monkeypatch.setattr("bot.cli.doctor.checks.LONGEST", 0.2)
    found = {one.name: one for one in await well.check()}
    assert set(before) <= set(found)
    assert (found["坏的"].state, found["坏的"].detail) == ("warn", "这一项没有查成\uff08KeyError\uff09")
    assert (found["拒绝的"].state, found["拒绝的"].detail) == ("fail", "数据目录不能用。")
    assert found["等着的"].state == "warn"
    assert "没有查完" in found["等着的"].detail


async def test_the_text_fits_the_terminal_and_the_json_is_exact(well, capsys):
    well.changed(("app-secret-never-in-a-log", "app-secret-of-another"), ("weeks = 20", "weeks = 19"))
    assert await check(well.arguments) == 1
    lines = capsys.readouterr().out.splitlines()
    assert max(width(line) for line in lines) <= COLUMNS
    assert "项不行" in lines[-1]
    well.arguments.json = True
    assert await check(well.arguments) == 1
    rows = json.loads(capsys.readouterr().out)
    assert all(list(row) == ["name", "state", "detail", "todo"] for row in rows)
    assert {row["state"] for row in rows} == {"ok", "warn", "fail"}
    well.write(well.config)
    assert await check(well.arguments) == 0


def test_a_line_is_broken_by_columns_and_steers_no_terminal():
    long = Finding(
        "数据",
        "fail",
        "一二三四五六七八九十" * 9 + "\u3002\x1b[31m",
        "照 /srv/of/somebody/config.toml 改\uff0c" * 4,
    )
    lines = text([long]).splitlines()
    assert max(width(line) for line in lines) <= COLUMNS
    assert [line for line in lines if line.strip()[0] in "\u3002\uff0c"] == []
    assert "\x1b" not in "".join(lines)
    assert "".join(line.strip() for line in lines).count("/srv/of/somebody/config.toml") == 4


async def test_a_wrong_config_is_told_whole(patient):
    patient.changed(("weeks = 20", "weeks = 99\nweks = 1"))
    [only] = await examine(patient.arguments)
    assert only.state == "fail"
    assert "weeks" in only.detail
    assert "weks" in only.detail


async def test_what_was_posted_last_and_what_comes_next(well):
    nothing = await well.finding("定时消息")
    assert "还没有发过" in nothing.detail
    async with well.transaction() as tx:
        item = await enqueue(tx, channel="ding-posts", kind="card", to="cid-1", content=content("卡片"), now=NOW)
        await tx.update(item.moved("sent", sent_at=NOW))
    assert f"上一张 {NOW:%m-%d %H:%M}" in (await well.finding("定时消息")).detail


async def test_what_the_chat_has_changed_is_told_and_is_no_fault(well):
    """The times and the lead are set in the chat; the file only founded the group."""
    well.changed(("chat = ", 'window = "07:10"\nchat = '))
    assert good(await well.finding("配置与数据"))
    async with well.transaction() as tx:
        group = await load(tx, "高一语文备课组", NOW)
        taker = await group.member("王老师")
        await tx.add(Identity(channel="ding", user="0008", person=taker.person))
        await settings.set_time(group, "卡片", time(6, 50))
        await handover.offer(group, "李老师", "王老师")
        await handover.agree(group, "王老师")
        move = school_terms.with_weeks(group, group.term.weeks + 1)
        await school_changes.change(group, "王老师", move.patch, what=move.what)
    found = await well.finding("配置与数据")
    assert good(found)
    assert "群里改过" in found.detail
    assert "学期 这学期 存的不一样（weeks、final_week" in found.detail
    assert "组长存的是王老师" in found.detail
    assert "06:50" in found.detail
    well.changed(("李老师", "赵老师"), ("chat = ", 'quiet = "20:00"\nchat = '))
    assert "几点以后不发" in (await well.finding("配置与数据")).detail  # the chat has never spoken of it
    assert not good(await well.finding("配置与数据"))
