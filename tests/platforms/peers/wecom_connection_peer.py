"""WeCom's own client for the long connection, wecom-aibot-python-sdk, behind lines of JSON. A program of its own.

``{"does": …, …}`` in, the answer out. The package always passes an SSL context, which a ws:// address forbids; here it
has none.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import aibot
import aibot.ws

Answer = dict[str, Any]

aibot.ws._SSL_CONTEXT = None


class Quiet:
    """The package's logger, silenced."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


class Client:
    """One connection and what it has been told."""

    def __init__(self) -> None:
        self.events: list[Answer] = []
        self.sdk: Any = None

    async def connect(self, url: str, bot: str, secret: str, heartbeat: int = 700) -> Answer:
        """Subscribe: {"is": "authenticated"} or {"is": "error"}."""
        options = aibot.WSClientOptions(
            bot_id=bot,
            secret=secret,
            ws_url=url,
            heartbeat_interval=heartbeat,
            logger=Quiet(),
            max_reconnect_attempts=0,
        )
        self.sdk = aibot.WSClient(options)
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def over(answer: Answer) -> None:
            if not done.done():
                done.set_result(answer)

        self.sdk.on("authenticated", lambda: over({"is": "authenticated"}))
        self.sdk.on("error", lambda error: over({"is": "error", "error": str(error)}))
        for kind in ("message", "event"):
            self.sdk.on(kind, lambda frame, kind=kind: self.events.append({"kind": kind, "what": frame}))
        await self.sdk.connect()
        return await asyncio.wait_for(done, 5)

    async def heard(self, number: int) -> Answer:
        """What has happened, once that is so much."""
        while len(self.events) < number:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        return {"events": self.events}

    async def stream(self, frame: Answer, id: str, text: str, finish: bool) -> Answer:
        """Answer a message."""
        return await self.sdk.reply_stream(frame, id, text, finish)  # type: ignore[no-any-return]

    async def welcome(self, frame: Answer, text: str) -> Answer:
        """Greet who enters."""
        return await self.sdk.reply_welcome(frame, {"msgtype": "text", "text": {"content": text}})  # type: ignore[no-any-return]

    async def card(self, frame: Answer, card: Answer) -> Answer:
        """Answer a message with a card."""
        return await self.sdk.reply_template_card(frame, card)  # type: ignore[no-any-return]

    async def update(self, frame: Answer, card: Answer, people: list[str] | None = None) -> Answer:
        """Change a card that was tapped, for these people or for all."""
        return await self.sdk.update_template_card(frame, card, people)  # type: ignore[no-any-return]

    async def send(self, chat: str, text: str) -> Answer:
        """Post."""
        return await self.sdk.send_message(chat, {"msgtype": "markdown", "markdown": {"content": text}})  # type: ignore[no-any-return]

    async def disconnect(self) -> Answer:
        """Leave."""
        self.sdk.disconnect()
        await asyncio.sleep(0.02)  # its closing runs as a task of its own
        return {}


CLIENTS: dict[str, Client] = {}


async def answer(asked: Answer) -> Answer:
    """Do what is asked."""
    does, name = asked.pop("does"), asked.pop("name")
    client = CLIENTS[name] = Client() if does == "connect" else CLIENTS[name]
    what: Callable[..., Coroutine[Any, Any, Answer]] = getattr(client, "heard" if does == "events" else does)
    try:
        return await what(**asked) or {}
    except Exception as error:  # noqa: BLE001 - the package raises what it likes
        return {"error": str(error)}


async def main() -> None:
    """Answer until the input ends."""
    out, sys.stdout = sys.stdout, sys.stderr
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await answer(json.loads(line))), file=out, flush=True)
    os._exit(0)  # the package goes on trying to connect for ever


if __name__ == "__main__":
    asyncio.run(main())
