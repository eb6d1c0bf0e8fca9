"""Requests made from good ones by changing words, fields, bytes, headers or the query; about half stay well signed."""

import json
import random
from collections import deque
from collections.abc import Callable
from typing import Any

from bot.app import registry
from bot.simulator import sample
from tests.hostile.site import MATHS_CHAT, Request, Site

PIECES = (
    "0", "-1", "9" * 40, "9" * 5000, "1e308", "\u00b2", "\u0663", "〇", "½", "Ⅷ", "第0节", "第99节", "第1-99节",
    "周八", "周三第8-9节", "2026-02-30", "13月", "9月31日", "下下下周三", "25:61", "07:30", "今天", "昨天",
    "单周", "第99周", "\x00", "\x1b[31m", "\r\n", "\n\n\n", "\t", "\u200b", "\u200d", "\u2005", "\u3000",
    "\u202e", "\ufeff", "\ufffe", "\U000e0041", "😀", "👩🏽‍🏫", "e" + "\u0301" * 50, "「", "」\n------\n",
    "> ", "@备课助手 ", "@王老师 ", "@所有人 ", "/", "//", "、", "\uff0f", "#", "*" * 40, "[x](javascript:1)",
    "<script>", "{{7*7}}", "%s%n", "'; --", "\\", '"', "${x}", "|" * 30, "撤销", "加", "改", "停", "答", "启用",
    "同意", "王老师", "李老师", "查无此人", "高一语文备课组", "高一数学备课组", "《荷塘月色》", "好" * 300,
    "https://example.com/" + "a" * 300,
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 10**40, 1.5, float("nan"), float("inf"), "", " ", "x" * 257, "x" * 3000, "\x00",
    "\ud800", [], [None], [[]], {}, {"content": 5}, {"content": None}, {"text": {}}, "1", "2", "text",
    "richText", "mixed", "voice",
)  # fmt: skip
KEYS = ("content", "text", "type", "richText", "repliedMsg", "quote", "userid", "id", "msg_item", "eventtype", "stream")
KINDS = {
    "ding": ("text", "richText", "picture", "audio", "video", "file", "unknownMsgType", ""),
    "wecom": ("text", "mixed", "voice", "image", "file", "video", "stream", "event", ""),
}
HEADERS = ("sign", "timestamp", "content-type", "Content-Encoding", "X-Forwarded-For", "Expect", "Accept-Encoding", "x")
VALUES = ("", "0", "-1", "9" * 15, "9" * 30, "gzip", "identity", "text/plain", "application/json;;", "a,b", "::1", "ÿ")
QUERY = ("msg_signature", "signature", "timestamp", "nonce", "echostr", "x")


