"""The calendar: a week or a month of the group's, or of one's own."""

from functools import partial

from bot.domain.agenda import for_group, for_person
from bot.web.board.page import Look, Page, Values, commands
from bot.web.board.views import month_of, week_of


async def show(look: Look) -> Values:
    """The week or the month that the query asks for; raises ``BadArgument`` when that is no day."""
    query, mine = look.query, look.query.get("mine") == "1"
    of = month_of if "month" in query else week_of
    own = partial(for_person, name=look.member.name) if mine else for_group
    view = await of(look.group, query.get("month", "") or query.get("week", ""), own, "&mine=1" if mine else "")
    return {"title": view.title, "view": view, "mine": mine}


PAGE = Page("calendar", "日历", "calendar.html", show, says=commands("日程 订阅", "日程 退订"))
