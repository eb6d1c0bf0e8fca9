"""The plan beside its document: questions answered, entries changed, a new plan read in."""

from bot.calendar.plan_reader import read_document
from bot.chat.receiving import in_time
from bot.domain import plan_drafts, plans
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands


async def show(look: Look) -> Values:
    """Every entry, and whether a new plan waits for a yes."""
    waiting = await plan_drafts.find(look.group) is not None and look.answer is None
    return {"rows": await plans.preview(look.group), "waiting": waiting}


async def words(_look: Look, form: Form) -> str:
    """The command with what was written, or with the text of the file that was chosen.

    Raises:
        UserError: the file is broken, empty, of another kind, too long to read.
    """
    if not form.name:
        return f"{form.say} {form.words}".strip()
    data = form.file()
    lines = await in_time(lambda: read_document(data, form.name), form.name)
    return f"{form.say} {chr(10).join(lines)}".strip()


PAGE = Page("plan", "计划", "plan.html", show, leads=True, says=commands("计划"), words=words)
