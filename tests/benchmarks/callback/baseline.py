"""The least a callback server can do: ``python baseline.py FOLDER SECRET``.

A bare aiohttp handler checks DingTalk's signature, reads the message, writes its number and body into SQLite and
answers when they are durable. Commits are shared by all who wait, off the event loop, with the pragmas of the real
store: this is what one can be compared with honestly.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import sqlite3
import sys
import threading
from pathlib import Path

from aiohttp import web

_SCHEMA = "CREATE TABLE messages (msgid TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID"
_INSERT = "INSERT OR IGNORE INTO messages VALUES (?, ?)"


class Writer:
    """A thread that writes; all rows that came in during the last commit are the next one."""

    def __init__(self, path: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._wake = threading.Condition()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", _SCHEMA):
            self._connection.execute(statement)
        threading.Thread(target=self._run, daemon=True).start()

    def put(self, msgid: str, body: bytes) -> "asyncio.Future[None]":
        """Write a row; the future is done when it is durable."""
        durable: asyncio.Future[None] = self._loop.create_future()
        with self._wake:
            self._waiting.append((msgid, body, durable))
            self._wake.notify()
        return durable

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting)
                batch, self._waiting = self._waiting, []
            self._connection.execute("BEGIN")
            self._connection.executemany(_INSERT, [(msgid, body) for msgid, body, _ in batch])
            self._connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_done, [durable for _, _, durable in batch])


def _done(futures: list["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


async def serve(folder: Path, secret: str) -> None:
    """Serve until killed."""
    writer = Writer(folder / "baseline.sqlite3")

    async def handle(request: web.Request) -> web.Response:
        timestamp, given = request.headers["timestamp"], request.headers["sign"]
        digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(base64.b64encode(digest).decode(), given):
            raise web.HTTPForbidden
        body = await request.read()
        await writer.put(json.loads(body)["msgId"], body)
        return web.json_response({"msgtype": "markdown", "markdown": {"title": "ok", "text": "ok"}})

    app = web.Application()
    app.router.add_post("/callback/{channel}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), sys.argv[2]))
