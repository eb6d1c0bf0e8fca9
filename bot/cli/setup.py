"""``init``, ``check``, ``invite``: from nothing to a running group, and what is wrong on the way."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from bot.cli import channels
from bot.cli.house import calendar_of, configured, data_folder, opened
from bot.config import Config
from bot.domain.groups import all_groups
from bot.domain.people import SYSTEM
from bot.errors import BadArgument, BotError, ConfigError, Locked, Refused

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and what to do."""

    name: str
    state: State
    detail: str
    todo: str = ""


async def check(arguments: argparse.Namespace) -> int:
    """Look over configuration, data and calendar; exit code 1 when something has failed."""
    findings = await _examine(arguments)
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        signs = {"ok": "✅", "warn": "⚠️", "fail": "❌"}
        for finding in findings:
            print(
                f"{signs[finding.state]} {finding.name}：{finding.detail}{f'　{finding.todo}' if finding.todo else ''}"
            )
    return 1 if any(finding.state == "fail" for finding in findings) else 0


async def invite(arguments: argparse.Namespace) -> int:
    """Print the invitation code of each group that nobody has claimed."""
    async with opened(configured(arguments)) as store, store.transaction(SYSTEM) as tx:
        waiting = [record for record in await all_groups(tx) if record.invitation]
    chosen = [record for record in waiting if arguments.group in (None, record.name)]
    if arguments.group and not chosen:
        raise BadArgument(f"“{arguments.group}”没有等着认领，或没有这个组。")
    for record in chosen:
        print(f"{record.name}  邀请码 {record.invitation}　组长在群里发：/建组 {record.name} {record.invitation}")
    if not chosen:
        print("每个组都有组长了。")
    return 0


async def init(arguments: argparse.Namespace) -> int:
    """Ask five questions, write config.toml and print the invitation code."""
    target: Path = arguments.config
    if await asyncio.to_thread(target.exists):
        raise Refused(f"{target} 已经有了，没有改动。", "要重来：先把它改名或移走。")
    school = _ask("学校名称", "示例中学")
    group = _ask("备课组名称", "高一语文备课组")
    leader = _ask("备课组长姓名", "李老师")
    first_day = _ask_date("第一天上课的日期（如 2026-08-31）")
    weeks = _ask_number("这学期有几个教学周", 1, 30)
    text = _config_text(school, group, leader, first_day, weeks)
    await asyncio.to_thread(target.write_text, text, encoding="utf-8")
    print(f"已写好 {target}。")
    return await invite(argparse.Namespace(config=target, group=None))


async def _examine(arguments: argparse.Namespace) -> list[Finding]:
    try:
        config = configured(arguments)
    except ConfigError as error:
        return [Finding("配置", "fail", str(error), "改好后再运行一次 check")]
    found = [Finding("配置", "ok", f"{arguments.config} 读得懂")]
    found += [_calendar(config), _channels(config)]
    found.append(await _data(config))
    return found


def _calendar(config: Config) -> Finding:
    terms = [(school, term) for school in config.schools for term in school.terms]
    if not terms:
        return Finding("校历", "fail", "没有学期", "写一段 [[schools.terms]]")
    school, term = terms[-1]
    calendar = calendar_of(school)
    last = term.first_day + timedelta(weeks=term.weeks)
    unknown = [day for day in (term.first_day, last) if not calendar.published(day)]
    if unknown:
        return Finding(
            "校历", "warn", f"{unknown[0].year} 年的放假安排还没有公布", "公布后更新程序，或写 [[schools.swaps]]"
        )
    return Finding("校历", "ok", f"{term.name} 共 {term.weeks} 周")


def _channels(config: Config) -> Finding:
    if not config.channels:
        return Finding("渠道", "warn", "还没有连接企业微信或钉钉", "先用 python -m bot try 试用")
    try:
        channels.check(config)
    except ConfigError as error:
        return Finding("渠道", "fail", str(error))
    mute = {channel.name for channel in config.channels if channel.kind == "wecom-callback"}
    silent = [group.name for group in config.groups if group.channel in mute and not group.posts_through]
    if silent:
        detail = f"{'、'.join(silent)} 只能回答，发不出定时消息"
        return Finding("渠道", "warn", detail, "配一个 wecom-robot，写进 posts_through")
    names = "、".join(f"{channel.name}（{channel.kind}）" for channel in config.channels)
    return Finding("渠道", "ok", f"会连接 {names}")


async def _data(config: Config) -> Finding:
    try:
        async with opened(config) as store, store.transaction(SYSTEM) as tx:
            groups = await all_groups(tx)
    except Locked as error:
        return Finding("数据", "ok", f"机器人正在运行（{error}）")
    except BotError as error:
        return Finding("数据", "fail", str(error))
    unclaimed = [record.name for record in groups if record.invitation]
    if unclaimed:
        return Finding("数据", "warn", f"还没有组长认领：{'、'.join(unclaimed)}", "python -m bot invite 看邀请码")
    return Finding("数据", "ok", f"{data_folder(config)}，{len(groups)} 个组")


def _ask(question: str, example: str) -> str:
    while True:
        answer = _typed(f"{question}（例：{example}）：").strip()
        if answer and not set(answer) & set('"\\\n') and len(answer) <= 30:
            return answer
        print("要 1 到 30 个字，不带引号。")


def _ask_date(question: str) -> date:
    while True:
        try:
            return date.fromisoformat(_typed(f"{question}：").strip())
        except ValueError:
            print("没看懂这个日期，请写成 2026-08-31 这样。")


def _ask_number(question: str, least: int, most: int) -> int:
    while True:
        answer = _typed(f"{question}（{least} 到 {most}）：").strip()
        if answer.isdecimal() and least <= int(answer) <= most:
            return int(answer)
        print(f"请写 {least} 到 {most} 的整数。")


def _typed(prompt: str) -> str:
    print(prompt, end="", flush=True)
    line = sys.stdin.readline()
    if not line:
        raise Refused("没有回答完，什么也没有写。", "再运行一次 python -m bot init")
    return line


def _config_text(school: str, group: str, leader: str, first_day: date, weeks: int) -> str:
    return f"""# 由 python -m bot init 生成；所有可以写的键见 config.example.toml
[server]
host = "127.0.0.1"
port = 8080

[store]
path = "data"

[[schools]]
key = "school"
name = "{school}"

[[schools.terms]]
name = "{first_day.year}年{"秋季" if first_day.month >= 7 else "春季"}学期"
first_day = {first_day}
weeks = {weeks}
midterm_week = {max(1, weeks // 2)}
final_week = {weeks}

[[groups]]
name = "{group}"
leader = "{leader}"
"""
