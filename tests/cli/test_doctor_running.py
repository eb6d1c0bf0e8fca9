"""``check`` beside a running bot: it calls the callbacks as the platforms would, from here and from outside."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.cli.doctor import context
from bot.cli.doctor.show import text
from bot.domain.people import SYSTEM
from tests.cli.patient import SECRETS

HEADERS = ("timestamp", "sign", "Content-Type")


class Proxy:
    """What stands between the platforms and the bot; ``fault`` spoils the way."""

    def __init__(self, port: int) -> None:
        self.to = f"http://127.0.0.1:{port}"
        self.fault: Callable[[web.Request], Awaitable[web.Response]] | None = None
        self.drop: tuple[str, ...] = ()
        self.query = True
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self.server = TestServer(app)

    async def _pass_on(self, request: web.Request) -> web.Response:
        if self.fault:
            return await self.fault(request)
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers and name not in self.drop}
        url = self.to + (request.raw_path if self.query else request.path)
        async with (
            ClientSession(skip_auto_headers=["Content-Type"]) as session,
            session.request(request.method, url, data=await request.read(), headers=headers) as answer,
        ):
            return web.Response(status=answer.status, body=await answer.read())


def always(status: int, **headers: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text="<html>", headers=headers)

    return answer


async def test_a_running_bot_is_ours_and_its_callbacks_answer(well, monkeypatch, capsys):
    assert (await well.finding("回调")).state == "warn"
    async with well.running(monkeypatch):
        found = {one.name: one for one in await well.check()}
        everything = text(list(found.values()))
    assert [one for one in found.values() if one.state != "ok" and one.name != "校历"] == []
    assert "正在" in found["端口"].detail
    assert "占着" in found["数据锁"].detail
    assert {"回调 ding", "回调 wecom"} <= set(found)
    log = capsys.readouterr()
    assert [secret for secret in SECRETS if secret in everything + log.out + log.err] == []
    # Nothing came of it: nobody was heard, no call was counted, nothing was posted.
    assert (await well.finding("用量")).detail.count(" 0/") == 2
    async with well.transaction() as tx:
        assert tx.space == SYSTEM
    assert (well.platforms.posted, well.platforms.ding.posts) == ([], [])


async def test_a_config_that_has_changed_since_the_start(well, monkeypatch):
    async with well.running(monkeypatch):
        assert (await well.finding("回调 ding")).state == "ok"
        well.changed(("app-secret-never", "app-secret-other"), ('token = "test', 'token = "another'))
        for name in ("回调 ding", "回调 wecom"):
            found = await well.finding(name)
            assert found.state == "fail"
            assert "重启" in found.todo
        well.write(well.config.replace('"wecom"', '"wework"'))
        renamed = await well.finding("回调 wework")
        assert (renamed.state, "404" in renamed.detail) == ("fail", True)


# What the proxy does wrong, what is said for each platform.
FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "path not passed on": ({"fault": always(404)}, "404", "404"),
    "slash added": ({"fault": always(301, Location="/callback/ding/")}, "转到了别处", "转到了别处"),
    "nobody behind it": ({"fault": always(502)}, "代理连不上", "代理连不上"),
    "another site": ({"fault": always(200)}, "通不到", "通不到"),
    "headers lost": ({"drop": ("timestamp", "sign")}, "签名不对", ""),
    "query lost": ({"query": False}, "", "签名不对"),
}


async def test_the_way_from_outside(well, monkeypatch):
    proxy = Proxy(well.port)
    async with well.running(monkeypatch), proxy.server:
        base = str(proxy.server.make_url("")).rstrip("/")
        # A slash at the end of public_url is taken off, so the address stays the one the platform has.
        well.changed(("port =", f'public_url = "{base}/"\nport ='))
        for name in ("公网 ding", "公网 wecom"):
            assert (await well.finding(name)).state == "ok"
        for fault, ding, wecom in FAULTS.values():
            with monkeypatch.context() as spoiled:
                for name, value in fault.items():
                    spoiled.setattr(proxy, name, value)
                found = {one.name: one for one in await well.check()}
            assert found["回调 ding"].state == found["回调 wecom"].state == "ok"
            for name, words in (("公网 ding", ding), ("公网 wecom", wecom)):
                assert found[name].state == ("warn" if words else "ok"), (fault, name)
                assert words in found[name].detail
                assert bool(found[name].todo) == bool(words)


async def test_an_address_outside_that_leads_nowhere(well, monkeypatch):
    async with well.running(monkeypatch):
        well.changed(("port =", 'public_url = "http://127.0.0.1:9"\nport ='))
        nowhere = await well.finding("公网 ding")
        assert (nowhere.state, "连不上" in nowhere.detail) == ("warn", True)
        well.changed(("port =", 'public_url = "https://beike.example.edu.cn/callback/ding"\nport ='))
        assert "带着 /callback" in (await well.finding("公网 ding")).detail


async def live(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def test_another_bot_at_our_port(well, monkeypatch):
    app = web.Application()
    app.router.add_get("/health/live", live)
    async with TestServer(app, port=well.port):
        other = await well.finding("端口")
        assert (other.state, "另一个机器人" in other.detail) == ("fail", True)
        assert (await well.finding("回调")).state == "warn"
        async with well.transaction():  # held by somebody, answered by somebody else
            monkeypatch.setattr(context, "same", lambda held, listening: False)
            assert (await well.finding("端口")).state == "fail"
            assert (await well.finding("数据锁")).state == "fail"
    assert (await well.finding("端口")).state == "ok"
