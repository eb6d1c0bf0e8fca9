"""The reference vectors over HTTP, each answered by the whole bot whose clock stands at the vector's time."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.platforms.wecom.answers import EMPTY, FORGOTTEN, markdown, welcome
from bot.platforms.wecom.crypto import WeComCrypto
from bot.simulator import sample
from tests.platforms.dingtalk.samples import VECTORS as DINGTALK
from tests.platforms.dingtalk.samples import raw
from tests.platforms.house import Served, contents, house, school_config, section
from tests.platforms.wecom.peer import VECTORS as WECOM


def vectors(file: Path, part: str, begins: str = "") -> list[Any]:
    """A part of a file as parameters, or one that is skipped when the file is not there."""
    if not file.exists():
        return [
            pytest.param({}, marks=pytest.mark.skip(reason=f"no ../shared/protocols/{file.name} beside the project"))
        ]
    rows = json.loads(file.read_text(encoding="utf-8"))[part]
    return [pytest.param(row, id=row["id"]) for row in rows if row["id"].startswith(begins)]


def moment(milliseconds: int) -> MovableClock:
    return MovableClock(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds))


@asynccontextmanager
async def school(channel: str, folder: Path, clock: MovableClock, chat: str, **people: str) -> AsyncIterator[Served]:
    """The sample school in a term that has just begun; ``people``: platform ids by name."""
    text = school_config(channel, channel="vectors", chat=chat)
    first_day = clock.now().date() - timedelta(days=7)
    for day in (sample.TERM.first_day, sample.CALENDAR.bells[0].valid_from):
        text = text.replace(str(day), str(first_day))
    for name, user in people.items():
        text = text.replace(f'"{sample.user_of(name)}"', json.dumps(user))
    async with house(text, folder, clock) as served:
        yield served


async def reflections(served: Served) -> list[tuple[str, str]]:
    """Who has written what, as stored."""
    rows = (await contents(served.store)).get(f"group:{sample.CHINESE}/reflections", [])
    return [(row["member"], row["text"]) for row in map(json.loads, rows)]


# --- WeCom ---

ROBOT = "aibPZ8kXc1Qw7E2mTdLsVYbN0a"
CHAT = "wrkSFfCgAAbeikezuBeikezu01"


def wecom(vector: dict[str, Any], folder: Path, bot_id: str = ROBOT) -> Any:
    """The bot with the vector's token, key and receive id, at its time."""
    channel = section(
        "wecom-callback",
        name="vectors",
        token=vector["token"],
        encoding_aes_key=vector["encoding_aes_key"],
        receive_id=vector["receiveid"],
        bot_id=bot_id,
        api_base="http://127.0.0.1:9",  # nobody is there
    )
    clock = moment(int(vector["timestamp"]) * 1000)
    return school(channel, folder, clock, CHAT, 王老师="WangLi", 张老师="ZhangSan")


def crypto(vector: dict[str, Any]) -> WeComCrypto:
    return WeComCrypto(vector["token"], vector["encoding_aes_key"], vector["receiveid"])


async def send(served: Served, vector: dict[str, Any], method: str = "POST") -> tuple[int, bytes]:
    """Post the ciphertext, or show it as the console's test (GET)."""
    query = {"msg_signature": vector["msg_signature"], "timestamp": vector["timestamp"], "nonce": vector["nonce"]}
    if method == "GET":
        query["echostr"] = vector["encrypt"]
    body = json.dumps({"encrypt": vector["encrypt"]}) if method == "POST" else None
    async with served.http.request(method, served.callback("vectors"), params=query, data=body) as answer:
        return answer.status, await answer.read()


def opened(answer: bytes, vector: dict[str, Any]) -> dict[str, Any]:
    """What an answer says; its envelope is as prescribed, for this request and of this moment."""
    sealed = json.loads(answer)
    assert set(sealed) == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert (str(sealed["timestamp"]), sealed["nonce"]) == (vector["timestamp"], vector["nonce"])
    plain = crypto(vector).open(sealed["msgsignature"], vector["timestamp"], vector["nonce"], sealed["encrypt"])
    said: dict[str, Any] = json.loads(plain)
    return said


