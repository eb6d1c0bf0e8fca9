"""What happens when the leader asks for the month."""

from bot.calendar.phrases import parse_month
from bot.chat.arguments import MonthWord, Page, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import terms
from bot.domain.groups import Group, Notice
from bot.domain.subjects import Period
from bot.reports import digest


@command("汇总", everyday=9, needs=LEADER, example="/汇总 9月", aliases=("月汇总", "小结", "月小结"), writes=False)
async def month(ctx: Context, which: MonthWord = "本月", subject: Words = "", page: Page = 1) -> Reply:
    """一个月做了什么：群里简版，私下详版

    看一个数字从哪来：/汇总 9月 反思；看一个学期：/汇总 上学期
    """
    group, period = _asked(ctx.group, which)
    if subject:
        trace = await digest.sources(group, period, subject, page)
        return Reply(say(*trace).answer, private=True)
    report = await digest.build(group, period)
    if ctx.private:
        return say(*digest.leader_form(report))
    return say(*digest.group_form(report), notes=(Notice(ctx.member.name, say(*digest.leader_form(report)).answer),))


def _asked(group: Group, which: str) -> tuple[Group, Period]:
    """The month or the term that is meant, and the group as it was then."""
    if which.endswith("学期"):
        term = terms.called(group, which)
        return group.in_term(term), terms.days_of(group, term)
    period = Period.month(*parse_month(which, group.today))
    return group.in_term_of(period.last), period
