"""What happens when somebody raises a shared problem, or says what came of one."""

from bot.calendar.names import day_label
from bot.chat.arguments import ItemNumber, Text, item_number
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import issue_changes, issues
from bot.domain.guard import PupilNamed
from bot.domain.issues import EXAMPLE, Issue, State

MOST = 7


@command("问题", example=EXAMPLE, aliases=("共性问题", "提问题", "问题清单"))
async def put(ctx: Context, text: Text = "") -> Reply:
    """记一个教学里的共性问题，下次备课、例会一起研讨；只发 /问题 看还开着的

    私下发我，群里就不写是谁提的。看一个：/问题 8
    """
    if not text:
        return await _state(ctx)
    if (number := item_number(text)) is not None:
        return await _one(ctx, number)
    try:
        issue, undo = await issue_changes.put(ctx.group, ctx.member.name, text, named=not ctx.private)
    except PupilNamed as error:
        return guarded(error.lines, f"/问题 {error.replaced}")
    more = [] if issue.named else [f"群里不写您的名字；要署名：/问题 署名 {issue.number}"]
    return say(f"✅ 已记下问题 {issue.number}，下次备课、例会研讨。", *more, undo=undo)


@command("问题", action="改", example="/问题 改 8 学生列式后跳步多")
async def edit(ctx: Context, item: ItemNumber, text: Text) -> Reply:
    """改自己提的问题"""
    try:
        issue, undo = await issue_changes.edit(ctx.group, ctx.member.name, item, text)
    except PupilNamed as error:
        return guarded(error.lines, f"/问题 改 {item} {error.replaced}")
    return say(f"✅ 已改：{issue.label}", undo=undo)


@command("问题", action="解决", example="/问题 解决 8 每步写依据，连练三天")
async def solve(ctx: Context, item: ItemNumber, outcome: Text = "") -> Reply:
    """研讨过了，有了办法；写一句做法，也可以以后再补"""
    try:
        issue, undo = await issue_changes.solve(ctx.group, ctx.member, item, outcome)
    except PupilNamed as error:
        return guarded(error.lines, f"/问题 解决 {item} {error.replaced}")
    again = [] if issue.outcome else [f"补一句做法：/问题 解决 {item} 做法"]
    return say(f"✅ 问题 {issue.short} 解决了。", *again, undo=undo)


@command("问题", action="讨论", example="/问题 讨论 8")
async def discuss(ctx: Context, item: ItemNumber) -> Reply:
    """今天议过了，还没有办法，下次接着议"""
    issue, undo = await issue_changes.discuss(ctx.group, ctx.member, item)
    return say(f"✅ 记下了：{issue.label}", f"有了办法：/问题 解决 {item} 做法", undo=undo)


@command("问题", action="重开", example="/问题 重开 8")
async def reopen(ctx: Context, item: ItemNumber) -> Reply:
    """又出现了，重新列进研讨"""
    issue, undo = await issue_changes.reopen(ctx.group, ctx.member, item)
    before = [f"上次的做法：{issue.outcome[:60]}"] if issue.outcome else []
    return say(f"✅ 重新研讨：{issue.label}", *before, undo=undo)


@command("问题", action="撤回", example="/问题 撤回 8")
async def withdraw(ctx: Context, item: ItemNumber) -> Reply:
    """不用研讨了，从清单里拿掉"""
    _, undo = await issue_changes.withdraw(ctx.group, ctx.member, item)
    return say(f"✅ 问题 {item} 撤回了。", f"再提：/问题 重开 {item}", undo=undo)


@command("问题", action="署名", example="/问题 署名 8")
async def sign(ctx: Context, item: ItemNumber) -> Reply:
    """让大家看到这个问题是自己提的"""
    issue, undo = await issue_changes.name(ctx.group, ctx.member.name, item, named=True)
    return say(f"✅ 已署名：{issue.label}", undo=undo)


@command("问题", action="匿名", example="/问题 匿名 8")
async def unsign(ctx: Context, item: ItemNumber) -> Reply:
    """清单、议程里不写是自己提的"""
    issue, undo = await issue_changes.name(ctx.group, ctx.member.name, item, named=False)
    return say(f"✅ 以后不写是谁提的：{issue.label}", undo=undo)


async def _state(ctx: Context) -> Reply:
    found = await issues.open_ones(ctx.group)
    solved = [x for x in await issues.of_term(ctx.group) if x.state is State.SOLVED]
    past = [f"本学期已解决 {len(solved)} 个"] if solved else []
    if not found:
        return say("🧩 现在没有待研讨的问题。", *past, f"提一个：{EXAMPLE}")
    more = [f"……还有 {len(found) - MOST} 个"] if len(found) > MOST else []
    rows = [issue.label for issue in found[:MOST]]
    ways = f"看一个：/问题 {found[0].number}  有了办法：/问题 解决 {found[0].number} 做法"
    return say(f"🧩 待研讨的问题 {len(found)} 个：", *rows, *more, *past, ways)


async def _one(ctx: Context, number: int) -> Reply:
    issue = await issues.numbered(ctx.group, number)
    who = f" {issue.member}" if issue.named else ""
    day = f" {day_label(issue.created.date())}" if issue.created else ""
    talked = [f"议过：{'、'.join(day_label(one) for one in issue.discussed[-5:])}"] if issue.discussed else []
    helped = [f"做法：{issue.outcome}"] if issue.outcome else []
    return say(f"🧩 问题 {number}（{issue.state}）{who}{day}", issue.text, *talked, *helped, _next_step(issue))


def _next_step(issue: Issue) -> str:
    if issue.state is State.OPEN:
        return f"有了办法：/问题 解决 {issue.number} 做法"
    return f"再议：/问题 重开 {issue.number}"
