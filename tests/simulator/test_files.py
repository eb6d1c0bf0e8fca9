"""A file through the simulator's API: sent in the private chat, kept, and fetched from a reply."""

from pathlib import Path

from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from bot.app import Playhouse
from bot.simulator.server import make_app


def form(data: bytes, name: str) -> FormData:
    made = FormData(quote_fields=False)
    made.add_field("file", data, filename=name)
    return made


async def test_a_file_goes_in_and_comes_out(tmp_path: Path) -> None:
    async with (
        Playhouse(tmp_path / "data", None) as playground,
        TestClient(TestServer(make_app(playground))) as client,
    ):
        sent = await client.post("/try/api/files?speaker=王老师", data=form("学案".encode(), "学案.txt"))
        assert "收到 5《学案.txt》" in (await sent.json())["replies"][0]["text"]
        kept = {"speaker": "王老师", "text": "1", "private": True}
        assert (await client.post("/try/api/messages", json=kept)).status == 200
        asked = {"speaker": "张老师", "text": "/资源 5", "private": True}
        reply = (await (await client.post("/try/api/messages", json=asked)).json())["replies"][0]
        (link,) = reply["files"]
        found = await client.get(link["url"])
        assert (link["name"], await found.read()) == ("学案.txt", "学案".encode())
        shown = await (await client.get("/try/api/transcript?person=张老师")).json()
        assert shown["bubbles"][-1]["files"][0]["name"] == "学案.txt"
        assert (await client.get(link["url"][:-2])).status == 404
        assert (await client.post("/try/api/files", data=form(b"a", "a.txt"))).status == 400
