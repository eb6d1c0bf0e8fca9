"""Connections this program keeps open itself: whether they stand, and what was said while they did not."""

from datetime import datetime, timedelta

from aiohttp import ClientError
from pydantic import BaseModel, Field

from bot.chat.transport import LinkState
from bot.cli.doctor.context import Context, address
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
    """Every connection: as the running bot says, else as it was last written down."""
    names = [channel.name for channel in ctx.config.channels if channel.kind in KINDS]
    if not names:
        return []
    told, known, now = await _told(ctx), await logs(ctx.store), ctx.clock.now()
    return [
        _state(f"连接 {name}", told[name], now) if name in told else _written(f"连接 {name}", known.get(name), now)
        for name in names
    ]


async def _told(ctx: Context) -> dict[str, LinkState]:
    """How the connections of the running bot stand at this moment; nothing when it does not run or does not say."""
    if ctx.running != "ours":
        return {}
    try:
        async with ctx.near.get(f"{address(ctx.config)}/health/ready") as answer:
            return _Ready.model_validate_json(await answer.read()).states()
    except (ClientError, TimeoutError, OSError, ValueError):  # the logs say it too
        return {}


class _Gap(BaseModel):
    begin: datetime = Field(alias="from")
    end: datetime = Field(alias="to")


class _Channel(BaseModel):
    state: str
    since: datetime
    reason: str = ""
    missed: _Gap | None = None


class _Ready(BaseModel):
    """What /health/ready answers (bot/web/health.py)."""

    channels: dict[str, _Channel] = Field(default_factory=dict)

    def states(self) -> dict[str, LinkState]:
        return {
            name: LinkState(
                up=one.state == "up",
                since=one.since,
                reason=one.reason,
                missed=(one.missed.begin, one.missed.end) if one.missed else None,
            )
            for name, one in self.channels.items()
        }


def _written(name: str, log: ChannelLog | None, now: datetime) -> Finding:
    if log is None or log.link is None:
        return Finding(name, "warn", "还没有连过", _NEVER)
    if log.link.up and (log.alive_at is None or now - log.alive_at > STALE):
        seen = f"{log.alive_at.astimezone(now.tzinfo):%m-%d %H:%M}" if log.alive_at else "从来没有"
        return Finding(name, "warn", f"最后一次看到它连着：{seen}", "机器人没在运行就先启动：停着的时候说的话收不到")
    return _state(name, log.link, now)


def _state(name: str, state: LinkState, now: datetime) -> Finding:
    if not state.up:
        return Finding(name, "fail", f"没有连上：{state.reason}", "照原因改好；程序自己会再连")
    return _standing(name, state, now)


def _standing(name: str, state: LinkState, now: datetime) -> Finding:
    since = f"从 {state.since.astimezone(now.tzinfo):%m-%d %H:%M} 起连着"
    if state.missed and now - state.missed[1] < RECENT:
        begin, end = (moment.astimezone(now.tzinfo) for moment in state.missed)
        return Finding(name, "warn", f"{since}；{begin:%m-%d %H:%M} 到 {end:%m-%d %H:%M} 断过", _AGAIN)
    return Finding(name, "ok", since)
