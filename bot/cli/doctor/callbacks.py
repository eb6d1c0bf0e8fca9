"""Each callback called as the platform would call it: properly signed, and so that nothing comes of it.

WeCom's console test is harmless by nature. DingTalk has none: signed plain text is let in by the signature (not 403)
and then refused unread, because it is no JSON (415). First on this machine; then, when ``public_url`` is written, by
the way the platform takes, where a proxy may lose things.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from aiohttp import ClientSession
from yarl import URL

from bot.cli.doctor.context import Context, address
from bot.cli.doctor.finding import Finding, Findings
from bot.clock import Clock
from bot.config import Channel, DingTalkApp, WeComCallback
from bot.platforms.dingtalk.signing import milliseconds, sign
from bot.platforms.wecom.crypto import WeComCrypto

_NOTHING = b"check"
_UNREACHABLE = 0

C = TypeVar("C")


@dataclass(frozen=True)
class Seen:
    """What came back: the status (0 = nothing, ``reason`` why) and whether it is what our bot answers."""

    status: int
    good: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Way:
    """How a callback is reached, and with which client and clock."""

    base: str
    client: ClientSession
    clock: Clock

    def to(self, channel: str) -> URL:
        """The address of a channel's callback."""
        return URL(self.base) / "callback" / channel


Probe = Callable[[Way, Channel], Coroutine[Any, Any, Seen]]


async def callbacks(ctx: Context) -> Findings:
    """Every channel with a callback, near and far."""
    hearing = [channel for channel in ctx.config.channels if channel.kind in PROBES]
    if not hearing:
        return []
    if ctx.running != "ours":
        why = "机器人没在运行" if ctx.running == "no" else "在这个端口上回答的不是它"
        return [Finding("回调", "warn", f"{why}，没有试", "运行 run 以后，在另一个窗口再 check 一次")]
    found = await asyncio.gather(*(_callback(ctx, channel) for channel in hearing))
    return [finding for findings in found for finding in findings]


async def _callback(ctx: Context, channel: Channel) -> list[Finding]:
    probe, name = PROBES[channel.kind], f"回调 {channel.name}"
    seen = await _tried(probe, Way(address(ctx.config), ctx.near, ctx.clock), channel)
    if not seen.good:
        return [Finding(name, "fail", *_near(seen))]
    if not ctx.config.server.public_url:
        return [Finding(name, "ok", "签好名的收，没有签名的不收；没有写 public_url，没有从公网试")]
    good = Finding(name, "ok", "签好名的收，没有签名的不收")
    return [good, await _from_outside(ctx, ctx.config.server.public_url, probe, channel)]


async def _from_outside(ctx: Context, base: str, probe: Probe, channel: Channel) -> Finding:
    name = f"公网 {channel.name}"
    if "/callback" in urlsplit(base).path:
        return Finding(name, "warn", "public_url 里带着 /callback", "public_url 只写前面的部分，到域名为止")
    seen = await _tried(probe, Way(base, ctx.far, ctx.clock), channel)
    if seen.good:
        return Finding(name, "ok", f"{base} 通到这里")
    return Finding(name, "warn", *_far(seen, channel))


async def _tried(probe: Probe, way: Way, channel: Channel) -> Seen:
    try:
        return await probe(way, channel)
    except TimeoutError:
        return Seen(_UNREACHABLE, reason="没有回应")
    except aiohttp.ClientConnectorCertificateError:
        return Seen(_UNREACHABLE, reason="证书不对")
    except aiohttp.ClientConnectorDNSError:
        return Seen(_UNREACHABLE, reason="域名查不到")
    except (aiohttp.ClientError, OSError) as error:
        return Seen(_UNREACHABLE, reason=type(error).__name__)


async def _wecom(way: Way, channel: Channel) -> Seen:
    """The console's test of the address: what is sealed in ``echostr`` must come back bare."""
    settings = _is(channel, WeComCallback)
    crypto = WeComCrypto(
        settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value(), settings.receive_id
    )
    plain, moment = secrets.token_hex(8), int(way.clock.now().timestamp())
    sealed = crypto.seal(plain.encode(), moment, secrets.token_hex(8))
    query = {"msg_signature": sealed.msgsignature, "timestamp": str(moment), "nonce": sealed.nonce}
    url = way.to(channel.name).with_query({**query, "echostr": sealed.encrypt})
    async with way.client.get(url, allow_redirects=False) as answer:
        said = await answer.content.read(1024)
        return Seen(answer.status, good=answer.status == 200 and said == plain.encode())


async def _dingtalk(way: Way, channel: Channel) -> Seen:
    """Without a signature refused with 403, with one only because plain text is no message."""
    secret = _is(channel, DingTalkApp).client_secret.get_secret_value()
    timestamp = str(milliseconds(way.clock.now()))
    bare = await _posted(way, channel.name, {})
    if bare != 403:
        return Seen(bare)
    status = await _posted(way, channel.name, {"timestamp": timestamp, "sign": sign(timestamp, secret)})
    return Seen(status, good=status == 415)


async def _posted(way: Way, channel: str, headers: dict[str, str]) -> int:
    typed = {"Content-Type": "text/plain", **headers}
    async with way.client.post(way.to(channel), data=_NOTHING, headers=typed, allow_redirects=False) as answer:
        return answer.status


def _is(channel: Channel, kind: type[C]) -> C:
    if not isinstance(channel, kind):
        raise TypeError(channel.kind)
    return channel


PROBES: dict[str, Probe] = {"dingtalk-callback": _dingtalk, "wecom-callback": _wecom}

_RESTART = "重启机器人：config.toml 和环境变量改过以后要重启才算"


def _near(seen: Seen) -> tuple[str, str]:
    """What is wrong on this machine, and what to do."""
    if seen.status in (400, 403):
        return f"签好名的也不收（{seen.status}）：运行中的机器人用的密钥和配置里的不一样", _RESTART
    if seen.status == 404:
        return "运行中的机器人不认识这个渠道（404）", _RESTART
    return f"回答得不对（{seen.reason or seen.status}）", _RESTART


_UNCHANGED = "代理要把 /callback/ 原样转交；proxy_pass 后面不要加斜杠，也不要转向"
_OUTSIDE = "看域名、证书、防火墙；有的学校在里面打不开自己的公网地址，那就到外面再试"


def _far(seen: Seen, channel: Channel) -> tuple[str, str]:
    """What is lost on the way from outside, and what to do."""
    if seen.status == _UNREACHABLE:
        return f"public_url 连不上（{seen.reason}）", _OUTSIDE
    if 300 <= seen.status < 400:
        return f"public_url 转到了别处（{seen.status}）", _UNCHANGED
    if seen.status in (400, 403):
        lost = "请求头 timestamp 和 sign" if channel.kind.startswith("dingtalk") else "问号后面的参数"
        return f"经过 public_url 以后签名不对（{seen.status}）", f"代理要原样转交{lost}；或者它通到的是另一个机器人"
    if seen.status >= 500:
        return f"代理连不上机器人（{seen.status}）", "proxy_pass 要写机器人的地址和端口"
    return f"public_url 通不到这个回调（{seen.status}）", _UNCHANGED
