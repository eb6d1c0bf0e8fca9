"""Reflections: one written, one's own read and changed, one shared. Nobody reads another's private one."""

from bot.domain import board_drafts, reflections
from bot.errors import BadArgument
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands

MOST = 20
WRITE, EDIT = "/反思 写", "/反思 改"
"""With the action, a text may begin with any word."""


async def show(look: Look) -> Values:
    """One's own of this term, the newest first; the one that the query names, whole.

    Raises:
        BadArgument: there is none of that number; NotAllowed: it is somebody else's.
    """
    mine = await reflections.of_member(look.group, look.member.name)
    number = look.number("n")
    opened = await reflections.own(look.group, look.member.name, number) if number else None
    page = max(1, look.number("page"))
    newest = list(reversed(mine))
    return {
        "rows": newest[(page - 1) * MOST : page * MOST],
        "count": len(mine),
        "page_number": page,
        "more": len(mine) > page * MOST,
        "opened": opened,
        "text": look.draft.get("text", "") or (opened.text if opened else ""),
        "kept": bool(look.draft),
        "drafts": [number for number in await _drafts(look) if number != (str(opened.number) if opened else "")],
    }


async def _drafts(look: Look) -> list[str]:
    """Of which numbers there are drafts; "" = of a new one."""
    every = await board_drafts.of_person(look.group.system, look.person.id)
    names = [draft.page for draft in every if draft.group == look.group.key]
    return [name.partition(":")[2] for name in names if name.partition(":")[0] == PAGE.path]


async def words(_look: Look, form: Form) -> str:
    """The command and the text as it was written, or one of four headings from a field each.

    Raises:
        BadArgument: nothing was written.
    """
    if "text" not in form.fields:
        return f"{form.say} {form.words}".strip()
    text = form.fields["text"].replace("\r\n", "\n").strip()
    if not text:
        raise BadArgument("还没有写内容。", "两句就够，例：导入太长，下次三分钟内进入文本")
    number = form.text("number")
    return f"{EDIT} {number} {text}" if number.isdecimal() else f"{WRITE} {text}"


PAGE = Page("reflections", "反思", "reflections.html", show, says=commands("反思"), words=words, keeps=("text",))