class Mutator:
    """Endless requests for one channel; the same seed gives the same ones.

    Args:
        channel: "ding" or "wecom".
    """

    def __init__(self, site: Site, channel: str, seed: int) -> None:
        self._site = site
        self._channel = channel
        self._sent: deque[Request] = deque(maxlen=50)
        self._random = random.Random(seed)  # noqa: S311 - it has to be repeatable, and nothing hangs on it
        marks = [action.mark for command in registry().commands.values() for action in command.actions.values()]
        self._examples = [mark.example for mark in marks]
        self._words = [f"/{word}" for mark in marks for word in (f"{mark.name} {mark.action}", *mark.aliases)]

    def request(self) -> Request:
        """The next one."""
        level = self._random.choices(_LEVELS, _WEIGHTS)[0]
        request = level(self)
        self._sent.append(request)
        return request

    def _good(self) -> dict[str, Any]:
        return self._ding_body() if self._channel == "ding" else self._wecom_body()

    def _ding_body(self) -> dict[str, Any]:
        who = self._pick(("李老师", "李老师", "王老师", "王老师", "王老师", "张老师", "新老师"))
        private = self._random.random() < 0.3
        return self._site.ding.body(
            self._pick(("", " ")) + self._text(),
            senderStaffId=sample.user_of(who),
            senderNick=self._pick((who, "", "x" * 200, "\u202e")),
            conversationType="1" if private else "2",
            conversationId=f"with-{who}" if private else "chat-other" if self._rarely() else sample.chat_of("chinese"),
        )

    def _wecom_body(self) -> dict[str, Any]:
        who = self._pick(("ZhaoLi", "ZhaoLi", "WangLi", "WangLi", "WangLi", "LiuLi", "XinLi"))
        chat = "wr-other" if self._rarely() else self._pick((MATHS_CHAT, MATHS_CHAT, ""))
        return self._site.wecom.body(f"@备课助手 {self._text()}", who=who, chat=chat)

    def _rarely(self) -> bool:
        return self._random.random() < 0.1

    def _signed(self, body: Any) -> Request:
        peer = self._site.ding if self._channel == "ding" else self._site.wecom
        return peer.request(body)

    def _text(self) -> str:
        """A command that works, or one that somebody has bent."""
        text = self._pick(self._examples) if self._random.random() < 0.7 else f"{self._pick(self._words)} "
        for _ in range(self._random.choice((0, 0, 1, 1, 2, 4, 12))):
            text = self._bent(text)
        return text

    def _bent(self, text: str) -> str:
        first = 0 if self._rarely() else text.find(" ") + 1  # the command stays most of the time
        at = self._random.randint(first, len(text))
        end = at + self._random.choice((0, 0, 1, 3, 20))
        return text[:at] + self._pick((self._pick(PIECES), "", text[at:end] * 2, self._any_text())) + text[end:]

    def _any_text(self) -> str:
        points = [self._random.choice((0x20, 0x4E00, 0xFF00, 0x2000, 0x1F300)) + self._random.randint(0, 255)]
        return "".join(map(chr, points * self._random.randint(1, 3)))

    def _pick(self, values: Any) -> Any:
        return self._random.choice(values)

    def _words_level(self) -> Request:
        return self._signed(self._good())

    def _fields_level(self) -> Request:
        body = self._good()
        if self._random.random() < 0.4:
            body["msgtype"] = self._pick(KINDS[self._channel])
            body.pop("text", None)
        for _ in range(self._random.randint(1, 3)):
            key = self._pick((*body, *KEYS))
            body[key] = self._value(3)
        if self._random.random() < 0.3:
            body.pop(self._pick(tuple(body)))
        return self._signed(body)

    def _value(self, depth: int) -> Any:
        shape = self._random.random()
        if depth and shape < 0.25:
            return {self._pick(KEYS): self._value(depth - 1) for _ in range(2)}
        if depth and shape < 0.4:
            return [self._value(depth - 1) for _ in range(self._random.randint(0, 3))]
        return self._text() if shape < 0.6 else self._pick(ODD)

    def _bytes_level(self) -> Request:
        """Bytes changed before they are signed or sealed."""
        return self._signed(self._broken(json.dumps(self._good(), ensure_ascii=self._pick((True, False))).encode()))

    def _broken(self, data: bytes) -> bytes:
        for _ in range(self._random.randint(1, 4)):
            at = self._random.randint(0, len(data))
            gone = self._random.choice((0, 1, 1, 5, 50))
            data = data[:at] + self._random.randbytes(self._random.choice((0, 1, 1, 4))) + data[at + gone :]
        return data

    def _after_level(self) -> Request:
        """Bytes changed after that: DingTalk's signature does not notice, WeCom's does."""
        request = self._words_level()
        return request.but(body=self._broken(request.body))

    def _headers_level(self) -> Request:
        request = self._words_level()
        headers = dict(request.headers)
        for _ in range(self._random.randint(1, 2)):
            headers[self._pick(HEADERS)] = self._pick(VALUES)
        headers.pop(self._pick(tuple(headers)))
        return request.but(headers=headers)

    def _again_level(self) -> Request:
        """One of the last ones, perhaps with the headers or parameters of another."""
        if not self._sent:
            return self._words_level()
        request, other = self._pick(self._sent), self._pick(self._sent)
        return request.but(headers=other.headers, query=other.query) if self._rarely() else request

    def _query_level(self) -> Request:
        request = self._words_level()
        query = {**request.query, self._pick(QUERY): self._pick((*VALUES, *PIECES[:30]))}
        if self._random.random() < 0.3:
            query.pop(self._pick(tuple(query)))
        if self._random.random() < 0.2:
            return request.but(query=query, method=self._pick(("GET", "PUT", "HEAD", "DELETE")), body=None)
        return request.but(query=query)


_LEVELS: tuple[Callable[[Mutator], Request], ...] = (
    Mutator._words_level,
    Mutator._fields_level,
    Mutator._bytes_level,
    Mutator._after_level,
    Mutator._headers_level,
    Mutator._query_level,
    Mutator._again_level,
)
_WEIGHTS = (46, 16, 12, 8, 7, 7, 4)
