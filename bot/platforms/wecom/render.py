"""Content → WeCom markdown.

Only what every road accepts is used (robot replies, ``aibot_send_msg``, the push webhook's ``markdown``): bold, links
and plain lines. No tables (phones show raw pipes), no lists, no colours. Source: developer.work.weixin.qq.com,
document/path/99110 (webhook, 2025-08) and 101031 (replies, 2025-10).
"""

from collections.abc import Callable
from dataclasses import replace

from bot.content import Content
from bot.platforms import (
    Block,
    BlockKind,
    Device,
    Preview,
    Rendering,
    escape_line,
    escape_markup,
    lay_out,
    markdown_link,
    mention_prefix,
    shorten_addresses,
)

WEBHOOK_BYTES = 4096  # push webhook, markdown and markdown_v2 (path/99110)
ROBOT_BYTES = 20_480  # robot replies and aibot_send_msg (path/101031)

_MENTION_NOTE = "企业微信机器人的 markdown 不能真正提醒人\uff0c要提醒须另发一条 text 推送。"
_LONG_NOTE = "超过群推送的 4096 字节\uff0c会在段落之间分成几条发。"
_DEVICE_NOTES: dict[Device, str] = {
    "desktop": "命令要自己打或复制。",
    "phone": "命令要自己打或复制\uff1b个人微信插件里不显示 markdown 消息。",
}


def render(content: Content, *, in_group: bool, bot_name: str) -> Rendering:
    """A message as WeCom markdown; in a group each hint shows the whole text to send.

    Out: ``bytes`` counts the markdown (compare with ``WEBHOOK_BYTES`` or ``ROBOT_BYTES``).
    """
    text = "\n".join(_ROWS[block.kind](block) for block in lay_out(content, mention_prefix(in_group, bot_name)))
    size = len(text.encode())
    notes = {_MENTION_NOTE: bool(content.mentions), _LONG_NOTE: size > WEBHOOK_BYTES}
    return Rendering(text=text, bytes=size, notes=tuple(note for note, applies in notes.items() if applies))


def preview(content: Content, *, in_group: bool, bot_name: str, device: Device) -> Preview:
    """How the message looks on ``device``, measured against the push webhook's limit."""
    rendering = render(content, in_group=in_group, bot_name=bot_name)
    rows = lay_out(content, mention_prefix(in_group, bot_name))
    return Preview(
        blocks=tuple(replace(row, text=shorten_addresses(row.text)) for row in rows),
        bytes=rendering.bytes,
        limit=WEBHOOK_BYTES,
        notes=(*rendering.notes, _DEVICE_NOTES[device]),
    )


def _twin(char: str) -> str:
    """The full-width twin of an ASCII character.

    WeCom documents no escape character; the twin is read as text by every client, old ones included.
    """
    return chr(ord(char) + 0xFEE0)


def _plain(text: str) -> str:
    return escape_markup(text, _twin)


_ROWS: dict[BlockKind, Callable[[Block], str]] = {
    "heading": lambda block: f"**{_plain(block.text)}**",
    "line": lambda block: escape_line(block.text, _twin),
    "blank": lambda _: "",
    "mention": lambda block: _plain(block.text),
    "action": lambda block: f"{_plain(block.text)}\uff1a{_plain(block.send)}",
    "link": lambda block: f"👉 {markdown_link(_plain(block.text), block.url)}",
    "file": lambda block: f"📎 {_plain(block.text)}",
}
