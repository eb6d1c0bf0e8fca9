"""Somebody with a browser, a cookie and the forms of the pages they have looked at."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

Browser = Any


async def link(speaker: Any, group: str | None = None) -> str:
    """The path of a fresh link."""
    found = re.search(r"http://\S+/board/open/\S+", await speaker.private("/看板", group=group))
    assert found
    return urlsplit(found[0]).path


class Visitor:
    """A browser with a visit."""

    def __init__(self, browser: Browser, speaker: Any) -> None:
        self.browser = browser
        self.speaker = speaker

    async def enter(self, group: str | None = None) -> None:
        response = await self.browser.post(await link(self.speaker, group))
        assert response.status == 200
        assert response.url.path == "/board/"

    async def see(self, page: str, status: int = 200) -> str:
        response = await self.browser.get(f"/board/{page}")
        assert response.status == status, await response.text()
        return await response.text()

    async def fields(self, page: str) -> dict[str, str]:
        """What a form of the page brings by itself."""
        text = await self.see(page)
        found = {name: unescape(value) for name, value in re.findall(r'name="(form|author)" value="([^"]*)"', text)}
        once = re.search(r'name="once" value="([\w-]{16})', text)
        return {**found, "once": once[1] if once else ""}

    async def send(self, page: str, status: int = 200, **fields: str) -> str:
        """Send a form of the page; what it brings by itself can be replaced."""
        data = {**await self.fields(page), **fields}
        return await self.post(page, data, status)

    async def post(self, page: str, data: dict[str, str], status: int = 200) -> str:
        response = await self.browser.post(f"/board/{page}", data=data)
        text: str = await response.text()
        assert response.status == status, said(text)
        return text


def said(text: str) -> str:
    """The bot's answer on a page, or its sentence."""
    answer = re.search(r'role="status" id="said">(.*?)(?:<div class="bar">|</div>)', text, re.DOTALL)
    sentence = re.search(r'<div class="door">(.*)</div>', text, re.DOTALL)
    found = answer or sentence
    return unescape(re.sub(r"<[^>]+>", " ", found[1])) if found else ""


def value_of(text: str, name: str) -> str:
    """What stands in a field of a page."""
    area = re.search(rf'<textarea id="{name}"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL)
    plain = re.search(rf'<input [^>]*name="{name}"[^>]*value="([^"]*)"', text)
    found = area or plain
    assert found, name
    return unescape(found[1])
