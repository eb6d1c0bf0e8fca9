"""A visit to the board, as a browser makes it."""

import re
from typing import Any
from urllib.parse import urlsplit

from aiohttp import FormData

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


async def send_file(browser: Browser, path: str, file: tuple[str, bytes], status: int = 200, /, **fields: str) -> str:
    """Send a file (name, bytes) with a page's form, as ``fill`` does the others."""
    text = await page(browser, path)
    form = FormData(quote_fields=False)  # a browser writes names as they are
    for name, value in {**{name: hidden(text, name) for name in ("form", "once")}, **fields}.items():
        form.add_field(name, value)
    form.add_field("file", file[1], filename=file[0], content_type="application/octet-stream")
    response = await browser.post(path, data=form)
    assert response.status == status, await response.text()
    return str(await response.text())
