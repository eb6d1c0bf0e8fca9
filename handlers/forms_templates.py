"""What happens when the leader gives the group the school's own Word forms."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from bot.chat.arguments import Text, item_number
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.receiving import Documents
from bot.chat.reply import Choice, Reply, ask, message, order, say
from bot.domain import form_templates, resources
from bot.domain.file_kinds import ending_of
from bot.domain.resources import Resource
from bot.errors import BadArgument
from bot.reports.names import FORM_PATTERN, PERSONAL

if TYPE_CHECKING:  # what reads and fills forms is loaded by the first who asks for it, in the functions
    from bot.reports.forms.check import Checked
    from bot.reports.forms.shapes import Form

MOST_PROBLEMS, ROOM = 5, 200
"""Of what is wrong with a file: sentences, and characters that leave room for the rest of a short answer."""

LONGEST_LINE = 280
EXAMPLE = "/导出 模板 5 听课记录"
SEND = "把 Word 模板（.docx）私下发给我，再说是哪张表。"


@command("导出", action="模板", needs=LEADER, example=EXAMPLE)
async def use(ctx: Context, words: Text = "") -> Reply:
    """用学校自己的 Word 表格；先把文件私下发给我，编号写在后面

    要填的地方写 {{课题}} 这样的占位符，有哪些：/导出 占位符 听课记录
    """
    if ctx.received:
        file, rest = await _sent(ctx), words
    elif words:
        first, _, rest = words.partition(" ")
        number = item_number(first)
        if number is None:
            raise BadArgument(f"没看懂“{words[:20]}”。", f"例：{EXAMPLE}", SEND)
        file = await resources.numbered(ctx.group, ctx.member.name, number)
    else:
        return await _state(ctx)
    return await _use(ctx, file, _named(rest) if rest.strip() else None)


async def _sent(ctx: Context) -> Resource:
    """The file that came with the words, as a form of the board sends it."""
    (received, *_) = ctx.received
    if received.trouble:
        problem, *hints = received.trouble
        raise BadArgument(problem.removeprefix(f"{BadArgument.symbol} "), *hints)
    file, _ = await resources.arrived(ctx.group, ctx.member.name, received.name, received.path, received.size)
    return file


async def _use(ctx: Context, file: Resource, named: "Form | None") -> Reply:
    """Fill a form into the file from now on, once nothing is wrong with it."""
    from bot.reports.forms.check import tried

    held = await _checked(ctx, file)
    await resources.used(ctx.group, file)
    chosen = next((one for one in held if one.form == named), None) if named else _guessed(file, held)
    if chosen is None:
        return _which(file, held)
    if chosen.problems:
        return _wrong(file, chosen)
    await _documents(ctx, file).read_with(file.path, file.name, lambda data: tried(data, chosen.form))
    undo = await form_templates.use(ctx.group, ctx.member.name, chosen.form.key, file)
    count = len(chosen.known)
    return say(
        f"✅ {chosen.form.title}以后用《{file.name}》，认出 {count} 个占位符。",
        f"试一份：/导出 {chosen.form.key}" if chosen.form.key != PERSONAL else "试一份：/我的 导出",
        f"用回内置的：/导出 模板 还原 {chosen.form.key}",
        undo=undo,
    )


@command("导出", action="模板 还原", needs=LEADER, example="/导出 模板 还原 听课记录")
async def restore(ctx: Context, words: Text) -> Reply:
    """不用学校的模板了，换回内置的表格"""
    form = _named(words)
    undo = await form_templates.use_built_in(ctx.group, ctx.member.name, form.key)
    return say(f"✅ {form.title}换回内置的表格了。", undo=undo)


@command("导出", action="占位符", needs=LEADER, example="/导出 占位符 听课记录", writes=False)
async def placeholders(ctx: Context, words: Text = "") -> Reply:
    """一张表的模板里能写哪些占位符"""
    if not words:
        return _which_form("📄 看哪张表的占位符？回复数字：", "/导出 占位符")
    form = _named(words)
    lists = [f"{name}（{'、'.join(columns)}）" for name, columns in form.columns.items()]
    rows = [f"📄 {form.title}的占位符，写成 {{{{名称}}}}：", "、".join(form.names)]
    if lists:
        rows += ["表格里一行一条的，写成 {{名称.一栏}}：", "；".join(lists)]
    return say(*[_cut(row) for row in rows], f"要带占位符的空表：/导出 空表 {form.key}")


@command("导出", action="空表", needs=LEADER, example="/导出 空表 听课记录", writes=False)
async def pattern(ctx: Context, words: Text = "") -> Reply:
    """带占位符的空表（Word），改成学校的样子再发回来"""
    if not words:
        return _which_form("📄 要哪张空表？回复数字：", "/导出 空表")
    form = _named(words)
    label = f"{form.title}的空表"
    return Reply(message(f"⏳ 正在做{label}，马上就好。"), job=order(FORM_PATTERN, label, form=form.key))


async def _state(ctx: Context) -> Reply:
    rows = []
    for form in _forms():
        own = await form_templates.in_use(ctx.group, form.key)
        rows.append(f"{form.key}：{f'《{own.name}》' if own else '内置'}")
    return say("📄 各张表用的模板：", *rows, f"换成学校的：{SEND}", "要带占位符的空表：/导出 空表 听课记录")


async def _checked(ctx: Context, file: Resource) -> "list[Checked]":
    from bot.reports.forms.check import check

    return await _documents(ctx, file).read_with(file.path, file.name, lambda data: check(data, _forms()))


def _documents(ctx: Context, file: Resource) -> Documents:
    if ctx.documents is None or ending_of(file.name) != ".docx":
        raise BadArgument(f"{file.short}不是 Word 文件（.docx）。", "请在 Word 里另存为 .docx 再发。")
    return ctx.documents


def _guessed(file: Resource, held: "list[Checked]") -> "Checked | None":
    """The form that the file's name speaks of; else the only one that it fits."""
    called = [one for one in held if any(word in file.name for word in (one.form.key, one.form.title, *one.form.also))]
    fitting = [one for one in held if not one.problems]
    if called:
        return min(called, key=lambda one: (len(one.problems), -len(one.known)))
    return fitting[0] if len(fitting) == 1 else None


