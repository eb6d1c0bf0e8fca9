"""``/callback/{channel}``: what stands between the network and a channel's own checks.

Only sizes, times and numbers are looked at here, before anything is parsed; whether a callback is genuine is the
channel's business. A refusal, a wrong address too, is one log line with the reason and no word of the body; bad input
never ends in a 5xx.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import lru_cache, partial
from http import HTTPStatus
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import NamedTuple

import structlog
from aiohttp import StreamReader, web

from bot.errors import StoreError

BODY_BYTES = 256 * 1024
BODY_SECONDS = 8.0
AT_ONCE = 64  # callbacks under way from one address; a platform sends for a whole school from a few

_NO_QUERY: Mapping[str, str] = {}
_REASON = web.ResponseKey("reason", str)
_CHANNEL = web.ResponseKey("channel", str)

log = structlog.get_logger()


class Callback(NamedTuple):
    """A callback as it came: verified by nobody yet."""

    method: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """What goes back. ``reason`` is set for a refusal and goes into the log alone."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    reason: str = ""


Receive = Callable[[Callback], Awaitable[Answer]]
Networks = Iterable[IPv4Network | IPv6Network]


class _Refusal(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Callbacks:
    """The callback addresses of all channels.

    Args:
        channels: by the channel's name; each answers a ``Callback`` and refuses what is not genuine.
        trusted_proxies: networks whose ``X-Forwarded-For`` is believed, beside loopback.
    """

    def __init__(self, channels: Mapping[str, Receive], trusted_proxies: Networks = ()) -> None:
        self.channels = channels
        self.trusted = tuple(trusted_proxies)
        self._is_proxy = lru_cache(maxsize=1024)(self._looks_like_a_proxy)  # a platform calls from a few addresses
        self._under_way: dict[str, int] = {}  # callbacks by the address they came from

    def add_to(self, app: web.Application) -> None:
        """Serve GET and POST ``/callback/{channel}``, and log whatever the application refuses."""
        for channel in self.channels:  # whole addresses are found without a search
            app.router.add_route("*", f"/callback/{channel}", partial(self.handle, channel))
        app.router.add_route("*", "/callback/{channel}", partial(self.handle, ""))
        app.on_response_prepare.append(self._log_refusal)

    async def handle(self, channel: str, request: web.Request) -> web.StreamResponse:
        """One callback, from its address to the answer; ``channel`` is "" where it is none of ours."""
        source = self._source(request)
        self._under_way[source] = self._under_way.get(source, 0) + 1
        try:
            too_many = bool(source) and self._under_way[source] > AT_ONCE
            answer = Answer(429, reason="too many at once") if too_many else await self._receive(channel, request)
        except _Refusal as refusal:
            answer = Answer(refusal.status, reason=refusal.reason)
        except StoreError:
            answer = Answer(503, reason="store down; the platform delivers again")
        finally:
            self._under_way[source] -= 1
            if not self._under_way[source]:
                del self._under_way[source]
        response = web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)
        if answer.reason:
            response[_REASON] = answer.reason
            response[_CHANNEL] = channel
            response.force_close()  # what is left of the body is not waited for
        return response

    async def _log_refusal(self, request: web.Request, response: web.StreamResponse) -> None:
        """One line for each; what has no reason was refused by the framework: no such address, method, expectation."""
        if response.status < HTTPStatus.BAD_REQUEST:
            return
        if channel := response.get(_CHANNEL):
            log.warning("callback.refused", channel=channel, status=response.status, reason=response[_REASON])
        elif response.status < HTTPStatus.INTERNAL_SERVER_ERROR and self._is_lost(response):
            reason = response.get(_REASON, response.reason)
            path = request.path[:60]
            log.warning("http.refused", path=path, status=response.status, reason=reason, hint=self._addresses())

    @staticmethod
    def _is_lost(response: web.StreamResponse) -> bool:
        """Whether somebody looked for a callback in vain; the other pages' answers, whose addresses are for one person
        alone, are their own business."""
        return _REASON in response or isinstance(response, web.HTTPException)

    def _addresses(self) -> str:
        names = "、".join(f"/callback/{name}" for name in self.channels)
        return f"回调地址是 {names}" if names else "config.toml 里没有回调渠道"

    async def _receive(self, channel: str, request: web.Request) -> Answer:
        receive = self.channels.get(channel)
        if receive is None:
            raise _Refusal(404, "no such channel")
        if request.method not in ("GET", "POST"):
            raise _Refusal(405, "method")
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise _Refusal(415, "compressed body")
        body = await _body(request)
        query = request.query if request.query_string else _NO_QUERY
        return await receive(Callback(request.method, query, request.headers, body))

    def _source(self, request: web.Request) -> str:
        """The address a callback comes from; behind a trusted proxy the last address that is no proxy of ours.

        "" when it comes from the own machine or our proxies and nobody else is named: that is not counted.
        """
        hops = [request.remote or ""]
        if "X-Forwarded-For" in request.headers:
            hops += reversed(_forwarded(request))
        for hop in hops:
            if not self._is_proxy(hop):
                return hop
        return ""

    def _looks_like_a_proxy(self, address: str) -> bool:
        try:
            found = ip_address(address.strip("[]"))
        except ValueError:
            return False
        return found.is_loopback or any(found in network for network in self.trusted)


def _forwarded(request: web.Request) -> list[str]:
    headers = request.headers.getall("X-Forwarded-For", ())  # some proxies add a header of their own
    return [part for header in headers for named in header.split(",") if (part := named.strip())]


async def _body(request: web.Request) -> bytes:
    """The body; refused when it is larger than allowed, whatever its length header says, or too slow."""
    if (request.content_length or 0) > BODY_BYTES:
        raise _Refusal(413, "body too large")
    try:
        if request.content.is_eof():  # it came with its header and is here already
            body = request.content.read_nowait(BODY_BYTES + 1)
        else:
            body = await _slow_body(request.content)
    except TimeoutError:
        raise _Refusal(408, "body too slow") from None
    except (web.RequestPayloadError, ConnectionError):
        raise _Refusal(400, "body broken off") from None
    if len(body) > BODY_BYTES:
        raise _Refusal(413, "body too large")
    return body


async def _slow_body(content: StreamReader) -> bytes:
    """A body that is still on its way, or the beginning of one that is too large."""
    body = b""
    async with asyncio.timeout(BODY_SECONDS):
        while more := await content.read(BODY_BYTES + 1 - len(body)):
            body += more
    return body
