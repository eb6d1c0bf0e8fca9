"""What happens when somebody wants to see the group's things on a page."""

from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, message, say
from bot.domain import board_tickets
from bot.domain.board_tickets import LIFE
from bot.errors import Refused


@command("看板", example="/看板", aliases=("打开看板", "网页"))
async def open_board(ctx: Context) -> Reply:
    """在网页上看本周、报名、写反思、记听课；组长还能发小结、改计划、预演

    链接只给自己用，十分钟内打开，打开以后八小时有效。
    """
    if ctx.person is None:
        raise Refused("我还不认识您。", "先告诉我您是谁：/我是 姓名")
    ticket = await board_tickets.issue(ctx.group, ctx.person)
    address = ctx.addresses.board(ticket) if ctx.addresses else ""
    if not address:
        raise Refused("机器人还没有手机打得开的网址，看板打不开。", "请管理员在 config.toml 里填 server.public_url。")
    minutes = int(LIFE.total_seconds() // 60)
    shown = say(f"🗂 {ctx.group.name}的看板：", address, f"{minutes} 分钟内打开，只给自己用；过了时间再发：/看板")
    return Reply(shown.answer, private=True, answer_in_group=message("✉️ 看板的链接私下发给您了。"))
