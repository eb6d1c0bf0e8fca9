"""What happens when the group works on a week's preparation: topic, lead, points, goals, stages, the agreed plan."""

import re

from bot.calendar.week_words import leading_week
from bot.chat.arguments import Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.folding import fold
from bot.chat.reply import Reply, guarded, say
from bot.domain import drafts, prep, prep_weeks
from bot.domain.drafts import FIRST, OWN
from bot.domain.guard import PupilNamed
from bot.domain.people import Role
from bot.domain.prep import Session
from bot.domain.prep_weeks import KINDS, LAYERS, POINTS, STAGES
from bot.errors import BadArgument

_LAYER = re.compile(rf"({'|'.join(LAYERS)})(?:目标)?\s*[:：=\uff1d]?\s*")
_OTHER_NAMES = {"课标": "课程标准", "方法手段": "教法", "单元检测": "检测"}


@command("备课", example="/备课", aliases=("集体备课", "集备", "备课进展"), writes=False)
async def state(ctx: Context, words: Text = "") -> Reply:
    """看一周的备课走到哪一步、还差什么"""
    session, rest = await _session(ctx, words)
    if rest:
        raise BadArgument(f"没看懂“{rest[:20]}”。", "例：/备课 下周", "可以写：主题 主备 要点 阶段")
    agreed, group = session.agreed, ctx.group
    stage = session.stage(group)
    rows = [
        *prep.lines(session),
        f"要点 {len(agreed.points)}/{len(POINTS)}"
        + (f"，还差{'、'.join(agreed.missing_points)}" if agreed.points else ""),
        f"初案 {await drafts.count(group, FIRST, session.week)}   二备 {await drafts.count(group, OWN, session.week)}",
        f"共案：{agreed.agreed or '还没有'}",
    ]
    head = f"{prep.headline(group, session)} · {stage} {STAGES[stage - 1]}"
    return say(head, *rows, *_next_steps(ctx, session, stage))


@command("备课", action="主题", needs=LEADER, example="/备课 主题 下周 重难点 《插秧歌》的劳动之美")
async def topic(ctx: Context, words: Text) -> Reply:
    """定一周集体备课研讨什么：单元目标、重难点、教学方法、习题"""
    session, rest = await _session(ctx, words)
    kind = next((kind for kind in KINDS if rest.startswith(kind)), "")
    text = rest.removeprefix(kind).lstrip(" \u3000:：,，、")
    try:
        stored, undo = await prep_weeks.set_topic(ctx.group, ctx.member.name, session.week, text, kind)
    except PupilNamed as error:
        return guarded(error.lines, f"/备课 主题 第{session.week}周 {kind} {error.replaced}")
    return say(f"✅ 第{session.week}周研讨：{f'{stored.kind} {stored.topic}'.strip()}", undo=undo)


@command("备课", action="主备", needs=LEADER, example="/备课 主备 下周 张老师")
async def lead(ctx: Context, words: Text) -> Reply:
    """换一周的主备人"""
    session, rest = await _session(ctx, words)
    stored, undo = await prep_weeks.set_lead(ctx.group, ctx.member.name, session.week, rest.strip())
    if stored.lead != ctx.member.name:
        ctx.group.tell(
            stored.lead, f"📌 第{session.week}周集体备课请您主备：{session.title or '课题还没有定'}", "看安排：/备课"
        )
    return say(f"✅ 第{session.week}周主备：{stored.lead}", undo=undo)


@command("备课", action="要点", example="/备课 要点 课标 教材 学情")
async def points(ctx: Context, words: Text = "") -> Reply:
    """主备：勾上备到的要点，共七项；写“取消”去掉"""
    session, rest = await _session(ctx, words)
    agreed = session.agreed
    if not rest:
        marks = [f"{'✅' if point in agreed.points else '⬜'} {point}" for point in POINTS]
        return say(
            f"📋 第{session.week}周备课要点 {len(agreed.points)}/{len(POINTS)}", *marks, "例：/备课 要点 课标 教材"
        )
    prep_weeks.may_lead(ctx.member, session.lead)
    off, named = "取消" in rest, _points_in(rest)
    if not named:
        raise BadArgument("没看懂是哪几项。", f"七项：{'、'.join(POINTS)}", "例：/备课 要点 课标 教材")
    stored, undo = await prep_weeks.cover(ctx.group, ctx.member.name, session.week, named, on=not off)
    left = f"，还差{'、'.join(stored.missing_points)}" if stored.missing_points else ""
    return say(f"✅ 第{session.week}周要点 {len(stored.points)}/{len(POINTS)}{left}", undo=undo)


