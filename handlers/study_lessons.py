"""What happens around the rotation of study lessons: who gives the next two, setting it up, changing a turn."""

import re

from bot.calendar.names import chinese_number
from bot.calendar.phrases import When, find_when
from bot.calendar.week_words import leading_week
from bot.chat.arguments import ItemNumber, Name, Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, message, say
from bot.domain import open_lessons, study_changes, study_lessons, study_rotation
from bot.domain.groups import Notice
from bot.domain.guard import PupilNamed
from bot.domain.people import Role
from bot.domain.study_lessons import EXAMPLE, StudyLesson
from bot.domain.study_rotation import Wish
from bot.errors import BadArgument

NEXT, MOST = 2, 6
_RHYTHM = re.compile("(?:每隔?([一两二三四1-4])周|隔周)(?:一次)?(?![一二三四五六日天])")
_PLACE = re.compile("^(?:地点|在)[:\uff1a\\s]*")


@command("轮值", action="研讨课", example="/轮值 研讨课", writes=False)
async def state(ctx: Context) -> Reply:
    """看研讨课轮到谁：接下来两节，已经上了几节"""
    rota, every = await study_lessons.rota_of(ctx.group), await study_lessons.of_term(ctx.group)
    leads = ctx.role is Role.LEADER
    if rota is None:
        return say("👂 研讨课还没有排轮值。", f"排，例：{EXAMPLE}" if leads else "看公开课：/公开课")
    coming = await study_lessons.coming(ctx.group)
    rows = [await _line(ctx, one) for one in coming[:NEXT]] or ["本学期后面没有了。"]
    past = [one for one in every if one.has_begun(ctx.group) or one.lesson.cancelled]
    past = await study_lessons.there(ctx.group, past)
    given = sum(one.was_given(ctx.group) for one in past)
    counted = [f"本学期已上 {given}/{len(past)} 节"] if past else []
    counted += [f"后面还有 {len(coming) - NEXT} 节"] if len(coming) > NEXT else []
    state = ["，".join(counted)] if counted else []
    answer = say(f"👂 研讨课轮值：{rota.rule}", *rows, *state, *_ways(coming, leads=leads))
    return await _with_counts(ctx, answer) if leads else answer


@command("轮值", action="研讨课 排", needs=LEADER, example=EXAMPLE)
async def arrange(ctx: Context, words: Text = "") -> Reply:
    """排研讨课：从哪周起、每几周、星期几第几节、地点、按什么顺序；不写老师就按名单，假日和考试周跳过，请假的顺延

    例：/轮值 研讨课 排 第5周起 每两周 周四第2节 录播室 王老师 张老师
    """
    wish = await _wish(ctx, words)
    try:
        made, filled, undo = await study_rotation.arrange(ctx.group, ctx.member.name, wish)
    except PupilNamed as error:
        return guarded(error.lines, EXAMPLE)
    rows = [f"{one.lesson.number} {one.lesson.when_dated} {one.teacher}" for one in made[:MOST]]
    more = [f"……一共 {len(made)} 节"] if len(made) > MOST else []
    nobody = [f"{'、'.join(f'第{week}周' for week in filled.nobody[:MOST])}没有人能上。"] if filled.nobody else []
    same_time = await _same_time(ctx, made)
    head = "✅ 研讨课排好了，已私下告诉各位："
    return say(head, *rows, *more, *nobody, *same_time, "看轮到谁：/轮值 研讨课", undo=undo)


@command("轮值", action="研讨课 改", example="/轮值 研讨课 改 12 周五第3节 录播室")
async def move(ctx: Context, item: ItemNumber, words: Text) -> Reply:
    """改自己那一节的时间地点；取消了的、没上的可以改到别的时间补上"""
    one = await study_lessons.numbered(ctx.group, item)
    when, place = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or (when.day is None and not when.periods) or when.every:
        raise BadArgument(f"没看懂时间“{words[:20]}”。", f"例：/轮值 研讨课 改 {item} 周五第3节")
    place, day = _PLACE.sub("", place).strip(), when.day or one.lesson.day
    try:
        stored, undo = await study_changes.move(ctx.group, ctx.member, item, day, when.periods or (), place)
    except PupilNamed as error:
        return guarded(error.lines, f"/轮值 研讨课 改 {item} {when.text}")
    return say(f"✅ {item} {stored.lesson.label}改到{_where(stored)}。", undo=undo)


