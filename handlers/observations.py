"""What happens when somebody notes a lesson heard."""

from bot.calendar.phrases import find_when
from bot.chat.arguments import Text
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, message, say
from bot.domain import observations
from bot.domain.guard import PupilNamed
from bot.errors import BadArgument

EXAMPLE = "/听课 张老师 今天第1节 高一3班 导入好，提问偏快"


@command("听课", everyday=5, example=EXAMPLE, aliases=("听课记录", "记听课"))
async def record(ctx: Context, details: Text = "") -> Reply:
    """记一次听课：听谁、何时、哪个班、感受

    先后顺序随意，感受可以不写。
    """
    if not details:
        return await _state(ctx)
    teacher = await observations.teacher_in(ctx.group, details)
    if teacher is None:
        raise BadArgument("听了谁的课？", f"例：{EXAMPLE}")
    when, rest = find_when(details.replace(teacher, " ", 1), ctx.today, ctx.group.calendar, ctx.now, past=True)
    if when is None or when.day is None:
        raise BadArgument("哪一天、第几节？", f"例：{EXAMPLE}")
    found = observations.CLASS.search(rest)
    text = (rest[: found.start()] + rest[found.end() :] if found else rest).strip(" ，,\n")
    try:
        stored, undo = await observations.record(
            ctx.group,
            ctx.member.name,
            teacher=teacher,
            day=when.day,
            periods=when.periods or (),
            classroom=found.group() if found else "",
            text=text,
        )
    except PupilNamed as error:
        return guarded(error.lines, f"/听课 {details.replace(text, error.replaced)}")
    return say(f"✅ 已记听课 {stored.number}：{stored.label}", undo=undo)


async def _state(ctx: Context) -> Reply:
    heard = await observations.of_member(ctx.group, ctx.member.name)
    month = observations.month_of(ctx.now)
    now = sum(month.holds(x.day) for x in heard)
    rows = [f"{x.number} {x.label}" for x in heard[-3:]]
    head = f"📝 您这学期听课 {len(heard)} 节，本月 {now} 节。"
    return Reply(message(head, *rows, f"记一次：{EXAMPLE}"), status="question")
