"""What happens when somebody asks what is prepared this week or next."""

from bot.calendar.names import day_label
from bot.calendar.term import Term
from bot.chat.commands import VISITOR, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import issues, open_lessons, prep
from bot.domain.prep import Session


@command(
    "本周备课",
    everyday=1,
    needs=VISITOR,
    example="/本周备课",
    aliases=("这周备课", "本周集备"),
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
    if not 1 <= week <= group.term.weeks:
        return say(_outside(group.term, week), *await _first_week(ctx, week), "看日程：/日程")
    session = await prep.session(group, week)
    waiting = await issues.open_ones(group) if week == group.week else []
    problems = [f"• 要研讨的问题 {len(waiting)} 个，看：/问题"] if waiting else []
    rows = [*prep.lines(session), *await _lessons(ctx, session), *problems]
    return say(prep.headline(group, session), *rows, *_following(session, ctx))


def _outside(term: Term, week: int) -> str:
    if week < 1:
        return f"📅 还没开学，第1周从{day_label(term.first_day)}开始。"
    return f"📅 {term.name}到第{term.weeks}周（{day_label(term.last_day)}）为止，之后还没有备课安排。"


async def _first_week(ctx: Context, week: int) -> list[str]:
    """In the days before the term what its first week brings is worth knowing."""
    row = await prep.row(ctx.group, 1) if week < 1 else None
    return [f"第1周：{prep.announced(row)}"] if row else []


async def _lessons(ctx: Context, session: Session) -> list[str]:
    found = [item for item in await open_lessons.upcoming(ctx.group) if session.first <= item.day <= session.last]
    return [f"• {await open_lessons.line(ctx.group, item)}" for item in found[:4]]


def _following(session: Session, ctx: Context) -> list[str]:
    if session.week == ctx.group.week and session.following:
        return [f"下周：{prep.announced(session.following)}", "看下周：/下周备课"]
    return ["看日程：/日程"]