def sealed(vector: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """Another body in the vector's place, sealed as the vector is."""
    made = crypto(vector).seal(json.dumps(body).encode(), int(vector["timestamp"]), vector["nonce"])
    return {**vector, "encrypt": made.encrypt, "msg_signature": made.msgsignature}


def spoken(answer: dict[str, Any]) -> str:
    """The text of a stream that is complete."""
    assert set(answer) == {"msgtype", "stream"}
    assert set(answer["stream"]) == {"id", "finish", "content"}
    assert (answer["msgtype"], answer["stream"]["finish"]) == ("stream", True)
    return str(answer["stream"]["content"])


async def check_wecom(body: dict[str, Any], said: dict[str, Any], served: Served) -> None:
    """The answer fits what came in, and what it says was done was done."""
    kind = body["msgtype"]
    if kind == "event":
        assert said == EMPTY
    elif kind == "stream":
        assert (spoken(said), said["stream"]["id"]) == (FORGOTTEN, body["stream"]["id"])
    elif kind == "file":
        assert "没有取到" in spoken(said)
    elif "/反思" in json.dumps(body, ensure_ascii=False):
        assert spoken(said).startswith("✅")
        text = body["text"]["content"] if kind == "text" else body["mixed"]["msg_item"][0]["text"]["content"]
        member = {"WangLi": "王老师", "ZhangSan": "张老师"}[body["from"]["userid"]]
        assert await reflections(served) == [(member, text.partition("/反思 ")[2])]
    else:
        assert "第2周备课" in spoken(said)


@pytest.mark.parametrize("vector", vectors(WECOM, "crypto_vectors", "aibot-"))
async def test_a_wecom_vector_is_answered(vector: dict[str, Any], tmp_path: Path) -> None:
    if vector["kind"] in ("aibot_padding_edge", "aibot_url_verify"):
        async with wecom(vector, tmp_path) as served:
            assert await send(served, vector, "GET") == (200, vector["plain"].encode())
            return
    body = json.loads(vector["plain"])
    async with wecom(vector, tmp_path, body.get("aibotid", "")) as served:
        status, answer = await send(served, vector)
        assert status == 200
        await check_wecom(body, opened(answer, vector), served)
        assert await send(served, {**vector, "nonce": vector["nonce"] + "0"}) == (403, b"")


@pytest.mark.parametrize("vector", vectors(WECOM, "crypto_vectors", "aibot-pad"))
async def test_a_wecom_vector_that_is_no_message_is_a_400(vector: dict[str, Any], tmp_path: Path) -> None:
    async with wecom(vector, tmp_path) as served:
        before = await contents(served.store)
        assert await send(served, vector) == (400, b"")
        assert await contents(served.store) == before


@pytest.mark.parametrize("vector", vectors(WECOM, "negative_vectors"))
async def test_a_negative_wecom_vector_is_refused_and_nothing_stored(vector: dict[str, Any], tmp_path: Path) -> None:
    async with wecom(vector, tmp_path) as served:
        before = await contents(served.store)
        status = 400 if vector["signature_valid"] else 403
        for method in ("POST", "GET"):
            assert await send(served, vector, method) == (status, b"")
        assert await contents(served.store) == before


def envelope() -> dict[str, Any]:
    """Token, key, time and nonce of the first vector of a robot."""
    found: dict[str, Any] = vectors(WECOM, "crypto_vectors", "aibot-text")[0].values[0]
    return found


@pytest.mark.parametrize("row", vectors(WECOM, "payload_samples"))
async def test_a_wecom_payload_is_answered(row: dict[str, Any], tmp_path: Path) -> None:
    vector, body = envelope(), row["payload"].get("body", row["payload"])
    if row["id"] == "payload-ws-mixed-aeskey":
        body = {**body, "chatid": CHAT, "from": {"userid": "ZhangSan"}}  # its ids are placeholders
    async with wecom(vector, tmp_path, body.get("aibotid", "")) as served:
        before = await contents(served.store)
        status, answer = await send(served, sealed(vector, body))
        if row["direction"] == "in":
            assert status == 200
            await check_wecom(body, opened(answer, vector), served)
        else:  # what a robot says is no message: nothing is done, and there is no quarrel about it
            assert (status, answer == b"") in ((200, False), (400, True))
            assert await contents(served.store) == before


@pytest.mark.parametrize("row", vectors(WECOM, "payload_samples"))
def test_what_we_say_has_the_shape_of_the_samples(row: dict[str, Any]) -> None:
    ours = {"payload-reply-welcome-text": welcome("备课助手"), "payload-active-reply-markdown": markdown("x")}
    if said := ours.get(row["id"]):
        kind = said["msgtype"]
        assert set(said) == set(row["payload"])
        assert set(said[kind]) == set(row["payload"][kind]) - {"feedback"}  # which we do not ask for


# --- DingTalk ---

SECRET = "this is a secret"


def dingtalk(folder: Path, clock: MovableClock, body: dict[str, Any], secret: str = SECRET, window: int = 600) -> Any:
    """The bot for the organisation and the robot that a body names, in the group where it was said."""
    channel = section(
        "dingtalk-callback",
        name="vectors",
        client_id="dingKEY",
        client_secret=secret,
        corp_id=body["chatbotCorpId"],
        robot_code=body["robotCode"],
        api_base="http://127.0.0.1:9",  # nobody is there
    )
    channel = f"[server]\nreplay_window = {window}\n{channel}"
    return school(channel, folder, clock, "cidPrepGroup0000000000==", 王老师="manager0001")


async def post(served: Served, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
    typed = {"Content-Type": "application/json; charset=utf-8", **headers}
    async with served.http.post(served.callback("vectors"), data=raw(body), headers=typed) as answer:
        return answer.status, json.loads(await answer.read())


def first_body() -> dict[str, Any]:
    """/本周备课 in the group."""
    found: dict[str, Any] = vectors(DINGTALK, "inbound_payloads")[0].values[0]["body"]
    return found


def signature(vector: dict[str, Any]) -> dict[str, str]:
    return {"timestamp": vector["timestamp"], "sign": vector["sign_base64"]}


IN_THE_ANSWER = {
    "http_group_text": "第2周备课",
    "stream_private_text": "✅",
    "group_text_two_mentions": "没有",
    "group_richText_picture": "✅",
    "private_file": "文件没有取到",
    "group_text_quote_a": "/反思",
    "group_text_external_sender": "第2周备课",
    "group_text_empty": "/帮助",
}


@pytest.mark.parametrize("vector", vectors(DINGTALK, "inbound_payloads"))
async def test_a_dingtalk_payload_is_answered(vector: dict[str, Any], tmp_path: Path) -> None:
    """With its own headers where it has some, else with those of the first, at whose time the clock stands."""
    headers = vector["headers"] or vectors(DINGTALK, "inbound_payloads")[0].values[0]["headers"]
    clock = moment(int(headers["timestamp"]))
    async with dingtalk(tmp_path, clock, vector["body"]) as served:
        status, answer = await post(served, vector["body"], headers)
        assert status == 200
        if "error" in vector["expected"]:
            assert answer == {"msgtype": "empty"}
            return
        assert set(answer) == {"msgtype", "markdown"}
        assert IN_THE_ANSWER[vector["id"]] in answer["markdown"]["text"]
        stored = {"stream_private_text": "今天的导入太长", "group_richText_picture": "课堂照片加粗段"}
        expected = [("王老师", stored[vector["id"]])] if vector["id"] in stored else []
        assert await reflections(served) == expected
        assert await post(served, vector["body"], headers) == (status, answer)
        assert await reflections(served) == expected


@pytest.mark.parametrize("vector", vectors(DINGTALK, "sign_vectors"))
async def test_a_dingtalk_signature_is_accepted_at_its_time(vector: dict[str, Any], tmp_path: Path) -> None:
    """One vector counts seconds where milliseconds belong: read as what it says it is from 1970, and outside."""
    seconds = vector["id"] == "ts_as_seconds_wrong_unit"
    clock, body = moment(int(vector["timestamp"]) * (1000 if seconds else 1)), first_body()
    async with dingtalk(tmp_path, clock, body, vector["secret"]) as served:
        before = await contents(served.store)
        status, _ = await post(served, body, signature(vector))
        assert status == (403 if seconds else 200)
        assert (await contents(served.store) == before) is seconds


@pytest.mark.parametrize("case", vectors(DINGTALK, "sign_window_cases"))
async def test_the_dingtalk_window_of_an_hour(case: dict[str, Any], tmp_path: Path) -> None:
    body = first_body()
    async with dingtalk(tmp_path, moment(case["now_ms"]), body, case["secret"], window=3600) as served:
        before = await contents(served.store)
        status, _ = await post(served, body, signature(case))
        assert status == (200 if case["accept"] else 403)
        assert (await contents(served.store) != before) is case["accept"]


@pytest.mark.parametrize("case", vectors(DINGTALK, "sign_negative_cases"))
async def test_a_negative_dingtalk_case_does_nothing(case: dict[str, Any], tmp_path: Path) -> None:
    clock, body = moment(case["now_ms"]), first_body()
    async with dingtalk(tmp_path, clock, body, case["secret"]) as served:
        if case["kind"] == "replayed_body":
            assert (await post(served, body, case["headers"]))[0] == 200
            clock.set(clock.now() + timedelta(seconds=1))
        before = await contents(served.store)
        other = {**body, "text": {"content": " /反思 这不是我写的"}}
        for replayed in (other, {**other, "msgId": "msgB"}):
            status, answer = await post(served, replayed, case["headers"])
            assert (status, "已保存" in str(answer)) in ((403, False), (200, False))
            assert status == 403 or case["kind"] == "replayed_body"
        assert await contents(served.store) == before
