"""日历: a week or a month of the group, or of what concerns the reader."""

from bot.domain.agenda import for_group, for_person
from bot.web.board.calendar_view import month_of, week_of
from bot.web.board.page import Asked, Page, Values


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    query = asked.query
    mine = query.get("mine") == "1"
    look = month_of if "month" in query else week_of
    wanted = query.get("month", "") or query.get("week", "")
    of = (lambda items: for_person(items, asked.name)) if mine else for_group
    view = await look(asked.group, wanted, of, "&mine=1" if mine else "")
    return {"title": view.title, "view": view, "mine": mine, "leads": asked.leads}


PAGE = Page("calendar", "日历", show, commands=("/日程 订阅", "/日程 退订"))
