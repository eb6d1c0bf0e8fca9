"""``try``: the simulator, in the browser or in the terminal."""

import argparse
from datetime import datetime

from aiohttp import web

from bot.app import Playhouse
from bot.cli.signals import stopped
from bot.delivery.group_links import GroupLinks
from bot.delivery.workshop import Press
from bot.reports.press import apart, here
from bot.simulator import console, sample
from bot.simulator.drawing import BOT_NAME
from bot.simulator.server import make_app
from bot.simulator.simulation import Playground
from bot.storage.blobs import Blobs
from bot.web.board.gate import BoardGate
from bot.web.board.page import House
from bot.web.board.public import GroupPages
from bot.web.board.session import Sessions
from bot.web.board.site import BoardPages
from bot.web.calendars import CalendarPages


async def play(arguments: argparse.Namespace) -> int:
    """Serve until interrupted; prints ``listening on http://HOST:PORT/try`` once ready."""
    now: datetime | None = arguments.now
    async with Playhouse(arguments.data, now, empty=arguments.empty, press=apart) as playground:
        for name, code in await playground.invitations():
            print(f"还没有组长的组：{name}，邀请码 {code}", flush=True)
        if arguments.text:
            await console.run(playground)
        else:
            await serve(playground, arguments.host, arguments.port)
    return 0


def board_of(playground: Playground, press: Press = here) -> BoardGate:
    """The board of the sample school."""
    names = {sample.CHANNEL: BOT_NAME}
    folder = playground.attachments.folder
    house = House(playground.clock, playground.hear, playground.engine.programme, names, press, Blobs(folder))
    public = GroupPages(playground.store, playground.clock, GroupLinks(folder))
    return BoardGate(lambda: BoardPages(playground.store, Sessions(folder), house, public, secure=False))


async def serve(playground: Playground, host: str, port: int) -> None:
    """Serve the page and its API until SIGINT or SIGTERM."""
    app = make_app(playground, host=host)
    CalendarPages(playground.calendars, playground.store, playground.clock).add_to(app)
    board_of(playground, apart).add_to(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        _, bound = runner.addresses[0][:2]
        shown = f"[{host}]" if ":" in host else host
        playground.calendars.public_url = f"http://{shown}:{bound}"
        print(f"listening on http://{shown}:{bound}/try", flush=True)
        await stopped()
    finally:
        await runner.cleanup()
