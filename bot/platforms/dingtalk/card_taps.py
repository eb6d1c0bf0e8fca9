"""A tap on a card's button → the command behind it, as if it had been typed.

The button's parameters hold the command under ``send``. Source: open.dingtalk.com, event-callback-card (2026-08) and
interactive-mode (2026-08), which disagree on names: the parameters stand in ``content`` or ``value``, inside
``cardPrivateData`` or beside it.
"""

import json
from datetime import datetime
from typing import Any

from bot.chat.transport import Incoming
from bot.config.channels import DingTalkApp
from bot.platforms.dingtalk.refusal import Refusal

GROUP = "dtv1.card//IM_GROUP."
PERSON = "dtv1.card//IM_ROBOT."


def tap(raw: str, frame_id: str, channel: DingTalkApp, now: datetime) -> Incoming:
    """What the tap says.

    Args:
        raw: the frame's data.
        frame_id: the frame's own id; a tap has no other.

    Raises:
        Refusal: 400, it is no tap of a button of ours; 403, it comes from another organisation.
    """
    body = _object(raw)
    if channel.corp_id and body.get("corpId") not in (None, "", channel.corp_id):
        raise Refusal(403, "tap of another organisation")
    user, space = _text(body, "userId"), _text(body, "spaceId")
    send = _parameters(body).get("send")
    if not (isinstance(send, str) and 0 < len(send) <= 1000 and user):
        raise Refusal(400, "tap: no command or no person")
    private = space.startswith(PERSON) or body.get("spaceType") == "IM_ROBOT"
    return Incoming(
        channel=channel.name,
        msgid=f"tap/{frame_id}",
        chat=user if private else space.removeprefix(GROUP),
        private=private,
        sender=user,
        text=send,
        bot_name=channel.bot_name,
        at=now,
    )


def _parameters(body: dict[str, Any]) -> dict[str, Any]:
    held = body.get("content") or body.get("value")
    told = held if isinstance(held, dict) else _object(held if isinstance(held, str) else "")
    inner = told.get("cardPrivateData")
    for place in (inner if isinstance(inner, dict) else {}, told):
        if isinstance(found := place.get("params"), dict):
            return found
    return {}


def _object(raw: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
        raw.encode()
    except (ValueError, RecursionError):
        raise Refusal(400, "tap: not JSON") from None
    if not isinstance(found, dict):
        raise Refusal(400, "tap: not an object")
    return found


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) and len(value) <= 256 else ""
