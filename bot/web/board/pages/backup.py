"""When everything was last copied, and which copies there are."""

import asyncio

from bot.scheduling.backups import copies
from bot.web.board.page import Look, Page, Values

LATE_HOURS = 36
"""A night's copy is at most a day old; after this somebody should look why there is none."""


async def show(look: Look) -> Values:
    """Nothing of it is the group's own."""
    return {"now": look.group.now}


async def listed(look: Look, values: Values) -> Values:
    """The copies, the newest first; None where nobody makes any."""
    data = look.house.data
    found = await asyncio.to_thread(copies, data, values["now"].tzinfo) if data else None
    last = found[0].made if found else None
    late = data is not None and (last is None or (values["now"] - last).total_seconds() > LATE_HOURS * 3600)
    return {**values, "copies": found, "last": last, "late": late}


PAGE = Page("backup", "备份", "backup.html", show, later=listed, leads=True)
