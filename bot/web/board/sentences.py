"""What the board says instead of a page."""

AGAIN = "请在聊天里私下发 /看板，再打开新的链接。"
SENTENCES = {
    "gone": (410, "链接用过了或者过期了", f"看板的链接只能打开一次，十分钟内有效。{AGAIN}"),
    "nobody": (401, "请先从聊天里打开看板", AGAIN),
    "left": (403, "您不在这个组里了", "请组长把您加回来：/成员 加 姓名"),
    "leader": (403, "这一页由组长看", "回到首页，或者请组长把您设为副组长。"),
    "form": (403, "这一页放久了", "回到上一页刷新一下，再点一次。"),
    "busy": (429, "请等一等", "页面打开得太频繁，请过一分钟再试。"),
    "down": (503, "请等一等", "数据暂时读不出来，请过一会儿再试。"),
    "late": (202, "收到了，正在处理", "处理完在聊天里私下告诉您，不用再点一次。"),
    "defect": (500, "这一页出了问题", "请再打开一次；还是这样，请管理员看日志。"),
    "nothing": (404, "没有这一页", "回到首页。"),
    "revoked": (410, "这个链接停用了", "请在群里问组长要新的：/看板 全组"),
}
"""By its key: status, title, text."""


class Stop(Exception):
    """Ends a request with one of the sentences."""

    @property
    def sentence(self) -> tuple[int, str, str]:
        """Status, title, text."""
        return SENTENCES[str(self)]
