"""The simulator over HTTP: the page ``/try`` and the API ``/try/api/*`` of the contract.

Routes only read, validate and answer; what happens is the ``Simulation``'s business.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.simulator.api_models import (
    Bubble,
    ClockRequest,
    ClockResult,
    ExplainRequest,
    Explanation,
    Fault,
    FaultRequest,
    FileData,
    LineRequest,
    MessageRequest,
    MessageResult,
    PlanRequest,
    Platform,
    State,
    complaint,
)
from bot.simulator.guard import UPLOAD_BYTES, BadRequest, answer, guard, read_json, read_upload
from bot.simulator.rehearsal import RehearsalResult

STATIC = Path(str(files("bot.simulator"))) / "static"
SHARED = Path(str(files("bot.web"))) / "static"


class Simulation(Protocol):
    """The bot with its surroundings played: platforms, people, clock.

    Every method raises ``UserError`` for what a person did wrong (an unknown group, a clock moved back); the API
    answers 400 with its lines.
    """

    async def say(self, request: MessageRequest, upload: FileData | None = None) -> MessageResult:
        """A person says something, or sends a file one-to-one, without words. The same ``msgid`` again is a
        redelivery: the stored reply, nothing done twice."""
        ...

    async def move_clock(self, to: datetime | None, advance: timedelta | None, until_next: bool) -> ClockResult:
        """Move the clock forward (exactly one argument is set) and make every post that falls in between, in order."""
        ...

    async def read_plan(
        self, data: bytes | str, filename: str | None, group: str | None, activate: bool
    ) -> list[dict[str, Any]]:
        """The entries of a plan document as ``plan --json``; with ``activate`` they become the group's routines."""
        ...

    async def read_lines(self, lines: Sequence[LineRequest]) -> list[list[dict[str, Any]]]:
        """The entries of single lines, each read in its own context."""
        ...

    def explain(self, text: str, platform: Platform, bot_name: str) -> Explanation:
        """How a text is understood; runs nothing."""
        ...

    async def state(self, group: str | None) -> State:
        """The group (None: the first) as it stands."""
        ...

    async def rehearsal(self, group: str | None, first: date | None, last: date | None) -> RehearsalResult:
        """What the group would be told between two days, by default from now to the end of the term."""
        ...

    async def transcript(self, group: str, person: str | None, after: int) -> list[Bubble]:
        """Bubbles with an id above ``after``: the group chat, or ``person``'s private one, which then is read."""
        ...

    async def file(self, key: str) -> FileData | None:
        """A file of a reply by the last part of its ``url``; None when there is none."""
        ...

    async def faults(self, fault: Fault, times: int) -> dict[str, int]:
        """Make the simulated platform fail the next ``times`` sends; out: what is still to fail, by fault."""
        ...

    async def reset(self) -> None:
        """Back to the first day of the sample school."""
        ...


SIMULATION = web.AppKey("simulation", Simulation)
R = TypeVar("R", bound=BaseModel)
routes = web.RouteTableDef()


def make_app(simulation: Simulation, *, host: str = "127.0.0.1") -> web.Application:
    """The application to serve.

    Args:
        simulation: what the API plays on.
        host: the name or address that is listened on; with the socket's own address it is the only accepted Host.
    """
    app = web.Application(middlewares=[guard(host)], client_max_size=UPLOAD_BYTES)
    app[SIMULATION] = simulation
    app.add_routes(routes)
    app.router.add_get(r"/try/static/{name:tokens\.css|icon\.svg}", _shared)
    app.router.add_static("/try/static", STATIC)
    return app


async def _shared(request: web.Request) -> web.StreamResponse:
    """The colours and the sign that the board has, too."""
    return web.FileResponse(SHARED / request.match_info["name"])


async def _parse(request: web.Request, model: type[R]) -> R:
    data = await read_json(request)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadRequest(400, complaint(error)) from None


@routes.get("/")
async def _root(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/try")


@routes.get("/health/live")
async def _live(_request: web.Request) -> web.StreamResponse:
    return answer({"status": "ok"})


@routes.get("/try")
async def _page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "try.html")


