"""What the board hands out beside its pages: charts, and files of the group."""

import asyncio

from aiohttp import web

from bot.domain import resources
from bot.web.board.page import House
from bot.web.board.sentences import Stop
from bot.web.board.showing import PICTURE_HEADERS
from bot.web.board.visiting import Visitors, must_lead
from bot.web.files import handed_out


class Handouts:
    """Answers for charts and files, to those who may have them."""

    def __init__(self, visitors: Visitors, house: House) -> None:
        self._visitors = visitors
        self._house = house

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """A chart of the leader's page."""
        visit = self._visitors.visit(request, counted=False)
        async with self._visitors.reading(visit) as tx:
            _, member, _ = await self._visitors.who(tx, visit)
        must_lead(member)
        svg = self._house.pictures.read(visit.group, request.match_info["name"])
        if svg is None:
            raise Stop("nothing")
        response = web.Response(text=svg, content_type="image/svg+xml", headers=PICTURE_HEADERS)
        response.enable_compression()
        return response

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file of the group's. Raises ``BadArgument`` when there is none that the visitor may have."""
        visit = self._visitors.visit(request)
        async with self._visitors.reading(visit) as tx:
            group, member, _ = await self._visitors.who(tx, visit)
            each = await resources.numbered(group, member.name, int(request.match_info["number"]))
        data = await asyncio.to_thread(self._house.blobs.read, each.path)
        return handed_out(each.file, data)
