"""What happens when somebody writes, edits or shares a reflection."""

from bot.chat.arguments import ItemNumber, Text
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, message, say
from bot.content import Action
from bot.domain import reflections
from bot.domain.reflections import PupilNamed, Reflection

TEMPLATE = "也可以分四行写：课题：…  亮点：…  不足：…  改进：…"


@command(
    "反思",
    everyday=True,
    example="/反思 导入太长，下次三分钟内进入文本",
    aliases=("写反思", "教学反思", "课后反思"),
    free_text=True,
)
async def write(ctx: Context, text: Text = "") -> Reply:
    """课后写两句，可私下发我

    群里写的大家看得到；私下发我的只有自己看得到，可以再分享。
    """
    if not text:
        return await _state(ctx)
    try:
        stored, undo = await reflections.write(ctx.group, ctx.member.name, text, shared=not ctx.private)
    except PupilNamed as error:
        return _guarded(error, "/反思 ")
    return say(f"✅ 反思 {stored.number} 已保存，{_who_sees(stored)}。", *_offer(stored), undo=undo)


@command("反思", action="改", example="/反思 改 3 导入压到三分钟，效果好多了")
async def edit(ctx: Context, item: ItemNumber, text: Text) -> Reply:
    """改自己写过的一篇"""
    try:
        stored, undo = await reflections.edit(ctx.group, ctx.member.name, item, text)
    except PupilNamed as error:
        return _guarded(error, f"/反思 改 {item} ")
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


async def _state(ctx: Context) -> Reply:
    mine = await reflections.of_member(ctx.group, ctx.member.name)
    week = sum(x.week == ctx.group.week for x in mine)
    head = f"📝 您这学期写了 {len(mine)} 篇反思，本周 {week} 篇。" if mine else "📝 您这学期还没写反思，课后两句就够。"
    rows = [f"{x.number} {x.topic or x.opening}" for x in mine[-3:]]
    return Reply(message(head, *rows, TEMPLATE, "例：/反思 导入太长，下次三分钟内进入文本"), status="question")


def _who_sees(stored: Reflection) -> str:
    return "全组可见" if stored.shared else "只有您自己看得到"


def _offer(stored: Reflection) -> list[str]:
    if stored.shared:
        return [f"改一改：/反思 改 {stored.number} 新内容"]
    return [f"分享给全组：/反思 分享 {stored.number}"]


def _guarded(error: PupilNamed, start: str) -> Reply:
    """Said to the writer alone; one tap stores it with codes. The group learns only that nothing was kept."""
    answer = message(*error.lines, "改成代号再发，或点下面（回复 1）换成代号保存：")
    answer = answer.model_copy(update={"actions": (Action(label="换成代号保存", send="1"),)})
    choices = (Choice(key="1", send=f"{start}{error.replaced}"),)
    group_sees = message("🛡️ 刚才那条没有保存，原因私下告诉您了。建议把原消息撤回。")
    return Reply(answer, status="refused", choices=choices, private=True, answer_in_group=group_sees)
