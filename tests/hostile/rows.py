"""The hostile table: what may arrive at a callback address, and what has to come of it.

``served`` rows are odd and legitimate. Every other row leaves the store as it was and one line in the log.
"""

import gzip
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from tests.hostile.site import Request, Site
from tests.platforms.wecom.peer import API

WORDS = "今天这节导入太长了"  # stands in every text, and never in the log
LATER = 7200
MEGABYTE = 1 << 20
LONG = WORDS * 1111  # 9,999 characters
DEEP = 100_000
BODIES = {
    "empty": b"",
    "broken JSON": b'{"msgtype": ',
    "not UTF-8": b'{"msgtype": "\xff\xfe"}',
    "UTF-16": '{"msgtype": "text"}'.encode("utf-16"),
    "a list": b"[]",
    "null": b"null",
    "a number": b"5",
    "NaN": b"NaN",
    "100,000 brackets": b"[" * DEEP,
    "30,000 objects": b'{"a":' * 30_000,
    "a number of 100,000 digits": b'{"msgId": ' + b"9" * DEEP + b"}",
}

Make = Callable[[Site], Request]


@dataclass(frozen=True)
class Row:
    """What to send, after ``first``, and what has to come back.

    Attributes:
        says: part of the answer that the person reads.
        reason: what stands in the log.
    """

    make: Make
    status: int
    reason: str = ""
    says: str = ""
    first: Make | None = None
    served: bool = False


async def megabytes(count: int) -> AsyncIterator[bytes]:
    """A body without a length."""
    for _ in range(count):
        yield b"x" * MEGABYTE


def _ding(text: Any = f" /反思 {WORDS}", without: tuple[str, ...] = (), **changes: Any) -> Make:
    return lambda site: site.ding.request(site.ding.body(text, without=without, **changes))


def _ding_raw(data: bytes) -> Make:
    return lambda site: site.ding.request(data)


def _ding_good(site: Site) -> Request:
    return site.ding.request(site.ding.body(f" /反思 {WORDS}", senderStaffId="user-王老师"))


class Kept:
    """A request that is sent once as it is, and then again, perhaps changed."""

    def __init__(self, make: Make, change: Callable[[Request], Request]) -> None:
        self._make = make
        self._change = change
        self._sent: Request | None = None

    def first(self, site: Site) -> Request:
        self._sent = self._make(site)
        return self._sent

    def again(self, _site: Site) -> Request:
        assert self._sent is not None
        return self._change(self._sent)


def _again(make: Make, change: Callable[[Request], Request], status: int = 200, **expected: Any) -> Row:
    kept = Kept(make, change)
    return Row(kept.again, status, first=kept.first, **expected)


def _with(**changes: Any) -> Callable[[Request], Request]:
    """The same headers around a changed body."""
    return lambda request: request.but(body=json.dumps({**json.loads(request.body), **changes}).encode())


def _headers(make: Make, **more: str) -> Make:
    def made(site: Site) -> Request:
        request = make(site)
        return request.but(headers={**request.headers, **{name.replace("_", "-"): text for name, text in more.items()}})

    return made


def _body(make: Make, change: Callable[[bytes], Any]) -> Make:
    def made(site: Site) -> Request:
        request = make(site)
        return request.but(body=change(request.body))

    return made


DING: dict[str, Row] = {
    "a good request": Row(_ding_good, 200, says="✅", served=True),
    "forged signature": Row(lambda site: site.ding.request(site.ding.body(), secret="guessed"), 403, "wrong sign"),
    "no headers": Row(lambda site: _ding_good(site).but(headers={}), 403, "no timestamp or no sign"),
    "signature beyond ASCII": Row(_headers(_ding_good, sign="签名"), 403, "wrong sign"),
    "timestamp in words": Row(_headers(_ding_good, timestamp="昨天"), 403, "timestamp is no number"),
    "two hours ago": Row(lambda site: site.ding.request(site.ding.body(), seconds=-LATER), 403, "outside the window"),
    "in two hours": Row(lambda site: site.ding.request(site.ding.body(), seconds=LATER), 403, "outside the window"),
    "the same again": _again(_ding_good, lambda request: request, says="✅"),
    "another sender, same id": _again(_ding_good, _with(senderStaffId="user-李老师"), says="已经处理过"),
    "another sender, new id": _again(
        _ding_good,
        _with(senderStaffId="user-李老师", msgId="stolen"),
        status=403,
        reason="signature of another message",
    ),
    "2 MB": Row(_ding_raw(b"x" * 2 * MEGABYTE), 413, "body too large"),
    "64 MB, unsigned": Row(
        lambda _site: Request("/callback/ding", megabytes(64), {"content-type": "application/json"}),
        413,
        "body too large",
    ),
    "gzip": Row(_headers(_body(_ding_good, gzip.compress), content_encoding="gzip"), 415, "compressed body"),
    "wrong content type": Row(_headers(_ding_good, content_type="text/xml"), 415, "not JSON"),
    "without msgId": Row(_ding(without=("msgId",)), 400, "missing at msgId"),
    "without sender": Row(_ding(without=("senderId", "senderStaffId")), 400, "no sender"),
    "without conversation": Row(_ding(without=("conversationId",)), 400, "missing at conversationId"),
    "without text": Row(_ding(None), 400, "neither text nor content"),
    "foreign sessionWebhook": Row(_ding(sessionWebhook="https://evil.example/robot/sendBySession"), 400, "elsewhere"),
    "loopback sessionWebhook": Row(_ding(sessionWebhook="http://127.0.0.1:9/robot/sendBySession"), 400, "elsewhere"),
    "foreign robotCode": Row(_ding(robotCode="other"), 403, "another robot"),
    "foreign corpId": Row(_ding(chatbotCorpId="other"), 403, "another organisation"),
    "createAt beyond all time": Row(_ding(createAt=10**30), 400, "createAt"),
    "createAt NaN": Row(_ding(createAt=float("nan")), 400, "createAt"),
    "createAt below zero": Row(_ding(createAt=-1), 400, "createAt"),
    "half a surrogate pair": Row(_ding(f" /反思 {WORDS}\ud83d"), 400, "json_invalid"),
    "an id of 10,000 characters": Row(_ding(conversationId="x" * 10_000), 400, "string_too_long"),
    "GET": Row(lambda site: _ding_good(site).but(method="GET", body=None), 405, "method"),
    "trailing slash": Row(lambda site: _ding_good(site).but(path="/callback/ding/"), 404, "Not Found"),
    "no such channel": Row(lambda site: _ding_good(site).but(path="/callback/dingtalk"), 404, "no such channel"),
    "NUL characters": Row(_ding(f" /反思 {WORDS}\x00\x00"), 200, says="✅", served=True),
    "10,000 characters": Row(_ding(f" /反思 {LONG}"), 200, served=True),
    "emoji": Row(_ding(f" /反思 {WORDS} 👩🏽‍🏫🏳️‍🌈😀"), 200, says="✅", served=True),
    **{f"signed: {name}": Row(_ding_raw(data), 400, "body: ") for name, data in BODIES.items()},
}


