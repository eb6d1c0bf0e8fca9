"""``check``: what is wrong, and what to do about it. It changes nothing, and works beside a running bot too."""

import argparse
import asyncio
import json
import shutil
import socket
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.app import assemble
from bot.cli import channels
from bot.cli.data import snapshot
from bot.cli.house import calendar_of, configured, data_folder
from bot.clock import SystemClock
from bot.config import Config
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import GroupRecord, all_groups
from bot.domain.people import SYSTEM
from bot.errors import BotError, ConfigError
from bot.storage import Store
from bot.storage.folder import DATABASE

State = Literal["ok", "warn", "fail"]

SIGNS: dict[State, str] = {"ok": "✅", "warn": "⚠️", "fail": "❌"}
LEAST_SPACE = 200 * 1024 * 1024  # bytes; a year of a large school is a tenth of it
OLDEST_BACKUP = timedelta(days=7)
LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and what to do."""

    name: str
    state: State
    detail: str
    todo: str = ""


async def check(arguments: argparse.Namespace) -> int:
    """Look everything over; exit code 1 when something has failed."""
    findings = await examine(arguments)
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for one in findings:
            print(f"{SIGNS[one.state]} {one.name}：{one.detail}{f'　{one.todo}' if one.todo else ''}")
    return 1 if any(finding.state == "fail" for finding in findings) else 0


async def examine(arguments: argparse.Namespace) -> list[Finding]:
    """All findings, in the order in which a person would put them right."""
    try:
        config = configured(arguments)
        folder = data_folder(config)
    except ConfigError as error:
        return [Finding("配置", "fail", str(error), "改好后再运行一次 check")]
    running = await _is_running(config)
    found = [Finding("配置", "ok", f"{arguments.config} 读得懂"), _calendar(config), _channels(config)]
    found += [_port(config, running=running), *await _callbacks(config, running=running), _folder(folder)]
    if not (folder / DATABASE).is_file():
        return [*found, Finding("数据", "warn", "还没有数据", "第一次运行 run 或 invite 时建")]
    found.append(await asyncio.to_thread(_integrity, folder / DATABASE))
    if found[-1].state != "ok":
        return found
    async with snapshot(folder) as store:
        found += await _groups(store)
        found += [await _outbox(store, config), await _posts(store)]
    return [*found, _backup(folder)]


async def _is_running(config: Config) -> bool:
    try:
        async with _client() as session, session.get(f"{_address(config)}/health/live") as answer:
            return answer.status == 200
    except (ClientError, TimeoutError, OSError):
        return False


def _client() -> ClientSession:
    return ClientSession(timeout=ClientTimeout(total=3))


def _address(config: Config) -> str:
    host = "127.0.0.1" if config.server.host in ("0.0.0.0", "::") else config.server.host  # noqa: S104  (compared)
    return f"http://{host}:{config.server.port}"


def _calendar(config: Config) -> Finding:
    terms = [(school, term) for school in config.schools for term in school.terms]
    if not terms:
        return Finding("校历", "fail", "没有学期", "写一段 [[schools.terms]]")
    school, term = terms[-1]
    calendar, last = calendar_of(school), term.first_day + timedelta(weeks=term.weeks)
    unknown = [day for day in (term.first_day, last) if not calendar.published(day)]
    if unknown:
        detail = f"{unknown[0].year} 年的放假安排还没有公布"
        return Finding("校历", "warn", detail, "公布后更新程序，或写 [[schools.swaps]]")
    return Finding("校历", "ok", f"{term.name} 共 {term.weeks} 周，时区 {school.timezone}")


def _channels(config: Config) -> Finding:
    if not config.channels:
        return Finding("渠道", "warn", "还没有连接企业微信或钉钉", "先用 python3 start.py try 试用")
    try:
        channels.check(config)
    except ConfigError as error:
        return Finding("渠道", "fail", str(error))
    mute = {channel.name for channel in config.channels if channel.kind in channels.ANSWERS_ONLY}
    silent = [group.name for group in config.groups if group.channel in mute and not group.posts_through]
    if silent:
        detail = f"{'、'.join(silent)} 只能回答，发不出定时消息"
        return Finding("渠道", "warn", detail, "配一个 wecom-robot，写进 posts_through")
    names = "、".join(f"{channel.name}（{channel.kind}）" for channel in config.channels)
    return Finding("渠道", "ok", f"会连接 {names}")


def _port(config: Config, *, running: bool) -> Finding:
    port = config.server.port
    if running:
        return Finding("端口", "ok", f"机器人正在 {_address(config)} 运行")
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((config.server.host, port))
    except OSError as error:
        return Finding("端口", "fail", f"{port} 用不了（{error.strerror}）", "换一个 server.port，或关掉占用它的程序")
    return Finding("端口", "ok", f"{port} 空着")


async def _callbacks(config: Config, *, running: bool) -> list[Finding]:
    """Call each callback address the way a stranger would: it must be there, and must refuse."""
    found = []
    for channel in config.channels if running else ():
        if channel.kind.endswith("-callback"):
            async with _client() as session:
                answer = await session.post(f"{_address(config)}/callback/{channel.name}", data=b"{}")
            good = answer.status in (400, 403)
            detail = "在听，没有签名的不收" if good else f"回答了 {answer.status}，应是 403"
            todo = "" if good else "重启机器人再看"
            found.append(Finding(f"回调 {channel.name}", "ok" if good else "fail", detail, todo))
    return found


def _folder(folder: Path) -> Finding:
    existing = next(place for place in (folder, *folder.resolve().parents) if place.exists())
    free = shutil.disk_usage(existing).free
    if free < LEAST_SPACE:
        return Finding("磁盘", "fail", f"{folder} 所在的磁盘只剩 {free // 1024 // 1024} MB", "腾出一些地方")
    return Finding("磁盘", "ok", f"{folder} 还有 {free // 1024 // 1024} MB")


def _integrity(database: Path) -> Finding:
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            answer = connection.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        return Finding("数据", "fail", f"读不出来（{error}）", "看文件夹的权限；坏了就从备份恢复")
    if answer != ("ok",):
        return Finding("数据", "fail", "文件损坏", "从备份恢复：python3 start.py restore 备份文件")
    return Finding("数据", "ok", f"{database} 完好")


async def _groups(store: Store) -> list[Finding]:
    async with store.transaction(SYSTEM) as tx:
        found = await all_groups(tx)
    unclaimed = [record.name for record in found if record.invitation]
    if unclaimed:
        return [
            Finding("备课组", "warn", f"还没有组长认领：{'、'.join(unclaimed)}", "python3 start.py invite 看邀请码")
        ]
    return [Finding("备课组", "ok", f"{len(found)} 个")]


async def _outbox(store: Store, config: Config) -> Finding:
    async with store.transaction(SYSTEM) as tx:
        items = await tx.scan(OutboxItem)
    known = {channel.name for channel in config.channels}
    lost = [item for item in items if item.state == "waiting" and item.channel not in known]
    undecided = sum(item.state in ("held", "unknown") for item in items)
    failed = sum(item.state == "failed" for item in items)
    if lost:
        names = "、".join(sorted({item.channel or "（空）" for item in lost}))
        return Finding("发件箱", "warn", f"{len(lost)} 条等着的渠道不在配置里：{names}", "把渠道加回来，或由组长放弃")
    if undecided or failed:
        detail = f"{undecided} 条说不准有没有发出，{failed} 条被平台拒绝"
        return Finding("发件箱", "warn", detail, "组长在群里发 /待定")
    return Finding("发件箱", "ok", "没有积压")


async def _posts(store: Store) -> Finding:
    clock = SystemClock()
    async with store.transaction(SYSTEM) as tx:
        claimed: Sequence[GroupRecord] = [record for record in await all_groups(tx) if record.chat]
        sent = [item.sent_at for item in await tx.scan(OutboxItem) if item.sent_at and item.kind == "card"]
    if not claimed:
        return Finding("定时消息", "warn", "还没有认领的群，什么都不会发", "组长在群里发 /建组")
    now = clock.now()
    try:
        coming = await assemble(store, clock, {}).engine.rehearse(now, now + LOOK_AHEAD)
    except BotError as error:
        return Finding("定时消息", "fail", str(error))
    last = f"上一张 {_moment(max(sent))}" if sent else "还没有发过"
    following = f"下一条 {_moment(coming[0].at)}" if coming else f"{LOOK_AHEAD.days} 天内没有要发的"
    return Finding("定时消息", "ok", f"{last}，{following}")


def _moment(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M}"


def _backup(folder: Path) -> Finding:
    copies = sorted((folder / "backups").glob("*.sqlite3")) if (folder / "backups").is_dir() else []
    if not copies:
        return Finding("备份", "warn", "还没有备份", "python3 start.py backup，可以放进每天的计划任务")
    age = SystemClock().now().timestamp() - max(copy.stat().st_mtime for copy in copies)
    days = int(age // 86_400)
    if age > OLDEST_BACKUP.total_seconds():
        return Finding("备份", "warn", f"最近一次在 {days} 天前", "python3 start.py backup")
    return Finding("备份", "ok", f"最近一次在 {days} 天前")