@command("备课", action="阶段", example="/备课 阶段 3")
async def stage(ctx: Context, words: Text = "") -> Reply:
    """主备：看四个阶段走到哪，或写明到了第几阶段"""
    session, rest = await _session(ctx, words)
    if not rest:
        now = session.stage(ctx.group)
        rows = [f"{'👉' if n == now else '　'} {n} {name}" for n, name in enumerate(STAGES, start=1)]
        return say(f"🧭 第{session.week}周备课在第 {now} 阶段", *rows, "改阶段，例：/备课 阶段 3")
    prep_weeks.may_lead(ctx.member, session.lead)
    number = next((n for n, name in enumerate(STAGES, start=1) if name in rest), 0) or _digit(rest)
    stored, undo = await prep_weeks.set_stage(ctx.group, ctx.member.name, session.week, number)
    return say(f"✅ 第{session.week}周备课：{stored.stage} {STAGES[stored.stage - 1]}", undo=undo)


@command("分层", example="/分层 保底 会背全诗 达标 会赏析意象 拔高 能仿写", aliases=("分层目标", "三层目标"))
async def layers(ctx: Context, words: Text = "") -> Reply:
    """主备：写这周的保底、达标、拔高目标"""
    session, rest = await _session(ctx, words)
    rest = rest.removeprefix("目标").strip()
    if not rest:
        rows = [f"{layer}：{session.agreed.goals.get(layer, '还没有')}" for layer in LAYERS]
        return say(f"🎯 第{session.week}周分层目标", *rows, "例：/分层 保底 会背全诗 达标 会赏析意象 拔高 能仿写")
    prep_weeks.may_lead(ctx.member, session.lead)
    try:
        stored, undo = await prep_weeks.set_goals(ctx.group, ctx.member.name, session.week, _goals_in(rest))
    except PupilNamed as error:
        return guarded(error.lines, f"/分层 第{session.week}周 {error.replaced}")
    left = [layer for layer in LAYERS if layer not in stored.goals]
    more = (f"还差：{'、'.join(left)}",) if left else ()
    return say(f"✅ 第{session.week}周{prep.goals(stored)}", *more, undo=undo)


@command("共案", example="/共案 https://docs.example.com/w2", aliases=("定稿", "共备稿"))
async def agreed(ctx: Context, words: Text = "") -> Reply:
    """主备：集体研讨后的定稿放在哪里"""
    session, rest = await _session(ctx, words)
    if not rest:
        place = session.agreed.agreed
        return say(f"📄 第{session.week}周共案：{place or '还没有'}", "例：/共案 https://docs.example.com/w2")
    prep_weeks.may_lead(ctx.member, session.lead)
    try:
        _, undo = await prep_weeks.agree(ctx.group, ctx.member.name, session.week, rest)
    except PupilNamed as error:
        return guarded(error.lines, f"/共案 第{session.week}周 {error.replaced}")
    return say(f"✅ 第{session.week}周共案已收好，大家可以二次备课了。", "交自己的：/二备 链接", undo=undo)


async def _session(ctx: Context, words: str) -> tuple[Session, str]:
    """The week that is meant (today's unless one is named first), and what follows."""
    week, rest = leading_week(words.strip(), ctx.group.term, ctx.group.week)
    return await prep.session(ctx.group, week or prep.week_now(ctx.group)), rest.strip()


def _points_in(text: str) -> tuple[str, ...]:
    if "全部" in text or "七项" in text:
        return POINTS
    return tuple(point for point in POINTS if point in text or _OTHER_NAMES.get(point, point) in text)


def _goals_in(text: str) -> dict[str, str]:
    marks = list(_LAYER.finditer(text))
    if not marks:
        raise BadArgument("没看懂是哪一层的目标。", "例：/分层 保底 会背全诗 达标 会赏析意象 拔高 能仿写")
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return {m[1]: text[m.end() : end].strip(" \u3000,，；;。\n") for m, end in zip(marks, ends, strict=True)}


def _digit(text: str) -> int:
    found = re.search(r"\d", fold(text))
    return int(found[0]) if found else 0


def _next_steps(ctx: Context, session: Session, stage: int) -> tuple[str, ...]:
    """What this person can do next, the nearest first; at most three."""
    leads = ctx.role is Role.LEADER or ctx.member.name == session.lead
    steps = {
        1: ("交初案：/初案 链接", *(("定目标：/分层 目标",) if leads else ())),
        2: ("勾要点：/备课 要点",) if leads else (),
        3: ("放定稿：/共案 链接",) if leads else (),
        4: ("交二备：/二备 链接", "课后写两句：/反思 内容"),
    }
    return steps[stage] or ("看日程：/日程",)
