"""What happens when somebody asks what the bot can do."""

from bot.chat import help as texts
from bot.chat.arguments import Topic
from bot.chat.commands import VISITOR, command
from bot.chat.context import Context
from bot.chat.reply import Reply


@command(
    "帮助",
    needs=VISITOR,
    example="/帮助",
    aliases=("help", "?", "菜单", "功能", "怎么用", "使用说明"),
    writes=False,
    anywhere=True,
)
async def show(ctx: Context, name: Topic = "") -> Reply:
    """看我能做什么，或某一项怎么用"""
    if name in texts.ALL:
        return texts.everything(ctx.registry, ctx.role)
    if name:
        return texts.about(ctx.registry, ctx.role, name.lstrip("/"))
    return texts.menu(ctx.registry, ctx.role, claimed=ctx.maybe_group is not None or ctx.private)
