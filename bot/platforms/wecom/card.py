"""Content → a card with buttons (button_interaction), where it fits.

Sources: developer.work.weixin.qq.com, document/path/101032 (2025-06) and the platform's own client for Node: a title of
26 characters, a text of 112, one to six buttons with labels of 10, keys of 1024 bytes and each once. The figures for
texts are advice there; what is longer goes as markdown, so that nothing is cut off on a phone. Text on a card is plain:
no markup, no mention.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.buttons import buttons
from bot.content import Action, Content
from bot.platforms import Block, lay_out, mention_prefix

TITLE, TEXT, LABEL, BUTTONS, KEY_BYTES, JUMP = 26, 112, 10, 6, 1024, 13
_LEAST_TITLE = 4
_MARK = re.compile(r"(?P<mark>[0-9a-f]{16}) (?P<send>/.+)", re.DOTALL)
_AFTER, _BEFORE = "\uff0c\u3002\uff1b\uff1a\uff1f\uff01\u3001 ", "\uff08《“"
"""Where a title may end: after these, or before those."""

_ENDS = "\uff0c\uff1b\uff1a\u3001 "
"""What is left out at such an end."""


@dataclass(frozen=True)
class Card:
    """A card before it has a mark and an id. ``jump`` is a link's label and address."""

    title: str
    text: str
    buttons: tuple[Action, ...]
    jump: tuple[str, str] | None = None

    def body(self, mark: str, task_id: str) -> dict[str, Any]:
        """``template_card``; ``mark`` is that of the message answered (bot/chat/buttons.py)."""
        made: dict[str, Any] = {
            "card_type": "button_interaction",
            "main_title": {"title": self.title},
            "button_list": [{"text": each.label, "key": write_key(mark, each.send)} for each in self.buttons],
            "task_id": task_id,
        }
        if self.text:
            made["sub_title_text"] = self.text
        if self.jump:
            made["jump_list"] = [{"type": 1, "title": self.jump[0], "url": self.jump[1]}]
        return made

    @property
    def bytes(self) -> int:
        """Bytes of UTF-8 on the wire, with a mark and an id of the usual length."""
        return len(json.dumps(self.body("0" * 16, "0" * 32), ensure_ascii=False).encode())


def card(content: Content, *, in_group: bool, bot_name: str) -> Card | None:
    """The content as a card, with every command written out beside its button; None = it has to go as words."""
    taps = [action for action in buttons(content) if len(write_key("0" * 16, action.send).encode()) <= KEY_BYTES]
    if not 1 <= len(taps) <= BUTTONS or content.mentions or content.files:
        return None
    rows = lay_out(content, mention_prefix(in_group, bot_name))
    links = [row for row in rows if row.kind == "link"]
    lines = [_line(row) for row in rows if row.kind != "link"]
    head = _title(lines[0]) if lines else None
    if head is None or any(len(link.text) > JUMP for link in links):
        return None
    text = re.sub(r"\n{2,}", "\n", "\n".join([head[1], *lines[1:]])).strip("\n")
    if len(text) > TEXT:
        return None
    jump = (links[0].text, links[0].url) if links else None
    return Card(head[0], text, tuple(_labelled(taps)), jump)


def write_key(mark: str, send: str) -> str:
    """The key of a button: which answer it stands under, and its command."""
    return f"{mark} {send}"


def read_key(key: str) -> tuple[str, str] | None:
    """Mark and command of a key; None = no key of ours."""
    found = _MARK.fullmatch(key)
    return (found["mark"], found["send"]) if found else None


def _line(row: Block) -> str:
    text = f"{row.text}\uff1a{row.send}" if row.kind == "action" else row.text
    return text.replace("<@", "\uff1c@")  # what was typed notifies nobody


def _title(line: str) -> tuple[str, str] | None:
    """A first line as title and the rest of it, parted where one may draw breath; None = nowhere."""
    if len(line) <= TITLE:
        return (line, "") if line.strip() else None
    for end in range(TITLE, _LEAST_TITLE - 1, -1):
        if line[end] in _BEFORE or line[end - 1] in _AFTER:
            return line[:end].rstrip(_ENDS), line[end:].lstrip()
    return None


def _labelled(taps: Sequence[Action]) -> list[Action]:
    return [tap.model_copy(update={"label": label(tap.label)}) for tap in taps]


def label(words: str) -> str:
    """A button's label of at most ten characters: whole, or up to where one may draw breath, or with an ellipsis.

    Of several clauses the last says what the button does ("群里不写您的名字\uff1b要署名").
    """
    words = " ".join(words.rpartition("\uff1b")[2].split())
    if len(words) <= LABEL:
        return words
    for end in range(LABEL, _LEAST_TITLE - 1, -1):
        if words[end] in _AFTER + _BEFORE:
            return words[:end].rstrip(_ENDS)
    return f"{words[: LABEL - 1]}…"
