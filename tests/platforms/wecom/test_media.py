"""Pictures and files through the push robot: what the group gets, and what cannot be sent."""

import base64
import os
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.chat.transport import Outgoing
from bot.clock import MovableClock
from bot.config import channels
from bot.content import Content, File
from bot.delivery.files import Files, safe_name
from bot.delivery.outbox import OutboxItem, enqueue
from bot.delivery.sender import Sender
from bot.domain.people import SYSTEM
from bot.errors import DeliveryError, NotSent, Rejected
from bot.platforms.wecom.media import FILE_BYTES, IMAGE_BYTES, KEEP, upload_address
from bot.platforms.wecom.robot import WeComRobot
from bot.storage.tiny import TinyStore
from tests.platforms.wecom.fake import KEY, Fake, Reply, new_session
from tests.platforms.wecom.peer import NOW

PNG = bytes.fromhex("89504e470d0a1a0a") + b"picture"


async def nobody(_chat: str, _names: tuple[str, ...]) -> Mapping[str, str]:
    return {}


class School:
    """A robot with a data folder behind it."""

    def __init__(self, fake: Fake, session: aiohttp.ClientSession, folder: Path) -> None:
        self.fake, self.folder, self.clock = fake, folder, MovableClock(NOW)
        settings = {"name": "robot", "kind": "wecom-robot", "webhook": fake.webhook}
        self.robot = WeComRobot(
            channels.WeComRobot.model_validate(settings), session, nobody, Files(folder), self.clock
        )

    def file(self, name: str, data: bytes, media_type: str = "application/octet-stream") -> File:
        (self.folder / name).write_bytes(data)
        return File(name=name, path=name, media_type=media_type)

    async def send(self, *files: File) -> None:
        for file in files:
            await self.robot.send(Outgoing("u", "card", "wr1", private=False, content=Content(files=(file,))))


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    async with Fake() as fake, new_session() as session:
        yield School(fake, session, tmp_path)


async def test_a_picture_stands_in_the_group(school: School) -> None:
    await school.send(school.file("图.png", PNG, "image/png"))
    [body] = school.fake.taken
    assert (body["msgtype"], base64.b64decode(body["image"]["base64"])) == ("image", PNG)
    assert school.fake.uploads == {}


async def test_a_word_file_is_uploaded_under_its_chinese_name(school: School) -> None:
    await school.send(school.file("十月小结.docx", b"PK\x03\x04\r\n--x\r\n\x00"))
    assert school.fake.taken == [{"msgtype": "file", "file": {"media_id": "media-1"}}]
    assert school.fake.uploads["media-1"] == ("十月小结.docx", b"PK\x03\x04\r\n--x\r\n\x00")


async def test_a_picture_too_large_to_show_goes_as_a_file(school: School) -> None:
    await school.send(school.file("big.jpg", b"x" * (IMAGE_BYTES + 1), "image/jpeg"))
    assert [body["msgtype"] for body in school.fake.taken] == ["file"]


async def test_the_same_file_is_uploaded_once_while_its_id_is_good(school: School) -> None:
    file = school.file("小结.docx", b"12345")
    await school.send(file, file)
    school.clock.set(NOW + KEEP - timedelta(seconds=1))
    await school.send(file)
    assert len(school.fake.uploads) == 1
    school.clock.set(NOW + KEEP)
    await school.send(file)
    await school.send(school.file("小结.docx", b"another"))
    assert len(school.fake.uploads) == 3
    assert len(school.fake.taken) == 5


@pytest.mark.parametrize(
    ("size", "words"), [(0, "是空的"), (4, "是空的"), (FILE_BYTES + 1, "太大，最多 20 MB"), (None, "不见了")]
)
async def test_a_file_that_cannot_be_sent_is_said(school: School, size: int | None, words: str) -> None:
    file = school.file("小结.docx", b"x" * size) if size is not None else File(name="小结.docx", path="没有.docx")
    with pytest.raises(Rejected, match=words):
        await school.send(file)
    assert school.fake.received == 0


@pytest.mark.parametrize("path", ["../outside.txt", "/etc/hostname", "link", ".", "a\0b", "x" * 5000])
async def test_nothing_outside_the_data_folder_is_read(school: School, tmp_path: Path, path: str) -> None:
    school.folder = tmp_path / "data"
    school.folder.mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    os.symlink(tmp_path / "outside.txt", school.folder / "link")
    with pytest.raises(Rejected):
        await Files(school.folder).read(File(name="x", path=path), 1, 1000)


UPLOADS: dict[str, tuple[Reply, type[DeliveryError]]] = {
    "busy": (Reply(errcode=-1), NotSent),
    "no id": (Reply(body=b'{"errcode": 0}'), NotSent),
    "no JSON": (Reply(body=b"<html>"), NotSent),
    "500": (Reply(status=500), NotSent),
    "reset": (Reply(end="reset"), NotSent),
    "half": (Reply(end="half"), NotSent),
    "bad key": (Reply(errcode=93000), Rejected),
}


@pytest.mark.parametrize("name", UPLOADS)
async def test_an_upload_that_fails_has_certainly_posted_nothing(school: School, name: str) -> None:
    reply, expected = UPLOADS[name]
    school.fake.next.append(reply)
    file = school.file("小结.docx", b"12345")
    with pytest.raises(DeliveryError) as caught:
        await school.send(file)
    assert type(caught.value) is expected
    assert KEY not in str(caught.value)
    assert school.fake.taken == []
    await school.send(file)
    assert len(school.fake.taken) == 1


async def test_words_first_then_each_file_and_every_one_counts(school: School, tmp_path: Path) -> None:
    store = await TinyStore(tmp_path / "store").open()
    files = (school.file("图.png", PNG, "image/png"), school.file("小结.docx", b"12345"))
    async with store.transaction(SYSTEM) as tx:
        words = Content(title="九月小结", lines=("听课 12 节",), files=files)
        await enqueue(tx, channel="robot", kind="card", to="wr1", content=words, now=NOW)
        await enqueue(tx, channel="robot", kind="card", to="wr1", content=Content(files=files[:1]), now=NOW)
    school.fake.next.extend([Reply(), Reply(), Reply(errcode=-1)])
    sender = Sender(store, {"robot": school.robot}, school.clock)
    await sender.drain()
    school.clock.set(NOW + timedelta(minutes=1))
    await sender.drain()
    async with store.transaction(SYSTEM) as tx:
        assert {item.state for item in await tx.scan(OutboxItem)} == {"sent"}
    await store.close()
    assert [body["msgtype"] for body in school.fake.taken] == ["markdown", "image", "file", "image"]
    assert "📎" not in school.fake.taken[0]["markdown"]["content"]


def test_the_address_for_uploads() -> None:
    base = "https://qyapi.weixin.qq.com/cgi-bin/webhook"
    assert upload_address(f"{base}/send?key=a-b") == f"{base}/upload_media?key=a-b&type=file"


@pytest.mark.parametrize(
    ("name", "safe"), [('a"b\r\n/../c.docx', "ab..c.docx"), ("", "文件"), ("长" * 200 + ".docx", "长" * 95 + ".docx")]
)
def test_a_name_that_could_break_the_form_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe
