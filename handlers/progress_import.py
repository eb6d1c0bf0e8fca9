"""What happens when the leader pastes a progress table: read, shown, asked, written."""

from dataclasses import replace

from bot.calendar.progress_table import read_table
from bot.chat.arguments import ItemNumber, Page, Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, message, say
from bot.domain import progress_drafts, progress_import
from bot.domain.groups import Notice
from bot.domain.guard import PupilNamed
from bot.domain.progress_compare import Imported
from bot.domain.progress_drafts import ProgressDraft
from bot.errors import BadArgument

MOST_ROWS, MOST_DOUBTS, FEWEST_ROWS = 8, 3, 3
A_PAGE = 6
LONGEST_LINE, LONGEST_DOUBT, LONGEST_ROW = 30, 40, 60
ALL = "全部"
RENAME = "/进度 导入 认人 赵芳 赵老师"


@command("进度", action="导入", needs=LEADER, example="/进度 导入", writes=False)
async def read(ctx: Context, table: Text = "") -> Reply:
    """把教学进度表贴在后面，看过再导入

    表头写周次（或日期）和教学内容，还可以有单元、课时、主备、备注，次序随意。
    """
    if not table:
        return say(
            "📊 从 Excel 或 Word 里复制整张表，连表头一起贴在“/进度 导入”后面发给我。",
            "也可以把文件（.xlsx .docx .csv）私下发给我。",
            "表头要有周次（或日期）和教学内容，还可以有单元、课时、主备、备注，次序随意。",
            "我先读给您看，您同意了才写进去。",
        )
    try:
        draft = await progress_drafts.receive(ctx.group, ctx.member.name, read_table(table))
    except PupilNamed as error:
        return guarded(error.lines, f"/进度 导入 {error.replaced}")
    return await _look(ctx, draft)


