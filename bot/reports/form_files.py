"""The makers of the school's forms: gathered on the event loop, filled into the school's own file or the built-in one.

``form.word`` fills one form in, ``form.pattern`` hands the built-in one out to be changed.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.content import Action
from bot.domain import form_templates
from bot.domain.form_templates import FormTemplate
from bot.domain.groups import Group
from bot.errors import Refused, StoreError
from bot.reports.forms import activity, analysis, observation, personal, preparation, summary
from bot.reports.forms.shapes import Filled, Form, Gather, common
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

    return FromFiles(partial(_filled_in, filled=filled, values=values, template=template, made=group.now))


def _filled_in(
    read: Read, filled: Filled, values: Mapping[str, str], template: FormTemplate | None, made: datetime
) -> Made:
    from bot.reports.forms.fill import fill
    from bot.reports.forms.layout import built_in

    drawn = {name: draw() for name, draw in filled.drawn.items()}
    whole = replace(filled, pictures={**filled.pictures, **drawn})
    blank = _own(read, template) if template else built_in(whole.form, values["备课组"], made, whole)
    own = (f"用的是学校的模板《{template.name}》。",) if template else ()
    data, told = fill(blank, whole, values, read)
    return Made((f"✅ {whole.name}好了。", *own, *whole.notes, *told), (MadeFile(f"{whole.name}.docx", data),))


@makes(PATTERN)
async def pattern(group: Group, who: str, form: str) -> Draw:  # noqa: ARG001 - anybody's is the same
    """The built-in template with its placeholders."""
    known = form_called(form)
    if known is None:
        raise Refused(f"没有“{form[:20]}”这张表。", "看有哪些：/导出")

    return partial(_pattern, known, group.name, group.now)


def _pattern(form: Form, author: str, made: datetime) -> Made:
    from bot.reports.forms.layout import built_in

    data = built_in(form, author, made)
    action = Action(label="占位符都叫什么", send=f"/导出 占位符 {form.key}")
    lines = (f"✅ {form.title}的空表。", "在 Word 里改成学校的样子，{{…}} 留着，私下发给我就能用。")
    return Made(lines, (MadeFile(f"{form.title}（空表）.docx", data),), (action,))


def _own(read: Read, template: FormTemplate) -> bytes:
    try:
        return read(template.path)
    except StoreError:
        raise Refused(
            f"表格模板《{template.name}》的文件不在了。", "再发一次模板，或者用回内置的：/导出 模板"
        ) from None