def _which(file: Resource, held: "list[Checked]") -> Reply:
    rows = [
        f"{n} {one.form.title}（认出 {len(one.known)} 个{f'，{len(one.problems)} 处不对' if one.problems else ''}）"
        for n, one in enumerate(held, start=1)
    ]
    choices = tuple(
        Choice(key=str(n), send=f"/导出 模板 {file.number} {one.form.key}") for n, one in enumerate(held, start=1)
    )
    return ask(f"📄 {file.short}是哪张表？回复数字：", *rows, choices=choices)


def _wrong(file: Resource, checked: "Checked") -> Reply:
    shown = [problem for problem, room in zip(checked.problems, _rooms(checked.problems), strict=True) if room <= ROOM]
    shown = shown[:MOST_PROBLEMS] or [_cut(checked.problems[0])]
    left = len(checked.problems) - len(shown)
    return Reply(
        message(
            f"❌ {file.short}作{checked.form.title}还有 {len(checked.problems)} 处不对，没有换：",
            *[f"• {problem}" for problem in shown],
            *([f"……还有 {left} 处，改好这几处再发，会接着说。"] if left else []),
            f"看占位符：/导出 占位符 {checked.form.key}",
        ),
        status="refused",
    )


def _rooms(problems: Sequence[str]) -> Iterator[int]:
    """How many characters the list takes with each of them."""
    return accumulate(len(problem) + 3 for problem in problems)


def _which_form(head: str, send: str) -> Reply:
    rows = [f"{n} {form.title}" for n, form in enumerate(_forms(), start=1)]
    choices = tuple(Choice(key=str(n), send=f"{send} {form.key}") for n, form in enumerate(_forms(), start=1))
    return ask(head, *rows, choices=choices)


def _forms() -> "tuple[Form, ...]":
    from bot.reports.form_files import forms

    return forms()


def _named(words: str) -> "Form":
    from bot.reports.form_files import form_called

    form = form_called(words)
    if form is None:
        names = "、".join(each.key for each in _forms())
        raise BadArgument(f"没有“{words.strip()[:20]}”这张表。", f"有：{names}", f"例：{EXAMPLE}")
    return form


def _cut(row: str) -> str:
    return row if len(row) <= LONGEST_LINE else f"{row[: LONGEST_LINE - 1]}…"