@command("进度", action="导入 看", needs=LEADER, example="/进度 导入 看", writes=False)
async def look(ctx: Context, page: Page = 0) -> Reply:
    """看等着导入的表：要写什么，哪些对不上；一条一条看，例：/进度 导入 看 1"""
    draft = await progress_drafts.waiting(ctx.group, ctx.member.name)
    if not page or len(draft.tables) > 1:
        return await _look(ctx, draft)
    found = await progress_import.preview(ctx.group, draft)
    rows = [f"⚠️ {row}" for row in _doubtful(ctx, found)] + [change.line for change in found.changes]
    shown = rows[(page - 1) * A_PAGE : page * A_PAGE]
    if not shown:
        raise BadArgument(f"没有第 {page} 页。" if rows else "表里没有要改的，也没有对不上的。", "例：/进度 导入 看")
    pages = -(-len(rows) // A_PAGE)
    more = [f"下一页：/进度 导入 看 {page + 1}"] if page < pages else []
    head = f"📊 进度表 {len(rows)} 条，第 {page}/{pages} 页"
    return ask(head, *(_short(row, LONGEST_ROW) for row in shown), _question(found), *more, choices=_choices(found))


@command("进度", action="导入 选", needs=LEADER, example="/进度 导入 选 1", writes=False)
async def choose(ctx: Context, number: ItemNumber) -> Reply:
    """文件里有几张表时，选用哪一张"""
    return await _look(ctx, await progress_drafts.choose(ctx.group, ctx.member.name, number))


@command("进度", action="导入 认人", needs=LEADER, example=RENAME, writes=False)
async def rename(ctx: Context, names: Words) -> Reply:
    """表里的主备是组里的谁"""
    if len(names.split()) != 2:
        raise BadArgument("要写两个名字：表里的，组里的。", f"例：{RENAME}")
    written, member = names.split()
    return await _look(ctx, await progress_drafts.rename(ctx.group, ctx.member.name, written, member))


@command("进度", action="导入 确认", needs=LEADER, example="/进度 导入 确认")
async def accept(ctx: Context, how: Words = "") -> Reply:
    """把看过的表写进去；说了照旧的也要换，写：/进度 导入 确认 全部"""
    if how not in ("", ALL):
        raise BadArgument(f"没看懂“{how[:20]}”。", f"例：/进度 导入 确认，或 /进度 导入 确认 {ALL}")
    found, undo = await progress_import.accept(ctx.group, ctx.member.name, overwrite=how == ALL)
    left = [f"{len(found.kept)} 处照旧。"] if found.kept else []
    odd = [f"还有 {len(found.conflicts)} 处对不上，改一周，例：/进度 改 第5周 《插秧歌》"] if found.conflicts else []
    counts = f"新加 {len(found.new)} 周，改了 {len(found.changed)} 周，{found.same} 周没有变。"
    return say(f"✅ 进度表导入了：{counts}", *left, *odd, "看进度：/进度", undo=undo)


@command("进度", action="导入 不要", needs=LEADER, example="/进度 导入 不要", writes=False)
async def drop(ctx: Context) -> Reply:
    """不导入了"""
    await progress_drafts.drop(ctx.group, ctx.member.name)
    return say("✅ 没有导入，进度表没有变。", "看进度：/进度")


async def _look(ctx: Context, draft: ProgressDraft) -> Reply:
    """The preview with its question. Who is on leave is told to the leader alone."""
    if len(draft.tables) > 1:
        return _which(draft)
    found = await progress_import.preview(ctx.group, draft)
    shown = _doubtful(ctx, found)
    lines = [_head(draft, found), *_rows(found, min(len(shown), MOST_DOUBTS + 1)), *_doubts(shown)]
    reply = ask(*lines, _question(found), choices=_choices(found))
    if not found.away or ctx.private:
        return reply
    notice = Notice(ctx.member.name, message("📝 进度表里这几周的主备那时请假：", *found.away[:MOST_ROWS]))
    return replace(reply, notes=(notice,))


def _doubtful(ctx: Context, found: Imported) -> list[str]:
    """Everything to be looked at; who is on leave only where nobody else reads it."""
    return [*(found.away if ctx.private else ()), *found.kept, *found.conflicts]


def _head(draft: ProgressDraft, found: Imported) -> str:
    name = f"《{_short(draft.tables[0].name, LONGEST_LINE)}》" if draft.tables[0].name else ""
    counts = f"新加 {len(found.new)}，要改 {len(found.changed)}，不变 {found.same}"
    return f"📊 {name}读到 {found.total} 周：{counts}"


def _rows(found: Imported, doubts: int) -> list[str]:
    room = max(FEWEST_ROWS, MOST_ROWS - doubts)
    rows = [change.line for change in found.changes]
    more = [f"……还有 {len(rows) - room} 周"] if len(rows) > room else []
    return [*(_short(row, LONGEST_LINE) for row in rows[:room]), *more]


def _doubts(rows: list[str]) -> list[str]:
    more = [f"……共 {len(rows)} 处，看：/进度 导入 看 1"] if len(rows) > MOST_DOUBTS else []
    return [*(f"⚠️ {_short(row, LONGEST_DOUBT)}" for row in rows[:MOST_DOUBTS]), *more]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _choices(found: Imported) -> tuple[Choice, ...]:
    sends = ["/进度 导入 确认", "/进度 导入 不要"]
    sends += [f"/进度 导入 确认 {ALL}"] if found.kept else []
    sends += [f"/进度 导入 认人 {name} {near}" for name, near in _suggested(found)]
    return tuple(Choice(key=str(number), send=send) for number, send in enumerate(sends, start=1))


def _question(found: Imported) -> str:
    pairs = zip(_choices(found), _labels(found), strict=True)
    return f"回复前面的数字：{'   '.join(f'{choice.key} {label}' for choice, label in pairs)}"


def _labels(found: Imported) -> list[str]:
    return [
        "导入",
        "不要",
        *(["照旧的也换成表里的"] if found.kept else []),
        *(f"{name}就是{near}" for name, near in _suggested(found)),
    ]


def _suggested(found: Imported) -> list[tuple[str, str]]:
    """One name at a time: the next is asked when this one is settled."""
    return [(name, near) for name, near in found.unknown.items() if near][:1]


def _which(draft: ProgressDraft) -> Reply:
    choices = tuple(
        Choice(key=str(number), send=f"/进度 导入 选 {number}") for number in range(1, min(len(draft.tables), 9) + 1)
    )
    lines = [
        f"{choice.key}. {_short(table.name or '没有名字', LONGEST_LINE)}（{len(table.rows)} 行）"
        for choice, table in zip(choices, draft.tables, strict=False)
    ]
    return ask(f"📊 文件里有 {len(draft.tables)} 张进度表，用哪一张？回复前面的数字：", *lines, choices=choices)
