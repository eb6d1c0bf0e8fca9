"""What happens when somebody asks about open lessons, signs up, waits, or publishes one."""

import re
from datetime import datetime, time

from bot.calendar.names import chinese_number, day_label
from bot.calendar.phrases import When, find_when
from bot.chat.arguments import ItemNumber, ItemWords, MemberName, Sure, Text
from bot.chat.commands import LEADER, VISITOR, command
from bot.chat.context import Context
from bot.chat.folding import fold
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import open_lesson_changes, open_lessons, seats
from bot.domain.open_lessons import EXAMPLE, OpenLesson, Purpose
from bot.domain.people import Role
from bot.domain.seats import SignUp
from bot.errors import BadArgument, Refused

SEATS = re.compile(r"(\d{1,3})\s*(?:座|个座位|人|席)")
TITLE = re.compile(r"《[^》]{1,40}》")
CLOSING = re.compile(r"(\S{1,12})(?:前?截止|前报名)")
OPENING = ("开课机会", "开课", "招募")
MOST = 8


@command("公开课", everyday=2, needs=VISITOR, example="/公开课", aliases=("研讨课", "示范课", "看公开课"), writes=False)
async def show(ctx: Context) -> Reply:
    """看有哪些开课机会、可听的课"""
    items = await open_lessons.upcoming(ctx.group)
    if not items:
        hint = f"发布一节：{EXAMPLE}" if ctx.role is Role.LEADER else "看日程：/日程"
        return say("📌 近期没有公开课。", hint)
    rows = [await open_lessons.line(ctx.group, item) for item in items[:MOST]]
    more = [f"……还有 {len(items) - MOST} 节"] if len(items) > MOST else []
    return say("📌 公开课和开课机会：", *rows, *more, await _way_in(ctx))


@command("公开课", action="发布", needs=LEADER, example=EXAMPLE)
async def publish(ctx: Context, details: Text) -> Reply:
    """发布一节可听的课，或一个开课机会（写“开课机会”）"""
    when, rest = _when(ctx, details)
    teacher, purpose = await _teacher(ctx, rest), Purpose.TEACH if any(x in rest for x in OPENING) else Purpose.ATTEND
    if purpose is Purpose.ATTEND and teacher is None:
        raise BadArgument("还少上课老师。", f"例：{EXAMPLE}")
    chairs, title, closing = SEATS.search(rest), TITLE.search(rest), CLOSING.search(rest)
    offer = open_lessons.Offer(
        purpose=purpose,
        day=when.day or ctx.today,
        periods=when.periods or (),
        title=title.group() if title else "",
        teacher=None if purpose is Purpose.TEACH else teacher,
        place=_place(rest, teacher),
        seats=int(chairs[1]) if chairs else None,
        closes=_closing(ctx, closing[1]) if closing else None,
    )
    item = await open_lessons.publish(ctx.group, ctx.member.name, offer)
    undo = open_lesson_changes.undo_publish(item)
    return say(f"✅ 已发布 {await open_lessons.line(ctx.group, item)}", f"报名：/报名 {item.number}", undo=undo)


@command("公开课", action="课题", example="/公开课 课题 3 《荷塘月色》")
async def entitle(ctx: Context, item: ItemNumber, title: Text) -> Reply:
    """给自己要上的课定课题"""
    lesson, undo = await open_lesson_changes.set_title(ctx.group, ctx.member, item, title)
    return say(f"✅ {lesson.number} 课题定为{lesson.title}（{lesson.when_dated}）。", undo=undo)


@command("公开课", action="取消", example="/公开课 取消 3")
async def call_off(ctx: Context, item: ItemNumber) -> Reply:
    """取消一节公开课，已报名的会收到通知"""
    lesson = await open_lesson_changes.cancel(ctx.group, ctx.member, item)
    told = f"，已私下告诉 {len(ctx.group.notices)} 位老师" if ctx.group.notices else ""
    return say(f"✅ {lesson.number} {lesson.label}取消了{told}。", undo=open_lesson_changes.undo_cancel(lesson))


@command("报名", everyday=3, example="/报名 3", aliases=("我要报名", "我报名"))
async def sign_up(ctx: Context, item: ItemWords = "", who: MemberName | None = None, sure: Sure = False) -> Reply:
    """报名上公开课或去听课

    组长可以替人报：/报名 3 王老师
    """
    if not item and not who:
        return _which("📝 报哪一节？", await _rows(ctx, await seats.joinable(ctx.group, ctx.member.name)))
    number = _number(item)
    if number is None:
        return await _meant(ctx, item, who)
    name = who or ctx.member.name
    result = await seats.sign_up(ctx.group, name, number, by=ctx.member, despite_clash=sure)
    if name != ctx.member.name:
        return say(f"✅ 已替{name}报名 {_done(result)}", undo=result.undo)
    return say(f"✅ 已报名 {_done(result)}", *_next_step(result), undo=result.undo)


@command("取消报名", example="/取消报名 3", aliases=("不报了", "退报", "不去了"))
async def withdraw(ctx: Context, item: ItemWords = "", who: MemberName | None = None) -> Reply:
    """不去了，把座位让出来"""
    mine = [lesson for lesson, _ in await open_lessons.seats_of(ctx.group, ctx.member.name)]
    number = mine[0].number if len(mine) == 1 and not item and not who else _number(item)
    if number is None:
        return await _leave_which(ctx, mine, item, who)
    lesson, undo = await seats.withdraw(ctx.group, who or ctx.member.name, number, by=ctx.member)
    whose = f"{who}的 " if who and who != ctx.member.name else " "
    return say(f"✅ 已取消{whose}{lesson.number} {lesson.label}（{lesson.when_dated}）。", undo=undo)


