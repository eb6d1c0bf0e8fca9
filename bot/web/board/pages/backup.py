"""备份: when the last copy was made; for the leader. Nobody can fetch one here: it holds everybody's own."""

from datetime import timedelta

from bot.calendar.names import day_label
from bot.domain.people import Role
from bot.web.board.page import Asked, Page, Values

OLD = timedelta(hours=36)
"""A copy is made each night; one older than this says that a night's was missed."""


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    return {"made_here": asked.house.backups is not None}


async def after(asked: Asked, values: Values) -> Values:
    """See ``Page.after``: the folder is looked at."""
    copies = await asked.house.backups.copies() if asked.house.backups else []
    last = copies[0] if copies else None
    return {
        **values,
        "last": f"{day_label(last.made.date())} {last.made:%H:%M}" if last else "",
        "size": f"{last.size / 2**20:.1f} MB" if last else "",
        "old": last is None or asked.group.now - last.made > OLD,
        "days": [day_label(copy.day) for copy in copies],
    }


PAGE = Page("backup", "备份", show, after, needs=Role.LEADER)
