"""What WeCom's long connection takes and what it refuses, by its documents (path/101463): commands → error codes."""

import base64
import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock

BOT = "aib-1"
SECRET = "made-up-secret"
MOST_BYTES = 20_480
WINDOWS = ((30, timedelta(minutes=1)), (1000, timedelta(hours=1)))
LOCKED = timedelta(minutes=10)
STREAM_LIFE = timedelta(minutes=6)
LEAST, MOST, CHUNK = 5, {"file": 20 * 2**20, "image": 10 * 2**20, "voice": 2 * 2**20, "video": 10 * 2**20}, 512 * 1024
CARDS = ("text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction")


@dataclass
class Shown:
    """A message that stands in a chat; a stream is one, however often it was sent."""

    chat: str
    cmd: str
    msgtype: str
    text: str
    at: datetime
    stream: str = ""
    finished: bool = True
    req_id: str = ""
    body: dict[str, Any] = field(default_factory=dict)


@dataclass
class Asked:
    """A callback that was delivered: its kind is that of the only command which may answer it."""

    cmd: str
    chat: str
    at: datetime
    task_id: str = ""
    msgid: str = ""
    who: str = ""
    used: bool = False


@dataclass
class Upload:
    about: dict[str, Any]
    at: datetime
    chunks: dict[int, bytes] = field(default_factory=dict)


