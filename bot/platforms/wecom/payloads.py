"""What an intelligent robot of WeCom hears, decrypted: JSON → what it means for us.

Callback and long connection carry the same bodies. Source: developer.work.weixin.qq.com, document/path/100719
(messages, 2026-03) and 101027 (events, 2025-11). The text of the person alone is taken, with the mention of the robot
as the platform leaves it there (bot/chat/envelope.py takes it off); what they quote is not theirs and no command.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from bot.chat.transport import Incoming
from bot.platforms.wecom.card import read_key
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
    """Somebody opened the one-to-one chat for the first time today. ``msgid`` is the same when it is told again."""

    sender: str
    msgid: str = ""


@dataclass(frozen=True)
class Tapped:
    """Somebody tapped a button of the card ``task_id``; ``incoming`` says the button's command as if it were typed."""

    incoming: Incoming
    task_id: str


@dataclass(frozen=True)
class Attachment:
    """Somebody sent something without words; ``chat`` is the person where ``private``."""

    msgid: str
    chat: str
    private: bool


@dataclass(frozen=True)
class Ignored:
    """Nothing to do; ``reason`` is for the log."""

    reason: str


Arrival = Message | Refresh | Entered | Tapped | Attachment | Ignored


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


class _Item(_Part):
    msgtype: str
    text: _Words | None = None


class _Mixed(_Part):
    msg_item: tuple[_Item, ...]


class _Stream(_Part):
    id: Id


class _Tap(_Part):
    event_key: Annotated[Text, StringConstraints(max_length=1024)] = ""
    task_id: Id = ""


class _Event(_Tap):
    """What belongs to a tap stands in an object of its own (path/101027), in the platform's own client beside it."""

    eventtype: str = ""
    template_card_event: _Tap | None = None


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
        return _event(payload, channel, bot_name, now)
    if payload.msgtype in _ATTACHMENTS:
        return Attachment(_msgid(payload), _chat(payload), payload.private)
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


def _event(payload: Payload, channel: str, bot_name: str, now: datetime) -> Arrival:
    event = _needed(payload.event, "event")
    if event.eventtype == "enter_chat":
        return Entered(payload.sender.userid, payload.msgid or f"{payload.sender.userid}/{payload.create_time}")
    if event.eventtype == "template_card_event":
        return _tapped(payload, event.template_card_event or event, channel, bot_name, now)
    return Ignored("event without consequence")


def _tapped(payload: Payload, tap: _Tap, channel: str, bot_name: str, now: datetime) -> Arrival:
    """A tap told twice is one, a second tap is another: the platform gives every event an id, or at least its time."""
    found = read_key(tap.event_key)
    if found is None or not tap.task_id:
        return Ignored("tap without command")
    if not payload.private and not payload.chatid:
        return Ignored("group without chat id")
    parts = (tap.task_id, tap.event_key, payload.sender.userid, payload.msgid or str(payload.create_time))
    incoming = Incoming(
        channel=channel,
        msgid=f"tap/{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}",
        chat=_chat(payload),
        private=payload.private,
        sender=payload.sender.userid,
        text=found[1],
        bot_name=bot_name,
        at=now,
        tap=found[0],
    )
    return Tapped(incoming, tap.task_id)


def _said(payload: Payload, text: str, channel: str, bot_name: str, now: datetime) -> Arrival:
    msgid = _msgid(payload)
    if not text.strip() and payload.msgtype != "text":
        return Attachment(msgid, _chat(payload), payload.private)
    incoming = Incoming(
        channel=channel,
        msgid=msgid,
        chat=_chat(payload),
        private=payload.private,
        sender=payload.sender.userid,
        text=text,
        bot_name=bot_name,
        at=now,
    )
    return Message(incoming, payload.response_url)


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
