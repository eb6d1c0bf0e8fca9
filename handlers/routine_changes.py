"""What happens when the leader changes the calendar: one time, all that come, or one thing more."""

from collections.abc import Sequence

from bot.calendar.change_words import ChangeWords, take_apart, take_apart_off
from bot.calendar.names import day_label
from bot.calendar.phrase_notes import ROLLED
from bot.calendar.phrases import find_when
from bot.chat.arguments import ItemNumber, Text, Time
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import guard, routine_changes, routine_slots, routine_standing, routine_words, which_time
from bot.domain.guard import PupilNamed
from bot.domain.happenings import Happening
from bot.domain.undo import Undo
from bot.errors import BadArgument

MOST_LAPSED = 3


@command("日程", action="改", needs=LEADER, example="/日程 改 4 周四第8节")
async def move(ctx: Context, item: ItemNumber, words: Time) -> Reply:
    """改下一次的时间或地点；写“以后都”就改以后的每一次

    另一次：/日程 改 4 10月14日 到 10月15日第8节  每一次：/日程 改 4 以后都周四第8节  写原因：……原因：开会
    """
    asked = take_apart(words)
    try:
        if asked.standing or routine_words.means_all(ctx.group, item, asked.to):
            return await _standing(ctx, item, asked)
        return await _once(ctx, item, asked)
    except PupilNamed as error:
        return await _guarded(ctx, error, f"改 {item}", words)


@command("日程", action="取消", needs=LEADER, example="/日程 取消 4 期中考试", also=("停", "跳过下次"))
async def cancel(ctx: Context, item: ItemNumber, words: Text = "") -> Reply:
    """下一次不开了，可以写原因；写“以后都”就是以后都不开

    另一次：/日程 取消 4 10月14日 原因  以后都不开：/日程 取消 4 以后都  也可以写：/日程 停 4、/日程 跳过下次 4
    """
    asked = take_apart_off(words)
    since = routine_words.since(ctx.group, asked.since)
    try:
        if asked.standing and (since or not asked.since):
            over, undo = await routine_standing.no_more(ctx.group, ctx.member.name, item, asked.reason, since)
            return say(f"✅ {over.title}从{day_label(over.day)}起不再安排。", f"又要安排：/计划 恢复 {item}", undo=undo)
        day, rest = routine_words.leading_day(ctx.group, words)
        on = which_time.happening_on(ctx.group, item, day) if day else which_time.next_happening(ctx.group, item)
        happening, reason = await on, take_apart_off(rest).reason or rest
        _, undo = await routine_changes.cancel(ctx.group, ctx.member.name, happening, reason)
    except PupilNamed as error:
        return await _guarded(ctx, error, f"取消 {item}", words)
    return say(f"✅ {day_label(happening.day)}的{happening.title}取消了，以后的照常。", undo=undo)


@command("日程", action="恢复", needs=LEADER, example="/日程 恢复 4 10月14日")
async def restore(ctx: Context, item: ItemNumber, words: Text = "") -> Reply:
    """改过、取消过的一次，恢复原来的安排；不写日期就是最近改过的那次"""
    day, rest = routine_words.leading_day(ctx.group, words)
    if rest:
        raise BadArgument(f"没看懂日期“{words[:20]}”。", f"可以这样写：/日程 恢复 {item} 10月14日")
    on = which_time.happening_on(ctx.group, item, day) if day else routine_changes.changed_next(ctx.group, item)
    now, undo = await routine_changes.restore(ctx.group, ctx.member.name, await on)
    line = f"✅ {item} {now.title}恢复原来的安排：{routine_words.at(now)}。"
    return await _done(ctx, (line,), [now], undo)


@command("日程", action="加", needs=LEADER, example="/日程 加 下周五第3节 教学经验分享会")
async def add(ctx: Context, words: Text) -> Reply:
    """加一次活动，或每周的固定活动"""
    when, activity = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or not activity:
        raise BadArgument("还少时间或活动。", "例：/日程 加 下周五第3节 教学经验分享会")
    routine, undo = await routine_changes.add(
        ctx.group, ctx.member.name, routine_words.entry(when, activity, words), source="组长"
    )
    first = (await which_time.coming(ctx.group, routine))[:1]
    rolled = [f"⚠️ {when.text}：{ROLLED}。"] if ROLLED in when.note else []  # the other remarks are of the slot
    line = f"✅ 已加 {routine.number} {activity}（{when.text}）。"
    return await _done(ctx, (line, *rolled), first, undo, f"改时间：/日程 改 {routine.number} 周四第8节")


async def _once(ctx: Context, item: int, asked: ChangeWords) -> Reply:
    happening = await routine_words.meant(ctx.group, item, asked.which)
    if happening is None:  # "周四到校": no day was meant by what stands before it
        asked = ChangeWords(f"{asked.which}到{asked.to}", reason=asked.reason)
        happening = await which_time.next_happening(ctx.group, item)
    slot = routine_words.slot(ctx.group, asked.to, happening)
    change, undo = await routine_changes.move(ctx.group, ctx.member.name, happening, slot, asked.reason)
    now = await which_time.happening_on(ctx.group, item, change.day or slot.day)
    before, after = routine_words.at(happening), routine_words.at(now)
    place = f" 地点 {slot.place}" if slot.place else ""
    line = f"✅ {item} {now.title}：{before}{'' if before == after else f' → {after}'}{place}（只改这一次）。"
    repeats = not asked.which and routine_words.names_weekday(asked.to) and routine_standing.repeats(now.routine)
    every = [f"以后每次都这样：/日程 改 {item} 以后都{asked.to}"] if repeats else []
    return await _done(ctx, (line,), [now], undo, *every)


async def _standing(ctx: Context, item: int, asked: ChangeWords) -> Reply:
    rule, since = routine_words.rule(ctx.group, item, asked)
    name = ctx.member.name
    done = await routine_standing.from_now_on(ctx.group, name, item, rule, since=since, reason=asked.reason)
    first = done.coming[0]
    alone = "，这一次单独改过，不变" if first.moved else ""
    lapsed = "、".join(day_label(day) for day in done.lapsed[:MOST_LAPSED])
    gone = [f"⚠️ {lapsed}那{'几' if len(done.lapsed) > 1 else '一'}周没有了：那天不上课。"] if lapsed else []
    line = f"✅ {item} {first.title}以后都改成{first.routine.rule}。"
    return await _done(ctx, (line, f"第一次：{routine_words.at(first)}{alone}。", *gone), done.coming, done.undo)


async def _done(ctx: Context, lines: Sequence[str], changed: Sequence[Happening], undo: Undo, *more: str) -> Reply:
    """The answer, with what is worth knowing of the new time; who is on leave is no business of the group's."""
    remarks = await routine_slots.remarks(ctx.group, changed)
    if remarks.alone and not ctx.private:
        ctx.group.tell(ctx.member.name, *remarks.alone)
    alone = remarks.alone if ctx.private else ()
    return say(*lines, *remarks.said, *alone, *more, undo=undo)


async def _guarded(ctx: Context, error: PupilNamed, action: str, words: str) -> Reply:
    return guarded(error.lines, f"/日程 {action} {guard.with_codes(words, await ctx.group.teachers())}")
