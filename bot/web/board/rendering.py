"""Templates into answers: never kept by the browser, strict in what they may load, and small on the wire."""

from collections.abc import Mapping
from functools import cache, cached_property
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.delivery.page_addresses import BOARD
from bot.web.board.sentences import Stop

if TYPE_CHECKING:
    from jinja2 import Environment

STYLES = ("parts.css", "board.css")
"""The first is the simulator's too."""

SMALLEST = 1024
"""Bytes from which on packing is worth while."""

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",  # without any, a browser calls the origin of our own forms "null"
    "X-Robots-Tag": "noindex",
}


class Renderer:
    """Fills the templates."""

    def page(self, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page. Values of the frame that nobody gave stand for a visitor whom nobody knows."""
        filled = {
            "board": BOARD,
            "styles": style_addresses(),
            "group": "",
            "name": "",
            "menu": (),
            "here": "",
            **values,
        }
        text = self._templates.get_template(template).render(filled)
        return web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)

    def stop(self, stop: Stop, **values: Any) -> web.Response:
        """One of the sentences."""
        status, title, text = stop.sentence
        return self.sentence(status, title, text, **values)

    def sentence(self, status: int, title: str, text: str, **values: Any) -> web.Response:
        """A page that holds a sentence, and what was written where that would be lost otherwise (``written``)."""
        return self.page("sentence.html", status, **{"title": title, "text": text, "written": {}, **values})

    @cached_property
    def _templates(self) -> "Environment":
        """Loaded with the first page: most schools never open one."""
        from jinja2 import Environment, PackageLoader, StrictUndefined

        return Environment(
            loader=PackageLoader("bot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip


@cache
def style(name: str) -> str:
    """A style sheet."""
    return (files("bot.web") / "static" / name).read_text("utf-8")


@cache
def style_addresses() -> Mapping[str, str]:
    """Where the sheets are fetched from: another address with every change, so that they may be kept for long."""
    return {name: f"{BOARD}{name}?{sha256(style(name).encode()).hexdigest()[:8]}" for name in STYLES}


async def serve_style(request: web.Request) -> web.StreamResponse:
    """The sheet that the address names."""
    name = request.path.rpartition("/")[2]
    headers = {**HEADERS, "Cache-Control": "public, max-age=604800"}
    return packed(request, web.Response(text=style(name), content_type="text/css", headers=headers))


def packed(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """The answer compressed, where whoever asks can read that.

    What others make a browser ask for comes without the cookie (SameSite=Strict): nobody guesses a form's secret from
    the length of pages.
    """
    if isinstance(response, web.Response) and len(response.body or b"") >= SMALLEST:  # type: ignore[arg-type]
        response.headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            response.enable_compression(web.ContentCoding.gzip)
    return response
