"""What happens when a teacher asks for the own record, or takes something back."""

from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import subjects, undo

MOST = 10


@command("我的", everyday=7, example="/我的", aliases=("我的记录", "我做了什么"), writes=False)
async def mine(ctx: Context) -> Reply:
    """我这学期做了什么、还差什么"""
    done: list[str] = []
    coming: list[str] = []
    for subject in subjects.subjects():
        if subject.mine:
            part = await subject.mine(ctx.group, ctx.member)
            done += part.done
            coming += part.open
    rows = [f"✔️ {row}" for row in done] + [f"• {row}" for row in coming]
    head = f"📒 {ctx.member.name} {ctx.group.term.name}"
    if not rows:
        return say(head, "这学期还没有记录，从一句反思开始吧。", "例：/反思 今天的导入学生很投入")
    more = [f"……还有 {len(rows) - MOST} 条"] if len(rows) > MOST else []
    return say(head, *rows[:MOST], *more)


@command("撤销", example="/撤销", aliases=("撤回", "取消刚才的"))
async def take_back(ctx: Context) -> Reply:
    """撤销自己十分钟内刚做的一件事"""
    sentence = await undo.take_back(ctx.group, ctx.member.name)
    return say(f"↩️ {sentence}")
