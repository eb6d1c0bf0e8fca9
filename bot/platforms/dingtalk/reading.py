"""The words in each kind of DingTalk message, and what to say where there are none.

In groups only text, rich text and pictures arrive; audio, video and files come one-to-one. Source: open.dingtalk.com,
robot-message-type (2026-05).
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from bot.chat.reply import message
from bot.chat.transport import Attachment
from bot.content import Content
from bot.platforms.dingtalk.refusal import Refusal


class Reading(NamedTuple):
    """The text unchanged, blanks in front included, and how many pictures stood in it."""

    text: str
    pictures: int = 0


class NoText(NamedTuple):
    """A message of ``kind`` without words, and the answer to it where nobody fetches its ``files``."""

    kind: str
    say: Content
    files: tuple[Attachment, ...] = ()


def read(msgtype: str, text: str | None, content: Any) -> Reading | NoText:
    """What a message says.

    Args:
        msgtype: DingTalk's word.
        text: ``text.content``, None where there is no ``text``.
        content: ``content`` of the body: an object by kind, or the text itself in one documented variant.

    Raises:
        Refusal: 400, the parts do not fit the kind.
    """
    if text is not None:
        return Reading(text)
    if isinstance(content, str):
        return Reading(content)
    if not isinstance(content, dict):
        raise Refusal(400, "body: neither text nor content")
    reader = _READERS.get(msgtype)
    return reader(content) if reader else _without_words(msgtype, content)


def quotation(replied: Any) -> str:
    """The words a message replies to; "" where there are none, or they come in no shape seen so far.

    They stand in ``content.text`` or ``content.content``; rich text is a list of parts with ``content``.
    """
    content = replied.get("content") if isinstance(replied, dict) else None
    if not isinstance(content, dict):
        return ""
    whole = [content.get("text"), content.get("content")]
    parts = content.get("richText")
    nodes = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    pieces = [piece for piece in whole if isinstance(piece, str)][:1] or [
        piece for node in nodes if isinstance(piece := node.get("content", node.get("text")), str)
    ]
    return "".join(pieces)


def _rich_text(content: dict[str, Any]) -> Reading | NoText:
    nodes = content.get("richText")
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise Refusal(400, "body: richText is no list of parts")
    words = "".join(node["text"] for node in nodes if isinstance(node.get("text"), str))
    pictures = sum(node.get("type") == "picture" for node in nodes)
    return Reading(words, pictures) if words.strip() or not pictures else _without_words("picture", content)


def _audio(content: dict[str, Any]) -> Reading | NoText:
    """DingTalk has written the speech down already."""
    words = content.get("recognition")
    return Reading(words) if isinstance(words, str) and words.strip() else _without_words("audio", content)


def _without_words(msgtype: str, content: dict[str, Any]) -> NoText:
    name = content.get("fileName")
    what = f"文件《{name[:60]}》" if isinstance(name, str) and name else _NAMES.get(msgtype, "这种消息")
    kind = msgtype if msgtype in _NAMES else "other"
    how = "文件和图片请私下发给我。" if kind in _FETCHED else "请把要说的话打成文字发给我。"
    say = message(f"📎 {what}我在这里看不了\uff0c只看得懂文字。", how, "看能做什么\uff1a/帮助")
    return NoText(kind, say, _files(kind, content))


def _files(kind: str, content: dict[str, Any]) -> tuple[Attachment, ...]:
    """What can be fetched: a file, a picture, or the pictures of a rich text."""
    if kind not in _FETCHED:
        return ()
    parts = content.get("richText")
    nodes = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else [content]
    name = content.get("fileName")
    given = name if isinstance(name, str) else ""
    codes = [code for node in nodes if isinstance(code := node.get("downloadCode"), str)]
    return tuple(
        Attachment(kind=_FETCHED[kind], ticket=code, name=given) for code in codes if 0 < len(code) <= LONGEST_CODE
    )


_READERS: dict[str, Callable[[dict[str, Any]], Reading | NoText]] = {"richText": _rich_text, "audio": _audio}

_FETCHED: dict[str, Literal["file", "picture"]] = {"file": "file", "picture": "picture"}
LONGEST_CODE = 4096

_NAMES = {"picture": "图片", "audio": "语音", "video": "视频", "file": "文件"}
