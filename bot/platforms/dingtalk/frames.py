"""Frames of DingTalk's Stream: JSON in, what they are; the acknowledgement out.

``{"type": "CALLBACK", "headers": {"topic", "messageId", …}, "data": "<JSON as a string>"}``. Source: the platform's own
clients (dingtalk-stream for Python 0.24, Node 2.1 and Go), whose frames agree; open.dingtalk.com describes the protocol
only from the outside.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

MESSAGES = "/v1.0/im/bot/messages/get"
CARDS = "/v1.0/card/instances/callback"
TOPICS = (MESSAGES, CARDS)
"""What is subscribed to: messages to the robot, and taps on its cards."""

MOST_BYTES = 256 * 1024
"""Longest frame; a message's text stays far below."""


class _Part(BaseModel):
    model_config = ConfigDict(
        defer_build=True, frozen=True, extra="ignore", alias_generator=to_camel, hide_input_in_errors=True
    )


class Headers(_Part):
    """``message_id`` names the frame, not the message in it: what is delivered again may have another."""

    topic: str = ""
    message_id: Annotated[str, Field(min_length=1, max_length=256)]


class Frame(_Part):
    """One frame; ``data`` is JSON in a string, read by whoever the topic belongs to."""

    type: Literal["SYSTEM", "EVENT", "CALLBACK"]
    headers: Headers
    data: str = ""


def read_frame(raw: str) -> Frame | None:
    """A frame, or None for what is none: the connection is as good as before."""
    try:
        return Frame.model_validate_json(raw)
    except ValidationError:
        return None


def acknowledgement(frame: Frame, code: int = 200, data: str | dict[str, Any] = "") -> str:
    """What goes back for a frame; ``data`` is a string already, or an object that becomes one.

    Args:
        code: 200 = taken, 400 = not readable, 404 = nobody here for this topic.
    """
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return json.dumps(
        {
            "code": code,
            "headers": {"contentType": "application/json", "messageId": frame.headers.message_id},
            "message": "OK" if code == 200 else "not taken",
            "data": text,
        },
        ensure_ascii=False,
    )
