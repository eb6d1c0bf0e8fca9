"""What happens when somebody looks at the group's goals, and when the leader sets them or says how far they are."""

from bot.calendar.names import day_label
from bot.chat.arguments import ItemNumber, Text, item_number
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import goal_changes, goals
from bot.domain.goal_words import EXAMPLE, GoalWords, read_goal, read_value
from bot.domain.goals import Goal
from bot.domain.guard import PupilNamed
from bot.domain.people import Role
from bot.errors import BadArgument, NotAllowed

MOST, MOST_READINGS = 8, 5


@command("目标", example="/目标", aliases=("本组目标", "小组目标", "备课组目标"))
async def overview(ctx: Context, words: Text = "") -> Reply:
    """看本组的目标走到哪了；组长定，例：/目标 人均听课 从 6 到 10 节 期末"""
    first, _, rest = words.strip().partition(" ")
    number = item_number(first)
    if number is not None and not rest.strip():
        return await _one(ctx, await goals.numbered(ctx.group, number))
    if not words.strip():
        return await _state(ctx)
    if ctx.role < Role.LEADER:
        raise NotAllowed("目标由组长定。", goals.SEE)
    if number is not None and (value := read_value(rest)) is not None:
        return await _note(ctx, number, value)
    return await _add(ctx, words)


@command("目标", action="加", needs=LEADER, example=EXAMPLE, also=("新增", "添加", "定"))
async def add(ctx: Context, words: Text) -> Reply:
    """定一个目标：量什么，从多少到多少，到什么时候（不写就是期末）

    只有一头也行，例：/目标 加 微课 不少于 20 节 期中
    """
    return await _add(ctx, words)


@command("目标", action="改", needs=LEADER, example="/目标 改 3 从 6 到 12 节")
async def change(ctx: Context, item: ItemNumber, words: Text) -> Reply:
    """改一个目标的数、单位、期限；没写的照旧，例：/目标 改 3 期中前"""
    old = await goals.numbered(ctx.group, item)
    meant = _meant(ctx, words, old.words)
    try:
        stored, undo = await goal_changes.change(ctx.group, item, meant)
    except PupilNamed as error:
        return guarded(error.lines, f"/目标 改 {item} {error.replaced}")
    return say(f"✅ 目标 {stored.number} 改成：{stored.label}（{day_label(stored.due)}前）。", undo=undo)


@command("目标", action="记", needs=LEADER, example="/目标 记 3 7.5", also=("现在", "进展"))
async def note(ctx: Context, item: ItemNumber, words: Text) -> Reply:
    """记下现在量到多少；几月几日谁记的都留着"""
    value = read_value(words)
    if value is None:
        raise BadArgument(f"没看懂“{words[:20]}”，现在是多少？", f"例：/目标 记 {item} 7.5")
    return await _note(ctx, item, value)


@command("目标", action="自动", needs=LEADER, example="/目标 自动 3")
async def count(ctx: Context, item: ItemNumber) -> Reply:
    """组里有记录的（听课、反思、初案……）由我来数，不用记"""
    stored, undo = await goal_changes.count(ctx.group, item)
    return say(f"✅ 目标 {item} 以后由我数：{await _words(ctx, stored)}。", undo=undo)


@command("目标", action="删", needs=LEADER, example="/目标 删 3", also=("去掉",))
async def drop(ctx: Context, item: ItemNumber) -> Reply:
    """不要一个目标了"""
    stored, undo = await goal_changes.drop(ctx.group, item)
    return say(f"✅ 目标 {item} {stored.label} 去掉了。", undo=undo)


async def _add(ctx: Context, words: str) -> Reply:
    try:
        stored, undo = await goal_changes.add(ctx.group, ctx.member.name, _meant(ctx, words))
    except PupilNamed as error:
        return guarded(error.lines, f"/目标 加 {error.replaced}")
    head = f"✅ 目标 {stored.number} {stored.label}（{day_label(stored.due)}前）。"
    if stored.counter:
        return say(head, f"我从“{stored.counter}”的记录里数：{await _words(ctx, stored)}。", undo=undo)
    return say(head, f"量到了就记，例：/目标 记 {stored.number} {stored.start or 0:g}", undo=undo)


async def _note(ctx: Context, number: int, value: float) -> Reply:
    was_counted = bool((await goals.numbered(ctx.group, number)).counter)
    stored, undo = await goal_changes.note(ctx.group, ctx.member.name, number, value)
    more = [f"以后按您记的；还由我数：/目标 自动 {number}"] if was_counted else []
    return say(f"✅ 目标 {number} {stored.measure}：{await _words(ctx, stored)}。", *more, undo=undo)


def _meant(ctx: Context, words: str, old: GoalWords | None = None) -> GoalWords:
    return read_goal(words, ctx.today, ctx.group.term, ctx.group.calendar, old)


async def _words(ctx: Context, goal: Goal) -> str:
    return (await goals.standing(ctx.group, goal, ctx.today)).words


async def _state(ctx: Context) -> Reply:
    found = await goals.standings(ctx.group, ctx.today)
    leads = ctx.role >= Role.LEADER
    offers = (
        [f"计划里写了，定成目标：/目标 加 {words}" for words in (await goals.suggested(ctx.group))[:2]] if leads else []
    )
    if not found:
        return say(
            "🎯 本组这学期还没有定目标。", *([f"定一个，例：{EXAMPLE}", *offers] if leads else ["目标由组长定。"])
        )
    rows = [f"{each.goal.number} {each.line}{'（自动）' if each.goal.counter else ''}" for each in found[:MOST]]
    more = [f"……还有 {len(found) - MOST} 个，例：/目标 {found[MOST].goal.number}"] if len(found) > MOST else []
    typed = next((each.goal for each in found if not each.goal.counter), None)
    steps = [f"记一个，例：/目标 记 {typed.number} {typed.target:g}"] if typed and leads else []
    return say(f"🎯 目标 {goals.summary(found)}", *rows, *more, *steps, *offers[:1])


async def _one(ctx: Context, goal: Goal) -> Reply:
    found = await goals.standing(ctx.group, goal, ctx.today)
    history = [
        f"{day_label(reading.at.date())} {goal.amount(reading.value)}（{reading.by}）"
        for reading in goal.readings[-MOST_READINGS:]
    ]
    how = f"从“{goal.counter}”的记录里数" if goal.counter else "由组长记"
    return say(
        f"🎯 {goal.number} {goal.label}（{day_label(goal.due)}前）",
        f"{found.words}。{how}。",
        *([f"记过：{'；'.join(history)}"] if history else []),
    )
