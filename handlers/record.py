"""What happens when a teacher asks for the own record, or takes something back."""

from collections.abc import Sequence
from dataclasses import replace

from bot.calendar.term import Term
from bot.chat.arguments import TermName
from bot.chat.commands import command
from bot.chat.context import Context
from bot.chat.reply import Reply, order, say
from bot.domain import subjects, terms, undo
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.reports.names import FORM_WORD, PERSONAL

MOST = 10


@command("我的", everyday=7, example="/我的", aliases=("我的记录", "我做了什么"), writes=False)
async def mine(ctx: Context, which: TermName = "") -> Reply:
    """我这学期做了什么、还差什么

    看以前的学期，例：/我的 上学期
    """
    term = terms.called(ctx.group, which) if which else ctx.group.term
    if term != ctx.group.term:
        return await _former(ctx, term)
    part = await _of(ctx.group, ctx.member)
    rows = [f"✔️ {row}" for row in part.done] + [f"• {row}" for row in part.open]
    head = f"📒 {ctx.member.name} {term.name}"
    before = ["看以前的：/我的 上学期"] if len(rows) < MOST and terms.former(ctx.group) else []
    if not rows:
        return say(head, "这学期还没有记录，从一句反思开始吧。", "例：/反思 今天的导入学生很投入", *before)
    return say(head, *_cut(rows), *before)


@command("我的", action="导出", example="/我的 导出", also=("导出记录",), writes=False)
async def export(ctx: Context, which: TermName = "") -> Reply:
    """自己一学年的工作记录（Word），评职称、考核用；只发给您

    只要一个学期，例：/我的 导出 上学期
    """
    if which:
        terms.called(ctx.group, which)
    label = f"{ctx.member.name}的工作记录"
    job = order(FORM_WORD, label, private=True, form=PERSONAL, which=which)
    return replace(say(f"⏳ 正在做{label}，做好只发给您。"), job=job)


async def _former(ctx: Context, term: Term) -> Reply:
    """A term gone by: what was done, and what was left undone in it; nothing of it is asked for any more."""
    part = await _of(ctx.group.in_term(term), ctx.member)
    rows = [f"✔️ {row}" for row in part.done] + [f"• 当时没做完：{row}" for row in part.open]
    head = f"📒 {ctx.member.name} {term.name}"
    return say(head, *(_cut(rows) or ["那个学期没有您的记录。"]), "看这学期：/我的")


async def _of(group: Group, member: Member) -> subjects.Mine:
    parts = [await subject.mine(group, member) for subject in subjects.subjects() if subject.mine]
    done = tuple(row for part in parts for row in part.done)
    return subjects.Mine(done, tuple(row for part in parts for row in part.open))


def _cut(rows: Sequence[str]) -> list[str]:
    return [*rows[:MOST], *([f"……还有 {len(rows) - MOST} 条"] if len(rows) > MOST else [])]


@command("撤销", example="/撤销", aliases=("撤回", "取消刚才的"))
async def take_back(ctx: Context) -> Reply:
    """撤销自己十分钟内刚做的一件事"""
    done = await ctx.desk.last_done(ctx.member.name)
    sentence = await undo.take_back(ctx.group, ctx.member.name, done, ctx.incoming.tap)
    await ctx.desk.mark_taken_back(ctx.member.name)
    ctx.group.hush(await ctx.desk.call_back(done.posts if done else ()))
    return say(f"↩️ {sentence}")