class Refused(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def refuse_unless(condition: object, code: int) -> None:
    if not condition:
        raise Refused(code)


def card_text(card: dict[str, Any]) -> str:
    """What a reader sees above the buttons."""
    return "\n".join(filter(None, (card["main_title"]["title"], card.get("sub_title_text"))))


def check_card(card: dict[str, Any]) -> None:
    """A card of buttons within its limits (path/101032); what is advice there is a rule here."""
    refuse_unless(card.get("card_type") in CARDS, 40058)
    refuse_unless(re.fullmatch("[0-9A-Za-z_@-]{1,128}", card.get("task_id", "")), 40058)
    refuse_unless(0 < len(card.get("main_title", {}).get("title", "")) <= 26, 40058)
    refuse_unless(len(card.get("sub_title_text", "")) <= 112, 40058)
    refuse_unless(len(card.get("jump_list", [])) <= 3, 40058)
    refuse_unless(all(one["type"] == 1 and len(one["title"]) <= 13 for one in card.get("jump_list", [])), 40058)
    keys = [button["key"] for button in card.get("button_list", [])]
    refuse_unless(card["card_type"] != "button_interaction" or 1 <= len(keys) <= 6, 40058)
    refuse_unless(len(keys) == len(set(keys)) and all(0 < len(key.encode()) <= 1024 for key in keys), 40058)
    refuse_unless(all(0 < len(button["text"]) <= 10 for button in card.get("button_list", [])), 40058)


class Rules:
    """The platform's memory of one robot.

    Args:
        subscribes: attempts within a minute after which the robot is locked out for ten.

    Attributes:
        shown: what stands in the chats.
        cards: what a card shows now, by its task_id and then by who sees it; "" = everybody else.
        sends: when each chat got something.
        spoke: chats somebody has spoken to the robot in, by their kind.
        refusals: every code but 0 that was given, with its command.
    """

    def __init__(self, clock: Clock, subscribes: int = 8) -> None:
        self.clock = clock
        self.subscribes = subscribes
        self.shown: list[Shown] = []
        self.sends: dict[str, list[datetime]] = defaultdict(list)
        self.spoke: dict[str, int] = {}
        self.asked: dict[str, Asked] = {}
        self.cards: dict[str, dict[str, dict[str, Any]]] = {}
        self.uploads: dict[str, Upload] = {}
        self.media: dict[str, tuple[str, str, bytes]] = {}
        self.refusals: list[tuple[str, int]] = []
        self.secret = SECRET
        self.begun: dict[str, datetime] = {}
        self.streams: dict[tuple[str, str], Shown] = {}
        self._subscribed: list[datetime] = []
        self._locked_until: datetime | None = None
        self._inits: list[datetime] = []
        self._commands = {
            "aibot_respond_msg": self._respond,
            "aibot_respond_welcome_msg": self._welcome,
            "aibot_respond_update_msg": self._update,
            "aibot_send_msg": self._send,
            "aibot_upload_media_init": self._init,
            "aibot_upload_media_chunk": self._chunk,
            "aibot_upload_media_finish": self._finish,
        }

    def judge(self, cmd: str, req_id: str, body: dict[str, Any]) -> tuple[int, dict[str, Any] | None]:
        """The code and the body of the acknowledgement."""
        try:
            refuse_unless(cmd in self._commands, 40008)
            return 0, self._commands[cmd](req_id, body)
        except Refused as refused:
            self.refusals.append((cmd, refused.code))
            return refused.code, None

    def subscribe(self, body: dict[str, Any]) -> int:
        """The code of the acknowledgement; who hammers is locked out, whatever the secret."""
        now = self.clock.now()
        self._subscribed = [at for at in self._subscribed if now - at < timedelta(minutes=1)] + [now]
        if self._locked_until and now < self._locked_until:
            return 45009
        if len(self._subscribed) > self.subscribes:
            self._locked_until = now + LOCKED
            return 45009
        return 0 if (body.get("bot_id"), body.get("secret")) == (BOT, self.secret) else 853000

    def lock(self) -> None:
        self._locked_until = self.clock.now() + LOCKED

    def _count(self, chat: str) -> None:
        now = self.clock.now()
        for most, window in WINDOWS:
            refuse_unless(sum(now - at < window for at in self.sends[chat]) < most, 45009)
        self.sends[chat].append(now)

    def _request(self, cmd: str, req_id: str, life: timedelta) -> Asked:
        asked = self.asked.get(req_id)
        refuse_unless(asked and asked.cmd == cmd and self.clock.now() - asked.at <= life, 846605)
        assert asked
        return asked

    def _respond(self, req_id: str, body: dict[str, Any]) -> None:
        asked = self._request("aibot_respond_msg", req_id, timedelta(hours=24))
        if body.get("msgtype") != "stream":
            self._show(asked.chat, "aibot_respond_msg", req_id, body)
            return
        stream = body["stream"]
        refuse_unless(isinstance(stream.get("id"), str) and isinstance(stream.get("finish", False), bool), 40008)
        begun = self.begun.setdefault(f"{req_id}/{stream['id']}", self.clock.now())
        refuse_unless(self.clock.now() - begun <= STREAM_LIFE, 846608)
        refuse_unless(len(stream["content"].encode()) <= MOST_BYTES, 40058)
        self._count(asked.chat)
        if stream["content"].strip():  # one of blanks is ignored
            self._stream(asked, req_id, stream)

    def _stream(self, asked: Asked, req_id: str, stream: dict[str, Any]) -> None:
        known = self.streams.get((req_id, stream["id"]))
        if known:
            known.text, known.finished = stream["content"], stream.get("finish", False)
            return
        now, finished = self.clock.now(), stream.get("finish", False)
        made = Shown(asked.chat, "aibot_respond_msg", "stream", stream["content"], now, stream["id"], finished, req_id)
        self.streams[req_id, stream["id"]] = made
        self.shown.append(made)

    def _welcome(self, req_id: str, body: dict[str, Any]) -> None:
        asked = self._request("aibot_respond_welcome_msg", req_id, timedelta(seconds=5))
        refuse_unless(body.get("msgtype") in ("text", "template_card"), 40008)
        self._show(asked.chat, "aibot_respond_welcome_msg", req_id, body)

    def _update(self, req_id: str, body: dict[str, Any]) -> None:
        asked = self._request("aibot_respond_update_msg", req_id, timedelta(seconds=5))
        refuse_unless(not asked.used, 846605)
        refuse_unless(body.get("response_type") == "update_template_card", 40008)
        card, people = body.get("template_card", {}), body.get("userids", [])
        refuse_unless(isinstance(people, list) and all(isinstance(one, str) and one for one in people), 40058)
        check_card(card)
        refuse_unless(card["task_id"] == asked.task_id, 40058)
        self._count(asked.chat)
        asked.used = True
        seen = self.cards.setdefault(asked.task_id, {})
        if not people:
            seen.clear()
        seen.update(dict.fromkeys(people or [""], card))
        cmd, now = "aibot_respond_update_msg", self.clock.now()
        self.shown.append(Shown(asked.chat, cmd, "template_card", card_text(card), now, req_id=req_id, body=body))

    def _send(self, req_id: str, body: dict[str, Any]) -> None:
        chat, kind = body.get("chatid"), body.get("chat_type", 0)
        refuse_unless(isinstance(chat, str) and chat in self.spoke, 93006)
        assert isinstance(chat, str)
        refuse_unless(kind in (0, self.spoke[chat]), 93006)
        refuse_unless(body.get("msgtype") != "template_card" or self.spoke[chat] == 1, 40058)
        refuse_unless(body.get("msgtype") not in ("text", "markdown_v2", "stream"), 40008)
        self._show(chat, "aibot_send_msg", req_id, body)

    def _show(self, chat: str, cmd: str, req_id: str, body: dict[str, Any]) -> None:
        kind = str(body.get("msgtype"))
        part = body.get(kind)
        refuse_unless(isinstance(part, dict), 40008)
        assert isinstance(part, dict)
        text = ""
        if kind in ("markdown", "text"):
            text = part["content"]
            refuse_unless(text.strip(), 93017)
            refuse_unless(len(text.encode()) <= MOST_BYTES, 40058)
        elif kind in MOST:
            refuse_unless(self.media.get(part.get("media_id", ""), ("",))[0] == kind, 40058)
        else:
            refuse_unless(kind == "template_card", 40008)
            text = self._new_card(part)
        self._count(chat)
        if kind == "template_card":
            self.cards[part["task_id"]] = {"": part}
        self.shown.append(Shown(chat, cmd, kind, text, self.clock.now(), req_id=req_id, body=body))

    def _new_card(self, card: dict[str, Any]) -> str:
        check_card(card)
        refuse_unless(card["task_id"] not in self.cards, 40058)
        return card_text(card)

    def card_of(self, task_id: str, who: str) -> dict[str, Any]:
        """The card as somebody sees it now."""
        seen = self.cards[task_id]
        return seen.get(who, seen[""])

    def _init(self, req_id: str, about: dict[str, Any]) -> dict[str, Any]:
        now = self.clock.now()
        refuse_unless(sum(now - at < timedelta(minutes=1) for at in self._inits) < 30, 45009)
        refuse_unless(LEAST <= about["total_size"] <= MOST[about["type"]], 40058)
        refuse_unless(1 <= about["total_chunks"] <= 100 and about["filename"], 40058)
        self._inits.append(now)
        self.uploads[upload := f"upload-{len(self.uploads) + 1}"] = Upload(about, now)
        return {"upload_id": upload}

    def _chunk(self, req_id: str, body: dict[str, Any]) -> None:
        upload, data = self._upload(body), base64.b64decode(body["base64_data"], validate=True)
        refuse_unless(len(data) <= CHUNK and 0 <= body["chunk_index"] < upload.about["total_chunks"], 40058)
        upload.chunks[body["chunk_index"]] = data

    def _finish(self, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        upload = self._upload(body)
        data = b"".join(upload.chunks[index] for index in sorted(upload.chunks))
        about = upload.about
        refuse_unless(len(upload.chunks) == about["total_chunks"] and len(data) == about["total_size"], 40058)
        refuse_unless(hashlib.md5(data).hexdigest() == about.get("md5", ""), 40058)  # noqa: S324 - the platform's choice
        self.media[media := f"media-{len(self.media) + 1}"] = (about["type"], about["filename"], data)
        return {"type": about["type"], "media_id": media, "created_at": "1380000000"}

    def _upload(self, body: dict[str, Any]) -> Upload:
        upload = self.uploads.get(body["upload_id"])
        refuse_unless(upload and self.clock.now() - upload.at <= timedelta(minutes=30), 40058)
        assert upload
        return upload
