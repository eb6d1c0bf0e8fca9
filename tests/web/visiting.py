"""A visit to the board, as a browser makes it."""

import re
from typing import Any
from urllib.parse import urlsplit

Browser = Any


async def link(speaker: Any) -> str:
    """The path of a fresh link."""
    found = re.search(r"http://\S+/board/open/\S+", await speaker.private("/看板"))
    assert found
    return urlsplit(found[0]).path


async def visit(browser: Browser, speaker: Any) -> None:
    response = await browser.post(await link(speaker))
    assert response.status == 200
    assert response.url.path == "/board/"


async def page(browser: Browser, path: str, status: int = 200) -> str:
    response = await browser.get(path)
    assert response.status == status
    return await response.text()


def hidden(text: str, name: str) -> str:
    """The first hidden field of this name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found
    return found[1]


async def fill(browser: Browser, path: str, status: int = 200, *, to: str = "", **fields: str) -> str:
    """Send a form of a page, with what the page hides in it unless another is given; returns what comes back."""
    text = await page(browser, path)
    secrets = {name: hidden(text, name) for name in ("form", "once")}
    response = await browser.post(to or path, data={**secrets, "words": "", **fields})
    assert response.status == status, await response.text()
    return str(await response.text())
