"""Answers at the board's addresses: the way in, the pages of bot/web/board/table.py, their forms.

A ticket's page shows a button; the tap takes the ticket and begins a visit (bot/web/board/session.py). Who the visitor
is today is looked up with every request, before anything else of it is read.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from secrets import token_urlsafe
from typing import Any

import structlog
from aiohttp import web

from bot.delivery.page_addresses import BOARD
from bot.domain import board_tickets
from bot.domain.people import SYSTEM
from bot.errors import NotAllowed, StoreError, UserError
from bot.storage import Store
from bot.web.board import saying, statics
from bot.web.board.drafting import Drafts
from bot.web.board.forms import BadForm, Form, read_form
from bot.web.board.gate import Handler
from bot.web.board.handouts import Handouts
from bot.web.board.page import Answer, House, Look, Page, complaint
from bot.web.board.public import GroupPages
from bot.web.board.sentences import AGAIN, SENTENCES, Stop
from bot.web.board.session import Sessions, Visit, is_ours
from bot.web.board.showing import HEADERS, Templates
from bot.web.board.table import PAGES, pages_for
from bot.web.board.visiting import Visitors
from bot.web.pace import Pace

WRONG_PER_MINUTE = 120
"""Wrong tickets of all the world together: who guesses gets nowhere."""

OURS = "same-origin"

_PAGES = {page.path: page for page in PAGES}

log = structlog.get_logger()


class BoardPages:
    """The board, behind bot/web/board/gate.py.

    Args:
        sessions: reads the cookies.
        public: the pages for whoever has a group's link.
        secure: the board is reached by https.
    """

    def __init__(self, store: Store, sessions: Sessions, house: House, public: GroupPages, *, secure: bool) -> None:
        self._store = store
        self._sessions = sessions
        self._house = house
        self._public = public
        self._secure = secure
        self._templates = Templates()
        self._drafts = Drafts(store, house.clock, sessions)
        self._visitors = Visitors(store, sessions, house)
        self._wrong = Pace(WRONG_PER_MINUTE, house.clock)
        handouts = Handouts(self._visitors, house)
        self._handlers: Mapping[str, Handler] = {
            "css": statics.css,
            "icon": statics.icon,
            "picture": handouts.picture,
            "file": handouts.file,
            "door": self._door,
            "enter": self._enter,
            "group": self._group,
            "leave": self._leave,
            "show": self._show,
            "change": self._change,
        }

    async def answer(self, what: str, request: web.Request) -> web.StreamResponse:
        """The response at one of the gate's addresses; whatever is wrong is a page with a sentence."""
        try:
            await self._templates.load()
            return await self._handlers[what](request)
        except Stop as stop:
            return self._sentence(str(stop))
        except BadForm:
            return self._sentence("form")
        except UserError as error:
            status = 403 if isinstance(error, NotAllowed) else 400
            return self._stopped(status, error.problem, "\n".join(error.hints))
        except StoreError:
            return self._sentence("down")
        except web.HTTPException:
            raise
        except Exception:  # a defect: whoever runs the bot finds it in the log, the reader gets a sentence
            log.exception("board.failed", page=request.match_info.get("page", what))
            return self._sentence("defect")

    async def _door(self, request: web.Request) -> web.StreamResponse:
        """A preview crawler comes here, too: nothing is taken by looking."""
        code = request.match_info["code"]
        async with self._store.transaction(f"board:{code[:40]}") as tx:
            ticket = await board_tickets.look(tx.within(SYSTEM), code, self._house.clock.now())
        if ticket is None:
            raise Stop("gone" if self._wrong.allows() else "busy")
        return self._templates.page("door.html", {"title": "看板", "group": ""})

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Sec-Fetch-Site", OURS) != OURS:  # W3C Fetch Metadata; browsers before 2019 send none
            raise Stop("form")  # another site would have somebody write under its own name
        code, now = request.match_info["code"], self._house.clock.now()
        async with self._store.transaction(f"board:{code[:40]}") as tx:
            ticket = await board_tickets.take(tx.within(SYSTEM), code, now)
        if ticket is None:
            raise Stop("gone" if self._wrong.allows() else "busy")
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={**HEADERS, "Location": BOARD})
        self._sessions.begin(response, ticket, now, secure=self._secure)
        log.info("board.opened", group=ticket.group, person=ticket.holder)
        return response

    async def _group(self, request: web.Request) -> web.StreamResponse:
        values = await self._public.values(request.match_info["token"], request.query)
        return self._templates.page("public.html", {"group": "", **values})

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        visit, form = self._visitors.visit(request), await read_form(request)
        if not is_ours(visit, form.secret):
            raise Stop("form")
        response = self._stopped(200, "看板关好了", AGAIN)
        self._sessions.end(response)
        return response

    async def _show(self, request: web.Request) -> web.StreamResponse:
        page = _PAGES.get(request.match_info["page"])
        if page is None:
            raise Stop("nothing")
        return await self._page(page, self._visitors.visit(request), request.query)

    async def _change(self, request: web.Request) -> web.StreamResponse:
        """Say a form's command to the bot, and show the page with its answer."""
        page = _PAGES.get(request.match_info["page"])
        if page is None or not page.says:
            raise web.HTTPMethodNotAllowed(request.method, ("GET", "HEAD"))
        visit = self._visitors.known(request)
        if visit is None and not page.keeps:
            raise Stop("nobody")
        if visit and not self._visitors.may_go_on(visit.person):
            raise Stop("busy")
        if visit:
            async with self._visitors.reading(visit) as tx:  # may they at all: before anything of it is read
                await self._visitors.look(tx, page, visit, request.query)
        form = await read_form(request)
        if visit is None or not is_ours(visit, form.secret):
            raise Stop(await self._kept(page, request, form, visit))
        if not page.allows(form.say):
            raise Stop("form")
        async with self._visitors.reading(visit) as tx:
            look = await self._visitors.look(tx, page, visit, request.query)
            speaker = await saying.account(look)
            answer = await _checked(page, look, form)
        await self._drafts.keep(page, look, form)
        if form.fields.get("do") == "keep":
            answer = Answer(("💾 草稿存好了，只有您自己看得到。",), asks=True)
        answer = answer or await self._said(page, look, form, speaker)
        typed = {} if answer.done else page.written(form)
        return await self._page(page, visit, request.query, answer, typed)

    async def _said(self, page: Page, look: Look, form: Form, speaker: tuple[str, str]) -> Answer:
        try:
            words = await page.words(look, form)
            answer = await saying.say(self._house, page, look, form, words, speaker)
        except UserError as error:
            return complaint(error)
        log.info("board.said", group=look.group.key, person=look.person.id, page=page.path, done=not answer.bad)
        if answer.done:
            await self._drafts.done(page, look)
        return answer

    async def _kept(self, page: Page, request: web.Request, form: Form, visit: Visit | None) -> str:
        """Keep what is written on a page of a visit that has ended; returns the sentence that says so."""
        writer = self._drafts.writer(page, form)
        if writer is None:
            return "form" if visit else "nobody"
        if visit is None and not self._visitors.may_go_on(writer[0]):
            return "busy"
        await self._drafts.keep_for(writer, page, request.query, form)
        return "stale" if visit else "kept"

    async def _page(
        self,
        page: Page,
        visit: Visit,
        query: Mapping[str, str],
        answer: Answer | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> web.Response:
        async with self._visitors.reading(visit) as tx:
            look = await self._visitors.look(tx, page, visit, query)
            look = replace(look, answer=answer, draft=typed or look.draft)
            values = await page.show(look)
        values = await page.later(look, values)
        frame: dict[str, Any] = {
            "group": look.group.name,
            "name": look.member.name,
            "leads": look.leads,
            "pages": pages_for(leader=False),
            "leaders": pages_for(leader=True),
            "here": page.path,
            "form": visit.form,
            "keep": visit.keep,
            "once": token_urlsafe(12),
            "answer": answer,
            "title": page.label,
        }
        return self._templates.page(page.template, {**frame, **values}, status=answer.status if answer else 200)

    def _sentence(self, name: str) -> web.Response:
        return self._stopped(*SENTENCES[name])

    def _stopped(self, status: int, title: str, text: str) -> web.Response:
        values = {"title": title, "text": text, "group": ""}
        return self._templates.page("sentence.html", values, status=status)


async def _checked(page: Page, look: Look, form: Form) -> Answer | None:
    try:
        await page.check(look, form)
    except UserError as error:
        return complaint(error)
    return None
