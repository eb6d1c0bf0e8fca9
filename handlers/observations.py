"""What happens when somebody notes a lesson heard."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.calendar.names import chinese_number, day_label, period_label
from bot.calendar.phrases import find_when
from bot.chat.arguments import ItemNumber, Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, message, say
from bot.domain import observation_changes, observation_quota, observations, open_lessons
from bot.domain.guard import PupilNamed
from bot.domain.open_lessons import OpenLesson
from bot.domain.subjects import Period
from bot.errors import BadArgument

EXAMPLE = "/听课 张老师 今天第1节 高一3班 导入好，提问偏快"
_TEXT = re.compile("(?:^|(?<=\\s))感受[:\uff1a]\\s*")
MOST = 8
RECENT = timedelta(days=7)
_NONE = ("取消", "没有", "无", "停", "0")
_EACH = re.compile(
    "(?:每人)?(?:每个?月|(?P<term>[每一]个?学期))?\\s*(?:不少于|至少)?\\s*"
    "(?P<each>[\\d一二三四五六七八九十两]{1,3})\\s*节?"
)


@dataclass(frozen=True)
class Details:
    """What was said of a lesson; None or empty where nothing was. ``apart``: the text was marked as such."""

    teacher: str | None
    day: date | None
    periods: tuple[int, ...]
    classroom: str
    text: str
    apart: bool = False

    def line(
        self,
        teacher: str | None = None,
        day: date | None = None,
        periods: tuple[int, ...] = (),
        command: str = "/听课",
    ) -> str:
        """The command with what was missing filled in."""
        on = day or self.day
        when = f"{day_label(on) if on else ''}{period_label(periods or self.periods)}"
        text = f"{observations.TEXT}{self.text}" if self.apart and self.text else self.text
        return " ".join(x for x in (command, teacher or self.teacher, when, self.classroom, text) if x)


@command("听课", everyday=5, example=EXAMPLE, aliases=("听课记录", "记听课"))
async def record(ctx: Context, details: Text = "") -> Reply:
    """记一次听课：听谁、何时、哪个班、感受

    先后顺序随意，感受可以不写；少了什么会问一次。写在“感受：”后面的原样保存。
    """
    if not details:
        return await _state(ctx)
    said = await _read(ctx, details, await observations.teacher_in(ctx.group, _TEXT.split(details, 1)[0]))
    try:
        await observations.check_text(ctx.group, said.text)
        if said.teacher is None:
            return await _whose(ctx, said)
        if said.day is None:
            return await _which_day(ctx, said)
        stored, undo = await observations.record(
            ctx.group,
            ctx.member.name,
            teacher=said.teacher,
            day=said.day,
            periods=said.periods,
            classroom=said.classroom,
            text=said.text,
        )
    except PupilNamed as error:
        return guarded(error.lines, replace(said, text=error.replaced).line())
    return say(f"✅ 已记听课 {stored.number}：{stored.label}", f"交流过了：/听课 交流 {stored.number}", undo=undo)


@command("听课", action="改", example="/听课 改 5 第3节 高一4班")
async def change(ctx: Context, item: ItemNumber, details: Text) -> Reply:
    """改自己记的一次听课，只写要改的"""
    old = await observations.own(ctx.group, ctx.member.name, item)
    said = await _read(ctx, details, await _teacher_alone(ctx, _TEXT.split(details, 1)[0]))
    try:
        stored, undo = await observation_changes.change(
            ctx.group,
            ctx.member.name,
            item,
            lesson=(said.teacher or old.teacher, said.day or old.day, said.periods or old.periods),
            classroom=said.classroom or old.classroom,
            text=said.text or old.text,
        )
    except PupilNamed as error:
        return guarded(error.lines, replace(said, text=error.replaced).line(command=f"/听课 改 {item}"))
    return say(f"✅ 听课 {item} 已改：{stored.label}", undo=undo)


@command("听课", action="删", example="/听课 删 5")
async def delete(ctx: Context, item: ItemNumber) -> Reply:
    """删掉自己记错的一次听课，评课一起删"""
    old, undo = await observation_changes.delete(ctx.group, ctx.member.name, item)
    return say(f"✅ 听课 {item} 已删：{old.label}", undo=undo)


@command("听课", action="交流", example="/听课 交流 5 导入抓人，提问后多等三秒")
async def talk(ctx: Context, item: ItemNumber, text: Text = "") -> Reply:
    """课后和上课老师交流：写的话私下转给老师，不写就只记一笔"""
    try:
        stored, told, undo = await observation_changes.talk(ctx.group, ctx.member.name, item, text)
    except PupilNamed as error:
        return guarded(error.lines, f"/听课 交流 {item} {error.replaced}")
    how = f"，已私下转给{stored.teacher}" if told else ""
    aside = f"{stored.teacher}不在组里，请当面说。" if text and not told else ""
    return say(f"✅ 听课 {item} 的课后交流记下了{how}。", *([aside] if aside else []), undo=undo)


@command("听课", action="配额", needs=LEADER, example="/听课 配额 2")
async def quota(ctx: Context, words: Words = "") -> Reply:
    """每人每月（或每学期）听几节课；没设就没有，/听课 配额 取消

    例：/听课 配额 2  /听课 配额 每学期 15 节
    """
    if not words:
        now = await observation_quota.current(ctx.group)
        state = f"📌 听课配额：每人{now.label}。" if now and now.each else "📌 没有听课配额。"
        return say(state, "例：/听课 配额 2")
    typed = _EACH.fullmatch(words.strip())
    per: observation_quota.Per = "term" if typed and typed["term"] else "month"
    each = 0 if words.strip() in _NONE else chinese_number(typed["each"]) if typed else None
    if each is None:
        raise BadArgument(f"没看懂“{words[:20]}”，每月几节？", "例：/听课 配额 2", "不要配额：/听课 配额 取消")
    stored, undo = await observation_quota.put(ctx.group, ctx.member.name, each, per)
    if not each:
        return say("✅ 听课配额取消了。", undo=undo)
    end = "期末前" if per == "term" else "月底"
    return say(f"✅ 听课配额：每人{stored.label}。{end}只私下提醒还差的人一次。", undo=undo)


async def _state(ctx: Context) -> Reply:
    heard = await observations.of_member(ctx.group, ctx.member.name)
    month = observations.month_of(ctx.now)
    now = sum(month.holds(x.day) for x in heard)
    rows = [f"{x.number} {x.label}" for x in heard[-3:]]
    head = f"📝 您这学期听课 {len(heard)} 节，本月 {now} 节。"
    gap = [await _left(ctx, month, "本月"), await _left(ctx, observation_quota.whole_term(ctx.group), "本学期")]
    return Reply(message(head, *filter(None, gap), *rows, f"记一次：{EXAMPLE}"), status="question")


async def _left(ctx: Context, period: Period, name: str) -> str:
    """What somebody still owes of a quota, to themselves alone."""
    left = (await observations.short_of(ctx.group, period)).get(ctx.member.name, 0) if ctx.private else 0
    return f"离{name}配额还差 {left} 节。" if left else ""


async def _read(ctx: Context, words: str, teacher: str | None) -> Details:
    head, *tail = _TEXT.split(words, 1)
    rest = head.replace(teacher, " ", 1) if teacher else head
    when, rest = find_when(rest, ctx.today, ctx.group.calendar, ctx.now, past=True)
    found = observations.CLASS.search(rest)
    beside = (rest[: found.start()] + rest[found.end() :] if found else rest).strip(" ，,\n")
    text = "\n".join(part for part in (beside, *tail) if part)
    periods = (when.periods or ()) if when else ()
    return Details(teacher, when.day if when else None, periods, found.group() if found else "", text, bool(tail))


async def _teacher_alone(ctx: Context, words: str) -> str | None:
    """A teacher named by a word of its own; one within a remark is only spoken of."""
    names = await ctx.group.teachers()
    return next((word for word in words.split() if word in names or observations.TEACHER.fullmatch(word)), None)


async def _whose(ctx: Context, said: Details) -> Reply:
    """Lessons given in the group these days, then colleagues."""
    given = [x for x in await _given(ctx) if said.day in (None, x.day)]
    rows = [(f"{x.label} {x.when_dated}", said.line(x.teacher, x.day, x.periods)) for x in given]
    theirs = {x.teacher for x in given}
    others = [name for name in await ctx.group.teachers() if name not in theirs | {ctx.member.name}]
    rows += [(name, said.line(name)) for name in others]
    names = tuple(Choice(key=name, send=said.line(name)) for name in others)
    return _question("👂 听了谁的课？回复前面的数字或姓名：", rows, names)


async def _which_day(ctx: Context, said: Details) -> Reply:
    """Lessons the teacher gave these days, then the last three school days."""
    given = [
        x for x in await _given(ctx) if x.teacher == said.teacher and (not said.periods or x.periods == said.periods)
    ]
    rows = [(f"{x.label} {x.when_dated}", said.line(day=x.day, periods=x.periods)) for x in given]
    past = (ctx.today - timedelta(days=back) for back in range(15))
    days = [day for day in past if day == ctx.today or ctx.group.calendar.is_school_day(day)][:3]
    rows += [(f"{_named(ctx, day)}{period_label(said.periods)}", said.line(day=day)) for day in days]
    words = tuple(Choice(key=_named(ctx, day), send=said.line(day=day)) for day in days)
    return _question(f"👂 {said.teacher}哪一天的课？回复前面的数字：", rows, words)


async def _given(ctx: Context) -> list[OpenLesson]:
    """Lessons of the last seven days that colleagues gave for all to hear, the latest first."""
    items = await ctx.group.records.find(OpenLesson, term=ctx.group.term.name)
    return sorted(
        (
            x
            for x in items
            if x.purpose is open_lessons.Purpose.ATTEND
            and x.teacher not in (None, ctx.member.name)
            and not x.cancelled
            and ctx.today - RECENT <= x.day
            and open_lessons.starts(ctx.group, x) <= ctx.now
        ),
        key=lambda x: (x.day, x.periods),
        reverse=True,
    )


def _named(ctx: Context, day: date) -> str:
    return {0: "今天", 1: "昨天", 2: "前天"}.get((ctx.today - day).days, day_label(day))


def _question(head: str, rows: list[tuple[str, str]], words: tuple[Choice, ...]) -> Reply:
    numbered = tuple(Choice(key=str(n), send=send) for n, (_, send) in enumerate(rows[:MOST], start=1))
    lines = [f"{n}. {label}" for n, (label, _) in enumerate(rows[:MOST], start=1)]
    return ask(head, *lines, f"也可以重写，例：{EXAMPLE}", choices=(*numbered, *words))
