"""The rehearsal: what would be posted to the end of the term, to whom and why."""

from bot.web.board.page import Look, Page, Values


async def show(look: Look) -> Values:
    """Which posts are asked for, and how a group's reader is told to answer."""
    mention = f"@{look.house.bot_names.get(look.group.record.channel or '', '')} "
    return {"show": look.query.get("show", "all"), "mention": mention}


async def rehearse(look: Look, values: Values) -> Values:
    """The posts, week by week; the engine takes transactions of its own."""
    programme, wanted = await look.house.ahead(look.visit.group), values["show"]
    weeks = [
        (week, [one for one in week.gathered(values["mention"]) if wanted in ("all", _kind(private=one.private))])
        for week in programme.weeks
    ]
    return {**values, "programme": programme, "weeks": weeks}


def _kind(*, private: bool) -> str:
    return "private" if private else "group"


PAGE = Page("rehearsal", "预演", "rehearsal.html", show, later=rehearse, leads=True)
