"""``init`` and ``invite``: from nothing to a group that waits for its leader."""

import argparse
import asyncio
import sys
from datetime import date
from pathlib import Path

from bot.cli.house import configured, opened
from bot.domain.groups import all_groups
from bot.domain.people import SYSTEM
from bot.errors import BadArgument, Refused
from bot.storage.files import write_file


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
    await asyncio.to_thread(write_file, target, text)
    print(f"已写好 {target}。")
    return await invite(argparse.Namespace(config=target, group=None))


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
        raise Refused("没有回答完，什么也没有写。", "再运行一次 python3 start.py init")
    return line


def _config_text(school: str, group: str, leader: str, first_day: date, weeks: int) -> str:
    return f"""# 由 python3 start.py init 生成；所有可以写的键见 config.example.toml
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
