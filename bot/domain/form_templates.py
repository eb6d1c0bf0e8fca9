"""The school's own Word forms (feature F6): which file a group fills in instead of the built-in one.

The latest record of a form counts; one without a path says that the built-in form is used again. What a template may
hold is the matter of bot/reports/forms; here stands only which one it is.
"""

from typing import ClassVar

from bot.domain.groups import Group
from bot.domain.resources import Resource
from bot.domain.subjects import Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused
from bot.storage import Record, Records

SEE = "看用的是哪张：/导出 模板"


class FormTemplate(Record):
    """From its making on, ``form`` ("听课记录") is filled into the file at ``path``; "" = into the built-in one.

    ``name`` is what its sender called it.
    """

    TABLE: ClassVar[str] = "form_templates"
    INDEXES: ClassVar = ("form",)

    form: str
    path: str = ""
    name: str = ""


async def in_use(group: Group, form: str) -> FormTemplate | None:
    """The school's own file of a form; None while the built-in one is used."""
    latest = await _latest(group, form)
    return latest if latest and latest.path else None


async def use(group: Group, who: str, form: str, file: Resource) -> Undo:
    """Fill a form into the school's own file from now on; it has been checked.

    Raises:
        Refused: it is in use already.
    """
    known = await in_use(group, form)
    if known and known.path == file.path:
        raise Refused(f"{form}用的就是《{file.name}》。", SEE, symbol="ℹ️")
    return await _put(group, who, FormTemplate(form=form, path=file.path, name=file.name))


async def use_built_in(group: Group, who: str, form: str) -> Undo:
    """Fill a form into the built-in file again.

    Raises:
        Refused: it is so already.
    """
    if await in_use(group, form) is None:
        raise Refused(f"{form}用的就是内置的表格。", SEE, symbol="ℹ️")
    return await _put(group, who, FormTemplate(form=form))


@inverse
async def former(group: Group, who: str, template: int) -> str:
    """Inverse of both: the file before, unless it was changed again."""
    await group.must_lead(who, "表格模板", SEE)
    stored = await group.records.get(FormTemplate, template)
    latest = await _latest(group, stored.form) if stored else None
    if stored is None or latest is None or latest.id != template:
        raise Refused("表格模板后来又换过，不撤销了。", SEE)
    await group.records.remove(stored)
    before = await in_use(group, stored.form)
    return f"已撤销：{stored.form}还用{f'《{before.name}》' if before else '内置的表格'}。"


async def paths(records: Records) -> set[str]:
    """In a group's space: the files that are still pointed to; the former ones too, for the way back."""
    return {each.path for each in await records.scan(FormTemplate) if each.path}


async def _put(group: Group, who: str, template: FormTemplate) -> Undo:
    stored = await group.records.add(template.model_copy(update={"created": group.now, "author": who}))
    return undo_with(former, f"{template.form}的模板", template=stored.id)


async def _latest(group: Group, form: str) -> FormTemplate | None:
    return max(await group.records.find(FormTemplate, form=form), key=lambda one: one.id, default=None)


SUBJECT = Subject("表格", records=(FormTemplate,), order=95)
