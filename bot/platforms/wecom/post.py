"""One JSON message to a WeCom address, and what its ending means for the outbox.

Whether the message may have arrived depends on whether its body was begun: before that it certainly has not. The
address holds the key, so neither a log nor an error ever shows it.
"""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp

from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided
from bot.platforms.http import retry_after
from bot.platforms.wecom.codes import judge_code

_MOST_ANSWER = 64 * 1024  # bytes; an answer has about forty
_MARGIN = 0.5  # seconds before the sender's own time-out, which cannot tell before from after


class _Body:
    """The bytes of a message, and whether any of them may have gone out."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.begun = False

    async def chunks(self) -> AsyncIterator[bytes]:
        self.begun = True
        yield self.data


async def post_json(session: aiohttp.ClientSession, url: str, message: Mapping[str, Any], seconds: float) -> None:
    """Send ``message``; returning means that the platform has taken it.

    Args:
        session: best one that keeps no connection open (``TCPConnector(force_close=True)``): one kept open may be gone
            when it is used next, and then nobody knows what became of the message. Asking the server to close it, as is
            done here too, helps only where the server says so in its answer.
        seconds: the channel's time-out, a little of which is kept back.

    Raises:
        NotSent, RateLimited, Undecided, Rejected: see bot/errors.py.
    """
    body = _Body(json.dumps(message, ensure_ascii=False).encode())
    try:
        status, said, answer = await _exchange(session, url, body, seconds - _MARGIN)
    except aiohttp.InvalidURL:
        raise Rejected("地址写错了") from None
    except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
        raise _broken(error, body) from None
    judge(status, said, answer)


async def _exchange(
    session: aiohttp.ClientSession, url: str, body: _Body, seconds: float
) -> tuple[int, Mapping[str, str], bytes]:
    headers = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body.data)),
        "Connection": "close",
    }
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with session.post(
        url, data=body.chunks(), headers=headers, timeout=timeout, allow_redirects=False
    ) as response:
        answer = bytearray()
        async for chunk in response.content.iter_any():
            answer += chunk
            if len(answer) > _MOST_ANSWER:
                break
        return response.status, response.headers, bytes(answer)


def _broken(error: Exception, body: _Body) -> DeliveryError:
    slow = isinstance(error, TimeoutError)
    if not body.begun:
        return NotSent("连接超时" if slow else "连不上")
    return Undecided("平台没有按时回应" if slow else "连接中途断开")


def judge(status: int, headers: Mapping[str, str], answer: bytes) -> dict[str, Any]:
    """The platform's answer when it has taken what was sent.

    Raises:
        DeliveryError: what status or errcode say; see bot/errors.py.
    """
    if status != 200:
        raise _refused_by_http(status, retry_after(headers))
    found = _object(answer)
    judge_code(found.get("errcode"))
    return found


def _refused_by_http(status: int, wait: float) -> DeliveryError:
    """A gateway's 500, 502 or 504 does not say what the server behind it did; 503 says that it was not asked."""
    text = f"平台回应 HTTP {status}"
    if status == 429 or (status == 503 and wait):
        return RateLimited(text, wait)
    if status in (408, 503):
        return NotSent(text)
    return Undecided(text) if status >= 500 or status < 300 else Rejected(text)


def _object(answer: bytes) -> dict[str, Any]:
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
