"""Signed links: good for one file, for a week, and not faster than anybody opens them."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import MovableClock
from bot.content import File
from bot.delivery.file_links import LIFE, FileLinks
from bot.delivery.signing import SECRET
from bot.simulator import sample
from bot.storage.blobs import Blobs
from bot.web.files import PER_MINUTE, FilePages


async def test_who_asks_too_often_is_told_to_wait(tmp_path: Path) -> None:
    clock = MovableClock(sample.START)
    links = FileLinks(tmp_path, "", clock)
    file = File(name="学案.txt", path=Blobs(tmp_path).put(b"abc", ".txt"), media_type="text/plain")
    app = web.Application()
    FilePages(links, tmp_path, clock).add_to(app)
    async with TestClient(TestServer(app)) as client:
        asked = [(await client.get("/files/forged")).status for _ in range(PER_MINUTE)]
        assert set(asked) == {404}
        address = f"/files/{links.token(file)}"
        assert (await client.get(address)).status == 429
        clock.set(clock.now() + timedelta(minutes=1))
        assert await (await client.get(address)).read() == b"abc"
        (tmp_path / file.path).unlink()
        assert (await client.get(address)).status == 404


@pytest.mark.parametrize("path", ["files/../files.key", "files.key", "records.sqlite3"])
async def test_even_a_signed_link_leads_nowhere_else(tmp_path: Path, path: str) -> None:
    clock = MovableClock(sample.START)
    links = FileLinks(tmp_path, "", clock)
    (tmp_path / "records.sqlite3").write_bytes(b"no")
    app = web.Application()
    FilePages(links, tmp_path, clock).add_to(app)
    async with TestClient(TestServer(app)) as client:
        assert (await client.get(f"/files/{links.token(File(name='a', path=path))}")).status == 404


def test_the_secret_outlives_a_restart_and_is_its_owners_alone(tmp_path: Path) -> None:
    clock, file = MovableClock(sample.START), File(name="a.txt", path="files/ab/c.txt", media_type="text/plain")
    token = FileLinks(tmp_path, "", clock).token(file)
    assert FileLinks(tmp_path, "", clock).read(token) == file
    assert (tmp_path / SECRET).stat().st_mode & 0o777 == 0o600
    clock.set(clock.now() + LIFE + timedelta(seconds=1))
    assert FileLinks(tmp_path, "", clock).read(token) is None
    clock.set(sample.START)
    (tmp_path / SECRET).write_text("damaged")
    assert FileLinks(tmp_path, "", clock).read(token) is None
