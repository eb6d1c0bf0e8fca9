"""``/board/``: the group's calendar, the plan beside its document, the rehearsal; server-rendered, without JavaScript.

A ticket's page shows a button; the tap takes the ticket and begins a visit (bot/web/board_session.py). What a form of
the plan's page asks for is said to the bot as if the leader had typed it: the same rights, the same answer, /撤销 takes
it back, and a form sent twice is one message delivered twice.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import web

from bot.calendar.plan_reader import read_document
from bot.chat.buttons import buttons
from bot.chat.receiving import in_time
from bot.chat.rehearsal import Programme
from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.delivery.outcome import Outcome
from bot.delivery.page_addresses import BOARD, OPEN
from bot.domain import board_tickets, groups, people, plan_drafts, plans
from bot.domain.groups import Group, space_of
from bot.domain.people import SYSTEM, Member, Person, Role
from bot.errors import StoreError, UserError
from bot.storage import Store
from bot.web.board_forms import BadForm, Form, read_form
from bot.web.board_session import Sessions, Visit, is_ours
from bot.web.board_views import month_of, week_of
from bot.web.pace import Pace, Paces

if TYPE_CHECKING:
    from jinja2 import Environment

PER_MINUTE = 60
"""Pages of one person."""

WRONG_PER_MINUTE = 120
"""Wrong tickets of all the world together: who guesses gets nowhere."""

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",  # without any, a browser calls the origin of our own forms "null"
}
_AGAIN = "请在聊天里私下发 /看板，再打开新的链接。"
_SENTENCES = {
    "gone": (410, "链接用过了或者过期了", f"看板的链接只能打开一次，十分钟内有效。{_AGAIN}"),
    "nobody": (401, "请先从聊天里打开看板", _AGAIN),
    "left": (403, "您不在这个组里了", "请组长把您加回来：/成员 加 姓名"),
    "leader": (403, "这一页由组长看", "回到日历，或者请组长把您设为副组长。"),
    "form": (403, "这一页放久了", "回到上一页刷新一下，再点一次。"),
    "busy": (429, "请等一等", "页面打开得太频繁，请过一分钟再试。"),
    "down": (503, "请等一等", "数据暂时读不出来，请过一会儿再试。"),
    "defect": (500, "这一页出了问题", "请再打开一次；还是这样，请管理员看日志。"),
    "nothing": (404, "没有这一页", "回到日历。"),
}
_COMMAND = re.compile(r"/计划(?:\s.*)?", re.DOTALL)

Say = Callable[[Incoming], Awaitable[Outcome | None]]
Ahead = Callable[[str], Awaitable[Programme]]

log = structlog.get_logger()


class _Stop(Exception):
    """Ends a request with one of the sentences."""


class BoardPages:
    """Serves the board.

    Args:
        sessions: reads the cookies.
        say: ``Dispatcher.receive``.
        ahead: ``Engine.programme``.
        bot_names: how the bot is called, by channel.
        secure: the board is reached by https.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sessions: Sessions,
        say: Say,
        ahead: Ahead,
        bot_names: Mapping[str, str],
        *,
        secure: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._say = say
        self._ahead = ahead
        self._bot_names = bot_names
        self._secure = secure
        self._each = Paces(PER_MINUTE, clock)
        self._wrong = Pace(WRONG_PER_MINUTE, clock)

    def add_to(self, app: web.Application) -> None:
        """Serve the pages. GET changes nothing."""
        app.router.add_get(f"{BOARD}board.css", self._css)
        app.router.add_get(f"{OPEN}{{code}}", self._guarded(self._door))
        app.router.add_post(f"{OPEN}{{code}}", self._guarded(self._enter))
        app.router.add_post(f"{BOARD}leave", self._guarded(self._leave))
        app.router.add_get(BOARD, self._guarded(self._calendar))
        app.router.add_get(f"{BOARD}calendar", self._guarded(self._calendar))
        app.router.add_get(f"{BOARD}plan", self._guarded(self._plan))
        app.router.add_post(f"{BOARD}plan", self._guarded(self._change))
        app.router.add_get(f"{BOARD}rehearsal", self._guarded(self._rehearsal))
        app.router.add_get(f"{BOARD}{{rest:.*}}", self._guarded(self._nothing))

    def _guarded(
        self, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except _Stop as stop:
                status, title, text = _SENTENCES[str(stop)]
                return self._page("sentence.html", status=status, title=title, text=text)
            except BadForm:
                status, title, text = _SENTENCES["form"]
                return self._page("sentence.html", status=status, title=title, text=text)
            except UserError as error:
                return self._page("sentence.html", status=400, title=error.problem, text="\n".join(error.hints))
            except StoreError:
                status, title, text = _SENTENCES["down"]
                return self._page("sentence.html", status=status, title=title, text=text)
            except web.HTTPException:
                raise
            except Exception:  # a defect: whoever runs the bot finds it in the log, the reader gets a sentence
                log.exception("board.failed", page=handler.__name__.strip("_"))
                status, title, text = _SENTENCES["defect"]
                return self._page("sentence.html", status=status, title=title, text=text)

        return handle

    async def _css(self, _request: web.Request) -> web.StreamResponse:
        text = (files("bot.web") / "static" / "board.css").read_text("utf-8")
        return web.Response(text=text, content_type="text/css", headers={**_HEADERS, "Cache-Control": "max-age=3600"})

    async def _door(self, request: web.Request) -> web.StreamResponse:
        """A preview crawler comes here, too: nothing is taken by looking."""
        code = request.match_info["code"]
        async with self._store.transaction(f"board:{code[:40]}") as tx:
            ticket = await board_tickets.look(tx.within(SYSTEM), code, self._clock.now())
        if ticket is None:
            raise _Stop("gone" if self._wrong.allows() else "busy")
        return self._page("door.html", title="看板")

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        code, now = request.match_info["code"], self._clock.now()
        async with self._store.transaction(f"board:{code[:40]}") as tx:
            ticket = await board_tickets.take(tx.within(SYSTEM), code, now)
        if ticket is None:
            raise _Stop("gone" if self._wrong.allows() else "busy")
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={**_HEADERS, "Location": BOARD})
        self._sessions.begin(response, ticket, now, secure=self._secure)
        log.info("board.opened", group=ticket.group, person=ticket.holder)
        return response

    async def _leave(self, request: web.Request) -> web.StreamResponse:
        visit, form = self._visit(request), await read_form(request)
        if not is_ours(visit, form.secret):
            raise _Stop("form")
        response = self._page("sentence.html", title="看板关好了", text=_AGAIN)
        self._sessions.end(response)
        return response

    async def _calendar(self, request: web.Request) -> web.StreamResponse:
        visit, query = self._visit(request), request.query
        async with self._store.transaction(space_of(visit.group)) as tx:
            group, member, _ = await self._who(tx, visit)
            mine = query.get("mine") == "1"
            show = month_of if "month" in query else week_of
            view = await show(group, member.name, query.get("month", "") or query.get("week", ""), mine=mine)
        return self._page(
            "calendar.html", visit, group, member, title=view.title, view=view, mine=mine, here="calendar"
        )

    async def _plan(self, request: web.Request) -> web.StreamResponse:
        return await self._plan_page(self._visit(request))

    async def _change(self, request: web.Request) -> web.StreamResponse:
        """Say a form's command to the bot, and show its answer above the plan."""
        visit, form = self._visit(request), await read_form(request)
        if not is_ours(visit, form.secret) or not _COMMAND.fullmatch(form.say):
            raise _Stop("form")
        async with self._store.transaction(space_of(visit.group)) as tx:
            group, member, person = await self._who(tx, visit)
            self._must_lead(member)
            channel, user = await people.address(group.system, group.record.channel, member)
        words = f"{form.say} {await _words(form)}".strip()
        log.info("board.changes", group=visit.group, person=person.id, command=" ".join(words.split()[:2]))
        incoming = Incoming(
            channel=channel,
            msgid=f"board-{sha256(f'{form.once}/{words}'.encode()).hexdigest()[:32]}",
            chat=user,
            private=True,
            sender=user,
            sender_name=member.name,
            text=words,
            bot_name=self._bot_names.get(channel, ""),
            at=self._clock.now(),
            group_hint=visit.group,
        )
        outcome = await self._say(incoming)
        return await self._plan_page(visit, outcome)

    async def _plan_page(self, visit: Visit, outcome: Outcome | None = None) -> web.Response:
        async with self._store.transaction(space_of(visit.group)) as tx:
            group, member, _ = await self._who(tx, visit)
            self._must_lead(member)
            rows = await plans.preview(group)
            draft = await plan_drafts.find(group)
        answer = outcome.answer if outcome else None
        said = [answer.title, *answer.lines] if answer else []
        status = outcome.said[0].status if outcome else "ok"
        return self._page(
            "plan.html",
            visit,
            group,
            member,
            title="计划",
            rows=rows,
            waiting=draft is not None and answer is None,
            said=[line for line in said if line],
            taps=[tap for tap in buttons(answer) if _COMMAND.fullmatch(tap.send)] if answer else [],
            bad=status not in ("ok", "question"),
            once=token_urlsafe(12),
            here="plan",
        )

    async def _rehearsal(self, request: web.Request) -> web.StreamResponse:
        visit = self._visit(request)
        async with self._store.transaction(space_of(visit.group)) as tx:
            group, member, _ = await self._who(tx, visit)
            self._must_lead(member)
        show = request.query.get("show", "all")
        programme = await self._ahead(visit.group)
        mention = f"@{self._bot_names.get(group.record.channel or '', '')} "
        weeks = [
            (week, [one for one in week.gathered(mention) if show == "all" or one.private is (show == "private")])
            for week in programme.weeks
        ]
        return self._page(
            "rehearsal.html", visit, group, member, title="预演", weeks=weeks, programme=programme, show=show,
            here="rehearsal",
        )  # fmt: skip

    async def _nothing(self, _request: web.Request) -> web.StreamResponse:
        raise _Stop("nothing")

    def _visit(self, request: web.Request) -> Visit:
        visit = self._sessions.read(request, self._clock.now())
        if visit is None:
            raise _Stop("nobody")
        if not self._each.allows(str(visit.person)):
            raise _Stop("busy")
        return visit

    async def _who(self, tx: Any, visit: Visit) -> tuple[Group, Member, Person]:
        """The group and the visitor as they are today."""
        try:
            group = await groups.load(tx, visit.group, self._clock.now())
        except LookupError:
            raise _Stop("left") from None
        person = await group.system.get(Person, visit.person)
        found = await group.system.find(Member, group=visit.group, person=visit.person)
        if person is None or not found:
            raise _Stop("left")
        return group, found[0].acting(), person

    @staticmethod
    def _must_lead(member: Member) -> None:
        if member.role < Role.LEADER:
            raise _Stop("leader")

    def _page(
        self,
        template: str,
        visit: Visit | None = None,
        group: Group | None = None,
        member: Member | None = None,
        *,
        status: int = 200,
        **values: Any,
    ) -> web.Response:
        leads = member is not None and member.role >= Role.LEADER
        form = visit.form if visit else ""
        text = self._templates.get_template(template).render(
            board=BOARD, form=form, group=group.name if group else "", name=member.name if member else "",
            leads=leads, **values,
        )  # fmt: skip
        return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)

    @cached_property
    def _templates(self) -> "Environment":
        """Loaded with the first page: most schools never open one."""
        from jinja2 import Environment, PackageLoader, StrictUndefined

        return Environment(
            loader=PackageLoader("bot.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip


async def _words(form: Form) -> str:
    """What was written, or the text of the file that was chosen.

    Raises:
        UserError: the file is broken, empty, of another kind, too long to read.
    """
    if not form.name:
        return form.words.strip()
    lines = await in_time(lambda: read_document(form.data, form.name), form.name)
    return "\n".join(lines)
