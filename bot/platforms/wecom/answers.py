"""What goes back inside the response to a callback, before it is sealed.

Source: developer.work.weixin.qq.com, document/path/101031 (2025-10). Messages are answered with a stream, whose content
is the whole text each time; ``text`` is allowed for the first entry into a chat alone.
"""

import hashlib
from typing import Any

from bot.content import Content
from bot.delivery.split import split
from bot.platforms.wecom.render import ROBOT_BYTES, render

EMPTY: dict[str, Any] = {}
"""Taken, and nothing to say: an encrypted ``{}``, as the platform's own clients send it."""

WORKING = "⏳ 正在处理\uff0c请稍等。"
WORKING_CARD = "⏳ 正在处理\uff0c结果另发一条。"
STILL_WORKING = "⏳ 还没有做完\uff0c做好了再发给您。"
FORGOTTEN = "这个问题等得太久了\uff0c请再发一次。"
FAILED = "😣 现在存不了东西\uff0c这一条没有处理。请过几分钟再发一次。"
UNSURE = "😣 现在做得慢\uff0c结果请过几分钟再看\uff1a/我的"
OVERWHELMED = "😣 现在说话的人太多\uff0c这一条没有处理。请过几分钟再发一次。"
WORDS_ONLY = "我在这里只看得懂文字\uff1a图片和文件请私下发给我\uff0c视频请存到网盘再发链接。\n看我能做什么\uff1a/帮助"
NOTHING = "👌"
_CUT = "\uff08太长\uff0c后面的没有显示。\uff09"


def stream_id(msgid: str) -> str:
    """The id of the stream that answers a message: always the same, so that a redelivery continues the same stream."""
    return hashlib.sha256(msgid.encode()).hexdigest()[:32]


def stream(stream: str, text: str, *, finish: bool) -> dict[str, Any]:
    """The state of an answer; with ``finish`` the platform asks no more."""
    return {"msgtype": "stream", "stream": {"id": stream, "finish": finish, "content": text}}


def welcome(bot_name: str) -> dict[str, Any]:
    """The greeting at the first entry of the day."""
    text = f"👋 您好\uff0c我是{bot_name}。看我能做什么\uff1a/帮助"
    return {"msgtype": "text", "text": {"content": text}}


def markdown(text: str) -> dict[str, Any]:
    """An answer sent later (path/101138)."""
    return {"msgtype": "markdown", "markdown": {"content": text}}


def answer_text(answer: Content, *, private: bool, bot_name: str) -> str:
    """An answer as markdown of at most 20480 bytes, never empty: the platform ignores a stream of blanks."""
    room = ROBOT_BYTES - len(_CUT.encode()) - 1

    def size(content: Content) -> int:
        return render(content, in_group=not private, bot_name=bot_name).bytes

    if size(answer) <= ROBOT_BYTES:
        return render(answer, in_group=not private, bot_name=bot_name).text.strip("\n") or NOTHING
    first = split(answer, room, size)[0].model_copy(update={"title": answer.title})
    text = render(first, in_group=not private, bot_name=bot_name).text
    return text.encode()[:room].decode(errors="ignore") + f"\n{_CUT}"
