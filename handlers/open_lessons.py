"""What happens when somebody asks about open lessons, signs up, waits, or publishes one."""

import re
from datetime import datetime, time

from bot.calendar.names import day_label
from bot.calendar.phrases import When, find_when
from bot.chat.arguments import ItemNumber, ItemWords, MemberName, Sure, Text
from bot.chat.commands import LEADER, VISITOR, Context, command
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import open_lessons
from bot.domain.open_lessons import OpenLesson, Purpose, SignUp
from bot.domain.people import Role
from bot.errors import BadArgument, NotAllowed

SEATS = re.compile(r"(\d{1,3})\s*(?:座|个座位|人|席)")
TITLE = re.compile(r"《[^》]{1,40}》")
CLOSING = re.compile(r"(\S{1,12})(?:前?截止|前报名)")
OPENING = ("开课机会", "开课", "招募")
MOST = 8


@command(
    "公开课", everyday=True, needs=VISITOR, example="/公开课", aliases=("研讨课", "示范课", "看公开课"), writes=False
)
async def show(ctx: Context) -> Reply:
    """看有哪些开课机会、可听的课"""
    items = await open_lessons.upcoming(ctx.group)
    if not items:
        hint = "发布一节：/公开课 发布 周四第2节 赵老师《插秧歌》 4座" if ctx.role is Role.LEADER else "看日程：/日程"
        return say("📌 近期没有公开课。", hint)
    rows = [await open_lessons.line(ctx.group, item) for item in items[:MOST]]
    more = [f"……还有 {len(items) - MOST} 节"] if len(items) > MOST else []
    return say("📌 公开课和开课机会：", *rows, *more, f"报名：/报名 {items[0].number}")


@command("公开课", action="发布", needs=LEADER, example="/公开课 发布 9月24日第2节 赵老师《插秧歌》 录播室 4座")
async def publish(ctx: Context, details: Text) -> Reply:
    """发布一节可听的课，或一个开课机会（写“开课机会”）"""
    when, rest = _when(ctx, details)
    teacher, purpose = await _teacher(ctx, rest), Purpose.TEACH if any(x in rest for x in OPENING) else Purpose.ATTEND
    if purpose is Purpose.ATTEND and teacher is None:
        raise BadArgument("还少上课老师。", "例：/公开课 发布 周四第2节 赵老师《插秧歌》 4座")
    seats, title, closing = SEATS.search(rest), TITLE.search(rest), CLOSING.search(rest)
    item = await open_lessons.publish(
        ctx.group,
        ctx.member.name,
        purpose=purpose,
        day=when.day or ctx.today,
        periods=when.periods or (),
        title=title.group() if title else "",
        teacher=None if purpose is Purpose.TEACH else teacher,
        place=_place(rest, teacher, purpose),
        seats=int(seats[1]) if seats else None,
        closes=_closing(ctx, closing[1]) if closing else None,
    )
    undo = open_lessons.undo_publish(item)
    return say(f"✅ 已发布 {await open_lessons.line(ctx.group, item)}", f"报名：/报名 {item.number}", undo=undo)


@command("公开课", action="课题", example="/公开课 课题 3 《荷塘月色》")
async def entitle(ctx: Context, item: ItemNumber, title: Text) -> Reply:
    """给自己要上的课定课题"""
    lesson = await open_lessons.set_title(ctx.group, ctx.member, item, title)
    return say(f"✅ {lesson.number} 课题定为{lesson.title}（{lesson.when_dated}）。", "看公开课：/公开课")


@command("公开课", action="取消", example="/公开课 取消 3")
async def call_off(ctx: Context, item: ItemNumber) -> Reply:
    """取消一节公开课，已报名的会收到通知"""
    lesson = await open_lessons.cancel(ctx.group, ctx.member, item)
    return say(f"✅ {lesson.number} {lesson.label}取消了，已报名的老师都会知道。")


@command("报名", everyday=True, example="/报名 3", aliases=("我要报名", "我报名"))
async def sign_up(ctx: Context, item: ItemWords = "", who: MemberName | None = None, sure: Sure = False) -> Reply:
    """报名上公开课或去听课

    组长可以替人报：/报名 3 王老师
    """
    if not item:
        return await _which(ctx, "📝 报哪一节？", await open_lessons.upcoming(ctx.group))
    number = _number(item)
    if number is None:
        return await _which(ctx, "📝 是哪一节？发编号就行：", await open_lessons.match(ctx.group, item))
    name = who or ctx.member.name
    result = await open_lessons.sign_up(ctx.group, name, number, by=ctx.member, despite_clash=sure)
    if name != ctx.member.name:
        ctx.group.tell(
            name,
            f"📌 {ctx.member.name}替您报了名：{result.item.number} {result.item.label}，{result.item.when_dated}。",
            f"不去：/取消报名 {number}",
        )
        return say(f"✅ 已替{name}报名 {_done(result)}", undo=open_lessons.undo_for(result, name))
    return say(f"✅ 已报名 {_done(result)}", *_next_step(result), undo=result.undo)


