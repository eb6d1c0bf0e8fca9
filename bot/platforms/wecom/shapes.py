"""The bodies of what an intelligent robot of WeCom hears, as far as they mean something to us.

Callback and long connection carry the same. Source: developer.work.weixin.qq.com, document/path/100719 (messages,
2026-03) and 101027 (events, 2025-11).
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.platforms.wecom.refusals import Unreadable


def _whole(text: str) -> str:
    """Half a surrogate pair can be written in JSON, and nowhere else: no store and no answer could hold it."""
    text.encode()
    return text


Text = Annotated[str, AfterValidator(_whole)]

Id = Annotated[Text, StringConstraints(max_length=256)]
"""Ids are strings: they may begin with 0, and their case counts."""


class _Part(BaseModel):
    """Unknown fields are left alone, and null is the same as absent: the platform adds fields without notice."""

    model_config = ConfigDict(defer_build=True, extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, Mapping) else data


class _Sender(_Part):
    userid: Id = ""


class _Words(_Part):
    content: Text


class Media(_Part):
    """Where a file lies; ``aeskey`` is its own, on the long connection."""

    url: Annotated[Text, StringConstraints(max_length=4096)] = ""
    aeskey: Annotated[Text, StringConstraints(max_length=256)] = ""
    filename: Annotated[Text, StringConstraints(max_length=1024)] = ""


class _Item(_Part):
    msgtype: str
    text: _Words | None = None
    image: Media | None = None


class _Mixed(_Part):
    msg_item: tuple[_Item, ...]


class _Stream(_Part):
    id: Id


class Tap(_Part):
    """What a tap says."""

    event_key: Annotated[Text, StringConstraints(max_length=1024)] = ""
    task_id: Id = ""


class _Event(Tap):
    """What belongs to a tap stands in an object of its own (path/101027), in the platform's own client beside it."""

    eventtype: str = ""
    template_card_event: Tap | None = None


class Payload(_Part):
    """The fields of a body that mean something to us."""

    msgtype: str
    msgid: Id = ""
    aibotid: Id = ""
    create_time: int = 0
    chatid: Id = ""
    chattype: str = ""
    sender: _Sender = Field(default=_Sender(), alias="from")
    response_url: Text = ""
    text: _Words | None = None
    voice: _Words | None = None
    mixed: _Mixed | None = None
    image: Media | None = None
    file: Media | None = None
    stream: _Stream | None = None
    event: _Event | None = None

    @property
    def private(self) -> bool:
        """Whether it was said one-to-one; without ``chattype`` a chat id means a group."""
        return self.chattype == "single" if self.chattype else not self.chatid


def read_object(data: bytes) -> dict[str, Any]:
    """A JSON object. Raw control characters inside strings are accepted: the platform sends them at times.

    Raises:
        Unreadable: not UTF-8, not JSON, nested too deep, or no object.
    """
    try:
        value = json.loads(data.decode(), strict=False)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def read_payload(body: Mapping[str, Any]) -> Payload:
    """A body in our words.

    Raises:
        Unreadable: a field has the wrong type, or there is no ``msgtype``.
    """
    try:
        return Payload.model_validate(body)
    except ValidationError:
        raise Unreadable("wrong fields") from None
