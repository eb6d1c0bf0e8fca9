"""The table of checks, and the verb. Each check is alone: one that breaks says so itself and the others go on."""

import argparse
import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

import structlog

from bot.cli.data import snapshot
from bot.cli.doctor import accounts, callbacks, heard, house, links, machine, seeds, settings, skew
from bot.cli.doctor.context import Context, Run, look
from bot.cli.doctor.finding import Finding, Findings
from bot.cli.doctor.show import Secrets, text
from bot.cli.house import configured, data_folder
from bot.clock import Clock, SystemClock
from bot.errors import BotError, ConfigError
from bot.storage.folder import DATABASE

LONGEST = 4.0
"""Seconds a check may wait for networks; they all wait at the same time."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Check:
    """A line of the table.

    Attributes:
        name: for a finding about the check itself.
        needs: "data" = only where there are data that can be read; "network" = waits for somebody, in ``LONGEST``.
    """

    name: str
    run: Run
    needs: Literal["nothing", "network", "data"] = "nothing"


CHECKS: tuple[Check, ...] = (
    Check("校历", settings.calendar),
    Check("时区", settings.time_zone),
    Check("渠道", settings.channels_known),
    Check("时钟", skew.clock, "network"),
    Check("文件夹", machine.folder),
    Check("磁盘", machine.disk),
    Check("数据锁", machine.lock),
    Check("端口", machine.port),
    Check("回调", callbacks.callbacks, "network"),
    Check("凭证", accounts.tokens, "network"),
    Check("群机器人", accounts.robots),
    Check("数据", machine.data),
    Check("学期", house.term, "data"),
    Check("备课组", house.groups, "data"),
    Check("配置与数据", seeds.differences, "data"),
    Check("听到", heard.heard, "data"),
    Check("连接", links.links, "data"),
    Check("用量", heard.quota, "data"),
    Check("发件箱", house.outbox, "data"),
    Check("定时消息", house.posts, "data"),
    Check("备份", house.backup, "data"),
)
"""In the order in which a person would put things right."""


async def check(arguments: argparse.Namespace) -> int:
    """Look everything over; exit code 1 when something has failed."""
    findings = await examine(arguments)
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2), flush=True)
    else:
        print(text(findings), flush=True)
    return 1 if any(finding.state == "fail" for finding in findings) else 0


async def examine(arguments: argparse.Namespace, clock: Clock | None = None) -> list[Finding]:
    """All findings, no secret of the configuration in any of them."""
    try:
        config = configured(arguments)
        folder = data_folder(config)
    except ConfigError as error:
        return [Finding("配置", "fail", str(error), "改好后再运行一次 check")]
    found = [Finding("配置", "ok", f"{arguments.config} 读得懂")]
    async with look(config, folder, clock or SystemClock()) as ctx:
        found += [finding async for finding in _examined(ctx)]
    return Secrets(config).hidden(found)


async def _examined(ctx: Context) -> AsyncIterator[Finding]:
    before = [one for one in CHECKS if one.needs != "data"]
    for findings in await asyncio.gather(*(attempt(one, ctx) for one in before)):
        for finding in findings:
            yield finding
    if await machine.readable(ctx):
        for finding in await _of_the_data(ctx, [one for one in CHECKS if one.needs == "data"]):
            yield finding


async def _of_the_data(ctx: Context, checks: Sequence[Check]) -> list[Finding]:
    """The checks that read the data, in a copy: a running bot keeps its folder."""
    found: list[Finding] = []
    try:
        async with snapshot(ctx.folder) as store:
            for one in checks:
                found += await attempt(one, replace(ctx, copy=store))
    except (BotError, OSError) as error:
        # Windows may refuse to remove the copy at once: what was found stands.
        found.append(Finding("数据", "fail", f"{DATABASE} 读不了（{_reason(error)}）", "看文件夹的权限和磁盘的空间"))
    return found


async def attempt(one: Check, ctx: Context) -> Findings:
    """Run a check; its own failure is a finding with the reason."""
    try:
        async with asyncio.timeout(LONGEST if one.needs == "network" else None):
            return await one.run(ctx)
    except TimeoutError:
        return [Finding(one.name, "warn", f"{LONGEST:.0f} 秒内没有查完", "看网络，再运行一次 check")]
    except BotError as error:
        return [Finding(one.name, "fail", str(error), "照上面说的改，再运行一次 check")]
    except Exception as error:  # noqa: BLE001  (whatever it is, the others go on)
        detail = f"这一项没有查成（{_reason(error)}）"
        return [Finding(one.name, "warn", detail, "再运行一次；还这样，请把这一行告诉开发者")]


def _reason(error: Exception) -> str:
    """Why, without what an unknown error quotes: it may be an address with a secret in it."""
    if isinstance(error, BotError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
