"""``/health/live`` and ``/health/ready``: whether the program runs, and whether it can do its work."""

from aiohttp import web

from bot.storage import Store

STORE = web.AppKey("store", Store)


def make_app(store: Store) -> web.Application:
    """The application that serves the health of ``store``."""
    app = web.Application(client_max_size=1024)
    app[STORE] = store
    app.add_routes([web.get("/health/live", _live), web.get("/health/ready", _ready)])
    return app


async def _live(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ok"})


async def _ready(request: web.Request) -> web.StreamResponse:
    if request.app[STORE].healthy:
        return web.json_response({"status": "ok", "store": "ok"})
    why = request.app[STORE].trouble
    return web.json_response({"status": "down", "store": "read-only", "reason": why}, status=503)