@routes.post("/try/api/messages")
async def _messages(request: web.Request) -> web.StreamResponse:
    result = await request.app[SIMULATION].say(await _parse(request, MessageRequest))
    return answer(result.model_dump(mode="json"))


@routes.post("/try/api/files")
async def _send_file(request: web.Request) -> web.StreamResponse:
    """A file in the private chat with the bot: the form field ``file``; who sends it stands in the address."""
    data, filename = await read_upload(request)
    said = {name: request.query[name] for name in ("speaker", "group", "platform", "msgid") if name in request.query}
    try:
        wanted = MessageRequest.model_validate({"text": "", "private": True, **said})
    except ValidationError as error:
        raise BadRequest(400, complaint(error)) from None
    result = await request.app[SIMULATION].say(wanted, FileData(name=filename, data=data))
    return answer(result.model_dump(mode="json"))


@routes.post("/try/api/clock")
async def _clock(request: web.Request) -> web.StreamResponse:
    wanted = await _parse(request, ClockRequest)
    result = await request.app[SIMULATION].move_clock(wanted.to, wanted.advance, wanted.next)
    return answer(result.model_dump(mode="json"))


@routes.post("/try/api/plan")
async def _plan(request: web.Request) -> web.StreamResponse:
    simulation = request.app[SIMULATION]
    group, activate = request.query.get("group"), request.query.get("activate") in ("1", "true")
    if request.content_type == "multipart/form-data":
        data, filename = await read_upload(request)
        return answer(await simulation.read_plan(data, filename, group, activate))
    wanted = await _parse(request, PlanRequest)
    if wanted.lines is not None:
        return answer({"results": await simulation.read_lines(wanted.lines)})
    return answer(await simulation.read_plan(wanted.text or "", None, group, activate))


@routes.post("/try/api/explain")
async def _explain(request: web.Request) -> web.StreamResponse:
    wanted = await _parse(request, ExplainRequest)
    found = request.app[SIMULATION].explain(wanted.text, wanted.platform, wanted.bot_name)
    return answer(found.model_dump(mode="json"))


@routes.get("/try/api/state")
async def _state(request: web.Request) -> web.StreamResponse:
    state = await request.app[SIMULATION].state(request.query.get("group"))
    return answer(state.model_dump(mode="json"))


@routes.get("/try/api/rehearsal")
async def _rehearsal(request: web.Request) -> web.StreamResponse:
    first, last = _day(request, "from"), _day(request, "to")
    result = await request.app[SIMULATION].rehearsal(request.query.get("group"), first, last)
    return answer(result.model_dump(mode="json"))


def _day(request: web.Request, name: str) -> date | None:
    text = request.query.get(name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadRequest(400, f"{name}\uff1a没看懂日期\uff0c请写成 2026-09-07") from None


@routes.get("/try/api/transcript")
async def _transcript(request: web.Request) -> web.StreamResponse:
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= 12):
        raise BadRequest(400, "after\uff1a应是消息的编号\uff08整数\uff09")
    simulation = request.app[SIMULATION]
    group = request.query.get("group") or (await simulation.state(None)).group
    bubbles = await simulation.transcript(group, request.query.get("person") or None, int(after))
    return answer({"bubbles": [bubble.model_dump(mode="json") for bubble in bubbles]})


@routes.get("/try/api/files/{key}")
async def _file(request: web.Request) -> web.StreamResponse:
    found = await request.app[SIMULATION].file(request.match_info["key"])
    if found is None:
        raise BadRequest(404, "没有这个文件。")
    disposition = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    return web.Response(body=found.data, content_type=found.media_type, headers={"Content-Disposition": disposition})


@routes.post("/try/api/faults")
async def _faults(request: web.Request) -> web.StreamResponse:
    wanted = await _parse(request, FaultRequest)
    return answer({"faults": await request.app[SIMULATION].faults(wanted.fault, wanted.times)})


@routes.post("/try/api/reset")
async def _reset(request: web.Request) -> web.StreamResponse:
    await request.app[SIMULATION].reset()
    return answer({"status": "ok"})
