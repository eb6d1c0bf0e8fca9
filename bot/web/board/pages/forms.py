"""The school's forms: printed from what was recorded, and the Word files they are filled into."""

from dataclasses import dataclass

from bot.calendar.names import day_label
from bot.domain import form_templates
from bot.domain.groups import Group
from bot.errors import BadArgument
from bot.reports.form_files import forms
from bot.reports.forms.check import too_large
from bot.reports.forms.shapes import Form as WordForm
from bot.reports.names import PERSONAL
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands

SEND = "/导出 模板"
"""What the form with the file says."""

TABLES = ("活动安排", "教学进度")
"""Forms on Excel; they are the bot's own."""


@dataclass(frozen=True)
class Row:
    """A form, and the file it is filled into.

    Attributes:
        key: what /导出 calls it.
        own: the name of the school's own file; "" = the built-in one is used.
        since: who gave it and when: "李老师 9月7日".
        prints: what prints it; "" = each teacher prints their own.
    """

    key: str
    title: str
    own: str
    since: str
    prints: str


async def show(look: Look) -> Values:
    """Every form on Word with its file; those on Excel."""
    return {"rows": [await _row(look.group, form) for form in forms()], "tables": TABLES, "send": SEND}


async def _row(group: Group, form: WordForm) -> Row:
    template = await form_templates.in_use(group, form.key)
    own, since = "", ""
    if template:
        own = template.name
        day = f" {day_label(template.created.date())}" if template.created else ""
        since = f"{template.author}{day}"
    return Row(form.key, form.title, own, since, "" if form.key == PERSONAL else f"/导出 {form.key}")


async def words(_look: Look, form: Form) -> str:
    """Which form a file is for is chosen beside it; nothing chosen = the bot finds out.

    Raises:
        BadArgument: no file was chosen, or one that is too large.
    """
    if form.say == SEND and not form.name:
        raise BadArgument("还没有选文件。", "选一份 Word 模板（.docx）再点。")
    if form.too_large:
        raise too_large()
    return f"{form.say} {form.text('which') or form.words}".strip()


PAGE = Page("forms", "表格", "forms.html", show, leads=True, says=commands("导出"), words=words, sends_file=True)
