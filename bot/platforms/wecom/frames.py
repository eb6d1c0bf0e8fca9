"""The frames of WeCom's long connection: one JSON object each, ``{cmd?, headers: {req_id}, body?, errcode?}``.

Source: developer.work.weixin.qq.com, document/path/101463 (2026-04), and the platform's own client for Node. An
acknowledgement has no ``cmd`` and the ``req_id`` of what it acknowledges; an answer has that of what it answers.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.platforms.wecom.refusals import Unreadable
from bot.platforms.wecom.shapes import read_object

SUBSCRIBE = "aibot_subscribe"
PING = "ping"
MESSAGE = "aibot_msg_callback"
EVENT = "aibot_event_callback"
ANSWER = "aibot_respond_msg"
WELCOME = "aibot_respond_welcome_msg"
UPDATE_CARD = "aibot_respond_update_msg"
SEND = "aibot_send_msg"
UPLOAD_INIT = "aibot_upload_media_init"
UPLOAD_CHUNK = "aibot_upload_media_chunk"
UPLOAD_FINISH = "aibot_upload_media_finish"

MOST_BYTES = 2**20
"""Of one frame that comes in; a message is a few kilobytes."""


@dataclass(frozen=True)
class Frame:
    """One frame. ``errcode`` stands in acknowledgements; what it was when it is no number is kept as None."""

    req_id: str
    cmd: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    errcode: int | None = None

    @property
    def text(self) -> str:
        """As it is sent; control characters are escaped."""
        return json.dumps({"cmd": self.cmd, "headers": {"req_id": self.req_id}, "body": self.body}, ensure_ascii=False)


def new_frame(cmd: str, body: Mapping[str, Any], now: datetime) -> Frame:
    """A frame of our own, its id made as the platform's clients make theirs."""
    return Frame(f"{cmd}_{int(now.timestamp() * 1000)}_{secrets.token_hex(4)}", cmd, body)


def read_frame(raw: str | bytes) -> Frame | None:
    """What came in; raw control characters in strings are accepted. None = no frame at all."""
    try:
        found = read_object(raw.encode() if isinstance(raw, str) else raw)
    except (Unreadable, UnicodeEncodeError):
        return None
    headers, body, cmd, code = (found.get(key) for key in ("headers", "body", "cmd", "errcode"))
    req_id = headers.get("req_id") if isinstance(headers, dict) else None
    if not isinstance(req_id, str) or not _sendable(req_id):
        return None
    return Frame(
        req_id,
        cmd if isinstance(cmd, str) else "",
        body if isinstance(body, dict) else {},
        code if isinstance(code, int) and not isinstance(code, bool) else None,
    )


def _sendable(text: str) -> bool:
    """Half a surrogate pair can be written in JSON and could not be sent back."""
    try:
        return len(text.encode()) <= 256
    except UnicodeEncodeError:
        return False


def is_kick(frame: Frame) -> bool:
    """Whether the platform says that another connection has taken this one's place."""
    event = frame.body.get("event")
    return frame.cmd == EVENT and isinstance(event, dict) and event.get("eventtype") == "disconnected_event"
