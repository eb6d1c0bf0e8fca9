"""``/health/live`` and ``/health/ready``: whether the program runs, and whether it can do its work."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.chat.transport import Link, LinkState
from bot.storage import Store

STORE = web.AppKey("store", Store)
LINKS: web.AppKey[Sequence[Link]] = web.AppKey("links", Sequence)


def make_app(store: Store, links: Sequence[Link] = ()) -> web.Application:
    """The application that serves the health of ``store`` and of the connections kept open."""
    app = web.Application(client_max_size=1024)
    app[STORE] = store
    app[LINKS] = links
    app.add_routes([web.get("/health/live", _live), web.get("/health/ready", _ready)])
    return app


async def _live(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ok"})


async def _ready(request: web.Request) -> web.StreamResponse:
    """200 while messages can come in and be stored; 503 otherwise, with what is down and why."""
    store, states = request.app[STORE], {link.name: link.state for link in request.app[LINKS]}
    reasons = [] if store.healthy else [store.trouble]
    reasons += [f"{name}\uff1a{state.reason}" for name, state in states.items() if not state.up]
    answer: dict[str, Any] = {"status": "down" if reasons else "ok", "store": "ok" if store.healthy else "read-only"}
    if states:
        answer["channels"] = {name: _shown(state) for name, state in states.items()}
    if reasons:
        answer["reason"] = "\uff1b".join(reasons)
    return web.json_response(answer, status=503 if reasons else 200)


def _shown(state: LinkState) -> dict[str, Any]:
    """``missed`` is the last gap: what was said then never came, and has to be said again."""
    shown: dict[str, Any] = {"state": "up" if state.up else "down", "since": state.since.isoformat()}
    if state.reason:
        shown["reason"] = state.reason
    if state.missed:
        begin, end = state.missed
        shown["missed"] = {"from": begin.isoformat(), "to": end.isoformat()}
    return shown
