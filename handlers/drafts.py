"""What happens when somebody hands in a draft before the meeting, or the own plan after it."""

from bot.calendar.week_words import leading_week
from bot.chat.arguments import Text
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import drafts, prep
from bot.domain.drafts import FIRST, OWN
from bot.domain.groups import Notice
from bot.domain.guard import PupilNamed
from bot.domain.people import Role


@command("初案", example="/初案 https://docs.example.com/wang", aliases=("交初案", "个人初案"))
async def first(ctx: Context, words: Text = "") -> Reply:
    """集体备课前交自己的初案：链接，或放在哪里"""
    return await _hand_in(ctx, FIRST, words)


@command("二备", example="/二备 https://docs.example.com/wang2", aliases=("交二备", "二次备课"))
async def own(ctx: Context, words: Text = "") -> Reply:
    """有了共案以后，交自己的二次备课"""
    return await _hand_in(ctx, OWN, words)


async def _hand_in(ctx: Context, kind: str, words: str) -> Reply:
    named, place = leading_week(words.strip(), ctx.group.term, ctx.group.week)
    place = place.strip()
    if not place:
        return await _state(ctx, kind, named or prep.week_now(ctx.group))
    week = named or await _week_meant(ctx, kind)
    try:
        _, undo, new = await drafts.hand_in(ctx.group, ctx.member.name, kind, week, place)
    except PupilNamed as error:
        return guarded(error.lines, f"/{kind} 第{week}周 {error.replaced}")
    done = "已收到" if new else "已换成新的一份"
    other = () if named else (f"若是别的周，例：/{kind} 第{week + 1 if week < ctx.group.term.weeks else week}周 链接",)
    return say(f"✅ 第{week}周{kind}{done}（全组 {await drafts.count(ctx.group, kind, week)}）。", *other, undo=undo)


async def _week_meant(ctx: Context, kind: str) -> int:
    """This week's, late too; once this week's is there and its meeting over, next week's first draft is meant."""
    week = prep.week_now(ctx.group)
    if kind == OWN or await drafts.of_member(ctx.group, ctx.member.name, kind, week) is None:
        return week
    session = await prep.session(ctx.group, week)
    over = session.stage(ctx.group) > 2 and week < ctx.group.term.weeks
    return week + 1 if over else week


async def _state(ctx: Context, kind: str, week: int) -> Reply:
    """The count for all; who is missing and where the drafts lie for the leader and the lead, privately."""
    group, session = ctx.group, await prep.session(ctx.group, week)
    mine = await drafts.of_member(group, ctx.member.name, kind, week)
    head = f"📝 第{week}周{kind} {await drafts.count(group, kind, week)}"
    rows = (head, f"您的：{mine.place if mine else '还没有交'}", f"例：/{kind} https://docs.example.com/wang")
    if ctx.role is not Role.LEADER and ctx.member.name != session.lead:
        return say(*rows)
    full = (head, *await _names(ctx, kind, week))
    return say(*full) if ctx.private else say(*rows, notes=(Notice(ctx.member.name, say(*full).answer),))


async def _names(ctx: Context, kind: str, week: int) -> list[str]:
    there = [f"• {draft.member} {draft.place}" for draft in await drafts.of_week(ctx.group, kind, week)]
    missing = await drafts.missing(ctx.group, kind, week)
    return [*there[:8], f"还没有交：{'、'.join(missing)}" if missing else "大家都交了。"]
