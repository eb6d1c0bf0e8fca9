"""What happens when the leader decides about a message that may or may not have arrived."""

from bot.calendar.names import day_label
from bot.chat.arguments import ItemNumber
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.desk import Pending
from bot.chat.reply import Choice, Reply, ask, say
from bot.errors import BadArgument, Refused

MOST = 5


@command("待定", needs=LEADER, example="/待定", aliases=("没发出去的",), writes=False)
async def show(ctx: Context) -> Reply:
    """看哪些消息说不准有没有发出去"""
    held = await ctx.desk.held()
    if not held:
        return say("✅ 没有待定的消息，都发出去了。")
    rows = [_row(number, pending) for number, pending in enumerate(held[:MOST], start=1)]
    more = [f"……还有 {len(held) - MOST} 条"] if len(held) > MOST else []
    choices = (Choice(key="1", send="/待定 重发 1"), Choice(key="2", send="/待定 放弃 1"))
    return ask(
        f"⚠️ 有 {len(held)} 条说不准有没有发出去，请看一眼群里：",
        *rows,
        *more,
        "群里没有，再发：/待定 重发 1",
        "群里已经有了：/待定 放弃 1",
        choices=choices if len(held) == 1 else (),
    )


@command("待定", action="重发", needs=LEADER, example="/待定 重发 1")
async def resend(ctx: Context, number: ItemNumber = 1) -> Reply:
    """群里没看到，再发一次"""
    pending = await _numbered(ctx, number)
    await ctx.desk.resend(pending)
    return say(f"✅ 再发一次：{pending.text}", "看还有哪些：/待定")


@command("待定", action="放弃", needs=LEADER, example="/待定 放弃 1")
async def give_up(ctx: Context, number: ItemNumber = 1) -> Reply:
    """群里已经有了，或者不用发了"""
    pending = await _numbered(ctx, number)
    await ctx.desk.give_up(pending)
    return say(f"✅ 不再发：{pending.text}", "看还有哪些：/待定")


def _row(number: int, pending: Pending) -> str:
    until = f"，{day_label(pending.until.date())} {pending.until:%H:%M} 后自动作废" if pending.until else ""
    return f"{number} · 给{pending.to}：{pending.text}{until}"


async def _numbered(ctx: Context, number: int) -> Pending:
    held = await ctx.desk.held()
    if not held:
        raise Refused("没有待定的消息。", "看日程：/日程", symbol="ℹ️")
    if not 1 <= number <= len(held):
        raise BadArgument(f"待定里没有第 {number} 条，一共 {len(held)} 条。", "看待定：/待定")
    return held[number - 1]
