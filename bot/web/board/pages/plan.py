"""计划: every entry beside its line of the document, what is asked of it, and its next days; for the leader."""

from bot.domain import plan_drafts, plans
from bot.domain.people import Role
from bot.web.board.page import Asked, Page, Values


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    draft = await plan_drafts.find(asked.group)
    return {"rows": await plans.preview(asked.group), "waiting": draft is not None and not asked.answered}


PAGE = Page("plan", "计划", show, needs=Role.LEADER, commands=("/计划",))
