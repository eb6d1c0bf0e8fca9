"""What happens around the group's regular meeting: when it is, its agenda, who comes, what was decided."""

import re

from bot.calendar.names import day_label
from bot.calendar.phrases import When, find_when
from bot.chat.arguments import Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import meeting_agenda, meeting_attendance, meeting_changes, meetings, quiet, tasks
from bot.domain.groups import Notice
from bot.domain.guard import PupilNamed
from bot.domain.meeting_agenda import shortened
from bot.domain.meeting_changes import DECIDE, SETTLE
from bot.domain.meetings import Meeting
from bot.domain.people import Role
from bot.errors import BadArgument

MOST = 5
_PLACE = re.compile("^(?:地点|在)[:\uff1a\\s]*|[\\s\uff0c,]*(?:召开|开)?(?:备课组)?(?:例会|会)$")


@command("例会", example="/例会", aliases=("备课组例会", "组会", "开例会"), writes=False)
async def state(ctx: Context) -> Reply:
    """看例会：什么时候、议程、到会、决定"""
    meeting = await meetings.at_hand(ctx.group)
    if meeting is None:
        hint = f"定一次，例：{SETTLE}" if ctx.role is Role.LEADER else "看日程：/日程"
        return say("👥 接下来没有例会。", hint)
    items = await meeting_agenda.agenda(ctx.group, meeting)
    rows = [f"{n}. {shortened(item)}" for n, item in enumerate(items[:MOST], start=1)]
    more = [f"……还有 {len(items) - MOST} 条"] if len(items) > MOST else []
    before = await meetings.latest(ctx.group)
    past = [before] if before and before.occasion != meeting.occasion else []
    earlier = [f"上次（{day_label(m.day)}）：{await _result(ctx, m)}" for m in past if m.was_held]
    results = [await _result(ctx, meeting), *earlier]
    head = f"👥 例会 {meeting.when}{'' if meeting.fixed else '（哪天还没有定）'}"
    answer = say(head, *rows, *more, *[row for row in results if row], *_next_steps(ctx, meeting))
    return await _with_names(ctx, meeting, answer)


@command("例会", action="定", needs=LEADER, example=SETTLE)
async def settle(ctx: Context, words: Text) -> Reply:
    """定例会的时间地点；计划里没有的也可以临时开"""
    return await _settled(ctx, words)


@command("例会", action="改", needs=LEADER, example="/例会 改 周五第8节")
async def move(ctx: Context, words: Text) -> Reply:
    """改例会的时间地点"""
    return await _settled(ctx, words)


@command("例会", action="议题", example="/例会 议题 单元卷谁来出")
async def item(ctx: Context, text: Text) -> Reply:
    """给下一次例会加一个议题"""
    try:
        meeting, undo = await meeting_changes.add_item(ctx.group, ctx.member.name, text)
    except PupilNamed as error:
        return guarded(error.lines, f"/例会 议题 {error.replaced}")
    return say(f"✅ 已加进例会议程（{meeting.when}）。", "看议程：/例会", undo=undo)


@command("例会", action="签到", example="/例会 签到")
async def sign_in(ctx: Context, words: Words = "") -> Reply:
    """到会签到，也可以只发 /签到"""
    return await _signed_in(ctx, words)


@command("签到", example="/签到", aliases=("我到了", "到会"))
async def here(ctx: Context, words: Words = "") -> Reply:
    """例会到会签到，过后也能补；组长可以替人签：/签到 王老师、张老师，或 /签到 全组"""
    return await _signed_in(ctx, words)


@command("例会", action="请假", example="/例会 请假 外出教研")
async def excuse(ctx: Context, reason: Text) -> Reply:
    """例会来不了，写个原因，私下发我更好；只有组长看得到原因"""
    first, _, rest = reason.partition(" ")
    name, why = (first, rest.strip()) if first in await ctx.group.teachers() else (ctx.member.name, reason)
    try:
        meeting, undo = await meeting_attendance.excuse(ctx.group, ctx.member, name, why)
    except PupilNamed as error:
        return guarded(error.lines, f"/例会 请假 {error.replaced}")
    return say(f"✅ 已记下，{'您' if name == ctx.member.name else name}{meeting.name}请假。", undo=undo)


@command("例会", action="记", example="/例会 记 期中前完成第三单元")
async def note(ctx: Context, text: Text) -> Reply:
    """记例会纪要，一行一条，可以分几次发，过后也能补"""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    try:
        meeting, undo = await meeting_changes.note(ctx.group, ctx.member, lines)
    except PupilNamed as error:
        return guarded(error.lines, f"/例会 记 {error.replaced}")
    count = f"{meeting.name}共 {len(meeting.minutes)} 条"
    return say(f"✅ 记下 {len(lines)} 条，{count}。", "看全部：/例会 纪要", undo=undo)


