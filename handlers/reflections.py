"""What happens when somebody writes, edits or shares a reflection."""

from bot.chat.arguments import ItemNumber, Text
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, message, say
from bot.domain import reflections
from bot.domain.guard import PupilNamed
from bot.domain.reflections import Reflection

TEMPLATE = "也可以分四行写：课题：…  亮点：…  不足：…  改进：…"


@command(
    "反思",
    everyday=4,
    example="/反思 导入太长，下次三分钟内进入文本",
    aliases=("写反思", "教学反思", "课后反思"),
    free_text=True,
)
async def write(ctx: Context, text: Text = "") -> Reply:
    """课后写两句，可私下发我

    群里写的大家看得到；私下发我的只有自己看得到，可以再分享。
    """
    return await _written(ctx, text, "/反思") if text else await _state(ctx)


@command("反思", action="写", example="/反思 写 导入太长，下次三分钟内进入文本")
async def write_down(ctx: Context, text: Text) -> Reply:
    """同上；开头是“改”“看”这些字的也照写"""
    return await _written(ctx, text, "/反思 写")


@command("反思", action="改", example="/反思 改 3 导入压到三分钟，效果好多了")
async def edit(ctx: Context, item: ItemNumber, text: Text) -> Reply:
    """改自己写过的一篇"""
    try:
        stored, undo = await reflections.edit(ctx.group, ctx.member.name, item, text)
    except PupilNamed as error:
        return guarded(error.lines, f"/反思 改 {item} {error.replaced}")
    return say(f"✅ 反思 {stored.number} 已修改。", undo=undo)


@command("反思", action="看", example="/反思 看 3", writes=False)
async def read(ctx: Context, item: ItemNumber) -> Reply:
    """看自己写过的一篇（只私下给您）"""
    mine = await reflections.own(ctx.group, ctx.member.name, item)
    shown = say(
        f"📖 反思 {mine.number}（第{mine.week}周，{_who_sees(mine)}）",
        *mine.text.splitlines(),
        f"修改：/反思 改 {item} ",
    )
    return Reply(shown.answer, private=True)


@command("反思", action="分享", example="/反思 分享 3")
async def share(ctx: Context, item: ItemNumber) -> Reply:
    """把自己的一篇分享给全组"""
    stored, undo = await reflections.share(ctx.group, ctx.member.name, item, True)
    return say(f"✅ 反思 {stored.number} 已分享给全组。", undo=undo)


@command("反思", action="私密", example="/反思 私密 3")
async def unshare(ctx: Context, item: ItemNumber) -> Reply:
    """把自己的一篇改成只有自己看得到"""
    stored, undo = await reflections.share(ctx.group, ctx.member.name, item, False)
    return say(f"✅ 反思 {stored.number} 现在只有您自己看得到。", undo=undo)


async def _written(ctx: Context, text: str, command: str) -> Reply:
    try:
        stored, undo = await reflections.write(ctx.group, ctx.member.name, text, shared=not ctx.private)
    except PupilNamed as error:
        return guarded(error.lines, f"{command} {error.replaced}")
    return say(f"✅ 反思 {stored.number} 已保存，{_who_sees(stored)}。", *_offer(stored), undo=undo)


async def _state(ctx: Context) -> Reply:
    mine = await reflections.of_member(ctx.group, ctx.member.name)
    week = sum(x.week == ctx.group.week for x in mine)
    head = f"📝 您这学期写了 {len(mine)} 篇反思，本周 {week} 篇。" if mine else "📝 您这学期还没写反思，课后两句就够。"
    rows = [f"{x.number} {(x.topic or x.opening) if ctx.private else x.shown}" for x in mine[-3:]]
    return Reply(message(head, *rows, TEMPLATE, "例：/反思 导入太长，下次三分钟内进入文本"), status="question")


def _who_sees(stored: Reflection) -> str:
    return "全组可见" if stored.shared else "只有您自己看得到"


def _offer(stored: Reflection) -> list[str]:
    if stored.shared:
        return [f"只给自己看：/反思 私密 {stored.number}"]
    return [f"分享给全组：/反思 分享 {stored.number}"]
