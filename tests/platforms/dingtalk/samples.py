"""Messages as DingTalk sends them, signed for one app."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.config.channels import DingTalkApp
from bot.delivery.logbook import Logbook
from bot.platforms.dingtalk.hearing import Hearing, Notify
from bot.platforms.dingtalk.sessions import Sessions
from bot.platforms.dingtalk.signing import milliseconds, sign
from bot.simulator import sample

SECRET = "app-secret-never-in-a-log"
VECTORS = Path(__file__).resolve().parents[4] / "shared" / "protocols" / "dingtalk_vectors.json"
WEBHOOK = "https://oapi.dingtalk.com/robot/sendBySession?session=0123456789abcdef"


def channel(**changes: Any) -> DingTalkApp:
    settings = {
        "kind": "dingtalk-callback",
        "name": sample.CHANNEL,
        "client_id": "dingKEY",
        "client_secret": SECRET,
        "robot_code": "dingrobotcode",
        "corp_id": "dingcorp",
    }
    return DingTalkApp.model_validate({**settings, **changes})


def hearing(
    sessions: Sessions, clock: Clock, *, on_quota: Notify | None = None, logbook: Logbook | None = None
) -> Hearing:
    """What a way in notes its messages with."""
    return Hearing(sample.CHANNEL, sessions, logbook or Logbook(clock), on_quota)


def body(text: str | None = " /帮助", *, without: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    """王老师 in the group of the sample school; ``without`` names fields that are missing."""
    at = milliseconds(sample.START)
    full: dict[str, Any] = {
        "senderPlatform": "Mac",
        "conversationId": sample.chat_of("chinese"),
        "openThreadId": sample.chat_of("chinese"),
        "chatbotCorpId": "dingcorp",
        "chatbotUserId": "$:LWCP_v1:$bot",
        "msgId": "msg-1",
        "senderNick": "王老师",
        "isAdmin": False,
        "senderStaffId": sample.user_of("王老师"),
        "senderCorpId": "dingcorp",
        "senderId": "$:LWCP_v1:$wang",
        "sessionWebhook": WEBHOOK,
        "sessionWebhookExpiredTime": at + 5_400_180,
        "createAt": at,
        "conversationType": "2",
        "conversationTitle": "高一语文备课组",
        "isInAtList": True,
        "robotCode": "dingrobotcode",
        "msgtype": "text",
        "atUsers": [{"dingtalkId": "$:LWCP_v1:$bot", "staffId": "", "unionId": "uniBot"}],
        "text": {"content": text},
    }
    if text is None:
        del full["text"]
    return {key: value for key, value in {**full, **changes}.items() if key not in without}


def raw(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def headers(now: datetime, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(milliseconds(now))
    return {"content-type": "application/json; charset=utf-8", "timestamp": timestamp, "sign": sign(timestamp, secret)}


def vectors(section: str) -> list[Any]:
    """A section of the reference vectors; skips where they are not at hand."""
    if not VECTORS.exists():
        pytest.skip("the reference vectors (../shared/protocols/dingtalk_vectors.json) are not here")
    return rows(section)


def rows(section: str) -> list[Any]:
    """As ``vectors``, for the rows of a table: none where they are not at hand."""
    found: list[Any] = json.loads(VECTORS.read_text("utf-8"))[section] if VECTORS.exists() else []
    return found
