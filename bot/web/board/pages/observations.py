"""Lessons heard: one noted with a field for each thing, one's own below."""

from bot.calendar.names import day_label
from bot.calendar.phrases import find_when
from bot.domain import observations
from bot.errors import BadArgument
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands

MOST = 20
FIELDS = ("teacher", "day", "lesson", "classroom", "text")
LESSONS = 12


async def show(look: Look) -> Values:
    """The form with what is not done yet, the names to choose from, and one's own of this term, the newest first."""
    heard = await observations.of_member(look.group, look.member.name)
    month = observations.month_of(look.group.now)
    short = await observations.short_of(look.group, month)
    names = [name for name in await look.group.teachers() if name != look.member.name]
    page = max(1, look.number("page"))
    return {
        "rows": list(reversed(heard))[(page - 1) * MOST : page * MOST],
        "count": len(heard),
        "page_number": page,
        "more": len(heard) > page * MOST,
        "month": sum(month.holds(each.day) for each in heard),
        "left": short.get(look.member.name, 0),
        "names": names,
        "lessons": range(1, LESSONS + 1),
        "today": look.group.today,
        "written": {name: look.draft.get(name, "") for name in FIELDS},
        "kept": bool(look.draft),
    }


async def words(look: Look, form: Form) -> str:
    """The command as it would be typed.

    Raises:
        BadArgument: no teacher, no day, or one that is none.
    """
    if "teacher" not in form.fields:
        return f"{form.say} {form.words}".strip()
    teacher = form.text("teacher")
    if not teacher:
        raise BadArgument("还没有选听了谁的课。", "写姓名，例：张老师")
    lesson = form.text("lesson")
    when = f"第{lesson}节" if lesson.isdecimal() else ""
    text = form.fields.get("text", "").replace("\r\n", "\n").strip()
    text = f"{observations.TEXT}{text}" if text else ""
    parts = (form.say, teacher, f"{_day(look, form.text('day'))}{when}", form.text("classroom"), text)
    return " ".join(part for part in parts if part)


def _day(look: Look, written: str) -> str:
    """A day as the bot reads it, from what a browser's calendar gives ("2026-09-14") or from words ("周三")."""
    if not written:
        raise BadArgument("还没有写哪一天。", "例：今天，或者 9月14日")
    if written.count("-") == 2 and written.replace("-", "").isdecimal():
        year, month, number = written.split("-")
        return f"{year}年{int(month)}月{int(number)}日"
    when, rest = find_when(written, look.group.today, look.group.calendar, look.group.now, past=True)
    if when is None or when.day is None or rest:
        raise BadArgument(f"没看懂“{written[:20]}”是哪一天。", "例：今天，或者 9月14日")
    return day_label(when.day)


PAGE = Page("observations", "听课", "observations.html", show, says=commands("听课"), words=words, keeps=FIELDS)
