"""One file from an address a platform gave: https, to a public host, without detours, cut at its limit.

The address came in a message, and who could forge one would have us ask around in the school's own network. So the
addresses a host name leads to are looked at as they are used, not before (a name may lead elsewhere the second time).
"""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, ThreadedResolver
from aiohttp.abc import ResolveResult
from yarl import URL

from bot.chat.transport import Fetched
from bot.config.values import is_loopback
from bot.domain.file_kinds import too_large
from bot.errors import BadArgument

SECONDS = 25.0
"""For the bytes; asking the platform for the address has taken some of the half minute."""

_PIECE = 64 * 1024


class PublicOnly(ThreadedResolver):
    """Finds no private address for one host; others, such as a proxy of the school's, are not its business."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As any resolver; raises OSError where the host leads into a network of our own."""
        found = await super().resolve(host, port, family)
        if host == self._host and not all(ip_address(each["host"]).is_global for each in found):
            raise OSError("no public address")
        return found


async def download(address: str, most: int, *, base: str) -> Fetched:
    """The bytes behind an address, at most ``most``, and the name in its header.

    Args:
        base: the channel's own address; where that is on loopback (a test), the file must be there too.

    Raises:
        BadArgument: not an address to follow, too large, expired, or it does not come.
    """
    host = _host(address, base)
    resolver = None if is_loopback(host) else PublicOnly(host)
    connector = TCPConnector(force_close=True, resolver=resolver)
    try:
        async with (
            ClientSession(connector=connector, trust_env=True, timeout=ClientTimeout(total=SECONDS)) as session,
            session.get(URL(address, encoded=True), allow_redirects=False) as response,
        ):
            if response.status in (400, 401, 403, 404, 410):
                raise expired()
            if response.status != 200:
                raise not_come()
            name = response.content_disposition.filename if response.content_disposition else None
            return Fetched(await _body(response, most), name or "")
    except (ClientError, OSError, ValueError):
        raise not_come() from None


def expired() -> BadArgument:
    """What is said of a ticket that is good no more."""
    return BadArgument("这个文件已经取不到了（平台只保留几分钟）。", "请再发一次。")


def not_come() -> BadArgument:
    """What is said where the network failed."""
    return BadArgument("文件没有取到。", "请再发一次；还不行请存到网盘，把链接发给我。")


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    if (response.content_length or 0) > most:
        raise too_large()
    pieces, size = [], 0
    async for piece in response.content.iter_chunked(_PIECE):
        size += len(piece)
        if size > most:
            raise too_large()
        pieces.append(piece)
    return b"".join(pieces)


def _host(address: str, base: str) -> str:
    """The host of an address to follow."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise not_come() from None
    near = is_loopback(urlsplit(base).hostname or "")
    if near and is_loopback(host) and parts.scheme in ("http", "https"):
        return host
    if near or parts.scheme != "https" or not host or parts.username or is_loopback(host) or _private(host):
        raise not_come()
    return host


def _private(host: str) -> bool:
    """Whether a host is written as an address that is not public."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return False
