"""预演: what would be posted to the end of the term if nobody did anything; for the leader."""

from bot.domain.people import Role
from bot.web.board.page import Asked, Page, Values

ALL = "all"
PRIVATE = "private"


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    return {"show": asked.query.get("show", ALL)}


async def after(asked: Asked, values: Values) -> Values:
    """See ``Page.after``: the rehearsal has a transaction of its own."""
    shown = values["show"]
    programme = await asked.house.ahead(asked.group.key)
    mention = f"@{asked.house.bot_names.get(asked.group.record.channel or '', '')} "
    weeks = [
        (week, [one for one in week.gathered(mention) if shown == ALL or one.private is (shown == PRIVATE)])
        for week in programme.weeks
    ]
    return {**values, "programme": programme, "weeks": weeks}


PAGE = Page("rehearsal", "预演", show, after, needs=Role.LEADER)
