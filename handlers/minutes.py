"""What happens when somebody reads the minutes of a meeting, or puts a line of them right."""

from bot.calendar.names import day_label
from bot.calendar.phrases import find_when
from bot.chat.arguments import ItemNumber, Page, Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import meeting_changes, meetings
from bot.domain.guard import PupilNamed
from bot.domain.meetings import Meeting
from bot.errors import BadArgument

PAGE = 7
NOTE = "记一条，例：/例会 记 期中前完成第三单元"


@command("例会", action="纪要", example="/例会 纪要", writes=False)
async def read(ctx: Context, page: Page = 1, words: Words = "") -> Reply:
    """看最近一次例会的纪要和决定；以前的：/例会 纪要 9月"""
    held = [m for m in await meetings.of_term(ctx.group) if m.minutes or await meetings.decisions(ctx.group, m)]
    if words:
        held = _within(ctx, held, words)
    if not held:
        return say(f"📄 {words[:20] or '这学期'}没有例会纪要。", NOTE)
    if words and len(held) > 1:
        rows = [f"• {m.when}（{len(m.minutes)} 条）" for m in held[-PAGE:]]
        return say(f"📄 {words[:20]}有 {len(held)} 次例会：", *rows, f"看一次：/例会 纪要 {day_label(held[-1].day)}")
    return await _page(ctx, held[-1], page)


@command("例会", action="更正", needs=LEADER, example="/例会 更正 1 期中前完成第三单元")
async def correct(ctx: Context, item: ItemNumber, text: Text) -> Reply:
    """改最近一次纪要里的一条"""
    try:
        meeting, undo = await meeting_changes.correct(ctx.group, ctx.member.name, item, text)
    except PupilNamed as error:
        return guarded(error.lines, f"/例会 更正 {item} {error.replaced}")
    return say(f"✅ 第 {item} 条已改（{meeting.when}）。", "看全部：/例会 纪要", undo=undo)


def _within(ctx: Context, held: list[Meeting], words: str) -> list[Meeting]:
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now, past=True)
    if when is None or rest or when.span is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", "例：/例会 纪要 9月")
    first, last = when.span
    return [meeting for meeting in held if first <= meeting.day <= last]


async def _page(ctx: Context, meeting: Meeting, page: int) -> Reply:
    there, expected = await meetings.attendance(ctx.group, meeting)
    came = f"，到会 {there}/{expected}" if there else ""
    decided = [f"📌 {task.label} → {'、'.join(task.owners)}" for task in await meetings.decisions(ctx.group, meeting)]
    rows = [*[f"{n}. {line}" for n, line in enumerate(meeting.minutes, start=1)], *decided]
    pages = max(1, -(-len(rows) // PAGE))
    if page > pages:
        raise BadArgument(f"这份纪要只有 {pages} 页。", "看第一页：/例会 纪要")
    more = [f"下一页：/例会 纪要 {page + 1}"] if page < pages else []
    number = f" 第 {page}/{pages} 页" if pages > 1 else ""
    head = f"📄 例会纪要 {meeting.when}{came}{number}"
    return say(head, *rows[(page - 1) * PAGE : page * PAGE], *more)