@command("取消报名", example="/取消报名 3", aliases=("不报了", "退报", "不去了"))
async def withdraw(ctx: Context, item: ItemWords = "", who: MemberName | None = None) -> Reply:
    """不去了，把座位让出来"""
    mine = await open_lessons.seats_of(ctx.group, who or ctx.member.name)
    number = _number(item) if item else (mine[0][0].number if len(mine) == 1 else None)
    if number is None and not mine:
        return say("ℹ️ 您现在没有报名。", "看公开课：/公开课")
    if number is None:
        return await _which(ctx, "📝 取消哪一节？", [lesson for lesson, _ in mine], verb="取消报名")
    if who and who != ctx.member.name and ctx.role < Role.LEADER:
        raise NotAllowed("替别人取消由组长来做。", f"取消自己的：/取消报名 {number}")
    lesson, undo = await open_lessons.withdraw(ctx.group, who or ctx.member.name, number)
    return say(f"✅ 已取消 {lesson.number} {lesson.label}（{lesson.when_dated}）。", undo=undo)


@command("候补", example="/候补 3", aliases=("排队", "我要候补"))
async def wait(ctx: Context, item: ItemNumber | None = None) -> Reply:
    """座位满了先排队，有空位自动补上"""
    if item is None:
        full = [x for x in await open_lessons.upcoming(ctx.group) if await open_lessons.seats_left(ctx.group, x) == 0]
        return await _which(ctx, "📝 候补哪一节？", full, verb="候补")
    lesson, _, place, undo = await open_lessons.wait(ctx.group, ctx.member.name, item)
    return say(f"✅ 已排候补 {lesson.number} {lesson.label}，您是第 {place} 位；有空位会私下告诉您。", undo=undo)


async def _which(ctx: Context, question: str, items: list[OpenLesson], verb: str = "报名") -> Reply:
    if not items:
        return say("ℹ️ 没有找到对应的公开课。", "看公开课：/公开课")
    rows = [await open_lessons.line(ctx.group, item) for item in items[:MOST]]
    choices = tuple(Choice(key=str(item.number), send=f"/{verb} {item.number}") for item in items)
    return ask(question, *rows, f"回复例：/{verb} {items[0].number}", choices=choices)


def _number(words: str) -> int | None:
    found = re.fullmatch(r"(?:第|#)?\s*(\d{1,4})\s*(?:节|号|项)?", words)
    return int(found[1]) if found else None


def _done(result: SignUp) -> str:
    item = result.item
    if item.purpose is Purpose.TEACH:
        return f"{item.number} 开课机会，{item.when_dated}"
    left = "" if result.left is None else f"（还剩 {result.left} 座）"
    place = f" {item.place}" if item.place else ""
    return f"{item.number} {item.label}听课，{item.when_dated}{place}{left}"


def _next_step(result: SignUp) -> list[str]:
    if result.lesson is None:
        return []
    number = result.lesson.number
    return [f"大家听您的课报 {number}，课题定了告诉我：/公开课 课题 {number} 《荷塘月色》"]


def _when(ctx: Context, words: str) -> tuple[When, str]:
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or when.day is None:
        raise BadArgument("还少哪一天、第几节。", "例：/公开课 发布 9月24日第2节 赵老师《插秧歌》 4座")
    if not when.periods:
        raise BadArgument(f"{day_label(when.day)}第几节？", "例：/公开课 发布 9月24日第2节 赵老师《插秧歌》 4座")
    return when, rest


async def _teacher(ctx: Context, words: str) -> str | None:
    return next((name for name in await ctx.group.teachers() if name in words), None)


def _place(rest: str, teacher: str | None, purpose: Purpose) -> str:
    for known in (SEATS, TITLE, CLOSING):
        rest = known.sub(" ", rest)
    for word in (teacher or "", *OPENING, "听课", "公开课", "研讨课", "示范课"):
        rest = rest.replace(word, " ") if word else rest
    return " ".join(rest.split())[:20] if purpose else ""


def _closing(ctx: Context, words: str) -> datetime:
    when, _ = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or when.day is None:
        raise BadArgument(f"没看懂截止时间“{words}”。", "例：周三截止")
    return datetime.combine(when.day, when.time or time(23, 59), ctx.group.zone)
