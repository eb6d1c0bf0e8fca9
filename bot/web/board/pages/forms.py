"""表格: the school's forms and the tables, filled in; the files come in the private chat."""

from bot.reports.offers import OFFERS
from bot.web.board.page import Asked, Page, Values

MORE = {
    "/导出 备课记录": "第几周，例：第3周",
    "/导出 听课记录": "编号或月份，例：9月",
    "/导出 活动记录": "哪一天，例：9月9日",
    "/导出 月度总结": "月份，例：9月",
}
"""Where another week, month or day can be asked for: how."""


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    offered = [(one, MORE.get(one.send, "")) for one in OFFERS if one.needs <= asked.member.role]
    return {"offers": offered, "leads": asked.leads}


PAGE = Page("forms", "表格", show, commands=("/导出", "/我的 导出"))
