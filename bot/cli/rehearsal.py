"""``rehearse``: everything that is going to be said, to whom and why, without saying it; works beside a running bot."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.app import jobs
from bot.calendar.names import day_label, weekday_name
from bot.chat.rehearsal import Gathered, Programme, Rehearsed, Week
from bot.cli.house import configured, data_folder, found
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.domain.groups import GroupRecord, all_groups
from bot.domain.people import SYSTEM
from bot.errors import BadArgument, Refused
from bot.scheduling.engine import Engine
from bot.storage import Store
from bot.storage.backup import copy_database
from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore

LONGEST = timedelta(days=400)


async def rehearse(arguments: argparse.Namespace) -> int:
    """Print everything that would be posted, without sending."""
    config = configured(arguments)
    _check_span(arguments.first, arguments.last)
    clock = SystemClock()
    async with _copied(config, clock) as store:
        engine = Engine(store, jobs(), clock)
        records = await _wanted(store, arguments.group)
        shown = await _programmes(engine, records, arguments.first, arguments.last)
    mentions = {record.name: _mention(config, record) for record in records}
    if arguments.json:
        _print_json(shown, mentions)
        return 0
    for programme in shown:
        print("\n".join(lines_of(programme, mentions[programme.group])))
    return 0


async def _programmes(
    engine: Engine, records: Sequence[GroupRecord], first: date | None, last: date | None
) -> list[Programme]:
    """One for each group; a school without a term keeps the others from nothing.

    Raises:
        Refused: none of the groups has a term.
    """
    found, refused = list[Programme](), dict[str, Refused]()
    for record in records:
        try:
            found.append(await engine.programme(record.key, first, last))
        except Refused as error:
            refused[record.name] = error
    if refused and not found:
        raise next(iter(refused.values()))
    for name, refusal in refused.items():
        print(f"{name}：{refusal.problem}", file=sys.stderr)
    return found


def lines_of(programme: Programme, mention: str) -> list[str]:
    """A group's programme to read, grouped by week.

    Args:
        mention: what a reader in the group puts before a command.
    """
    posts = programme.posts
    private = sum(post.private for post in posts)
    span = f"{programme.first:%Y-%m-%d} 至 {programme.last:%Y-%m-%d}"
    rows = [f"══ {programme.group} {span}：群里 {len(posts) - private} 条，私下 {private} 条。一条也没有真的发。"]
    if posts:
        rows.append(f"最多的一周：卡片 {programme.most_cards} 张，同一个人私下 {programme.most_notes} 条。")
    rows += [f"⚠️ {remark}" for remark in programme.remarks]
    for week in programme.weeks:
        rows += ["", _heading(week)]
        for one in week.gathered(mention):
            rows += ["", *_block(one)]
    return rows if posts else [*rows, "这段时间没有要发的。"]


def _heading(week: Week) -> str:
    unknown = "（放假安排未公布）" if week.unpublished else ""
    return f"── {week.label} {day_label(week.first)}–{day_label(week.last)}{unknown}，{len(week.posts)} 条"


def _block(one: Gathered) -> list[str]:
    day = f"{day_label(one.at.date())} {weekday_name(one.at.isoweekday())} {one.at:%H:%M}"
    why = f"  为什么：{'、'.join(one.why)}"
    return [f"{day} → {one.readers}", *(f"  {line}" for line in one.text.splitlines()), why]


def _print_json(shown: Sequence[Programme], mentions: dict[str, str]) -> None:
    """The contract's list on standard output; what there is to remark on the other, where it disturbs no script."""
    posts = sorted((post for one in shown for post in one.posts), key=lambda post: (post.at, post.group, post.to))
    print(json.dumps([_row(post, mentions[post.group]) for post in posts], ensure_ascii=False, indent=2))
    for one in shown:
        for remark in one.remarks:
            print(f"{one.group}：{remark}", file=sys.stderr)


def _row(post: Rehearsed, mention: str) -> dict[str, Any]:
    text = post.content.plain("" if post.private else mention)
    return {"at": post.at.isoformat(), "group": post.group, "to": post.to, "text": text, "why": list(post.why)}


def _mention(config: Config, record: GroupRecord) -> str:
    """How the group calls the bot: by its name in the group's own channel."""
    named = next((channel for channel in config.channels if channel.name == record.channel), None)
    return f"@{named.bot_name} " if named else ""


def _check_span(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise BadArgument(f"--to {last} 比 --from {first} 还早。", "例：rehearse --from 2026-08-24 --to 2027-07-10")
    if last and last - (first or SystemClock().now().date()) > LONGEST:
        raise BadArgument(f"一次最多预演 {LONGEST.days} 天。", "例：rehearse --from 2026-08-24 --to 2027-07-10")


async def _wanted(store: Store, group: str | None) -> list[GroupRecord]:
    """The group of this name or key; all of them when none is named.

    Raises:
        BadArgument: there is no such group.
    """
    async with store.transaction(SYSTEM) as tx:
        known = await all_groups(tx)
    named = [record for record in known if group in (None, record.name, record.key)]
    if not named:
        raise BadArgument(f"没有叫“{group}”的组。", f"现有：{'、'.join(record.name for record in known)}")
    return named


@asynccontextmanager
async def _copied(config: Config, clock: Clock) -> AsyncIterator[Store]:
    """A copy of the data, with what the configuration founds: a running bot keeps its folder."""
    with tempfile.TemporaryDirectory(prefix="beike-rehearse-") as place:
        database = data_folder(config) / DATABASE
        if database.is_file():
            await asyncio.to_thread(copy_database, database, Path(place) / DATABASE)
        store = await TinyStore(Path(place)).open()
        try:
            await found(store, config, clock.now())
            yield store
        finally:
            await store.close()
