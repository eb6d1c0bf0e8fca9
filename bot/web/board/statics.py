"""The board's style and its sign: the same for everybody, kept by browsers for a while."""

from importlib.resources import files

from aiohttp import web

from bot.web.board.showing import HEADERS, PICTURE_HEADERS

STYLES = ("tokens.css", "board.css", "board_parts.css")


async def css(_request: web.Request) -> web.StreamResponse:
    """The house's colours and the board's own style, as one file."""
    headers = {**HEADERS, "Cache-Control": "max-age=3600"}
    response = web.Response(text="".join(map(_read, STYLES)), content_type="text/css", headers=headers)
    response.enable_compression()
    return response


async def icon(_request: web.Request) -> web.StreamResponse:
    """The sign in a browser's tab."""
    headers = {**PICTURE_HEADERS, "Cache-Control": "max-age=86400"}
    return web.Response(text=_read("icon.svg"), content_type="image/svg+xml", headers=headers)


def _read(name: str) -> str:
    return (files("bot.web") / "static" / name).read_text("utf-8")
