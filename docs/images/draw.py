"""Draws the pictures of the README: the simulator on a Monday morning, and what a leader gets of a month on a phone.

    python docs/images/draw.py

Needs Chromium, a Chinese font and one with emoji (``apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji``)
and Pillow (``pip install pillow``), which nothing else here uses.
"""

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # a script finds only its own folder

from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import Browser, async_playwright

from bot.app import Playhouse
from bot.cli.play import board_of
from bot.clock import in_zone
from bot.simulator.api_models import MessageRequest
from bot.simulator.server import make_app
from bot.simulator.simulation import Playground
from tests.conftest import Chat
from tests.lively_autumn import live

HERE = Path(__file__).parent
FRIDAY, MONDAY = (in_zone(datetime.fromisoformat(moment)) for moment in ("2026-09-11T15:00", "2026-09-14T07:15"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE: dict[str, int] = {"width": 390, "height": 844}
GAP = 24


async def main() -> None:
    """Play the scenes and take the pictures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS))),
            args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"],
        )
        keep("simulator.png", await simulator(browser))
        keep("month.png", *await month(browser))
        await browser.close()


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Playground, str]]:
    """A fresh sample school with its pages, and where they are."""
    async with Playhouse(None, None) as playground:
        app = make_app(playground)
        board_of(playground).add_to(app)
        async with TestServer(app, host="127.0.0.1") as server:
            playground.calendars.public_url = f"http://127.0.0.1:{server.port}"
            yield playground, playground.calendars.public_url


async def simulator(browser: Browser) -> bytes:
    """The page as a browser of 1280 × 800 shows it, with the card's details beside it."""
    async with served() as (playground, address):
        await play(playground)
        page = await opened(browser, width=1280, height=800)
        await page.goto(f"{address}/try")
        await page.wait_for_selector("body[data-ready]")
        card = page.locator("article", has_text="第3周备课 9月14日")
        await card.get_by_role("button", name="为什么").click()
        await page.locator("#log").evaluate("log => log.scrollTop = log.scrollHeight")
        return bytes(await page.screenshot())


async def play(playground: Playground) -> None:
    """A week goes by; on Friday all but two have written their reflection; on Monday three sign up for a lesson."""
    await playground.move_clock(FRIDAY, None, False)
    for name in ("李老师", "王老师", "张老师", "赵老师", "陈老师", "周老师"):
        await say(playground, name, "/反思 导入太长，下次三分钟内进入文本")
    for name in ("孙老师", "周老师"):
        await say(playground, name, "/报名 2")
    await playground.move_clock(MONDAY, None, False)
    await say(playground, "王老师", "/报名 2")


async def say(playground: Playground, name: str, text: str) -> None:
    """Somebody speaks in the group."""
    await playground.say(MessageRequest(speaker=name, text=text, platform="wecom"))


async def month(browser: Browser) -> list[bytes]:
    """A teacher's week and the leader's month as a phone shows them, and the month's picture."""
    async with served() as (playground, address):
        chat = Chat(playground)
        await live(chat, "2026-10-13T07:30")
        shots = []
        for speaker, path in ((chat.王老师, ""), (chat.李老师, "digest")):
            page = await opened(browser, **PHONE)
            (link,) = re.findall(r"http://\S+/board/open/\S+", await speaker.private("/看板"))
            await page.goto(link)
            await page.get_by_role("button").click()
            await page.goto(f"{address}/board/{path}")
            shots.append(bytes(await page.screenshot()))
        made = await chat.李老师("/汇总 9月 图")
        (picture,) = [file for reply in made.result.replies for file in reply.files]
        found = await playground.file(picture.url.rpartition("/")[2])
        return [*shots, *([found.data] if found else [])]


async def opened(browser: Browser, *, width: int, height: int) -> Any:
    """A page as a Chinese reader sees it."""
    return await browser.new_page(
        viewport={"width": width, "height": height}, reduced_motion="reduce", color_scheme="light", locale="zh-CN"
    )


def keep(name: str, *shots: bytes) -> None:
    """Write pictures side by side, all as high as the first; 256 colours are enough for a page."""
    pictures = [Image.open(BytesIO(shot)).convert("RGB") for shot in shots]
    height = pictures[0].height
    fitted = [each.resize((round(each.width * height / each.height), height)) for each in pictures]
    whole = Image.new("RGB", (sum(each.width + GAP for each in fitted) - GAP, height), "white")
    left = 0
    for each in fitted:
        whole.paste(each, (left, 0))
        left += each.width + GAP
    path = HERE / name
    whole.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    asyncio.run(main())
