"""What happens when somebody sends a file, says what it is, or wants one of the group's."""

import asyncio

from bot.calendar.plan_reader import read_plan
from bot.chat.arguments import ItemNumber, Text, item_number
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.receiving import Documents, Received
from bot.chat.reply import Choice, Reply, ask, message, say
from bot.domain import plan_import, plans, progress_drafts, resources
from bot.domain.file_kinds import ending_of, readable
from bot.domain.people import Role
from bot.domain.resources import SEE, Resource
from bot.errors import BadArgument, Refused, UserError

MOST = 8
_TEMPLATE = "模板"


@command("资源", example="/资源", aliases=("资源库", "备课资源"), writes=False)
async def show(ctx: Context, words: Text = "") -> Reply:
    """看组里的备课资源；取一份，例：/资源 3。上传就把文件私下发给我"""
    if words:
        return await _hand_out(ctx, words)
    found, number = await resources.kept(ctx.group, MOST)
    if not found:
        return say("📁 还没有备课资源。", "上传：把 Word、Excel、PPT、PDF 或图片私下发给我就行。")
    more = [f"……共 {number} 份"] if number > MOST else []
    return say("📁 备课资源：", *[each.label for each in found], *more, f"取文件，例：/资源 {found[0].number}")


async def _hand_out(ctx: Context, words: str) -> Reply:
    number = item_number(words)
    if number is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", "取一份，例：/资源 3", SEE)
    each = await resources.numbered(ctx.group, ctx.member.name, number)
    if each.state is not resources.State.KEPT and not ctx.private:
        raise BadArgument(f"没有编号 {number} 的资源。", SEE)
    answer = message(f"📎 {each.label} {resources.size_words(each.size)}")
    return Reply(answer.model_copy(update={"files": (each.file,)}))


@command("资源", action="收", example="/资源 收", takes_files=True)
async def receive(ctx: Context) -> Reply:
    """把文件私下发给我，我会问做什么用"""
    if not ctx.received:
        return ask("📎 把文件私下发给我就行，我会问做什么用。", "Word、Excel、PPT、PDF、文本、图片都行，最多 20 MB。")
    rows: list[str] = []
    taken: list[Resource] = []
    for each in ctx.received:
        try:
            rows += each.trouble or [await _arrived(ctx, each, taken)]
        except Refused as error:
            rows += error.lines
    if not taken:
        return Reply(message(*rows), status="refused")
    if len(taken) > 1:
        first = taken[0].number
        return ask(*rows, "要分享到组里的，一个个存：", f"例：/资源 存 {first}", f"不要了，例：/资源 删 {first}")
    return await _what_for(ctx, taken[0], rows)


async def _arrived(ctx: Context, file: Received, taken: list[Resource]) -> str:
    each, new = await resources.arrived(ctx.group, ctx.member.name, file.name, file.path, file.size)
    taken.append(each)
    known = "" if new else "（以前发过）"
    return f"📎 收到 {each.short}，{resources.size_words(each.size)}{known}。"


async def _what_for(ctx: Context, each: Resource, rows: list[str]) -> Reply:
    """The question what a file is, with the answers that make sense for it and for who sent it."""
    offers: list[tuple[str, str]] = []
    found = ""
    if ctx.role is Role.LEADER and readable(each.name):
        found, offers = await _looked_into(ctx, each)
    if each.state is not resources.State.KEPT:
        offers.append(("存为备课资源", "存"))
    offers.append(("不要了", "删"))
    choices = tuple(Choice(key=str(n), send=_send(do, each)) for n, (_, do) in enumerate(offers, start=1))
    lines = [f"{n} {words}" for n, (words, _) in enumerate(offers, start=1)]
    later = f"以后再定，例：{_send(offers[0][1], each)}"
    return ask(*rows, *([found] if found else []), "做什么用？请回复数字：", *lines, later, choices=choices)


def _send(do: str, each: Resource) -> str:
    return f"/导出 模板 {each.number}" if do == _TEMPLATE else f"/资源 {do} {each.number}"


async def _looked_into(ctx: Context, each: Resource) -> tuple[str, list[tuple[str, str]]]:
    """What a document holds, and what could be made of it."""
    try:
        lines = await _lines(ctx, each)
        entries = await asyncio.to_thread(read_plan, lines, plans.context_of(ctx.group))
    except UserError as error:
        return f"里面的文字读不出来：{error.problem}", []
    rows = await _progress_rows(ctx, each)
    marks = await _placeholders(ctx, each)
    offers = [(f"当作表格模板（有 {marks} 个占位符）", _TEMPLATE)] if marks else []
    offers += [(f"当作工作计划（读出 {len(entries)} 项安排）", "计划")] if entries else []
    offers += [(f"当作教学进度表（读出 {rows} 行）", "进度")] if rows else []
    return ("" if offers else "没有读出安排或进度。"), offers


