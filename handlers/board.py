"""What happens when somebody wants to see the group's things on a page."""

from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, message, say
from bot.domain import board_tickets, group_pages
from bot.domain.board_tickets import LIFE
from bot.errors import Refused


@command("看板", example="/看板", aliases=("打开看板", "网页"))
async def open_board(ctx: Context) -> Reply:
    """在网页上看本周、报名、写反思、记听课；组长还能发小结、改计划、预演

    链接只给自己用，十分钟内打开，打开以后八小时有效。
    发在群里给大家看的（没有姓名）：/看板 全组
    """
    if ctx.person is None:
        raise Refused("我还不认识您。", "先告诉我您是谁：/我是 姓名")
    ticket = await board_tickets.issue(ctx.group, ctx.person)
    address = ctx.addresses.board(ticket) if ctx.addresses else ""
    if not address:
        raise _no_address()
    minutes = int(LIFE.total_seconds() // 60)
    shown = say(f"🗂 {ctx.group.name}的看板：", address, f"{minutes} 分钟内打开，只给自己用；过了时间再发：/看板")
    return Reply(shown.answer, private=True, answer_in_group=message("✉️ 看板的链接私下发给您了。"))


@command("看板", action="全组", needs=LEADER, example="/看板 全组", also=("群", "本组"))
async def open_for_all(ctx: Context) -> Reply:
    """给全组一个链接：本周和日历，没有姓名，不用登记也打得开"""
    link, undo = await group_pages.issue(ctx.group, ctx.member.name)
    address = ctx.addresses.group_page(link) if ctx.addresses else ""
    if not address:
        raise _no_address()
    about = "里面只有时间、地点和安排，没有姓名；谁拿到链接都能看。"
    return say(f"🗂 {ctx.group.name}的全组看板：", address, about, "不要了：/看板 停用", undo=undo)


@command("看板", action="停用", needs=LEADER, example="/看板 停用", also=("作废",))
async def close_for_all(ctx: Context) -> Reply:
    """全组看板的链接作废"""
    undo = await group_pages.revoke(ctx.group)
    return say("✅ 全组看板的链接作废了，打不开了。", "要新的：/看板 全组", undo=undo)


def _no_address() -> Refused:
    return Refused("机器人还没有手机打得开的网址，看板打不开。", "请管理员在 config.toml 里填 server.public_url。")
