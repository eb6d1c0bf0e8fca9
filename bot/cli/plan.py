"""``plan``: what calendar a plan document holds, and putting it in force for a group."""

import argparse
import asyncio
import json
from datetime import date

from bot.calendar.entries import Entry
from bot.calendar.plan_reader import PlanContext, TermSpan, read_document, read_plan
from bot.calendar.wording import rule_of
from bot.cli.house import configured, opened
from bot.clock import SystemClock
from bot.delivery.outcome import post
from bot.domain import groups, plan_activation, plan_import
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.errors import BadArgument, Refused


async def read(arguments: argparse.Namespace) -> int:
    """Print the entries of a document; with ``--activate`` keep them for a group."""
    data = await asyncio.to_thread(arguments.file.read_bytes)
    lines = await asyncio.to_thread(read_document, data, arguments.file.name)
    if arguments.activate:
        return await _activate(arguments, lines)
    entries = read_plan(lines, _context(arguments))
    if arguments.json:
        print(json.dumps([entry.public() for entry in entries], ensure_ascii=False, indent=2))
        return 0
    _show(entries)
    return 0


def _show(entries: list[Entry]) -> None:
    for entry in entries:
        print(f"第{entry.line}行  {rule_of(entry)}  {entry.activity}")
        if entry.question:
            print(f"        要问组长：{entry.question} {' / '.join(entry.choices)}")
    print(f"共 {len(entries)} 项，其中 {sum(not entry.sure for entry in entries)} 项要先问组长。")


async def _activate(arguments: argparse.Namespace, lines: list[str]) -> int:
    async with opened(configured(arguments)) as store:
        async with store.transaction(SYSTEM) as tx:
            named = [record for record in await groups.all_groups(tx) if record.name == arguments.activate]
        if not named:
            raise BadArgument(f"没有叫“{arguments.activate}”的组。")
        async with store.transaction(space_of(named[0].key)) as tx:
            group = await groups.load(tx, named[0].key, SystemClock().now())
            kept = await plan_import.import_lines(group, "管理员", lines, activate=True)
            await post(group, group.notices, group.changes, why="导入计划")
    print(f"已启用 {len(kept.sure)} 项，{len(kept.questions)} 项要组长回答，{len(kept.known)} 项原来就有。")
    if topics := plan_activation.topics_of([*kept.sure, *kept.questions]):
        print(f"会说的事：{'、'.join(topics)}。")
    if kept.targets:
        print(f"另有 {kept.targets} 个要达到的次数，组长看：/计划 配额")
    if kept.waiting:
        print(f"和原来的计划不同：{kept.waiting.counts}。改了和没有了的等组长定：/计划 导入 看")
    return 0


def _context(arguments: argparse.Namespace) -> PlanContext:
    span = _term(arguments)
    return PlanContext(term=span, year=arguments.year or span.first_day.year)


def _term(arguments: argparse.Namespace) -> TermSpan:
    """The term of the flags; what they leave out comes from config.toml if there is one, else from the usual year."""
    usual = _usual_term(SystemClock().now().date())
    if arguments.term_start is None and arguments.config.is_file():
        config = configured(arguments)
        terms = [term for school in config.schools for term in school.terms]
        if terms:
            usual = TermSpan(first_day=terms[-1].first_day, weeks=terms[-1].weeks, midterm_week=terms[-1].midterm_week)
    weeks = arguments.weeks or usual.weeks
    if not 1 <= weeks <= 30:
        raise Refused(f"一个学期有 1 到 30 个教学周，不能是 {weeks} 周。")
    midterm = arguments.midterm_week or min(usual.midterm_week or weeks // 2, weeks)
    return TermSpan(first_day=arguments.term_start or usual.first_day, weeks=weeks, midterm_week=midterm)


def _usual_term(today: date) -> TermSpan:
    """Schools begin around 1 September and in the last week of February."""
    if today.month >= 7:
        return TermSpan(first_day=date(today.year, 9, 1), weeks=21, midterm_week=10)
    return TermSpan(first_day=date(today.year, 2, 22), weeks=20, midterm_week=9)
