"""The makers of the school's forms: gathered on the event loop, filled into the school's own file or the built-in one.

``form.word`` fills one form in, ``form.many`` several in one file; ``form.pattern`` hands the built-in one out to be
changed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from bot.reports.names import FORM_MANY, FORM_PATTERN, FORM_WORD, MOST_IN_ONE, PERSONAL

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')

GATHER: Mapping[str, Gather] = {
    preparation.FORM.key: preparation.gather,
    observation.FORM.key: observation.gather,
    activity.FORM.key: activity.gather,
    analysis.FORM.key: analysis.gather,
    summary.MONTH.key: summary.gather,
    summary.TERM.key: summary.gather,
    PERSONAL: personal.gather,
}


def forms() -> tuple[Form, ...]:
    """Every form on Word, in reading order."""
    known = (preparation.FORM, observation.FORM, activity.FORM, analysis.FORM, summary.MONTH, summary.TERM)
    return (*known, personal.form())


def form_called(words: str) -> Form | None:
    """The form that is meant by its key, its title or another word for it."""
    bare = "".join(words.split()).strip("《》")
    return next((form for form in forms() if bare in (form.key, form.title, *form.also)), None)


@makes(FORM_WORD)
async def word(group: Group, who: str, form: str, **arguments: Any) -> FromFiles:
    """A form filled in."""
    member = await group.acting(who)
    filled = await GATHER[form](group, member, **arguments)
    values = await common(group)
    template = await form_templates.in_use(group, form)

    return FromFiles(partial(_filled_in, filled=filled, blank=Blank(values, template, group.now)))


@makes(FORM_MANY)
async def many(group: Group, who: str, form: str, name: str, each: list[dict[str, Any]]) -> FromFiles:
    """Several of one form, as far as there is something to fill in."""
    member = await group.acting(who)
    filled: list[Filled] = []
    for arguments in each[:MOST_IN_ONE]:
        try:
            filled.append(await GATHER[form](group, member, **arguments))
        except Refused:
            continue
    if not filled:
        raise Refused(f"{name}还没有记录。", "看能导出什么：/导出", symbol="ℹ️")
    blank = Blank(await common(group), await form_templates.in_use(group, form), group.now)
    return FromFiles(partial(_in_one, filled=filled, name=name, blank=blank))


@dataclass(frozen=True)
class Blank:
    """What is filled in: the school's own file, or None = the built-in one; with the values that every form has."""

    values: Mapping[str, str]
    template: FormTemplate | None
    made: datetime

    @property
    def told(self) -> tuple[str, ...]:
        """Which file it was, where it was the school's."""
        return (f"用的是学校的模板《{self.template.name}》。",) if self.template else ()


def _filled_in(read: Read, filled: Filled, blank: Blank) -> Made:
    data, told = _document(read, filled, blank)
    lines = (f"✅ {filled.name}好了。", *blank.told, *filled.notes, *told)
    return Made(lines, (_word_file(filled.name, data),))


def _word_file(name: str, data: bytes) -> MadeFile:
    """Named after what it holds; what a name must not have becomes a dash, so that the rest of it stays."""
    return MadeFile(f"{_NOT_IN_NAMES.sub('-', name)}.docx", data)


def _in_one(read: Read, filled: Sequence[Filled], name: str, blank: Blank) -> Made:
    from bot.reports.forms.join import joined

    made = [_document(read, each, blank) for each in filled]
    told = dict.fromkeys(line for _, lines in made for line in lines)
    lines = (f"✅ {name}好了，一共 {len(filled)} 份，一份一页起。", *blank.told, *list(told)[:3])
    return Made(lines, (_word_file(name, joined([data for data, _ in made])),))


def _document(read: Read, filled: Filled, blank: Blank) -> tuple[bytes, tuple[str, ...]]:
    from bot.reports.forms.fill import fill
    from bot.reports.forms.layout import built_in

    drawn = {name: draw() for name, draw in filled.drawn.items()}
    whole = replace(filled, pictures={**filled.pictures, **drawn})
    author = blank.values["备课组"]
    template = _own(read, blank.template) if blank.template else built_in(whole.form, author, blank.made, whole)
    return fill(template, whole, blank.values, read)


@makes(FORM_PATTERN)
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
