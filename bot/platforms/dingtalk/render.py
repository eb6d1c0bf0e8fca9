"""Content → DingTalk title and markdown.

Used: headings, links and plain lines. No tables and no code blocks (phones do not show them). A line break is a
newline with two blanks before and after it. Source: open.dingtalk.com, robot message types (2026-05).
"""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

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

PARAM_BYTES = 15_000  # msgParam of groupMessages/send and oToMessages/batchSend
WEBHOOK_BYTES = 20_000  # robot/send
TITLE_LENGTH = 40  # characters; the title is only the line in the list of conversations
TAP_TO_SEND = "dtmd://dingtalkclient/sendMessage?content="

_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make one each time

_NEWLINE = "  \n  "
_MENTION_NOTE = "定时消息走开放接口时不能@人\uff0c要提醒须走自定义机器人。"
_LONG_NOTE = "超过单条 15000 字节\uff0c会在段落之间分成几条发。"
_TYPED_NOTE = "群里点链接发出的文字不带@\uff0c机器人可能收不到\uff0c所以写出整句让人发。"
_DEVICE_NOTES: dict[Device, str] = {
    "desktop": "链接在右侧边栏打开。",
    "phone": "通知和会话列表里只显示标题。",
}


def render(content: Content, *, in_group: bool, bot_name: str) -> Rendering:
    """A message as DingTalk title and markdown; in private an action is a link that sends its command when tapped.

    Out: ``bytes`` counts the JSON of ``msgParam`` (compare with ``PARAM_BYTES``), escapes included.
    """
    title, text = title_and_text(content, in_group=in_group, bot_name=bot_name)
    size = len(_encode({"title": title, "text": text}).encode())
    notes = {
        _MENTION_NOTE: bool(content.mentions),
        _TYPED_NOTE: in_group and bool(content.actions),
        _LONG_NOTE: size > PARAM_BYTES,
    }
    return Rendering(
        title=title, text=text, bytes=size, notes=tuple(note for note, applies in notes.items() if applies)
    )


def title_and_text(content: Content, *, in_group: bool, bot_name: str) -> tuple[str, str]:
    """As ``render``, for whoever does not want to know its size."""
    blocks = lay_out(content, mention_prefix(in_group, bot_name))
    text = _NEWLINE.join([_ROWS[block.kind](block, in_group) for block in blocks])
    return _title(blocks, bot_name), text


def preview(content: Content, *, in_group: bool, bot_name: str, device: Device) -> Preview:
    """How the message looks on ``device``, measured against the limit of ``msgParam``."""
    rendering = render(content, in_group=in_group, bot_name=bot_name)
    rows = lay_out(content, mention_prefix(in_group, bot_name))
    return Preview(
        blocks=tuple(_shown(row, in_group) for row in rows),
        bytes=rendering.bytes,
        limit=PARAM_BYTES,
        notes=(*rendering.notes, _DEVICE_NOTES[device]),
    )


def _shown(row: Block, in_group: bool) -> Block:
    tap = _tap(row.send) if row.kind == "action" and _sends(row, in_group) else row.url
    return replace(row, text=shorten_addresses(row.text), url=tap)


def _title(blocks: list[Block], bot_name: str) -> str:
    """The first row that says something, as DingTalk requires a title."""
    for block in blocks:
        if block.text.strip():
            return block.text[:TITLE_LENGTH]
    return bot_name[:TITLE_LENGTH]


def _tap(send: str) -> str:
    return TAP_TO_SEND + quote(send, safe="")


def _backslash(char: str) -> str:
    """DingTalk's markdown follows CommonMark here (prometheus-webhook-dingtalk escapes its alert texts so)."""
    return "\\" + char


def _plain(text: str) -> str:
    return escape_markup(text, _backslash)


def _sends(block: Block, in_group: bool) -> bool:
    """Whether a tap may send the command as it stands."""
    return not in_group and not block.fill


def _action(block: Block, in_group: bool) -> str:
    """The command stands beside its link: every button has a typed twin."""
    label = _plain(block.text)
    return f"{markdown_link(label, _tap(block.send)) if _sends(block, in_group) else label}\uff1a{_plain(block.send)}"


_ROWS: dict[BlockKind, Callable[[Block, bool], str]] = {
    "heading": lambda block, _: f"#### {_plain(block.text)}",
    "line": lambda block, _: escape_line(block.text, _backslash),
    "blank": lambda _block, _: "",
    "mention": lambda block, _: _plain(block.text),
    "action": _action,
    "link": lambda block, _: f"👉 {markdown_link(_plain(block.text), block.url)}",
    "file": lambda block, _: f"📎 {_plain(block.text)}",
}
