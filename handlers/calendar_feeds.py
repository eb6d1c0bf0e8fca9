"""What happens when somebody wants the calendar on their telephone, or no longer."""

from bot.chat.arguments import Words
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import calendar_feeds
from bot.domain.people import Role, memberships
from bot.errors import BadArgument, NotAllowed, Refused

_WHOLE = ("全组", "本组", "组", "群", "群里")
HOW = "手机日历里选“添加订阅日历”，粘贴链接；以后有改动，日历自己跟着变。"


@command("日程", action="订阅", example="/日程 订阅")
async def subscribe(ctx: Context, whose: Words = "") -> Reply:
    """把日程订到手机日历：私下发是自己的，群里发（或加“全组”）是全组的

    怎么加到手机见说明“订到手机日历”。链接用到一年以后，期间再发一次就续上；不用了：/日程 退订
    """
    group_wide = _is_group_wide(ctx, whose)
    link, undo = await calendar_feeds.subscribe(ctx.group, ctx.member.name, _holder(ctx, group_wide=group_wide))
    address = ctx.addresses.calendar(link) if ctx.addresses else ""
    if not address:
        raise Refused("机器人还没有手机打得开的网址，日程订不了。", "请管理员在 config.toml 里填 server.public_url。")
    if group_wide:
        head, about = f"📅 {ctx.group.name}的日程日历：", "里面只有全组的安排，没有个人的任务。"
        return say(head, address, HOW, about, "只看自己的，请私下发：/日程 订阅", undo=undo)
    mine = await memberships(ctx.group.system, ctx.member.person)
    several = f"您所在的 {len(mine)} 个组都在里面。" if len(mine) > 1 else ""
    head, about = f"📅 {ctx.member.name}的日程日历：", f"{several}链接只给自己用：谁拿到，谁就看得到。"
    return say(head, address, HOW, about, "不用了：/日程 退订", undo=undo)


@command("日程", action="退订", example="/日程 退订")
async def give_up(ctx: Context, whose: Words = "") -> Reply:
    """日历链接作废：私下发是自己的；群里发（或加“全组”）是全组的，由组长来做"""
    group_wide = _is_group_wide(ctx, whose)
    if group_wide and ctx.role < Role.LEADER:
        raise NotAllowed("全组的日历链接由组长来退订。", "退订自己的，请私下发：/日程 退订")
    undo = await calendar_feeds.revoke(ctx.group, _holder(ctx, group_wide=group_wide))
    whom = "全组的" if group_wide else "您的"
    return say(f"✅ {whom}日历链接作废了，订过的日历不再更新。", "要新的链接：/日程 订阅", undo=undo)


def _is_group_wide(ctx: Context, whose: str) -> bool:
    if whose and whose not in (*_WHOLE, "我的", "自己"):
        raise BadArgument(f"没看懂“{whose[:20]}”。", "自己的：/日程 订阅", "全组的：/日程 订阅 全组")
    if not ctx.private and whose in ("我的", "自己"):
        raise Refused("自己的日历链接不发在群里。", "请私下发：/日程 订阅")
    return not ctx.private or whose in _WHOLE


def _holder(ctx: Context, *, group_wide: bool) -> str:
    if group_wide or ctx.person is None:
        return calendar_feeds.of_group(ctx.group)
    return calendar_feeds.of_person(ctx.person)
