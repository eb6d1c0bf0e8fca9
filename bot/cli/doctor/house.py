"""What the data tell: the term, the groups, what waits to be sent, what was and will be posted, the backup."""

import asyncio
from datetime import datetime, timedelta

from bot.app import jobs
from bot.cli import channels
from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.delivery.outbox import READY, OutboxItem
from bot.domain.groups import GroupRecord, School, all_groups
from bot.domain.people import SYSTEM, Identity, Member
from bot.scheduling.backups import FOLDER
from bot.scheduling.engine import Engine

OLDEST_BACKUP = timedelta(days=3)
"""The bot makes a copy every day: an older one means that it does not run, or that copying fails."""

LOOK_AHEAD = timedelta(days=14)
STUCK = timedelta(hours=1)
"""A message that has been waiting so long is not waiting for its turn."""


async def term(ctx: Context) -> Findings:
    """Every school is in a term, or between two."""
    async with ctx.store.transaction(SYSTEM) as tx:
        schools = await tx.scan(School)
    return [_term(school, ctx.clock.now()) for school in schools]


def _term(school: School, now: datetime) -> Finding:
    known = school.calendar.term_on(now.date())
    if known is None:
        return Finding("学期", "fail", f"{school.name} 存下来的校历里没有学期", "写一段 [[schools.terms]]")
    week = known.week_of(now.date())
    if week > known.weeks:
        return Finding(
            "学期",
            "warn",
            f"{known.name} 已经结束，没有下一个学期",
            "先 backup，再换一个 [store] 的 path，写上新的学期重新建",
        )
    return Finding("学期", "ok", f"{known.name}，第 {week} 周" if week > 0 else f"{known.name} 还没有开始")


async def groups(ctx: Context) -> Findings:
    """Every group has a leader and a way to be posted to."""
    async with ctx.store.transaction(SYSTEM) as tx:
        known = await all_groups(tx)
        members = await tx.scan(Member)
        bound = {account.person for account in await tx.scan(Identity)}
    found = [
        Finding("备课组", "warn", f"还没有组长认领：{record.name}", "停下机器人，python3 start.py invite 看邀请码")
        for record in known
        if record.invitation
    ]
    found += [_unreachable(record, why) for record in known if (why := _why_silent(ctx, record))]
    waiting = sum(member.person not in bound for member in members)
    hint = f"，{waiting} 位还没有发 /我是" if waiting else ""
    if not known:
        return [Finding("备课组", "warn", "一个备课组也没有", "写一段 [[groups]]")]
    return found or [Finding("备课组", "ok", f"{len(known)} 个组，{len(members)} 位老师{hint}")]


def _unreachable(record: GroupRecord, why: str) -> Finding:
    return Finding("备课组", "warn", f"{record.name} 发不出定时消息：{why}", "在 [[groups]] 里写对 posts_through，重启")


def _why_silent(ctx: Context, record: GroupRecord) -> str:
    """Why nothing can be posted to a claimed group; "" when it can. The configuration says what it posts through."""
    written = next((group.posts_through for group in ctx.config.groups if group.name == record.key), None)
    through = written or (record.posts_through if written is None else "") or record.channel
    if not record.chat or not through:
        return ""
    kinds = {channel.name: channel.kind for channel in ctx.config.channels}
    if through not in kinds:
        return f"配置里没有渠道 {through}"
    return f"渠道 {through} 只能回答" if kinds[through] in channels.ANSWERS_ONLY else ""


async def outbox(ctx: Context) -> Findings:
    """Nothing is held back, refused, stuck, or waiting for a channel that is gone."""
    async with ctx.store.transaction(SYSTEM) as tx:
        items = await tx.scan(OutboxItem)
    known, now = {channel.name for channel in ctx.config.channels}, ctx.clock.now()
    waiting = [item for item in items if item.state in READY and not item.past(now)]
    lost = [item for item in waiting if item.channel not in known]
    undecided, failed = (sum(item.state == state for item in items) for state in ("held", "failed"))
    found = []
    if lost:
        names = "、".join(sorted({item.channel or "（空）" for item in lost}))
        detail = f"{len(lost)} 条等着的渠道不在配置里：{names}"
        found.append(Finding("发件箱", "warn", detail, "把渠道加回来，或由组长放弃"))
    if undecided or failed:
        detail = f"{undecided} 条说不准有没有发出，{failed} 条被平台拒绝"
        found.append(Finding("发件箱", "warn", detail, "组长在群里发 /待定"))
    stuck = [item for item in waiting if item not in lost and _stuck(item, now)]
    if stuck:
        detail = f"{len(stuck)} 条等了一小时以上{f'（{stuck[0].last_error}）' if stuck[0].last_error else ''}"
        todo = "机器人没在运行：python3 start.py run" if ctx.running == "no" else "看网络和上面的“凭证”"
        found.append(Finding("发件箱", "warn", detail, todo))
    again = sum(item.state == "unknown" for item in waiting)
    return found or [Finding("发件箱", "ok", f"没有积压{f'，{again} 条正在重发' if again else ''}")]


def _stuck(item: OutboxItem, now: datetime) -> bool:
    return item.created is not None and now - item.created > STUCK


async def posts(ctx: Context) -> Findings:
    """When the bot last spoke by itself, and when it will again."""
    async with ctx.store.transaction(SYSTEM) as tx:
        claimed = [record for record in await all_groups(tx) if record.chat]
        sent = [item.sent_at for item in await tx.scan(OutboxItem) if item.sent_at and item.kind == "card"]
    if not claimed:
        return [Finding("定时消息", "warn", "还没有认领的群，什么都不会发", "组长在群里发 /建组")]
    now = ctx.clock.now()
    coming = await Engine(ctx.store, jobs(), ctx.clock).rehearse(now, now + LOOK_AHEAD)
    last = f"上一张 {_moment(max(sent), now)}" if sent else "还没有发过"
    following = f"下一条 {_moment(coming[0].at, now)}" if coming else f"{LOOK_AHEAD.days} 天内没有要发的"
    return [Finding("定时消息", "ok", f"{last}，{following}")]


def _moment(moment: datetime, now: datetime) -> str:
    return f"{moment.astimezone(now.tzinfo):%m-%d %H:%M}"


async def backup(ctx: Context) -> Findings:
    """There is a recent copy in the folder where the night and ``backup`` put theirs."""
    return [await asyncio.to_thread(_backup, ctx)]


def _backup(ctx: Context) -> Finding:
    copies = list((ctx.folder / FOLDER).glob("*.sqlite3"))
    if not copies:
        return Finding(
            "备份", "warn", "backups 里还没有备份", "运行起来每天自己备份；现在就要：python3 start.py backup"
        )
    age = ctx.clock.now().timestamp() - max(copy.stat().st_mtime for copy in copies)
    days = max(0, int(age // 86_400))
    if age > OLDEST_BACKUP.total_seconds():
        todo = "机器人没在运行就先 run；在运行就看日志里的 backup.failed（多半是磁盘满）；再 python3 start.py backup"
        return Finding("备份", "warn", f"最近一次在 {days} 天前", todo)
    return Finding("备份", "ok", f"最近一次在 {days} 天前" if days else "最近一次在一天以内")
