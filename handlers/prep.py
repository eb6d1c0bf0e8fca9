"""What happens when somebody asks what is prepared this week or next."""

from bot.chat.commands import VISITOR, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import open_lessons, prep
from bot.domain.prep import Session


@command(
    "本周备课",
    everyday=True,
    needs=VISITOR,
    example="/本周备课",
    aliases=("这周备课", "备课", "本周集备"),
    writes=False,
)
async def this_week(ctx: Context) -> Reply:
    """看这周备什么、谁主备"""
    return await _show(ctx, ctx.group.week)


@command("下周备课", needs=VISITOR, example="/下周备课", aliases=("下周集备",), writes=False)
async def next_week(ctx: Context) -> Reply:
    """看下周备什么、谁主备"""
    return await _show(ctx, ctx.group.week + 1)


async def _show(ctx: Context, week: int) -> Reply:
    group = ctx.group
    session = await prep.session(group, week)
    title = prep.headline(group, session)
    if not 0 <= week <= group.term.weeks:
        return say(title, "这一周不在本学期里。", "看日程：/日程")
    rows = [*prep.lines(session), *await _lessons(ctx, session)]
    return say(title, *rows, *_following(session, ctx))


async def _lessons(ctx: Context, session: Session) -> list[str]:
    found = [item for item in await open_lessons.upcoming(ctx.group) if session.first <= item.day <= session.last]
    return [f"• {await open_lessons.line(ctx.group, item)}" for item in found[:4]]


def _following(session: Session, ctx: Context) -> list[str]:
    if session.week == ctx.group.week and session.following:
        return [f"下周：{session.following.title}（主备 {session.following.lead}）", "看下周：/下周备课"]
    return ["看日程：/日程"]
