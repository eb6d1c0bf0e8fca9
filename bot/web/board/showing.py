"""From values to a response: templates, headers, compression."""

import asyncio
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.delivery.page_addresses import BOARD

if TYPE_CHECKING:
    from jinja2 import Environment

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # without any, a browser calls the origin of our own forms "null"
}
PICTURE_HEADERS = {
    **HEADERS,
    "Cache-Control": "private, max-age=3600",  # its name is its digest
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


class Templates:
    """The board's templates, loaded with the first page: most schools never open one."""

    async def load(self) -> None:
        """Load what makes pages, where it is not loaded: it takes a tenth of a second, beside the event loop."""
        if "_environment" not in self.__dict__:
            await asyncio.to_thread(getattr, self, "_environment")

    def page(self, template: str, values: Mapping[str, Any], *, status: int = 200) -> web.Response:
        """A page, compressed where the browser takes that.

        What it holds of a secret, the form's, is that of a visit whose cookie no other site can have sent along
        (SameSite=Strict), so that nobody can make out from its length what is in it.
        """
        text = self._environment.get_template(template).render({"board": BOARD, **values})
        response = web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)
        response.enable_compression()
        return response

    @cached_property
    def _environment(self) -> "Environment":
        from jinja2 import Environment, PackageLoader, StrictUndefined

        return Environment(
            loader=PackageLoader("bot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
