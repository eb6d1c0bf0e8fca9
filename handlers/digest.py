"""What happens when the leader asks for a month or a term: a message, a picture, files; and its way into the group."""

from dataclasses import replace

from bot.chat.arguments import (
    FormWord,
    ItemNumber,
    MonthWord,
    Page,
    PlainMonth,
    Sure,
    Text,
    Words,
    is_form,
    month_and_more,
)
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.folding import fold
from bot.chat.reply import Job, Reply, guarded, message, order, say
from bot.content import Action
from bot.domain import digest_drafts, terms
from bot.domain.groups import Group, Notice
from bot.domain.guard import PupilNamed
from bot.domain.subjects import Period
from bot.domain.undo import Undo
from bot.reports import digest_sheet
from bot.reports.names import DIGEST_ALL, DIGEST_EXCEL, DIGEST_PICTURE, DIGEST_WORD

FORMS = {
    "图": DIGEST_PICTURE,
    "图片": DIGEST_PICTURE,
    "图表": DIGEST_PICTURE,
    "word": DIGEST_WORD,
    "文档": DIGEST_WORD,
    "全部": DIGEST_ALL,
}
NAMES = {DIGEST_PICTURE: "图", DIGEST_WORD: "Word", DIGEST_EXCEL: "Excel", DIGEST_ALL: "图、Word、Excel"}


@command("汇总", everyday=9, needs=LEADER, example="/汇总 9月", aliases=("月汇总", "小结", "月小结"), writes=False)
async def month(ctx: Context, which: MonthWord = "", form: FormWord = "", subject: Words = "", page: Page = 1) -> Reply:
    """一个月做了什么：群里简版，私下详版

    图、Word、Excel，例：/汇总 9月 图；三样都要：/汇总 9月 全部
    看一个数字从哪来：/汇总 9月 反思；看一个学期：/汇总 上学期
    发到群里：先看 /汇总 稿，再发 /汇总 发布
    """
    from bot.reports import digest  # here, not above, as what draws: it is asked for once a month
    from bot.reports.report import build

    named, more = month_and_more(subject)
    if named:  # "9月听课 2": the number is the page
        which, subject, page = named, more, int(which) if which.isdecimal() else page
    if not form and is_form(subject):
        form, subject = fold(subject), ""
    group, period = terms.asked(ctx.group, which or "本月")
    if form:
        digest_sheet.must_have_begun(group, period)
        return _ordered(period, FORMS.get(form, DIGEST_EXCEL))
    if subject:
        trace = await digest.sources(group, period, subject, page)
        return Reply(say(*trace).answer, private=True)
    report = await build(group, period, charts=False)
    begun = period.first <= group.today
    leaders = message(*digest.leader_form(report), *(_next_steps(period) if report.figures and begun else ()))
    if ctx.private:
        return Reply(leaders)
    return say(*digest.group_form(report), notes=(Notice(ctx.member.name, leaders),))


def _next_steps(period: Period) -> list[str]:
    return [
        f"发到群里先看稿：/汇总 稿 {period.label}",
        f"图：/汇总 {period.label} 图",
        f"Word：/汇总 {period.label} Word",
    ]


def _ordered(period: Period, what: str) -> Reply:
    """The promise of a file: the picture for all who read along, what names people for the leader alone."""
    private, kind = what != DIGEST_PICTURE, NAMES[what]
    label = f"{period.label}小结（{kind}）"
    place = "做好只发给您" if private else "马上就好"
    return replace(say(f"⏳ 正在做{label}，{place}。"), job=_job(period, what, label, private=private))


def _job(period: Period, what: str, label: str, *, private: bool) -> Job:
    first, last = period.first.isoformat(), period.last.isoformat()
    return order(what, label, private=private, called=period.label, first=first, last=last)


