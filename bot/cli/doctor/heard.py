"""What the platforms let through: who is heard, under which name, and how much of the month's quota is used.

All from the channels' logs (bot/delivery/logbook.py), which a running bot writes once a minute.
"""

from collections import Counter
from datetime import datetime

from bot.chat.envelope import name_called
from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.clock import Clock
from bot.config import Channel, DingTalkApp, WeComCallback, WeComConnection
from bot.delivery.budget import Share
from bot.delivery.logbook import MOST_SENDERS, Call, ChannelLog, logs
from bot.platforms.dingtalk.shares import shares

_LET_IN = {
    "dingtalk": "钉钉：版本管理与发布里发布，可见范围选上全组老师，群是内部群",
    "wecom": "企业微信：“可使用的成员”选上全组老师，“可使用权限”全部去掉，企业不到 10 人的先加人",
}


async def heard(ctx: Context) -> Findings:
    """Every channel that hears: somebody, by the right name, and more than one person."""
    known = await logs(ctx.store)
    hearing = [
        channel for channel in ctx.config.channels if isinstance(channel, DingTalkApp | WeComCallback | WeComConnection)
    ]
    return [_heard(channel, known.get(channel.name), ctx.clock) for channel in hearing]


def _heard(channel: Channel, log: ChannelLog | None, clock: Clock) -> Finding:
    name, let_in = f"听到 {channel.name}", _LET_IN[channel.kind.partition("-")[0]]
    if log is None or log.heard_at is None:
        todo = f"群里 @ 它发一句 /帮助，过一分钟再 check；它没有反应，看{let_in}"
        return Finding(name, "warn", "还没有听到过谁说话", todo)
    if wrong := _wrong_name(channel, log):
        return Finding(name, "warn", *wrong)
    if _later(log.nameless_at, log.named_at):
        todo = "先在“版本管理与发布”里发布；发布以前认领的，发布以后再认领一次"
        return Finding(name, "warn", "说话的人没有固定编号：机器人还没发布，或是组织外面的人", todo)
    last = f"最近一次 {log.heard_at.astimezone(clock.zone):%m-%d %H:%M}"
    if len(log.senders) == 1:
        return Finding(name, "warn", f"只听到过一个人，可能只有建它的人用得了；{last}", let_in)
    people = f"{len(log.senders)} 人" if len(log.senders) < MOST_SENDERS else f"至少 {MOST_SENDERS} 人"
    return Finding(name, "ok", f"{last}，听到过{people}")


def _wrong_name(channel: Channel, log: ChannelLog) -> tuple[str, str] | None:
    """What is wrong with the name that is configured now, going by the last mention, and what to do."""
    wrong = _later(log.called_at, log.called_right_at)
    last, now = log.called if wrong else log.right_name, channel.bot_name
    if not last or name_called(f"@{last}", now) == now:
        return None
    if wrong:
        return f"群里 @ 的是“{last}”，bot_name 写的是“{now}”", f'把 bot_name 改成 "{last}"，重启机器人'
    todo = f'没有改名，就把 bot_name 改回 "{last}"，重启机器人；改了名，群里 @ 它一次，过一分钟再 check'
    return f"群里上次 @ 的是“{last}”，bot_name 现在写的是“{now}”", todo


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)


async def quota(ctx: Context) -> Findings:
    """This month's calls of DingTalk: our own share, which is all we can count."""
    known = await logs(ctx.store)
    return [_quota(share, known, ctx.clock.now()) for share in shares(ctx.config.channels)]


def _quota(share: Share, known: dict[str, ChannelLog], now: datetime) -> Finding:
    mine = [known[name] for name in share.channels if name in known]
    todo = "全校合着用：请管理员看开发者后台 > 资源管理 > 用量管控，等下月或升级"
    for log in mine:
        if log.exhausted_in(now):
            return Finding("用量", "fail", f"钉钉说这个月的次数用完了（{log.detail}）", todo)
    used: Counter[Call] = Counter()
    for log in mine:
        used.update(log.calls_in(now))
    if share.low(used):
        return Finding("用量", "warn", f"钉钉这个月快用完了，光这里就有：{share.told(used)}", todo)
    return Finding("用量", "ok", f"钉钉这个月，光算这里：{share.told(used)}")
