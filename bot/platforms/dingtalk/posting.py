"""One request to DingTalk, and the honest word on how it failed. Addresses and tokens never enter an error's text."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)
from yarl import URL

from bot.errors import NotSent, Undecided
from bot.platforms.http import retry_after

SECONDS = 5.0
"""How long one request may take; two of them and a new token fit into the ten seconds a send has."""

# A connection kept open might be closed by the other side just as we write, and a card would be held for nothing.
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json", "Connection": "close"}


class Response(NamedTuple):
    """Status and body.

    Attributes:
        data: the JSON object, None where the body is none.
        html: the body is a page for people.
        wait: seconds the server asks to wait, 0.0 when it names none.
    """

    status: int
    data: dict[str, Any] | None
    html: bool = False
    wait: float = 0.0


async def post(
    session: ClientSession,
    url: str,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Response:
    """Send JSON and read the answer. Redirects are not followed; ``seconds`` is ``SECONDS`` unless given.

    Raises:
        NotSent: no connection came about (refused, DNS, TLS, time-out while connecting).
        Undecided: it broke or went silent afterwards; a body so small may have been written by then.
    """
    typed = {**_HEADERS, **(headers or {})}
    total = seconds or SECONDS
    timeout = ClientTimeout(total=total, connect=total * 0.8)
    try:
        async with session.post(
            URL(url, encoded=True), data=body, headers=typed, timeout=timeout, allow_redirects=False
        ) as answer:
            return await read_response(answer)
    except (ClientConnectorError, ConnectionTimeoutError):
        raise NotSent("连不上钉钉。") from None
    except TimeoutError:
        raise Undecided("钉钉没有按时回应\uff0c不知道有没有送到。") from None
    except (ClientError, OSError) as error:
        raise Undecided(f"和钉钉的连接断了\uff08{type(error).__name__}\uff09\uff0c不知道有没有送到。") from None


async def read_response(answer: ClientResponse) -> Response:
    """What DingTalk answered, whatever it is; raises what reading from a connection raises."""
    return _response(answer.status, await answer.read(), retry_after(answer.headers))


def _response(status: int, body: bytes, wait: float) -> Response:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return Response(status, None, html=body.lstrip()[:1] == b"<", wait=wait)
    return Response(status, data if isinstance(data, dict) else None, wait=wait)