@command("汇总", action="稿", needs=LEADER, example="/汇总 稿", also=("草稿", "预览"), writes=False)
async def draft(ctx: Context, which: PlainMonth = "") -> Reply:
    """要发到群里的小结，先看一看，一行一个编号；不写月份就是上个月"""
    group, period = await digest_sheet.meant(ctx.group, which)
    lines = await digest_sheet.lines(group, period)
    edited = await digest_drafts.of_period(group, period)
    note = "（改过的稿；按现在的数字重来：/汇总 重来）" if edited and edited.lines else ""
    return _shown(period, lines, f"📝 {period.label}小结的草稿{note}")


def _shown(period: Period, lines: list[str], head: str) -> Reply:
    rows = [lines[0], *(f"{number} {line}" for number, line in enumerate(lines[1:], start=1))]
    steps = (f"发到群里：/汇总 发布 {period.label}", "改一行，例：/汇总 改 3 新的写法", "加一行，例：/汇总 加 下周见")
    return Reply(message(head, *rows, *steps), private=True)


@command("汇总", action="改", needs=LEADER, example="/汇总 改 1 集体备课四次都开了")
async def change(ctx: Context, which: PlainMonth = "", *, item: ItemNumber, text: Text) -> Reply:
    """把草稿的一行换个写法；编号在 /汇总 稿 里"""
    group, period = await digest_sheet.meant(ctx.group, which)
    try:
        lines = await digest_sheet.lines(group, period)
        undo = await digest_drafts.replace(group, ctx.member.name, period, lines, item, text)
    except PupilNamed as problem:
        return guarded(problem.lines, f"/汇总 改 {item} {problem.replaced}")
    return await _edited(group, period, undo=undo)


@command("汇总", action="删", needs=LEADER, example="/汇总 删 1")
async def drop(ctx: Context, item: ItemNumber, which: PlainMonth = "") -> Reply:
    """从草稿里拿掉一行"""
    group, period = await digest_sheet.meant(ctx.group, which)
    undo = await digest_drafts.remove(group, ctx.member.name, period, await digest_sheet.lines(group, period), item)
    return await _edited(group, period, undo=undo)


@command("汇总", action="加", needs=LEADER, example="/汇总 加 感谢大家，十月继续")
async def add(ctx: Context, text: Text) -> Reply:
    """在草稿后面加一行"""
    group, period = await digest_sheet.meant(ctx.group, "")
    try:
        undo = await digest_drafts.add(group, ctx.member.name, period, await digest_sheet.lines(group, period), text)
    except PupilNamed as problem:
        return guarded(problem.lines, f"/汇总 加 {problem.replaced}")
    return await _edited(group, period, undo=undo)


@command("汇总", action="重来", needs=LEADER, example="/汇总 重来")
async def start_over(ctx: Context, which: PlainMonth = "") -> Reply:
    """不要改过的写法，草稿按现在的数字重来"""
    group, period = await digest_sheet.meant(ctx.group, which)
    undo = await digest_drafts.start_over(group, ctx.member.name, period)
    return await _edited(group, period, undo=undo)


@command("汇总", action="发布", needs=LEADER, example="/汇总 发布")
async def publish(ctx: Context, which: PlainMonth = "", sure: Sure = False) -> Reply:
    """把小结发到群里；发过的不会再发一遍"""
    group, period = await digest_sheet.meant(ctx.group, which)
    lines = await digest_sheet.lines(group, period)
    undo = await digest_drafts.publish(group, ctx.member.name, period, lines, sure=sure)
    return say(f"✅ {period.label}小结发到群里了。", undo=undo)


async def _edited(group: Group, period: Period, *, undo: Undo) -> Reply:
    """The draft as it stands now."""
    shown = _shown(period, await digest_sheet.lines(group, period), f"✅ 改好了，{period.label}小结现在是：")
    back = Action(label="撤销", send="/撤销")
    answer = shown.answer.model_copy(update={"actions": (shown.answer.actions[0], back)})
    return replace(shown, answer=answer, undo=undo)
