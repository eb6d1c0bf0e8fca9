"""The machine's clock against the ``Date`` header of the platforms' own servers."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median
from urllib.parse import urlsplit

import aiohttp

from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.config import Channel, Config, DingTalkApp, DingTalkRobot, WeComCallback, WeComRobot
from bot.platforms.dingtalk.signing import LONGEST_WINDOW

ODD = 60.0  # seconds from which on somebody should look
WRONG = 300.0

_TODO = "给机器对时：Linux 用 timedatectl set-ntp true，Windows 在“日期和时间”里点“立即同步”"


async def clock(ctx: Context) -> Findings:
    """The median of what the platforms' servers say; their addresses are asked for nothing but the time."""
    places = dict.fromkeys(origin for channel in ctx.config.channels for origin in _origins(channel))
    if not places:
        return [Finding("时钟", "ok", "没有要连接的平台，没有核对")]
    asked = await asyncio.gather(*(_ahead(ctx, origin) for origin in places))
    known = [seconds for seconds in asked if seconds is not None]
    if not known:
        names = "、".join(str(urlsplit(origin).hostname) for origin in places)
        return [Finding("时钟", "warn", f"核对不了：连不上 {names}", "看这台机器能不能上网，要不要代理")]
    return [_judged(ctx.config, median(known))]


def _judged(config: Config, ahead: float) -> Finding:
    seconds = abs(ahead)
    if seconds < ODD:
        return Finding("时钟", "ok", f"和平台相差 {seconds:.0f} 秒")
    early = "早" if ahead > 0 else "晚"
    detail = f"机器的钟比平台{'快' if ahead > 0 else '慢'} {_span(seconds)}，定时消息会{early}发这么多"
    if seconds < WRONG:
        return Finding("时钟", "warn", detail, _TODO)
    refusals = dict.fromkeys(_refusal(config, channel) for channel in config.channels)
    return Finding("时钟", "fail", "；".join([detail, *filter(None, refusals)]), _TODO)


def _refusal(config: Config, channel: Channel) -> str:
    """What a wrong clock breaks here. Sources: as in signing (DingTalk: an hour, both ways) and wecom/callback."""
    window = config.server.replay_window
    match channel:
        case DingTalkApp():
            return f"差 {min(window, LONGEST_WINDOW)} 秒以上，钉钉送来的话不收（403）"
        case DingTalkRobot(secret=secret) if secret:
            return "差一小时以上，钉钉不收加签的消息（310000）"
        case WeComCallback():
            return f"差 {window} 秒以上，企业微信送来的话不收（403）"
    return ""


def _span(seconds: float) -> str:
    return f"{seconds:.0f} 秒" if seconds < 2 * ODD else f"{seconds / 60:.0f} 分钟"


def _origins(channel: Channel) -> Iterator[str]:
    """The servers a channel talks to, without path and secrets."""
    found: tuple[str, ...] = ()
    match channel:
        case DingTalkApp():
            found = (channel.api_base, channel.oapi_base)
        case WeComCallback():
            found = (channel.api_base,)
        case DingTalkRobot() | WeComRobot():
            found = (channel.webhook.get_secret_value(),)
    for one in found:
        parts = urlsplit(one)
        yield f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


async def _ahead(ctx: Context, origin: str) -> float | None:
    """Seconds by which our clock is ahead of a server's; None when it does not answer or does not tell."""
    before = ctx.clock.now()
    try:
        async with ctx.far.head(f"{origin}/", allow_redirects=False) as answer:
            theirs = _date(answer.headers.get("Date", ""))
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    after = ctx.clock.now()
    if theirs is None:
        return None
    # The header counts whole seconds: on the average half of one is cut off.
    return (before + (after - before) / 2 - theirs - timedelta(seconds=0.5)).total_seconds()


def _date(header: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
