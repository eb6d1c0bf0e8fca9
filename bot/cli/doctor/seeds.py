"""Where config.toml and the data differ: schools and groups are read at the first start, afterwards the data win.

What is written in the file and is not in the data has no effect, and whoever wrote it does not know: that is a warning.
What came to the data later, in the chat, is as it should be: it is told, and no fault.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.cli.house import calendar_of
from bot.config import Group
from bot.config import School as Seed
from bot.domain.groups import GroupRecord, School, all_groups
from bot.domain.people import SYSTEM, Member, Role
from bot.domain.school_changes import swap_key, term_key
from bot.errors import ConfigError

_TODO = "机器人照它存的做，config.toml 里这些只在第一次启动时读；照存的改回来，就不再提醒"


async def differences(ctx: Context) -> Findings:
    """One finding a school and a group that differ; one in all where nothing does."""
    async with ctx.store.transaction(SYSTEM) as tx:
        schools = {school.key: school for school in await tx.scan(School)}
        records = {record.key: record for record in await all_groups(tx)}
        members = await tx.scan(Member)
    found = [
        Finding("配置与数据", "warn", f"{seed.name}：{'；'.join(rows)}", _TODO)
        for seed in ctx.config.schools
        if seed.key in schools and (rows := _of_school(seed, schools[seed.key], settled=False))
    ]
    for group in ctx.config.groups:
        if group.name in records:
            found += _of_group(group, records[group.name], _roster(group, members))
    chosen = [
        f"{seed.name}：{'；'.join(rows)}"
        for seed in ctx.config.schools
        if seed.key in schools and (rows := _of_school(seed, schools[seed.key], settled=True))
    ]
    chosen += [
        f"{group.name}：{'；'.join(rows)}"
        for group in ctx.config.groups
        if group.name in records and (rows := _chosen(group, records[group.name], members))
    ]
    news = [
        _news(ctx, schools.keys(), records.keys()),
        *([f"群里改过，照群里的（{'，'.join(chosen)}）"] if chosen else []),
    ]
    return found or [Finding("配置与数据", "ok", "；".join(news))]


def _chosen(group: Group, record: GroupRecord, members: Sequence[Member]) -> list[str]:
    """What the file says otherwise because the chat has settled it since."""
    return [row for key, row in _of_record(group, record, _roster(group, members)) if key in record.chosen]


def _roster(group: Group, members: Sequence[Member]) -> list[Member]:
    return [member for member in members if member.group == group.name]


def _news(ctx: Context, schools: Iterable[str], groups: Iterable[str]) -> str:
    new = [seed.name for seed in ctx.config.schools if seed.key not in set(schools)]
    new += [group.name for group in ctx.config.groups if group.name not in set(groups)]
    return f"下次启动时新建：{'、'.join(new)}" if new else "没有不同"


def _of_school(seed: Seed, stored: School, *, settled: bool) -> list[str]:
    """What differs: of what the chat has settled since, or of everything else."""
    rows = [] if seed.name == stored.name else [("", f"学校的名字存的是“{stored.name}”")]
    try:
        written = calendar_of(seed)
    except ConfigError:  # the check of the calendar says so
        return []
    known = stored.calendar
    rows += _of_table("学期", written.terms, known.terms, "name", term_key)
    rows += _of_table("调休", written.swaps, known.swaps, "date", swap_key)
    rows += _of_table("作息表", written.bells, known.bells, "valid_from", str)
    return [row for key, row in rows if (key in stored.settled) is settled]


def _of_table(
    what: str, written: Sequence[BaseModel], stored: Sequence[BaseModel], key: str, settles: Callable[[Any], str]
) -> Iterator[tuple[str, str]]:
    """Rows that are written and not stored, or stored otherwise: what the chat would note of them, and a sentence."""
    known = {getattr(row, key): row for row in stored}
    for row in written:
        name = getattr(row, key)
        if name not in known:
            yield settles(name), f"{what} {name} 没有存进去"
        elif known[name] != row and row not in stored:
            fields = [field for field in type(row).model_fields if getattr(row, field) != getattr(known[name], field)]
            yield settles(name), f"{what} {name} 存的不一样（{'、'.join(fields)}）"


def _of_group(group: Group, record: GroupRecord, roster: Sequence[Member]) -> Iterator[Finding]:
    rows = [row for key, row in _of_record(group, record, roster) if key not in record.chosen]
    if rows:
        yield Finding("配置与数据", "warn", f"{group.name}：{'；'.join(rows)}", _TODO)
    known = {member.name for member in roster}
    missing = [person.name for person in group.members if person.name not in known]
    if missing:
        todo = f"组长在群里发 /成员 加 {missing[0]}，或从 config.toml 里去掉"
        yield Finding("配置与数据", "warn", f"{group.name}：{'、'.join(missing)} 不在名单里", todo)


def _of_record(group: Group, record: GroupRecord, roster: Sequence[Member]) -> Iterator[tuple[str, str]]:
    """What differs: the field of the record, and a sentence."""
    leader = next((member.name for member in roster if member.role is Role.LEADER), None)
    if group.leader and leader and group.leader.name != leader:
        yield "leader", f"组长存的是{leader}"
    pairs = (
        ("学校", group.school, record.school, "school", "school"),
        ("每天几点起发", group.window, record.window, "window", "window"),
        ("几点以后不发", group.quiet, record.quiet_from, "quiet", "quiet_from"),
        ("群", group.chat, record.chat, "chat", "chat"),
        ("渠道", group.channel if record.channel else "", record.channel, "channel", "channel"),
    )
    for what, written, stored, key, field in pairs:
        if written and written != stored:
            yield field, f"{what}（{key}）存的是“{stored or '（空）'}”"