@command("轮值", action="研讨课 交给", needs=LEADER, example="/轮值 研讨课 交给 12 张老师")
async def assign(ctx: Context, item: ItemNumber, name: Name) -> Reply:
    """请另一位老师上这一节，两位都会收到通知"""
    stored, undo = await study_changes.assign(ctx.group, ctx.member.name, item, name)
    return say(f"✅ {item} {stored.lesson.when_dated}的研讨课由{stored.teacher}来上。", undo=undo)


@command("轮值", action="研讨课 没上", example="/轮值 研讨课 没上 12 停电")
async def missed(ctx: Context, item: ItemNumber, reason: Text = "") -> Reply:
    """时间过了但没有上成，可以写原因；以后再补"""
    try:
        stored, undo = await study_changes.missed(ctx.group, ctx.member, item, reason)
    except PupilNamed as error:
        return guarded(error.lines, f"/轮值 研讨课 没上 {item} {error.replaced}")
    again = f"补上，例：/轮值 研讨课 改 {item} 周四第3节"
    return say(f"✅ 记下了，{item} {stored.lesson.label}没上。", again, undo=undo)


async def _wish(ctx: Context, words: str) -> Wish:
    week, rest = leading_week(words.strip(), ctx.group.term, ctx.group.week)
    rest = rest.removeprefix("起").strip() if week else rest
    rhythm = _RHYTHM.search(rest)
    every = (chinese_number(rhythm[1]) if rhythm[1] else 2) if rhythm else None
    rest = f"{rest[: rhythm.start()]} {rest[rhythm.end() :]}" if rhythm else rest
    names, rest = await _names(ctx, rest)
    when, place = find_when(rest, ctx.today, ctx.group.calendar, ctx.now)
    if rest.strip() and (when is None or not when.weekday or not when.periods):
        raise BadArgument(f"没看懂“{rest.strip()[:20]}”：要写星期几第几节。", f"例：{EXAMPLE}")
    if when is None:
        return Wish(names, week, every)
    every = every or _every(when)
    since = _with_parity(ctx, week, when)
    return Wish(names, since, every, when.weekday, when.periods or (), _PLACE.sub("", place).strip())


def _every(when: When) -> int | None:
    """单周 and 双周 are every two weeks, 每周四 is every week."""
    return (2 if when.parity else 1) if when.every else None


def _with_parity(ctx: Context, week: int | None, when: When) -> int | None:
    """The first week, of the parity that was named."""
    if not when.parity:
        return week
    first = week or max(ctx.group.week + 1, 1)
    return first if ctx.group.term.parity(first) == when.parity else first + 1


async def _same_time(ctx: Context, made: list[StudyLesson]) -> list[str]:
    """The first turn that people cannot come to because another open lesson is then."""
    others = [item for item in await open_lessons.upcoming(ctx.group) if not item.by_turn]
    for lesson in [one.lesson for one in made]:
        for other in others:
            if other.day == lesson.day and set(other.periods) & set(lesson.periods):
                return [f"⚠️ {lesson.number} 和 {other.number} {other.label}同时，有人想都听，可以错开。"]
    return []


async def _names(ctx: Context, words: str) -> tuple[list[str], str]:
    """The teachers named, in their order, and the words without them."""
    known = sorted(await ctx.group.teachers(), key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)))
    found = pattern.findall(words)
    return found, re.sub("[、\uff0c,]+", " ", pattern.sub(" ", words)) if found else words


async def _line(ctx: Context, one: StudyLesson) -> str:
    lesson, count = one.lesson, len(await open_lessons.taken(ctx.group, one.lesson))
    heard = f"，报名 {count} 人" if count else ""
    return f"{lesson.number} {_where(one)} {one.teacher}{lesson.title or '（课题待定）'}{heard}"


def _where(one: StudyLesson) -> str:
    place = f" {one.lesson.place}" if one.lesson.place else ""
    return f"{one.lesson.when_dated}{place}"


def _ways(coming: list[StudyLesson], *, leads: bool) -> list[str]:
    if not coming:
        return ["看公开课：/公开课"]
    again = [f"重排，例：{EXAMPLE}"] if leads else []
    return ["换一次，例：/轮值 研讨课 换 张老师", *again]


async def _with_counts(ctx: Context, answer: Reply) -> Reply:
    """How often whose turn it is, for the leader alone."""
    counts = [f"{name} {count}" for name, count in (await study_lessons.turns_of(ctx.group)).items()]
    full = message(f"👥 本学期研讨课：{'、'.join(counts)}")
    return Reply(answer.answer, notes=(Notice(ctx.member.name, full),))
