"""What an intelligent robot of WeCom hears, decrypted: JSON → what it means for us.

Callback and long connection carry the same bodies. Source: developer.work.weixin.qq.com, document/path/100719
(messages, 2026-03) and 101027 (events, 2025-11). The text of the person alone is taken, with the mention of the robot
as the platform leaves it there (bot/chat/envelope.py takes it off); what they quote is not theirs and no command.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.chat import transport
from bot.chat.transport import Incoming
from bot.platforms.wecom.refusals import Unreadable

_NOBODY = ("", "sys")  # senders that are no people
_ATTACHMENTS = ("image", "file", "video")

_T = TypeVar("_T")


def _whole(text: str) -> str:
    """Half a surrogate pair can be written in JSON, and nowhere else: no store and no answer could hold it."""
    text.encode()
    return text


Text = Annotated[str, AfterValidator(_whole)]

Id = Annotated[Text, StringConstraints(max_length=256)]
"""Ids are strings: they may begin with 0, and their case counts."""


@dataclass(frozen=True)
class Message:
    """Somebody said something. ``response_url`` takes one later answer within the hour; empty where there is none."""

    incoming: Incoming
    response_url: str = ""


@dataclass(frozen=True)
class Refresh:
    """The platform asks how far the answer with this stream id is."""

    stream: str
    private: bool


@dataclass(frozen=True)
class Entered:
    """Somebody opened the one-to-one chat for the first time today."""

    sender: str


@dataclass(frozen=True)
class Attachment:
    """Somebody sent something without words that nobody fetches; ``chat`` is the person where ``private``."""

    msgid: str
    chat: str
    private: bool


@dataclass(frozen=True)
class Ignored:
    """Nothing to do; ``reason`` is for the log."""

    reason: str


Arrival = Message | Refresh | Entered | Attachment | Ignored


class _Part(BaseModel):
    """Unknown fields are left alone, and null is the same as absent: the platform adds fields without notice."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, Mapping) else data


class _Sender(_Part):
    userid: Id = ""


class _Words(_Part):
    content: Text


class _Media(_Part):
    """Where a file lies; ``aeskey`` is its own, on the long connection."""

    url: Annotated[Text, StringConstraints(max_length=4096)] = ""
    aeskey: Annotated[Text, StringConstraints(max_length=256)] = ""
    filename: Annotated[Text, StringConstraints(max_length=1024)] = ""


class _Item(_Part):
    msgtype: str
    text: _Words | None = None
    image: _Media | None = None


class _Mixed(_Part):
    msg_item: tuple[_Item, ...]


class _Stream(_Part):
    id: Id


class _Event(_Part):
    eventtype: str = ""


class Payload(_Part):
    """The fields of a body that mean something to us."""

    msgtype: str
    msgid: Id = ""
    aibotid: Id = ""
    chatid: Id = ""
    chattype: str = ""
    sender: _Sender = Field(default=_Sender(), alias="from")
    response_url: Text = ""
    text: _Words | None = None
    voice: _Words | None = None
    mixed: _Mixed | None = None
    image: _Media | None = None
    file: _Media | None = None
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


def arrival(payload: Payload, *, channel: str, bot_name: str, now: datetime) -> Arrival:
    """What a payload means.

    Raises:
        Unreadable: what its kind needs is missing.
    """
    if payload.msgtype == "stream":
        return Refresh(_needed(payload.stream, "stream").id, payload.private)
    if reason := _nothing_to_do(payload):
        return Ignored(reason)
    if payload.msgtype == "event":
        return _event(payload)
    if payload.msgtype in _ATTACHMENTS:
        return _sent(payload, channel, bot_name, now)
    words = _WORDS.get(payload.msgtype)
    return _said(payload, words(payload), channel, bot_name, now) if words else Ignored("unknown message type")


def _nothing_to_do(payload: Payload) -> str:
    if payload.sender.userid in _NOBODY:
        return "no sender"
    if payload.msgtype == "event":  # the first entry has neither chat type nor chat id
        return ""
    if payload.chattype not in ("", "single", "group"):
        return "unknown chat type"
    return "" if payload.private or payload.chatid else "group without chat id"


def _event(payload: Payload) -> Arrival:
    if _needed(payload.event, "event").eventtype == "enter_chat":
        return Entered(payload.sender.userid)
    return Ignored("event without consequence")


def _said(payload: Payload, text: str, channel: str, bot_name: str, now: datetime) -> Arrival:
    if not text.strip() and payload.msgtype != "text":
        return _sent(payload, channel, bot_name, now)
    return Message(_incoming(payload, text, (), channel, bot_name, now), payload.response_url)


def _sent(payload: Payload, channel: str, bot_name: str, now: datetime) -> Arrival:
    """Something without words: one-to-one, what can be fetched is a message; anything else gets a sentence."""
    files = _files(payload) if payload.private else ()
    if not files:
        return Attachment(_msgid(payload), _chat(payload), payload.private)
    return Message(_incoming(payload, "", files, channel, bot_name, now), payload.response_url)


def _files(payload: Payload) -> tuple[transport.Attachment, ...]:
    items = payload.mixed.msg_item if payload.mixed else ()
    pictures = [payload.image, *(item.image for item in items)]
    made = [_attachment("picture", each) for each in pictures if each and each.url]
    made += [_attachment("file", payload.file)] if payload.file and payload.file.url else []
    return tuple(made)


def _attachment(kind: Literal["file", "picture"], media: _Media) -> transport.Attachment:
    return transport.Attachment(kind=kind, ticket=media.url, name=media.filename, key=media.aeskey)


def _incoming(
    payload: Payload, text: str, files: tuple[transport.Attachment, ...], channel: str, bot_name: str, now: datetime
) -> Incoming:
    return Incoming(
        channel=channel,
        msgid=_msgid(payload),
        chat=_chat(payload),
        private=payload.private,
        sender=payload.sender.userid,
        text=text,
        bot_name=bot_name,
        at=now,
        files=files,
    )


def _mixed_words(payload: Payload) -> str:
    items = _needed(payload.mixed, "mixed").msg_item
    return "\n".join(_needed(item.text, "text").content for item in items if item.msgtype == "text")


_WORDS: dict[str, Callable[[Payload], str]] = {
    "text": lambda payload: _needed(payload.text, "text").content,
    "voice": lambda payload: _needed(payload.voice, "voice").content,
    "mixed": _mixed_words,
}


def _chat(payload: Payload) -> str:
    return payload.sender.userid if payload.private else payload.chatid


def _msgid(payload: Payload) -> str:
    if not payload.msgid:
        raise Unreadable("no msgid")
    return payload.msgid


def _needed(part: _T | None, name: str) -> _T:
    if part is None:
        raise Unreadable(f"no {name}")
    return part
