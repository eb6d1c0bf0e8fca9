"""What WeCom's error codes mean for the outbox, whether they came by HTTP or over the long connection.

Codes: document/path/90313 and 90455; one decides by ``errcode``, never by ``errmsg``.
"""

from collections.abc import Mapping

from bot.errors import NotSent, RateLimited, Rejected, Undecided

BUSY = -1
TOO_FAST = 45009
UNKNOWN_REQUEST = 846605
"""The message to answer is not known any more, or takes another kind of answer."""
NEVER_SPOKEN = 93006
"""Nobody has spoken to the robot in this chat, or the robot is not in it."""
STREAM_OVER = 846608
"""An answer in pieces that was begun more than six minutes ago."""

_FINAL: Mapping[int, str] = {
    40008: "消息格式不对",
    40058: "参数不对\uff0c可能太长",
    40123: "图片不合要求",
    93000: "Webhook 地址无效\uff0c请管理员重新复制",
    93001: "这个群不允许推送\uff0c请组长看群设置里的消息推送",
    NEVER_SPOKEN: "会话不存在\uff0c要先有人在那里对机器人说过话",
    93008: "机器人不在这个群里\uff0c请组长重新添加",
    93017: "内容是空的",
    93018: "图片太大",
    UNKNOWN_REQUEST: "回答地址无效",
    STREAM_OVER: "回答得太晚",
}
"""Codes after which trying again cannot help, with the words the leader reads."""


def judge_code(code: object) -> None:
    """Return when the platform has taken what was sent.

    Raises:
        NotSent, RateLimited, Undecided, Rejected: see bot/errors.py.
    """
    if not isinstance(code, int) or isinstance(code, bool):
        raise Undecided("平台的回应看不懂")
    if code == TOO_FAST:
        raise RateLimited(f"发送太快\uff08{code}\uff09", 0.0)
    if code in _FINAL:
        raise Rejected(f"{_FINAL[code]}\uff08{code}\uff09")
    if code != 0:
        raise NotSent(f"平台没有收下\uff08{code}\uff09")
