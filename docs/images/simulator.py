"""Draws simulator.png for the README: the simulator's page on the sample school, on a Monday morning.

    python docs/images/simulator.py

Needs Chromium and a Chinese font (``apt-get install chromium fonts-noto-cjk``) and Pillow (``pip install pillow``),
which nothing else here uses.
"""

import asyncio
import shutil
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # a script finds only its own folder

from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import async_playwright

from bot.app import Playhouse
from bot.clock import in_zone
from bot.simulator.api_models import MessageRequest
from bot.simulator.server import make_app
from bot.simulator.simulation import Playground

PICTURE = Path(__file__).with_name("simulator.png")
FRIDAY, MONDAY = (in_zone(datetime.fromisoformat(moment)) for moment in ("2026-09-11T15:00", "2026-09-14T07:15"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


async def main() -> None:
    """Play the scene, open the page, take the picture."""
    async with Playhouse(None, None) as playground:
        await play(playground)
        async with TestServer(make_app(playground), host="127.0.0.1") as server:
            await draw(f"http://127.0.0.1:{server.port}/try")
    shrink()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size} bytes")


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


async def draw(address: str) -> None:
    """The page as a browser of 1280 × 800 shows it, with the card's details beside it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS))),
            args=["--no-sandbox", "--disable-gpu", "--lang=zh-CN"],
        )
        page = await browser.new_page(
            viewport={"width": 1280, "height": 800}, reduced_motion="reduce", color_scheme="light", locale="zh-CN"
        )
        await page.goto(address)
        await page.wait_for_selector("body[data-ready]")
        card = page.locator("article", has_text="第3周备课 9月14日")
        await card.get_by_role("button", name="为什么").click()
        await page.locator("#log").evaluate("log => log.scrollTop = log.scrollHeight")
        await page.screenshot(path=PICTURE)
        await browser.close()


def shrink() -> None:
    """256 colours are enough for a page."""
    with Image.open(PICTURE) as picture:
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(PICTURE, optimize=True)


if __name__ == "__main__":
    asyncio.run(main())
