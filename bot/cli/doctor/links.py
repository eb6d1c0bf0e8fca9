"""Connections this program keeps open itself: whether they stand, and what was said while they did not."""

from datetime import datetime, timedelta

from bot.chat.transport import LinkState
from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.delivery.logbook import ChannelLog, logs

KINDS = ("dingtalk-stream", "wecom-connection")

STALE = timedelta(minutes=3)
"""A running bot writes once a minute how its connections stand."""

RECENT = timedelta(days=1)
"""A gap longer ago has been noticed by those it concerned."""

_AGAIN = "那时说过话的老师请再发一次：平台不会补送"
_NEVER = "机器人运行一分钟以后再看；还是没有，看它的输出"


async def links(ctx: Context) -> Findings:
    """Every connection, as the running bot last wrote it down."""
    known = await logs(ctx.store)
    names = [channel.name for channel in ctx.config.channels if channel.kind in KINDS]
    return [_link(f"连接 {name}", known.get(name), ctx.clock.now()) for name in names]


def _link(name: str, log: ChannelLog | None, now: datetime) -> Finding:
    if log is None or log.link is None:
        return Finding(name, "warn", "还没有连过", _NEVER)
    state = log.link
    if not state.up:
        return Finding(name, "fail", f"没有连上：{state.reason}", "照原因改好；程序自己会再连")
    if log.alive_at is None or now - log.alive_at > STALE:
        seen = f"{log.alive_at.astimezone(now.tzinfo):%m-%d %H:%M}" if log.alive_at else "从来没有"
        return Finding(name, "warn", f"最后一次看到它连着：{seen}", "机器人没在运行就先启动：停着的时候说的话收不到")
    return _standing(name, state, now)


def _standing(name: str, state: LinkState, now: datetime) -> Finding:
    since = f"从 {state.since.astimezone(now.tzinfo):%m-%d %H:%M} 起连着"
    if state.missed and now - state.missed[1] < RECENT:
        begin, end = (moment.astimezone(now.tzinfo) for moment in state.missed)
        return Finding(name, "warn", f"{since}；{begin:%m-%d %H:%M} 到 {end:%m-%d %H:%M} 断过", _AGAIN)
    return Finding(name, "ok", since)