@command("候补", example="/候补 3", aliases=("排队", "我要候补"))
async def wait(ctx: Context, item: ItemNumber | None = None) -> Reply:
    """座位满了先排队，有空位自动补上"""
    if item is None:
        joinable = await seats.joinable(ctx.group, ctx.member.name)
        full = [lesson for lesson in joinable if await open_lessons.seats_left(ctx.group, lesson) == 0]
        if not full:
            return say("ℹ️ 现在没有满座的课，不用候补。", "看公开课：/公开课")
        return _which("📝 候补哪一节？", await _rows(ctx, full), verb="候补")
    lesson, place, undo = await seats.wait(ctx.group, ctx.member.name, item)
    return say(f"✅ 已排候补 {lesson.number} {lesson.label}，您是第 {place} 位；有空位会私下告诉您。", undo=undo)


async def _meant(ctx: Context, words: str, who: str | None) -> Reply:
    """Words instead of a number are never signed up for at once: the bot asks which lesson is meant."""
    found = await open_lessons.match(ctx.group, f"{words}{who or ''}")
    if found:
        question = "📝 是这一节吗？" if len(found) == 1 else "📝 是哪一节？发编号就行："
        return _which(question, await _rows(ctx, found))
    if who and not words:
        name = f" {who}" if ctx.role is Role.LEADER else ""
        return _which("📝 报哪一节？", await _rows(ctx, await seats.joinable(ctx.group, who)), ending=name)
    if len(re.findall(r"\d+", words)) > 1:
        raise BadArgument("一次报一节。", "例：/报名 3")
    raise BadArgument(f"没有找到“{words[:20]}”这节课。", "报名写编号，例：/报名 3", "看可以报哪些：/公开课")


async def _leave_which(ctx: Context, mine: list[OpenLesson], words: str, who: str | None) -> Reply:
    """Which seat is to be given back: one's own that the words mean, or that of ``who`` if the leader asks."""
    meant = await open_lessons.match(ctx.group, f"{words}{who or ''}")
    fitting = [lesson for lesson in mine if lesson in meant]
    if who and not fitting and ctx.role is Role.LEADER:
        theirs = [lesson for lesson, _ in await open_lessons.seats_of(ctx.group, who)]
        if theirs:
            question = f"📝 取消{who}的哪一节？"
            return _which(question, await _rows(ctx, theirs), verb="取消报名", ending=f" {who}")
    if not mine:
        return say("ℹ️ 现在没有报名可以取消。", "看公开课：/公开课")
    return _which("📝 取消哪一节？", await _rows(ctx, fitting or mine), verb="取消报名")


async def _rows(ctx: Context, items: list[OpenLesson]) -> dict[int, str]:
    return {item.number: await open_lessons.line(ctx.group, item) for item in items[:MOST]}


def _which(question: str, rows: dict[int, str], *, verb: str = "报名", ending: str = "") -> Reply:
    """A question with one row for each item, answered by its number."""
    if not rows:
        raise Refused("现在没有可报的课，或者您都报过了。", "看公开课：/公开课", symbol="ℹ️")
    choices = tuple(Choice(key=str(number), send=f"/{verb} {number}{ending}") for number in rows)
    return ask(question, *rows.values(), f"回复例：{choices[0].send}", choices=choices)


async def _way_in(ctx: Context) -> str:
    """The next step for this speaker."""
    if ctx.role is Role.VISITOR:
        return "要报名先告诉我您是谁：/我是 姓名"
    mine = await seats.joinable(ctx.group, ctx.member.name)
    return f"报名：/报名 {mine[0].number}" if mine else "看我报了哪些：/我的"


def _number(words: str) -> int | None:
    """The item meant by "3", "第3节", "三号", "\u2462"; None for anything else."""
    found = re.fullmatch(
        r"(?:第|#|编号)?\s*([\d一二三四五六七八九十]{1,4})\s*(?:节|号|项|个)?", fold(words).strip(" .,!。")
    )
    if found is None:
        return None
    return int(found[1]) if found[1].isdecimal() else chinese_number(found[1])


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
        raise BadArgument("还少哪一天、第几节。", f"例：{EXAMPLE}")
    if not when.periods:
        raise BadArgument(f"{day_label(when.day)}第几节？", f"例：{EXAMPLE}")
    return when, rest


async def _teacher(ctx: Context, words: str) -> str | None:
    return next((name for name in await ctx.group.teachers() if name in words), None)


def _place(rest: str, teacher: str | None) -> str:
    for known in (SEATS, TITLE, CLOSING):
        rest = known.sub(" ", rest)
    for word in (teacher or "", *OPENING, "听课", "公开课", "研讨课", "示范课"):
        rest = rest.replace(word, " ") if word else rest
    return " ".join(rest.split())[:20]


def _closing(ctx: Context, words: str) -> datetime:
    when, _ = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or when.day is None:
        raise BadArgument(f"没看懂截止时间“{words}”。", "例：周三截止")
    return datetime.combine(when.day, when.time or time(23, 59), ctx.group.zone)