async def _placeholders(ctx: Context, each: Resource) -> int:
    """How many placeholders of a form a Word file holds; most hold none."""
    if ending_of(each.name) != ".docx":
        return 0
    from bot.reports.forms.check import count_marks  # here, not above: most bots never see a form of the school's own

    try:
        return await _documents(ctx, each).read_with(each.path, each.name, count_marks)
    except UserError:
        return 0


async def _progress_rows(ctx: Context, each: Resource) -> int:
    """How many rows of a progress table a document holds; most hold none."""
    try:
        return len((await _documents(ctx, each).table(each.path, each.name)).rows)
    except UserError:
        return 0


async def _lines(ctx: Context, each: Resource) -> list[str]:
    return await _documents(ctx, each).lines(each.path, each.name)


def _documents(ctx: Context, each: Resource) -> Documents:
    if ctx.documents is None or not readable(each.name):
        raise BadArgument(f"{each.short}读不出文字。", "工作计划和进度表请发 .docx、.xlsx 或 .txt 文件。")
    return ctx.documents


@command("资源", action="存", example="/资源 存 5")
async def keep(ctx: Context, item: ItemNumber) -> Reply:
    """把自己发来的文件存为组里的备课资源"""
    each, undo = await resources.keep(ctx.group, ctx.member.name, item)
    return say(f"✅ 已存为备课资源：{each.short}，组里的老师都能取。", f"取文件：/资源 {each.number}", undo=undo)


@command("资源", action="删", example="/资源 删 5")
async def remove(ctx: Context, item: ItemNumber) -> Reply:
    """删掉自己的文件；组长可以删组里的"""
    each, undo = await resources.remove(ctx.group, ctx.member, item)
    return say(f"✅ 已删：{each.short}，夜里彻底清除。", undo=undo)


@command("资源", action="名称", example="/资源 名称 5 第二单元学案")
async def rename(ctx: Context, item: ItemNumber, words: Text) -> Reply:
    """给自己的文件改名"""
    each, undo = await resources.rename(ctx.group, ctx.member.name, item, words)
    return say(f"✅ 改名了：{each.short}", undo=undo)


@command("资源", action="计划", needs=LEADER, example="/资源 计划 5")
async def as_plan(ctx: Context, item: ItemNumber) -> Reply:
    """把发来的文件当作工作计划读进来，还不会自己发消息"""
    each = await resources.numbered(ctx.group, ctx.member.name, item)
    reading = await asyncio.to_thread(plan_import.read, await _lines(ctx, each), plans.context_of(ctx.group))
    made = await plan_import.keep(ctx.group, ctx.member.name, reading, name=each.name)
    await resources.used(ctx.group, each)
    if made.waiting:
        return say(f"📋 和现在的计划比：{made.waiting.counts}。还没有改，等您定。", "哪里不同：/计划 导入 看")
    known = f"，{len(made.known)} 项原来就有" if made.known else ""
    quotas = f"，{made.targets} 个要达到的次数" if made.targets else ""
    head = f"✅ 已读进计划：{len(made.sure)} 项清楚，{len(made.questions)} 处要您定{quotas}{known}。"
    start = ("启用：/计划 启用",) if made.sure else ()
    return say(head, "现在还不会自己发消息，先看看：", "看计划：/计划", *start, undo=made.undo)


@command("资源", action="进度", needs=LEADER, example="/资源 进度 5")
async def as_progress(ctx: Context, item: ItemNumber) -> Reply:
    """把发来的文件当作教学进度表，看过再导入"""
    each = await resources.numbered(ctx.group, ctx.member.name, item)
    table = await _documents(ctx, each).table(each.path, each.name)
    await progress_drafts.receive(ctx.group, ctx.member.name, table)
    await resources.used(ctx.group, each)
    choices = (Choice(key="1", send="/进度 导入 看"), Choice(key="2", send="/进度 导入 不要"))
    return ask(f"📊 读到 {len(table.rows)} 行，还没有写进去。", "1 先看一看，同意了再导入", "2 不要了", choices=choices)
