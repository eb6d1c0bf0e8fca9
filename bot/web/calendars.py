"""``/calendar/{token}.ics``: a calendar for whoever has its signed link; a page in Chinese for all else.

A browser gets a page that tells how to subscribe.
"""

import asyncio
import hashlib
from urllib.parse import quote

from aiohttp import ETag, web

from bot.clock import Clock
from bot.delivery.calendar_links import ENDING, PAGE, CalendarLinks
from bot.domain import calendar_feeds
from bot.domain.calendar_feeds import Feed
from bot.errors import StoreError
from bot.storage import Store
from bot.web import calendar_page
from bot.web.pace import Pace, Paces

PER_MINUTE = 30
"""Of one calendar: a telephone asks once an hour or less, a class of them behind one link a few times more."""

WRONG_PER_MINUTE = 120
"""Wrong links of all the world together: who guesses gets nowhere."""

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}
_FRAME = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><p>{text}</p></html>"""
_UNKNOWN = (404, "没有这个日历", "这个日历链接不完整，或者不对。请在聊天里发 /日程 订阅，再复制一次。")
_GONE = (410, "日历链接失效了", "这个日历链接退订了、到期了，或者您已经不在组里。要新的链接，请在聊天里发 /日程 订阅。")
_BUSY = (429, "请等一等", "这个链接打开得太频繁，请过一分钟再试。")
_DOWN = (503, "请等一等", "数据暂时读不出来，日历过一会儿会自己再取。")


class CalendarPages:
    """Serves the calendars.

    Args:
        links: reads the tokens.
        store: an open store.
    """

    def __init__(self, links: CalendarLinks, store: Store, clock: Clock) -> None:
        self._links = links
        self._store = store
        self._clock = clock
        self._each = Paces(PER_MINUTE, clock)
        self._wrong = Pace(WRONG_PER_MINUTE, clock)

    def add_to(self, app: web.Application) -> None:
        """Serve GET and HEAD of the links."""
        app.router.add_get(f"{PAGE}{{token}}", self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The calendar, "not changed", or the page that says why there is none."""
        token = request.match_info["token"]
        known = self._links.read(token.removesuffix(ENDING)) if token.endswith(ENDING) else None
        if known is None:
            return _page(*(_UNKNOWN if self._wrong.allows() else _BUSY))
        holder, generation = known
        if not self._each.allows(holder):
            return _page(*_BUSY)
        try:
            # A space of its own: nobody of the group waits for a telephone.
            async with self._store.transaction(f"calendar:{holder}") as tx:
                feed = await calendar_feeds.feed(tx, holder, generation, self._clock.now())
        except StoreError:
            return _page(*_DOWN)
        if feed is None:
            return _page(*_GONE)
        if calendar_page.is_wanted(request):
            return calendar_page.page(
                feed.name, self._links.address(token.removesuffix(ENDING)), personal=feed.personal
            )
        return await _answer(request, feed)


async def _answer(request: web.Request, feed: Feed) -> web.StreamResponse:
    body = await asyncio.to_thread(_written, feed)
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {**_HEADERS, "Cache-Control": "private, no-cache", "Vary": "Sec-Fetch-Dest"}
    if _has(request, tag):
        response = web.Response(status=304, headers=headers)
    else:
        name = quote(f"{feed.name}{ENDING}", safe="")
        headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"  # RFC 5987
        response = web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)
    response.etag = tag
    return response


def _written(feed: Feed) -> bytes:
    """The file. Its library is loaded with the first that is fetched: in most schools nobody subscribes."""
    from bot.reports.calendar_file import calendar_file

    return calendar_file(feed)


def _has(request: web.Request, tag: str) -> bool:
    """Whether the caller has this very file. Weak comparison, as RFC 9110 wants it for If-None-Match."""
    held: tuple[ETag, ...] = request.if_none_match or ()
    return any(each.value in (tag, "*") for each in held)


def _page(status: int, title: str, text: str) -> web.Response:
    headers = {**_HEADERS, "Cache-Control": "no-store"}
    if status in (429, 503):
        headers["Retry-After"] = "60"
    body = _FRAME.format(title=title, text=text)
    return web.Response(status=status, text=body, content_type="text/html", headers=headers)
