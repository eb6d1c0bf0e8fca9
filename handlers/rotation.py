"""What happens around the rotation of leads: who leads next, the order, two of them swapping their turns."""

from datetime import datetime, time

from bot.calendar.week_words import leading_week
from bot.chat import dialogs
from bot.chat.arguments import Name, Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, message, say
from bot.content import Action, Content
from bot.domain import people, rotation, study_lessons, tasks, turn_swaps
from bot.domain.groups import Notice
from bot.domain.people import Role
from bot.domain.prep import Session
from bot.domain.rotation import EXAMPLE
from bot.domain.turns import Rota, TurnSwap, open_swaps
from bot.errors import BadArgument

MOST = 6
_ANSWERS = (("1", "同意", "/轮值 同意"), ("2", "不同意", "/轮值 不同意"))


@command("轮值", example="/轮值", aliases=("主备轮值", "轮流主备", "主备安排"), writes=False)
async def state(ctx: Context, words: Words = "") -> Reply:
    """看接下来几周谁主备；研讨课轮到谁：/轮值 研讨课"""
    if words:
        raise BadArgument(f"没看懂“{words[:20]}”。", "研讨课的轮值，例：/轮值 研讨课", "看怎么用：/帮助 轮值")
    coming = (await rotation.sessions(ctx.group, max(ctx.group.week, 1)))[:MOST]
    if not coming:
        return say("🔄 这学期后面没有集体备课了。", "看日程：/日程")
    rows = [_line(session) for session in coming]
    hints = ["换一次，例：/轮值 换 张老师", *([f"排没有主备的周，例：{EXAMPLE}"] if ctx.role is Role.LEADER else [])]
    waiting = await _waiting(ctx) if ctx.private else []
    if ctx.role is not Role.LEADER:
        return say("🔄 主备轮值", *rows, *waiting, *hints)
    counts = [f"{name} {count}" for name, count in (await rotation.turns(ctx.group)).items()]
    full = f"👥 本学期主备次数：{'、'.join(counts)}"
    if ctx.private:
        return say("🔄 主备轮值", *rows, *waiting, full, *hints)
    return say("🔄 主备轮值", *rows, *hints, notes=(Notice(ctx.member.name, message(full)),))


@command("轮值", action="排", needs=LEADER, example=EXAMPLE)
async def arrange(ctx: Context, words: Text = "") -> Reply:
    """按顺序排没有主备的周，跳过请假和没有集体备课的周；写“第12周起”从那周重排"""
    week, rest = leading_week(words.strip(), ctx.group.term, ctx.group.week)
    rest = rest.removeprefix("起").strip() if week else rest
    names: list[str] = []
    if rest:
        names, left = await tasks.owners_in(ctx.group, rest, but="", example=EXAMPLE)
        if left:
            raise BadArgument(f"组里没有“{left[:20]}”。", f"例：{EXAMPLE}")
    filled, undo = await rotation.arrange(ctx.group, ctx.member.name, names, week)
    rows = [f"第{week}周 {name}" for week, name in filled.names.items()]
    more = [f"……一共 {len(rows)} 周"] if len(rows) > MOST else []
    nobody = [f"{'、'.join(f'第{week}周' for week in filled.nobody[:MOST])}没有人能排。"] if filled.nobody else []
    return say("✅ 主备排好了：", *rows[:MOST], *more, *nobody, "看轮值：/轮值", undo=undo)


@command("轮值", action="换", example="/轮值 换 张老师")
async def swap(ctx: Context, name: Name) -> Reply:
    """用自己下一次主备换别人下一次，私下问对方，同意了才换"""
    return await _propose(ctx, name, rotation.LEADS)


@command("轮值", action="研讨课 换", example="/轮值 研讨课 换 张老师")
async def swap_lessons(ctx: Context, name: Name) -> Reply:
    """用自己下一节研讨课换别人下一节，私下问对方，同意了才换"""
    return await _propose(ctx, name, study_lessons.LESSONS)


@command("轮值", action="同意", example="/轮值 同意")
async def agree(ctx: Context) -> Reply:
    """同意别人和您换主备、换研讨课"""
    found, undo = await turn_swaps.agree(ctx.group, ctx.member.name)
    doing = turn_swaps.ROTAS[found.rota].doing
    return say(f"✅ 换好了：您{doing(found.own_week)}，{found.asker}{doing(found.their_week)}。", undo=undo)


@command("轮值", action="不同意", example="/轮值 不同意")
async def decline(ctx: Context) -> Reply:
    """不和别人换，只告诉问您的人"""
    found, undo = await turn_swaps.decline(ctx.group, ctx.member.name)
    still = f"第{found.their_week}周还是您{turn_swaps.ROTAS[found.rota].act}"
    answer = say(f"✅ 已回{found.asker}：这次不换，{still}。", undo=undo)
    return Reply(answer.answer, undo=undo, private=True, answer_in_group=message("✅ 已经回话了。"))


@command("轮值", action="撤回", example="/轮值 撤回")
async def withdraw(ctx: Context) -> Reply:
    """不想换了，对方也不用再回话"""
    found, undo = await turn_swaps.withdraw(ctx.group, ctx.member.name)
    return say(f"✅ 已告诉{found.other}，不换了。", "看轮值：/轮值", undo=undo)


async def _propose(ctx: Context, name: str, rota: Rota) -> Reply:
    found, undo = await turn_swaps.propose(ctx.group, ctx.member.name, name, rota)
    await _put(ctx, found)
    terms = f"您的第{found.own_week}周换{found.other}的第{found.their_week}周"
    return say(f"✅ 已私下问{found.other}：{terms}。", "同意了才换，会在群里说。", undo=undo)


async def _put(ctx: Context, found: TurnSwap) -> None:
    """Ask privately; the numbers are good for the next message, the commands as long as the question is open."""
    group, member = ctx.group, await ctx.group.member(found.other)
    rows = [f"{key}. {label}" for key, label, _ in _ANSWERS]
    lines = (f"🔄 {found.label}，行吗？", *rows, f"第{found.first_week}周开始前回复数字就行。")
    actions = tuple(Action(label=label, send=send) for _, label, send in _ANSWERS)
    group.tell(found.other, message=Content(lines=lines, actions=actions))
    channel, user = await people.address(group.system, group.record.channel, member)
    if people.is_unbound(user):
        return
    choices = tuple(Choice(key=key, send=send, group=group.key) for key, _, send in _ANSWERS)
    until = datetime.combine(group.term.bounds(found.first_week)[0], time(), group.zone)
    await dialogs.ask_somebody(group.system, channel, user, choices, ctx.now, until)


async def _waiting(ctx: Context) -> list[str]:
    """What this person has asked or been asked; nobody else's business."""
    found = await open_swaps(ctx.group)
    mine = [
        f"⏳ 等{one.other}回话：换{one.rota}第{one.own_week}周和第{one.their_week}周"
        for one in found
        if _asks(ctx, one)
    ]
    theirs = [f"⏳ {one.label}，请回：/轮值 同意，或 /轮值 不同意" for one in found if one.other == ctx.member.name]
    return [*mine, *theirs]


def _asks(ctx: Context, found: TurnSwap) -> bool:
    return found.asker == ctx.member.name


def _line(session: Session) -> str:
    return f"第{session.week}周 {session.lead or '还没有主备'}{f' {session.title}' if session.title else ''}"