def _wecom(text: Any = f"@备课助手 /反思 {WORDS}", without: tuple[str, ...] = (), **changes: Any) -> Make:
    def made(site: Site) -> Request:
        body = site.wecom.body(text, **changes)
        return site.wecom.request({name: value for name, value in body.items() if name not in without})

    return made


_wecom_good = _wecom()


def _sealed(data: bytes) -> Make:
    return lambda site: site.wecom.request(data)


def _envelope(data: bytes) -> Make:
    return _body(_wecom_good, lambda _: data)


def _other_body(site: Site) -> Request:
    return _wecom_good(site).but(body=site.wecom.request(site.wecom.body("x", who="ZhaoLi")).body)


WECOM: dict[str, Row] = {
    "a good request": Row(_wecom_good, 200, says="✅", served=True),
    "forged signature": Row(lambda site: site.wecom.request(site.wecom.body(), forged=True), 403, "wrong signature"),
    "no parameters": Row(lambda site: _wecom_good(site).but(query={}), 400, "no timestamp"),
    "two hours ago": Row(lambda site: site.wecom.request(site.wecom.body(), seconds=-LATER), 403, "time window"),
    "in two hours": Row(lambda site: site.wecom.request(site.wecom.body(), seconds=LATER), 403, "time window"),
    "the same again": _again(_wecom_good, lambda request: request, says="✅"),
    "another body, same parameters": Row(_other_body, 403, "wrong signature"),
    "another sender, same id": Row(
        _wecom(who="ZhaoLi", msgid="of somebody else"),
        200,
        says="已经处理过",
        first=_wecom(msgid="of somebody else"),
    ),
    "2 MB": Row(_envelope(b"x" * 2 * MEGABYTE), 413, "body too large"),
    "64 MB, unsigned": Row(lambda _site: Request("/callback/wecom", megabytes(64)), 413, "body too large"),
    "gzip": Row(_headers(_body(_wecom_good, gzip.compress), content_encoding="gzip"), 415, "compressed body"),
    "another content type": Row(_headers(_wecom_good, content_type="text/xml"), 200, says="✅", served=True),
    "without msgid": Row(_wecom(without=("msgid",)), 400, "no msgid"),
    "without sender": Row(_wecom(without=("from",)), 200, "no sender"),
    "a group without chat id": Row(_wecom(without=("chatid",), chattype="group"), 200, "group without chat id"),
    "without text": Row(_wecom(without=("text",)), 400, "no text"),
    "unknown kind": Row(_wecom(msgtype="sticker"), 200, "unknown message type"),
    "foreign aibotid": Row(_wecom(aibotid="aib-9"), 403, "foreign robot"),
    "foreign response_url": Row(_wecom(response_url="https://evil.example/"), 200, says="✅", served=True),
    "response_url on a like-named host": Row(
        _wecom(response_url=API + ".evil.example/cgi-bin/aibot/response?"), 200, says="✅", served=True
    ),
    "half a surrogate pair": Row(_wecom(f"/反思 {WORDS}\ud83d"), 400, "wrong fields"),
    "an id of 10,000 characters": Row(_wecom(msgid="x" * 10_000), 400, "wrong fields"),
    "a stream nobody knows": Row(_wecom(msgtype="stream", stream={"id": "x"}), 200, says="再发一次"),
    "test of the address, forged": Row(
        lambda site: site.wecom.request({}, forged=True).but(method="GET", body=None), 400, "no echostr"
    ),
    "trailing slash": Row(lambda site: _wecom_good(site).but(path="/callback/wecom/"), 404, "Not Found"),
    "NUL characters": Row(_wecom(f"@备课助手 /反思 {WORDS}\x00\x00"), 200, says="✅", served=True),
    "10,000 characters": Row(_wecom(f"@备课助手 /反思 {LONG}"), 200, served=True),
    "emoji": Row(_wecom(f"@备课助手 /反思 {WORDS} 👩🏽‍🏫🏳️‍🌈😀"), 200, says="✅", served=True),
    **{f"envelope: {name}": Row(_envelope(data), 400) for name, data in BODIES.items()},
    **{f"sealed: {name}": Row(_sealed(data), 400) for name, data in BODIES.items()},
}

ROWS: dict[str, Row] = {
    **{f"DingTalk: {name}": row for name, row in DING.items()},
    **{f"WeCom: {name}": row for name, row in WECOM.items()},
}
