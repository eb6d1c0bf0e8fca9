"""One browser for all tests of a file."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser as Program
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.browser.chromium import ARGS, CHROMIUM, PHONE, WIDE


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program() -> AsyncIterator[Program]:
    assert CHROMIUM, "CI needs a browser: apt-get install -y chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield found
        await found.close()


class Screens:
    """Pages on a wide screen or a phone. Those of one size share a profile, which takes as long to make as most tests;
    what a page keeps there lies under its own server's port."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._profiles: dict[str, BrowserContext] = {}

    async def page(self, size: str) -> Page:
        """A new page, to be closed by the test; ``size`` "wide" or "phone"."""
        if size not in self._profiles:
            phone = size == "phone"
            self._profiles[size] = await self._program.new_context(
                viewport=PHONE if phone else WIDE, has_touch=phone, reduced_motion="reduce", locale="zh-CN"
            )
        return await self._profiles[size].new_page()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def screens(program: Program) -> Screens:
    return Screens(program)
