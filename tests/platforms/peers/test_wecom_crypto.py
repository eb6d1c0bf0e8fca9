"""Callbacks that the platform's own package has encrypted and signed, served by the whole bot, opened by it again."""

import base64
import itertools
import json
import re
import runpy
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from bot.chat.transport import Attachment
from bot.clock import MovableClock
from bot.platforms.wecom.answers import FORGOTTEN, WORDS_ONLY
from bot.platforms.wecom.crypto import encrypt_blocks
from bot.platforms.wecom.inbound import WeComFiles
from bot.simulator import sample
from tests.platforms.file_host import FileHost
from tests.platforms.house import Served, contents, house, school_config, section
from tests.platforms.peers import process
from tests.platforms.peers.process import Peer
from tests.platforms.wecom.peer import KEY, ROBOT, TOKEN

CHAT = "wrkSFfCgAAbeikezuBeikezu01"
CHANNEL = section("wecom-callback", name="wecom", token=TOKEN, encoding_aes_key=KEY, bot_id=ROBOT)
WANG = sample.user_of("王老师")


class Platform:
    """WeCom as its package speaks for it; every delivery has a nonce and a random start of its own."""

    def __init__(self, served: Served, sdk: Peer) -> None:
        self.served = served
        self.sdk = sdk
        self.numbers = itertools.count(1)

    async def sealed(self, text: str, *, token: str = TOKEN, id: str = "") -> tuple[dict[str, str], str]:
        """The query of a request and the ciphertext."""
        moment = {"timestamp": str(int(self.served.clock.now().timestamp())), "nonce": f"nonce{next(self.numbers)}"}
        made = await self.sdk.ask("seal", token=token, key=KEY, id=id, text=text, **moment)
        return {"msg_signature": made["signature"], **moment}, made["encrypt"]

    async def post(self, text: str, **seal: str) -> tuple[int, bytes, dict[str, str]]:
        query, encrypted = await self.sealed(text, **seal)
        address, data = self.served.callback("wecom"), json.dumps({"encrypt": encrypted})
        async with self.served.http.post(address, params=query, data=data) as answer:
            return answer.status, await answer.read(), query

    async def hear(self, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message, after the package has found its signature and its receiver right."""
        status, raw, query = await self.post(json.dumps(body, ensure_ascii=False))
        assert status == 200
        answer = json.loads(raw)
        assert answer["nonce"] == query["nonce"]
        moment = {"timestamp": str(answer["timestamp"]), "nonce": answer["nonce"]}
        opened = await self.sdk.ask("open", token=TOKEN, key=KEY, encrypt=answer["encrypt"], **moment)
        assert (answer["msgsignature"], opened["id"]) == (opened["signature"], "")
        said: dict[str, Any] = json.loads(opened["text"])
        return said

    async def said(self, body: dict[str, Any]) -> str:
        """The text of an answer that is complete."""
        answer = await self.hear(body)
        assert answer["msgtype"] == "stream"
        assert answer["stream"]["finish"] is True
        return str(answer["stream"]["content"])

    async def verify(self, plain: str) -> tuple[int, bytes]:
        query, encrypted = await self.sealed(plain)
        async with self.served.http.get(self.served.callback("wecom"), params={**query, "echostr": encrypted}) as got:
            return got.status, await got.read()


@pytest.fixture
async def platform(wecom: Peer, clock: MovableClock, tmp_path: Path) -> AsyncIterator[Platform]:
    async with house(school_config(CHANNEL, channel="wecom", chat=CHAT), tmp_path, clock) as served:
        yield Platform(served, wecom)


def message(text: str = "", /, **more: Any) -> dict[str, Any]:
    body = {
        "msgid": "CAIQ16HMjQYY/NGagIOAgAMgq4KM0AI=",
        "aibotid": ROBOT,
        "chatid": CHAT,
        "chattype": "group",
        "from": {"userid": WANG},
        "response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=C",
        "msgtype": "text",
        "text": {"content": text},
    }
    return {**body, **more}


async def reflections(served: Served) -> list[str]:
    """The texts that are stored."""
    rows = (await contents(served.store)).get("group:" + sample.CHINESE + "/reflections", [])
    return [json.loads(row)["text"] for row in rows]


async def test_the_console_gets_the_bare_text_at_every_padding(platform: Platform) -> None:
    for length in range(1, 34):
        plain = "7" * length
        assert await platform.verify(plain) == (200, plain.encode())


async def test_the_console_gets_its_text_though_a_proxy_decoded_once_too_often(platform: Platform) -> None:
    encrypted = ""
    while "+" not in encrypted:
        query, encrypted = await platform.sealed("1616140317555161061")
    raw = "&".join(f"{name}={value}" for name, value in query.items())
    address = URL(f"{platform.served.callback('wecom')}?{raw}&echostr={encrypted}", encoded=True)
    async with platform.served.http.get(address) as got:
        assert (got.status, await got.read()) == (200, b"1616140317555161061")


async def test_a_text_is_kept_byte_for_byte(platform: Platform) -> None:
    said = await platform.said(message("@备课助手 /反思 第3课时节奏偏快\uff0c\n板书需要再精简😀"))
    assert said.startswith("✅")
    assert await reflections(platform.served) == ["第3课时节奏偏快\uff0c\n板书需要再精简😀"]


async def test_texts_of_every_length_are_served(platform: Platform) -> None:
    for length in range(32):
        msgid, text = f"M{length}", "/反思 今天的导入太长" + "x" * length
        said = await platform.said(message(text, msgid=msgid, chattype="single", chatid=None))
        assert said.startswith("✅"), length
    assert len(await reflections(platform.served)) == 32


async def test_of_a_mixed_message_the_words_count(platform: Platform) -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@备课助手 /反思 课堂板书见图"}},
        {"msgtype": "image", "image": {"url": "https://example.com/1?sign=SIGN"}},
    ]
    said = await platform.said(message(msgtype="mixed", text=None, mixed={"msg_item": items}))
    assert said.startswith("✅")
    assert await reflections(platform.served) == ["课堂板书见图"]


async def test_a_quoted_command_is_not_run(platform: Platform) -> None:
    quote = {"msgtype": "text", "text": {"content": "/反思 这是别人说的话"}}
    said = await platform.said(message("@备课助手 /我的", quote=quote))
    assert "王老师" in said
    assert await reflections(platform.served) == []


async def test_who_enters_is_greeted(platform: Platform) -> None:
    event = {
        "msgid": "E1",
        "create_time": 1700000000,
        "aibotid": ROBOT,
        "from": {"userid": WANG},
        "msgtype": "event",
        "event": {"eventtype": "enter_chat"},
    }
    answer = await platform.hear(event)
    assert answer["msgtype"] == "text"
    assert "/帮助" in answer["text"]["content"]


async def test_a_file_and_an_unknown_stream_get_a_sentence(platform: Platform) -> None:
    file = message(msgtype="video", text=None, video={"url": "https://example.com/1"}, chattype="single", chatid=None)
    assert await platform.said(file) == WORDS_ONLY
    assert await platform.said(message(msgtype="stream", stream={"id": "S"}, text=None)) == FORGOTTEN


async def test_a_redelivery_gets_the_same_answer_and_does_nothing(platform: Platform) -> None:
    once = message("@备课助手 /反思 今天的导入太长")
    answers = [await platform.hear(once) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert await reflections(platform.served) == ["今天的导入太长"]


@pytest.mark.parametrize(("seal", "status"), [({"token": "forged"}, 403), ({"id": "ww1436e0e65a779aee"}, 400)])
async def test_what_is_not_for_us_is_refused(platform: Platform, seal: dict[str, str], status: int) -> None:
    before = await contents(platform.served.store)
    got, body, _ = await platform.post(json.dumps(message("@备课助手 /反思 今天的导入太长")), **seal)
    assert (got, body) == (status, b"")
    assert await contents(platform.served.store) == before


@pytest.mark.parametrize("size", [1, 31, 32, 33, 1000])
async def test_the_package_opens_the_files_of_our_fake_as_we_do(wecom: Peer, size: int) -> None:
    data, key = bytes(size), base64.b64encode(bytes(range(32))).decode()
    sealed = encrypt_blocks(base64.b64decode(key), data)
    for spelled in (key, key.rstrip("=")):
        opened = await wecom.ask("file", sealed=base64.b64encode(sealed).decode(), key=spelled)
        assert base64.b64decode(opened["bytes"]) == data
    async with FileHost() as host:
        fetch = WeComFiles(str(host.server.make_url("")))
        fetched = await fetch(Attachment(kind="file", ticket=host.put(sealed, "a.txt"), key=key), 2000)
    assert (fetched.data, fetched.name) == (data, "a.txt")


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_absent_peers_say_what_to_type(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(runpy, "run_path", lambda _path: {"home": lambda: tmp_path / "nowhere"})
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    for start, line in ((process.dingtalk_sdk, process.FETCH), (process.node, process.NODE)):
        with pytest.raises(outcome, match=re.escape(line)):
            start()
