"""The board over HTTP: tickets in, pages out, forms said to the bot; server-rendered, without JavaScript.

A ticket's page shows a button; the tap takes the ticket and begins a visit. Who may look at a page, or send a form of
it, is asked before anything that they sent is read.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from secrets import token_urlsafe

import structlog
from aiohttp import web

from bot.calendar.plan_reader import read_document
from bot.chat.receiving import in_time
from bot.clock import Clock
from bot.delivery.page_addresses import BOARD, OPEN
from bot.domain import board_drafts, board_tickets
from bot.domain.people import SYSTEM
from bot.errors import StoreError, UserError
from bot.storage import Store
from bot.web.board import saying
from bot.web.board.forms import BadForm, Form, is_plain, read_form
from bot.web.board.keeping import Keeper
from bot.web.board.page import Asked, House, Page, Values
from bot.web.board.pages import HOME, PAGES, menu_of
from bot.web.board.public import GroupPages
from bot.web.board.rendering import HEADERS, STYLES, Renderer, packed, serve_style
from bot.web.board.saying import Hear, Spoken
from bot.web.board.sentences import AGAIN, Stop
from bot.web.board.session import Sessions, Visit, is_ours
from bot.web.board.visiting import Visitors
from bot.web.pace import Pace

WRONG_PER_MINUTE = 120
"""Wrong tickets of all the world together: who guesses gets nowhere."""

LATE_PER_MINUTE = 60
"""Forms without a visit that are read for what was typed into them."""

KEEP = "keep"
DROP = "drop"
"""What a form's other buttons ask for: keep what is typed for later, or forget it."""

OURS = "same-origin"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


class BoardPages:
    """Serves the board.

    Args:
        sessions: reads the cookies.
        hear: ``Dispatcher.receive``.
        house: what pages show beside the records.
        group_pages: the link that shows a group's week without names.
        secure: the board is reached by https.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sessions: Sessions,
        hear: Hear,
        house: House,
        group_pages: GroupPages,
        *,
        secure: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._hear = hear
        self._group_pages = group_pages
        self._secure = secure
        self._visitors = Visitors(store, clock, sessions, house)
        self._keeper = Keeper(store, clock, sessions)
        self._wrong = Pace(WRONG_PER_MINUTE, clock)
        self._late = Pace(LATE_PER_MINUTE, clock)
        self._renderer = Renderer()

    def add_to(self, app: web.Application) -> None:
        """Serve the pages. GET changes nothing."""
        route = app.router
        for name in STYLES:
            route.add_get(f"{BOARD}{name}", serve_style)
        route.add_get(f"{OPEN}{{code}}", self._guarded(self._door))
        route.add_post(f"{OPEN}{{code}}", self._guarded(self._enter))
        route.add_post(f"{BOARD}leave", self._guarded(self._leave))
        route.add_get(f"{BOARD}group/{{token}}", self._guarded(self._group))
        route.add_get(BOARD, self._guarded(self._showing(HOME)))
        for page in PAGES:
            route.add_get(f"{BOARD}{page.name}", self._guarded(self._showing(page)))
            if page.commands:
                route.add_post(f"{BOARD}{page.name}", self._guarded(self._hearing(page)))
        route.add_get(f"{BOARD}{{rest:.*}}", self._guarded(self._nothing))

    def _guarded(self, handler: Handler) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return packed(request, await self._answer(request, handler))

        return handle

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Stop as stop:
            if str(stop) not in ("nobody", "nothing"):  # all the world's crawlers are no news
                log.info("board.stopped", why=str(stop), method=request.method)
            return self._renderer.stop(stop)
        except BadForm:
            return self._renderer.stop(Stop("form"))
        except UserError as error:
            return self._renderer.sentence(400, error.problem, "\n".join(error.hints))
        except StoreError:
            return self._renderer.stop(Stop("down"))
        except web.HTTPException:
            raise
        except Exception:  # a defect: whoever runs the bot finds it in the log, the reader gets a sentence
            log.exception("board.failed", method=request.method, path=request.path.removeprefix(BOARD)[:20])
            return self._renderer.stop(Stop("defect"))

    async def _door(self, request: web.Request) -> web.StreamResponse:
        """A preview crawler comes here, too: nothing is taken by looking."""
        code = request.match_info["code"]
        async with self._store.transaction(f"board:{code[:40]}") as tx:
            ticket = await board_tickets.look(tx.within(SYSTEM), code, self._clock.now())
        if ticket is None:
            raise Stop("gone" if self._wrong.allows() else "busy")
        return self._renderer.page("door.html", title="看板")

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Sec-Fetch-Site", OURS) != OURS:  # W3C Fetch Metadata; browsers before 2019 send none
            raise Stop("form")  # another site would have somebody write under its own name
        code, now = request.match_info["code"], self._clock.now()
        async with self._store.transaction(f"board:{code[:40]}") as tx:
            ticket = await board_tickets.take(tx.within(SYSTEM), code, now)
        if ticket is None:
            raise Stop("gone" if self._wrong.allows() else "busy")
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={**HEADERS, "Location": BOARD})
        self._sessions.begin(response, ticket, now, secure=self._secure)
        log.info("board.opened", group=ticket.group, person=ticket.holder)
        return response

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        visit, form = self._visitors.visit(request), await read_form(request)
        if not is_ours(visit, form.said("form")):
            raise Stop("form")
        response = self._renderer.sentence(200, "看板关好了", AGAIN)
        self._sessions.end(response)
        return response

    async def _group(self, request: web.Request) -> web.StreamResponse:
        values = await self._group_pages.values(request.match_info["token"], request.query)
        return self._renderer.page("public.html", **values)

    async def _nothing(self, _request: web.Request) -> web.StreamResponse:
        raise Stop("nothing")

    def _showing(self, page: Page) -> Handler:
        async def show(request: web.Request) -> web.StreamResponse:
            visit = self._visitors.visit(request)
            return await self._page(request, visit, page)

        return show

    def _hearing(self, page: Page) -> Handler:
        async def hear(request: web.Request) -> web.StreamResponse:
            try:
                visit = self._visitors.visit(request)
                async with self._visitors.asking(visit, page, request.query):
                    pass  # may they send it at all: before anything of it is read
            except Stop as stop:
                return await self._rescued(request, page, stop)
            form = await read_form(request)
            if not is_ours(visit, form.said("form")):
                return await self._rescued(request, page, Stop("form"), form)
            return await self._heard(request, visit, page, form)

        return hear

    async def _rescued(
        self, request: web.Request, page: Page, stop: Stop, form: Form | None = None
    ) -> web.StreamResponse:
        """The sentence that ends a request, with what was written in its form: that is lost to nobody."""
        if not page.keeps or (form is None and not (is_plain(request) and self._late.allows())):
            raise stop
        form = form or await read_form(request)
        kept = await self._keeper.keep_late(page, form)
        written = {field: form.said(field) for field in page.keeps if form.said(field).strip()}
        log.info("board.stopped", why=str(stop), method="POST", kept=kept)
        return self._renderer.stop(stop, written=written, kept=page.title if kept else "")

    async def _heard(self, request: web.Request, visit: Visit, page: Page, form: Form) -> web.StreamResponse:
        """Do what a form asks for, and show the answer above the page."""
        if page.keeps and form.said("do") in (KEEP, DROP):
            return await self._draft(request, visit, page, form)
        status = HTTPStatus.OK
        try:
            spoken = await self._said(request, visit, page, form)
        except UserError as error:  # wrong in the form itself; what the bot refuses is an answer
            spoken, status = Spoken(tuple(error.lines), (), done=False, bad=True), HTTPStatus.BAD_REQUEST
        except StoreError:
            return await self._rescued(request, page, Stop("down"), form)
        if any(form.said(field) for field in page.keeps):
            await self._keeper.settle(visit, page, form, done=spoken.done)
        typed = {} if spoken.done else {field: form.said(field) for field in page.keeps}
        return await self._page(request, visit, page, spoken, typed if any(typed.values()) else None, status)

    async def _draft(self, request: web.Request, visit: Visit, page: Page, form: Form) -> web.StreamResponse:
        dropped = form.said("do") == DROP
        await self._keeper.settle(visit, page, form, done=dropped)
        line = "✅ 清空了。" if dropped else "✅ 先存着了，只有您自己看得到，十四天内回来接着写。"
        return await self._page(request, visit, page, Spoken((line,), (), done=True, bad=False))

    async def _said(self, request: web.Request, visit: Visit, page: Page, form: Form) -> Spoken:
        async with self._visitors.asking(visit, page, request.query) as asked:
            words = await page.words(asked, form.fields) if page.words else await _written(form)
            command = page.command_in(words)
            if not command:
                raise Stop("form")
            address = await saying.address_of(asked)
        message = saying.incoming(asked, address, words, form.said("once"), form.said("mark") or None)
        log.info("board.changes", group=visit.group, person=visit.person, command=command)
        outcome = await self._hear(message)
        if outcome is None:
            raise Stop("late")
        return saying.spoken(page, message, outcome)

    async def _page(
        self,
        request: web.Request,
        visit: Visit,
        page: Page,
        spoken: Spoken | None = None,
        typed: dict[str, str] | None = None,
        status: int = HTTPStatus.OK,
    ) -> web.Response:
        async with self._visitors.asking(visit, page, request.query) as asked:
            draft = await board_drafts.find(asked.group, asked.person, page.name) if page.keeps else None
            held = typed if typed is not None else dict(draft.fields) if draft else {}
            asked = replace(asked, answered=spoken is not None, draft=held)
            values = await page.show(asked)
        values = await page.after(asked, values) if page.after else values
        frame = self._frame(visit, page, asked, spoken)
        return self._renderer.page(f"{page.name}.html", status, **{**frame, **values, "draft": held})

    def _frame(self, visit: Visit, page: Page, asked: Asked, spoken: Spoken | None) -> Values:
        """What every page of a visit holds."""
        return {
            "title": page.title,
            "group": asked.group.name,
            "name": asked.name,
            "leads": asked.leads,
            "menu": menu_of(asked.member.role),
            "here": page.name,
            "form": visit.form,
            "author": self._sessions.author_mark(visit, page.name, asked.group.now) if page.keeps else "",
            "once": token_urlsafe(12),
            "spoken": spoken,
            "at": "",
        }


async def _written(form: Form) -> str:
    """The command of a form with what was written behind it, or the text of the file that was chosen.

    Raises:
        UserError: the file is broken, empty, of another kind, too long to read.
    """
    if not form.name:
        return f"{form.said('say')} {form.said('words').strip()}".strip()
    lines = await in_time(lambda: read_document(form.data, form.name), form.name)
    return f"{form.said('say')} {chr(10).join(lines)}".strip()
