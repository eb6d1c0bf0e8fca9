"""The way to a Stream connection: ask the gateway for an address and a ticket, then connect once with it.

A ticket is good for one connection and is a secret: it stands in no log and in no error. Source: the platform's own
clients; ``POST /v1.0/gateway/connections/open`` without ``Accept: application/json`` answers XML.
"""

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout
from yarl import URL

from bot.config.channels import DingTalkApp
from bot.config.values import is_loopback
from bot.errors import BotError, DeliveryError
from bot.platforms.dingtalk.frames import MOST_BYTES, TOPICS
from bot.platforms.dingtalk.posting import post
from bot.platforms.dingtalk.verdicts import judge_api

PATH = "/v1.0/gateway/connections/open"
CLOSING_SECONDS = 2.0


class NoConnection(BotError):
    """No connection came about; the text is a Chinese sentence for the IT teacher."""


@dataclass(frozen=True, repr=False)
class Pass:
    """An address with its ticket, good for one connection; not to be shown."""

    url: str


async def ask(channel: DingTalkApp, session: ClientSession, seconds: float) -> Pass:
    """Ask the gateway for a ticket.

    Raises:
        NoConnection: it gave none, and why.
    """
    body = {
        "clientId": channel.client_id,
        "clientSecret": channel.client_secret.get_secret_value(),
        "subscriptions": [{"type": "CALLBACK", "topic": topic} for topic in TOPICS],
        "ua": "beike-bot",
        "localIp": "127.0.0.1",  # the platform's clients name the machine; nobody needs it
    }
    try:
        answer = judge_api(await post(session, channel.api_base + PATH, json.dumps(body).encode(), seconds=seconds))
    except DeliveryError as error:
        raise NoConnection(f"钉钉没有给出连接\uff08{str(error).rstrip('。')}\uff09") from None
    endpoint, ticket = answer.get("endpoint"), answer.get("ticket")
    if not (isinstance(endpoint, str) and isinstance(ticket, str) and ticket):
        raise NoConnection("看不懂钉钉给出的连接")
    if not _trusted(endpoint, channel.api_base):
        raise NoConnection("钉钉给出的连接地址不对\uff0c没有连")
    return Pass(f"{endpoint}{'&' if '?' in endpoint else '?'}ticket={quote(ticket, safe='')}")


async def connect(given: Pass, session: ClientSession, seconds: float) -> ClientWebSocketResponse:
    """Open the connection of a ticket. Pings are left to the caller, who counts them as a sign of life.

    Raises:
        NoConnection: refused, or nobody answered in time.
    """
    try:
        async with asyncio.timeout(seconds):
            return await session.ws_connect(
                URL(given.url, encoded=True),
                autoping=False,
                max_msg_size=MOST_BYTES,
                timeout=ClientWSTimeout(ws_close=CLOSING_SECONDS),
            )
    except (ClientError, OSError, TimeoutError) as error:  # their texts hold the address, and with it the ticket
        raise NoConnection(f"连不上钉钉\uff08{type(error).__name__}\uff09") from None


def _trusted(endpoint: str, api_base: str) -> bool:
    """DingTalk's own hosts, encrypted; any on the own machine where a test has set ``api_base`` to one there."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname or ""
    except ValueError:
        return False
    if is_loopback(urlsplit(api_base).hostname or "") and is_loopback(host):
        return parts.scheme in ("ws", "wss")
    return parts.scheme == "wss" and host.endswith(".dingtalk.com")
