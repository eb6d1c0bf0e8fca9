"""One browser for all tests of a file."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser as Program
from playwright.async_api import async_playwright

from tests.browser.chromium import ARGS, CHROMIUM


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program() -> AsyncIterator[Program]:
    assert CHROMIUM, "CI needs a browser: apt-get install -y chromium fonts-noto-cjk"
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield found
        await found.close()
