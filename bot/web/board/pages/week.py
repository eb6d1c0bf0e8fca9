"""The first page: who prepares what, what is due for the visitor, what they can sign up for, the week's days."""

from dataclasses import dataclass
from datetime import timedelta

from bot.calendar.names import day_label
from bot.calendar.term import week_start
from bot.delivery import outbox
from bot.domain import drafts, membership, plans, prep, tasks
from bot.domain.agenda import agenda, for_group, for_person
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.web.board.page import Look, Page, Values, commands
from bot.web.board.pages.mine import parts_of
from bot.web.board.pages.sign_up import rows_for
from bot.web.board.views import week_of

LEADS = "主备"
MOST_OPEN = 4
"""Lessons to sign up for that the first page shows; the others are one tap away."""

MOST_DUE = 8

PAGES_OF = {"资源": "files", "公开课": "sign-up", "听课": "observations", "评课": "observations", "反思": "reflections"}
"""Where what is open is done, by the subject's name; the others' is done in the chat."""


@dataclass(frozen=True)
class Led:
    """A week's preparation: "本周", "9月16日 周三第8–9节", "陈老师", what is prepared."""

    week: str
    when: str
    who: str
    title: str
    own: bool
    cancelled: bool


async def show(look: Look) -> Values:
    """This week, and whose turn the next one is."""
    group, name = look.group, look.member.name
    view = await week_of(group, "", for_group)
    parts = await parts_of(group, look.member)
    joinable = [row for row in await rows_for(group, name) if row.say and not row.own]
    return {
        "title": view.title,
        "days": [day for day in view.days if day.items or day.today or day.note],
        "led": await led(group, name),
        "tasks": [(task.number, task.label) for task in await tasks.open_for(group, name)],
        "draft": await draft_due(group, name),
        "due": [
            (row, PAGES_OF.get(subject, ""))
            for subject, part in parts
            if subject != tasks.SUBJECT.name
            for row in part.open
        ],
        "most": MOST_DUE,
        "to_decide": await to_decide(group) if look.leads else [],
        "joinable": joinable[:MOST_OPEN],
        "more": len(joinable) - MOST_OPEN,
    }


async def draft_due(group: Group, name: str) -> str:
    """The meeting before which the visitor's own draft is waited for; "" when none is."""
    meetings = (await prep.session(group, group.week)).held()
    if not meetings or any(meeting.has_begun(group) for meeting in meetings):
        return ""
    return (
        f"{day_label(meetings[0].day)} {meetings[0].when}"
        if name in await drafts.missing(group, drafts.FIRST, group.week)
        else ""
    )


async def to_decide(group: Group) -> list[tuple[str, str]]:
    """What waits for the leader: a sentence, and the page where it is decided."""
    held = len(await outbox.held(group.system, group.key))
    claims = sum(claim.user is not None for claim in await membership.claims(group))
    asked = sum(bool(row.question) for row in await plans.preview(group))
    found = (
        (held, f"{held} 条消息说不准有没有发出去", "pending"),
        (claims, f"{claims} 位老师等您确认是本人", "members"),
        (asked, f"计划里有 {asked} 处没写清楚", "plan"),
    )
    return [(text, path) for count, text, path in found if count]


async def led(group: Group, name: str) -> list[Led]:
    """Who prepares what, this week and the next; what only its lead is told, to the lead alone."""
    first = week_start(group.today, group.term.week_starts_on)
    last = first + timedelta(days=13)
    items = await agenda(group.in_term_of(last), first, last)
    shown = {item.key: item for item in (*for_group(items), *for_person(items, name))}
    found = [item for item in shown.values() if LEADS in item.parts.values()]
    return [_led(item, name, this=item.day < first + timedelta(days=7)) for item in found]


def _led(item: Dated, name: str, *, this: bool) -> Led:
    who = next(person for person, part in item.parts.items() if part == LEADS)
    when = item.when if item.day == item.last else f"{day_label(item.day)}–{day_label(item.last)}"
    topic = next((note.partition("：")[2] for note in item.notes if note.startswith("课题")), "")
    title = topic or item.title.removeprefix(LEADS).strip()
    return Led("本周" if this else "下周", when, who, title, who == name, item.cancelled)


PAGE = Page("", "本周", "week.html", show, says=commands("完成", "初案", "请假"))
