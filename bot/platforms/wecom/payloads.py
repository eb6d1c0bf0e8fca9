"""What an intelligent robot of WeCom hears, decrypted, and what it means for us.

The text of the person alone is taken, with the mention of the robot as the platform leaves it there
(bot/chat/envelope.py takes it off); what they quote is not theirs and no command.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from bot.chat import transport
from bot.chat.transport import Incoming
from bot.platforms.wecom.card import read_key
from bot.platforms.wecom.refusals import Unreadable
from bot.platforms.wecom.shapes import Media, Payload, Tap

_NOBODY = ("", "sys")  # senders that are no people
_ATTACHMENTS = ("image", "file", "video")

_T = TypeVar("_T")


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
    """Somebody sent something without words that nobody fetches; ``chat`` is the person where ``private``."""

    msgid: str
    chat: str
    private: bool


@dataclass(frozen=True)
class Ignored:
    """Nothing to do; ``reason`` is for the log."""

    reason: str


Arrival = Message | Refresh | Entered | Tapped | Attachment | Ignored


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


def _event(payload: Payload, channel: str, bot_name: str, now: datetime) -> Arrival:
    event = _needed(payload.event, "event")
    if event.eventtype == "enter_chat":
        return Entered(payload.sender.userid, payload.msgid or f"{payload.sender.userid}/{payload.create_time}")
    if event.eventtype == "template_card_event":
        return _tapped(payload, event.template_card_event or event, channel, bot_name, now)
    return Ignored("event without consequence")


def _tapped(payload: Payload, tap: Tap, channel: str, bot_name: str, now: datetime) -> Arrival:
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


def _attachment(kind: Literal["file", "picture"], media: Media) -> transport.Attachment:
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