@command("例会", action="决定", needs=LEADER, example=DECIDE)
async def decide(ctx: Context, words: Text) -> Reply:
    """一条有人负责、有期限的决定，成为任务"""
    owners, rest = await tasks.owners_in(ctx.group, words, but=ctx.member.name, example=DECIDE)
    when, text = find_when(rest, ctx.today, ctx.group.calendar, ctx.now)
    text, due = tasks.without_before(text), tasks.last_day(when)
    try:
        task, undo = await meeting_changes.decide(ctx.group, ctx.member, owners, text, due)
    except PupilNamed as error:
        return guarded(error.lines, f"/例会 决定 {tasks.written(owners, tasks.last_day(when), error.replaced)}")
    odd = [f"⚠️ {when.text}：{when.note}。"] if when and when.note else []
    return say(f"✅ 决定 {task.label} → {'、'.join(task.owners)}", *odd, f"做完了回：/完成 {task.number}", undo=undo)


async def _settled(ctx: Context, words: str) -> Reply:
    when, place = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or when.day is None or when.time:
        raise BadArgument(_not_a_time(when, words), f"例：{SETTLE}")
    place, periods = _PLACE.sub("", place).strip(), when.periods or ()
    try:
        meeting, undo = await meeting_changes.settle(ctx.group, ctx.member.name, when.day, periods, place)
    except PupilNamed as error:
        return guarded(error.lines, f"/例会 定 {when.text}")
    odd = [f"⚠️ {when.text}：{when.note}。"] if when.note else []
    told = "，前一个上课日把议程发到群里" if (meeting.day - ctx.today).days > 1 else ""
    return say(f"✅ 例会定在{meeting.when}{told}。", *odd, "加议题：/例会 议题 内容", undo=undo)


async def _signed_in(ctx: Context, words: str) -> Reply:
    names = await _named(ctx, words)
    meeting, undo, fresh = await meeting_attendance.sign_in(ctx.group, ctx.member, names)
    there, expected = await meetings.attendance(ctx.group, meeting)
    late = "" if meeting.day == ctx.today else f"，补{meeting.name}"
    who = fresh[0] if len(fresh) == 1 else f"{len(fresh)} 位老师"
    return say(f"✅ {who}已签到（{there}/{expected}{late}）。", undo=undo)


async def _named(ctx: Context, words: str) -> list[str]:
    """Who is named; nobody for the whole group."""
    if not words:
        return [ctx.member.name]
    if words in tasks.EVERYBODY:
        return []
    found = [name for name in await ctx.group.teachers() if name in words]
    if not found:
        raise BadArgument(f"没看懂“{words[:20]}”。", "例：/签到")
    return found


def _not_a_time(when: When | None, words: str) -> str:
    if when is None:
        return f"没看懂时间“{words[:20]}”。"
    if when.every:
        return "每周固定的例会请加到日程：/日程 加 每周四第8节 备课组例会。"
    return "例会按第几节来定。" if when.time else f"“{words[:20]}”是哪一天？"


async def _result(ctx: Context, meeting: Meeting) -> str:
    """ "到会 6/8，请假 1，决定 3 项（没做完 1）"; counts alone."""
    parts = []
    if meeting.present:
        there, expected = await meetings.attendance(ctx.group, meeting)
        parts.append(f"到会 {there}/{expected}")
    parts += [f"请假 {len(meeting.absent)}"] if meeting.absent else []
    decided = await meetings.decisions(ctx.group, meeting)
    left = sum(bool(task.open_owners) for task in decided)
    parts += [f"决定 {len(decided)} 项{f'（没做完 {left}）' if left else ''}"] if decided else []
    return "，".join([*parts, *([f"纪要 {len(meeting.minutes)} 条"] if meeting.minutes else [])])


async def _with_names(ctx: Context, meeting: Meeting, answer: Reply) -> Reply:
    """For the leader alone: who is excused and why, and from its day on who has not signed in."""
    if ctx.role is not Role.LEADER:
        return answer
    rows = [f"• {name}请假：{shortened(why, 16)}" for name, why in list(meeting.absent.items())[:MOST]]
    expected = await quiet.there(ctx.group, [meeting.day])
    names = [name for name in expected if name not in meeting.present and name not in meeting.absent]
    rows += [f"还没签到：{'、'.join(names[:8])}"] if names and meeting.present else []
    if not rows:
        return answer
    notice = say(f"👥 例会 {meeting.when}", *rows).answer
    return Reply(answer.answer, notes=(Notice(ctx.member.name, notice),))


def _next_steps(ctx: Context, meeting: Meeting) -> list[str]:
    leads = ctx.role is Role.LEADER
    if not meeting.fixed:
        return ["加议题：/例会 议题 内容", *([f"定时间，例：{SETTLE}"] if leads else [])]
    if meeting.day > ctx.today:
        return ["加议题：/例会 议题 内容"]
    if meeting.minutes:
        return ["看纪要：/例会 纪要", *([f"有决定，例：{DECIDE}"] if leads else [])]
    return ["签到：/签到", "记一条：/例会 记 内容"]
