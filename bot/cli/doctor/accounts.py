"""Whether the platforms know us: an app's token is asked for, a robot's address only looked at (a check posts nothing).

DingTalk's token does not count against the school's month (open.dingtalk.com, billing model, 2026-05).
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.cli.doctor.context import Context
from bot.cli.doctor.finding import Finding, Findings
from bot.config import Config, DingTalkApp, DingTalkRobot, WeComRobot
from bot.config.values import is_loopback
from bot.errors import DeliveryError, Rejected
from bot.platforms.dingtalk.token import AccessToken

Robot = DingTalkRobot | WeComRobot


@dataclass(frozen=True)
class _Form:
    """What the address of a kind of robot looks like; ``length`` = characters of its key, 0 = not documented."""

    platform: str
    host: str
    path: str
    key: str
    length: int = 0


_FORMS = {
    "dingtalk-robot": _Form("钉钉", "oapi.dingtalk.com", "/robot/send", "access_token"),
    "wecom-robot": _Form("企业微信", "qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key", 36),
}


async def tokens(ctx: Context) -> Findings:
    """DingTalk takes each app's id and secret."""
    apps = [channel for channel in ctx.config.channels if isinstance(channel, DingTalkApp)]
    return await asyncio.gather(*(_token(ctx, app) for app in apps))


async def _token(ctx: Context, app: DingTalkApp) -> Finding:
    name = f"凭证 {app.name}"
    try:
        await AccessToken(app, ctx.far, ctx.clock).get()
    except Rejected as error:
        return Finding(name, "fail", str(error), "到应用的“凭证与基础信息”重新复制 Client ID 和 Client Secret")
    except DeliveryError as error:
        return Finding(name, "warn", f"没有试成：{error}", "看这台机器能不能上网，要不要代理")
    return Finding(name, "ok", "钉钉认得 Client ID 和 Client Secret")


async def robots(ctx: Context) -> Findings:
    """The form of every robot's address, and that each robot speaks for one group."""
    known = [channel for channel in ctx.config.channels if isinstance(channel, DingTalkRobot | WeComRobot)]
    return [*map(_robot, known), *_same_address(known), *_shared(ctx.config, known)]


def _robot(channel: Robot) -> Finding:
    name, todo = f"群机器人 {channel.name}", "到群设置里重新复制整个 Webhook 地址"
    for problem in _address_problems(channel):
        return Finding(name, "fail", problem, todo)
    if isinstance(channel, DingTalkRobot):
        return _sign(name, channel)
    form, key = _FORMS[channel.kind], _key(channel)
    if len(key) != form.length:
        return Finding(name, "warn", f"地址里的 key 有 {len(key)} 个字符，一般是 {form.length} 个", todo)
    return Finding(name, "ok", "地址的样子对；没有试发")


def _sign(name: str, channel: DingTalkRobot) -> Finding:
    if channel.secret is None:
        todo = "在机器人的安全设置里选“加签”，把 SEC 开头的密钥写进 secret"
        return Finding(name, "warn", "没有加签：用关键词的，消息里没有那个词就发不出去", todo)
    if not channel.secret.get_secret_value().startswith("SEC"):
        return Finding(name, "fail", "secret 不是 SEC 开头，不是加签的密钥", "在机器人的安全设置里复制“加签”下面的密钥")
    return Finding(name, "ok", "地址和加签密钥的样子对；没有试发")


def _address_problems(channel: Robot) -> Iterator[str]:
    """What is wrong with an address, the plainest first; the address itself is a secret and not shown."""
    form, parts = _FORMS[channel.kind], urlsplit(channel.webhook.get_secret_value())
    host = parts.hostname or ""
    other = next((kind for kind, one in _FORMS.items() if one.host == host and one is not form), "")
    if other:
        yield f'这是{_FORMS[other].platform}的地址，kind 要写 "{other}"'
    elif host != form.host and not is_loopback(host):
        yield f"地址的主机是 {host}，应是 {form.host}"
    if parts.path != form.path:
        yield f"地址的路径应是 {form.path}"
    key = _key(channel)
    if not key:
        yield f"地址里没有 {form.key}=，没有复制全"
    if "/" in key or ":" in key:
        yield f"{form.key}= 后面又是一个网址：整个地址贴到了只该写 key 的地方"


def _key(channel: Robot) -> str:
    query = parse_qs(urlsplit(channel.webhook.get_secret_value()).query)
    return query.get(_FORMS[channel.kind].key, [""])[0].strip()


def _same_address(known: list[Robot]) -> Iterator[Finding]:
    counted = Counter((channel.kind, _key(channel)) for channel in known if _key(channel))
    for channel in known:
        if counted.pop((channel.kind, _key(channel)), 1) > 1:
            detail = f"另一个渠道写的是和 {channel.name} 一样的地址：会发进同一个群，快慢也管不住"
            yield Finding("群机器人", "warn", detail, "一个 Webhook 地址只写一段渠道")


def _shared(config: Config, known: list[Robot]) -> Iterator[Finding]:
    """A robot belongs to one group chat: two groups through one robot would read each other's cards."""
    through: dict[str, list[str]] = defaultdict(list)
    for group in config.groups:
        through[group.posts_through or group.channel].append(group.name)
    for channel in known:
        if len(through[channel.name]) > 1:
            detail = f"{'、'.join(through[channel.name])} 都从 {channel.name} 发，会发进同一个群"
            yield Finding("群机器人", "warn", detail, "每个组的群里各加一个，各写一段渠道")
