"""The makers of the school's forms: gathered on the event loop, filled into the school's own file or the built-in one.

``form.word`` fills one form in, ``form.pattern`` hands the built-in one out to be changed.
"""

from collections.abc import Mapping
from typing import Any

from bot.content import Action
from bot.domain import form_templates
from bot.domain.groups import Group
from bot.errors import Refused, StoreError
from bot.reports.forms import activity, analysis, observation, personal, preparation, summary
from bot.reports.forms.shapes import Form, Gather, common
from bot.reports.making import Draw, FromFiles, Made, MadeFile, Read, makes

WORD, PATTERN = "form.word", "form.pattern"

GATHER: Mapping[str, Gather] = {
    preparation.FORM.key: preparation.gather,
    observation.FORM.key: observation.gather,
    activity.FORM.key: activity.gather,
    analysis.FORM.key: analysis.gather,
    summary.MONTH.key: summary.gather,
    summary.TERM.key: summary.gather,
    "个人记录": personal.gather,
}


def forms() -> tuple[Form, ...]:
    """Every form on Word, in reading order."""
    known = (preparation.FORM, observation.FORM, activity.FORM, analysis.FORM, summary.MONTH, summary.TERM)
    return (*known, personal.form())


def form_called(words: str) -> Form | None:
    """The form that is meant by its key, its title or another word for it."""
    bare = "".join(words.split()).strip("《》")
    return next((form for form in forms() if bare in (form.key, form.title, *form.also)), None)


@makes(WORD)
async def word(group: Group, who: str, form: str, **arguments: Any) -> FromFiles:
    """A form filled in."""
    member = await group.acting(who)
    filled = await GATHER[form](group, member, **arguments)
    values = await common(group)
    template = await form_templates.in_use(group, form)

    def draw(read: Read) -> Made:
        from bot.reports.forms.fill import fill
        from bot.reports.forms.layout import built_in

        data = _own(read, template.path, template.name) if template else None
        blank = data or built_in(filled.form, group.name, group.now, filled)
        made, told = fill(blank, filled, values, read)
        own = (f"用的是学校的模板《{template.name}》。",) if template else ()
        return Made((f"✅ {filled.name}好了。", *own, *filled.notes, *told), (MadeFile(f"{filled.name}.docx", made),))

    return FromFiles(draw)


@makes(PATTERN)
async def pattern(group: Group, who: str, form: str) -> Draw:  # noqa: ARG001 - anybody's is the same
    """The built-in template with its placeholders."""
    known = form_called(form)
    if known is None:
        raise Refused(f"没有“{form[:20]}”这张表。", "看有哪些：/导出")

    def draw() -> Made:
        from bot.reports.forms.layout import built_in

        data = built_in(known, group.name, group.now)
        action = Action(label="占位符都叫什么", send=f"/导出 占位符 {known.key}")
        lines = (f"✅ {known.title}的空表。", "在 Word 里改成学校的样子，{{…}} 留着，私下发给我就能用。")
        return Made(lines, (MadeFile(f"{known.title}（空表）.docx", data),), (action,))

    return draw


def _own(read: Read, path: str, name: str) -> bytes:
    try:
        return read(path)
    except StoreError:
        raise Refused(f"表格模板《{name}》的文件不在了。", "再发一次模板，或者用回内置的：/导出 模板") from None
