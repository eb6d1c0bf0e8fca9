"""The whole bot behind its callback addresses on loopback, wired as ``run`` wires it, under a clock that is moved.

::

    async with house(school_config(WECOM), tmp_path, clock) as server:
        answer = await server.http.post(server.callback("wecom"), data=...)
        await server.bot.sender.drain()
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession, TCPConnector
from yarl import URL

from bot.app import Bot, assemble, record_kinds
from bot.chat.receiving import Receiving
from bot.chat.transport import Link
from bot.cli import channels
from bot.cli.house import data_folder, found
from bot.cli.serve import linked
from bot.clock import MovableClock
from bot.config import Config, load
from bot.delivery.file_links import FileLinks
from bot.delivery.logbook import Logbook
from bot.platforms.links import TIMING, Timing
from bot.simulator import sample
from bot.storage.blobs import Blobs
from bot.storage.tiny import TinyStore
from bot.web.callbacks import Callbacks
from bot.web.files import FilePages
from bot.web.health import make_app
from bot.web.server import serving

PEOPLE = ("王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")


@dataclass(frozen=True)
class Served:
    """A running bot. Nothing is sent by itself: ``await server.bot.sender.drain()`` empties the outbox.

    Attributes:
        url: "http://127.0.0.1:PORT".
        http: a client for the test, closed with the server.
        links: the connections kept open.
    """

    url: str
    store: TinyStore
    bot: Bot
    clock: MovableClock
    config: Config
    http: ClientSession
    links: list[Link]

    def callback(self, channel: str) -> URL:
        """The callback address of a channel."""
        return URL(self.url) / "callback" / channel


@asynccontextmanager
async def house(
    config: str | Config, folder: Path, clock: MovableClock, timing: Timing = TIMING
) -> AsyncIterator[Served]:
    """The bot that a configuration describes, its schools and groups founded at the clock's time.

    Args:
        config: the text of a config.toml, written into ``folder``, or one already read.
        timing: of the connections kept open.
    """
    config = _read(config, folder) if isinstance(config, str) else config
    store = TinyStore(data_folder(config), kinds=record_kinds())
    await store.open()
    try:
        await found(store, config, clock.now())
        async with _client() as outgoing, _client() as http:
            logbook = Logbook(clock)
            await logbook.read(store)
            connected = channels.connect(config, store, outgoing, clock, logbook, timing)
            blobs = Blobs(data_folder(config))
            receiving = Receiving(blobs, connected.fetchers, clock.now)
            bot = assemble(
                store,
                clock,
                connected.transports,
                logbook,
                watches=connected.watches,
                receiving=receiving,
                blobs=blobs,
            )
            links = connected.links(bot.dispatcher, bot.sender)
            app = make_app(store, links)
            Callbacks(connected.receivers(bot.dispatcher), config.server.trusted_proxies).add_to(app)
            folder = data_folder(config)
            FilePages(FileLinks(folder, config.server.public_url or "", clock), folder, clock).add_to(app)
            async with linked(links), serving(app, "127.0.0.1", 0) as port:
                yield Served(f"http://127.0.0.1:{port}", store, bot, clock, config, http, links)
            await bot.dispatcher.settle()
            await bot.close()
    finally:
        await store.close()


def _read(text: str, folder: Path) -> Config:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder / "config.toml")


def _client() -> ClientSession:
    return ClientSession(connector=TCPConnector(force_close=True), trust_env=False)


async def contents(store: TinyStore) -> dict[str, list[str]]:
    """Everything stored, by space and table, to compare before and after."""
    found: dict[str, list[str]] = {}
    for space in sorted([space async for space in store.spaces()]):
        async with store.transaction(space) as tx:
            for kind in record_kinds():
                if rows := [row.model_dump_json() for row in await tx.scan(kind)]:
                    found[f"{space}/{kind.TABLE}"] = rows
    return found


def school_config(*sections: str, channel: str, chat: str = "", posts_through: str = "") -> str:
    """A config.toml of the sample school: 高一语文备课组 on ``channel``, its people bound to ``sample.user_of(name)``.

    Args:
        sections: the [[channels]], each the text of one.
        chat: the conversation of the group; its chat in the simulator unless given.
    """
    term, bells = sample.TERM, json.dumps(sample.LESSONS)
    school = f"""
[[schools]]
name = "{sample.SCHOOL}"
[[schools.terms]]
name = "{term.name}"
first_day = {term.first_day}
weeks = {term.weeks}
[[schools.bells]]
valid_from = {sample.CALENDAR.bells[0].valid_from}
lessons = {bells}
"""
    group = f"""
[[groups]]
name = "{sample.CHINESE}"
channel = "{channel}"
chat = "{chat or sample.chat_of("chinese")}"
posts_through = "{posts_through}"
leader = {_person("李老师")}
members = [{", ".join(map(_person, PEOPLE))}]
"""
    return "\n".join([school, *sections, group])


def _person(name: str) -> str:
    return f'{{ name = "{name}", id = "{sample.user_of(name)}" }}'


def section(kind: str, **values: str | int) -> str:
    """A [[channels]] of config.toml."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in {"kind": kind, **values}.items()]
    return "\n".join(["[[channels]]", *lines, ""])
