"""What happens when the leader asks what the bot is going to say by itself: told privately, nothing is said."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from bot.calendar.names import day_label, weekday_name
from bot.calendar.phrases import find_when
from bot.chat.arguments import TimeSpan
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.rehearsal import Rehearsed, Week
from bot.chat.reply import Reply, message
from bot.errors import BadArgument, Refused

MOST_ROWS, MOST_LINES = 8, 10
LONGEST_ROW, LONGEST_TEXT = 32, 260
TWO_WEEKS = timedelta(days=13)
FARTHEST = timedelta(days=200)


@command("日程", action="预演", needs=LEADER, example="/日程 预演", writes=False)
async def rehearse(ctx: Context, span: TimeSpan = "") -> Reply:
    """看以后两周机器人会自己发什么、私下提醒谁，一条也不发

    例：/日程 预演 下周  /日程 预演 9月8日（看那天的全文）
    """
    first, last = _span(ctx, span)
    posts = [post for post in await _coming(ctx, last) if post.at.date() >= first]
    shown = _whole(posts) if span and first == last else _rows(posts)
    days = day_label(first) + (f"–{day_label(last)}" if last > first else "")
    private = sum(post.private for post in posts)
    title = f"🎬 预演 {days}：群里 {len(posts) - private} 条，私下 {private} 条。"
    answer = message(title, *shown) if posts else message(title, "这段时间没有要发的。", "看安排：/日程")
    return Reply(answer, private=True, answer_in_group=message("🎬 预演私下发给您了。"))


async def _coming(ctx: Context, last: date) -> Sequence[Rehearsed]:
    if ctx.rehearse is None:
        raise Refused("这里不能预演。", "看安排：/日程")
    return await ctx.rehearse(ctx.tx, ctx.group, datetime.combine(last, time(23, 59), ctx.now.tzinfo))


def _span(ctx: Context, words: str) -> tuple[date, date]:
    """The days that are meant, from today on.

    Raises:
        BadArgument: no span of days, one that is gone, or one too far away.
    """
    if not words:
        return ctx.today, ctx.today + TWO_WEEKS
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or rest or when.span is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", "可以这样写：/日程 预演 下周")
    first, last = when.span
    if last < ctx.today:
        raise BadArgument(f"{when.text}已经过去了，预演的是以后。", "可以这样写：/日程 预演 下周")
    if last > ctx.today + FARTHEST:
        raise BadArgument(f"{when.text}太远了，最多预演 {FARTHEST.days} 天以内。", "可以这样写：/日程 预演 下个月")
    return max(first, ctx.today), last


def _rows(posts: Sequence[Rehearsed]) -> list[str]:
    """A line for each moment: when, to whom, about what."""
    rows = [_row(list(same)) for _, same in groupby(posts, lambda post: (post.at, post.private))]
    if len(rows) <= MOST_ROWS:
        return [*rows, "看一天的全文，例：/日程 预演 明天"] if rows else []
    return [*rows[:MOST_ROWS], f"……还有 {len(rows) - MOST_ROWS} 次", "看一周：/日程 预演 下周"]


def _row(same: list[Rehearsed]) -> str:
    day = same[0].at.date()
    to = f"私下 {len(same)} 人" if same[0].private else "群里"
    about = "、".join(dict.fromkeys(why for post in same for why in post.why))
    row = f"{day_label(day)} {weekday_name(day.isoweekday())} {to}：{about}"
    return row if len(row) <= LONGEST_ROW else f"{row[: LONGEST_ROW - 1]}…"


def _whole(posts: Sequence[Rehearsed]) -> list[str]:
    """The words of a day's posts, as many as fit."""
    day = posts[0].at.date() if posts else date.min
    lines: list[str] = []
    for one in Week("", day, day, unpublished=False, posts=tuple(posts)).gathered():
        lines += [f"{one.at:%H:%M} → {one.readers}", *one.text.splitlines()]
    kept = _fitting(lines)
    return kept if len(kept) == len(lines) else [*kept, f"……还有 {len(lines) - len(kept)} 行"]


def _fitting(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for line in lines[:MOST_LINES]:
        if sum(map(len, kept)) + len(line) > LONGEST_TEXT:
            break
        kept.append(line)
    return kept
