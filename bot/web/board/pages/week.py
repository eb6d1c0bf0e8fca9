"""本周: who prepares what, what is still mine to do, what I can sign up for; for the leader, what waits for a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.calendar.names import day_label, weekday_name
from bot.calendar.term import week_start
from bot.delivery.desk import OutboxDesk
from bot.domain import board_drafts, drafts, membership, open_lessons, plans, prep, quiet, seats, subjects, tasks
from bot.domain.agenda import agenda, for_person
from bot.domain.dated import Dated
from bot.domain.drafts import FIRST
from bot.domain.prep_weeks import STAGES
from bot.domain.routines import PREPARATION
from bot.domain.subjects import Subject
from bot.web.board.page import Asked, Page, Values

MOST_OFFERS = 3
_DAYS = timedelta(days=6)


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the reader, and the page where it is dealt with."""

    words: str
    page: str


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group = asked.group
    session = await prep.session(group, prep.week_now(group))
    first = week_start(group.today, group.term.week_starts_on)
    items = for_person(await agenda(group, first, first + _DAYS), asked.name)
    following = session.following
    return {
        "title": "本周",
        "head": prep.headline(group, session).partition(" ")[2],
        "prepares": prep.lines(session),
        "leads": asked.leads,
        "is_lead": session.lead == asked.name,
        "stage": f"{STAGES[session.stage(group) - 1]}（第 {session.stage(group)} 步，共 4 步）"
        if session.meetings
        else "",
        "following": prep.announced(following) if following else "",
        "open": await _open(asked),
        "tasks": [(task.number, task.label) for task in await tasks.open_for(group, asked.name)],
        "draft_missing": await _draft_missing(asked, session),
        "to_lead": await _to_lead(asked),
        "offers": await offers(asked),
        "items": [_row(item, asked.name) for item in items],
        "waiting": [*await _unfinished(asked), *(await _for_the_leader(asked) if asked.leads else [])],
        "muted": await quiet.muted_until(group, group.today),
        "today": f"{day_label(group.today)} {weekday_name(group.today.isoweekday())}",
    }


async def _open(asked: Asked) -> list[str]:
    """What is still to do, but for tasks, which have buttons, and for the weeks to lead, which may be far away."""
    apart = (PREPARATION, tasks.SUBJECT.name)
    known = [one for one in subjects.subjects() if one.mine and one.name not in apart]
    return [row for one in known for row in await _rows(one, asked)]


async def _draft_missing(asked: Asked, session: prep.Session) -> bool:
    """Whether the reader's own draft for the week's meeting is still to come; nobody is asked where none are used."""
    if not session.held() or not await drafts.in_use(asked.group, FIRST):
        return False
    return asked.name in await drafts.missing(asked.group, FIRST, session.week)


async def _to_lead(asked: Asked) -> list[str]:
    """The weeks that the reader is still to lead."""
    return [row for one in subjects.subjects() if one.name == PREPARATION for row in await _rows(one, asked)]


async def _rows(subject: Subject, asked: Asked) -> Sequence[str]:
    return (await subject.mine(asked.group, asked.member)).open if subject.mine else ()


async def offers(asked: Asked, most: int = MOST_OFFERS) -> list[tuple[str, str, int]]:
    """Lessons that the reader can still sign up or wait for: how they are told, the command, the number."""
    found = []
    for item in (await seats.joinable(asked.group, asked.name))[:most]:
        full = await open_lessons.seats_left(asked.group, item) == 0
        found.append((await open_lessons.line(asked.group, item), "/候补" if full else "/报名", item.number))
    return found


def _row(item: Dated, name: str) -> Values:
    part = item.parts.get(name, "")
    return {"when": item.when, "title": item.title, "place": item.place, "part": part, "cancelled": item.cancelled}


async def _unfinished(asked: Asked) -> list[Waiting]:
    found = []
    for page, words in (("reflection", "一篇没写完的反思"), ("observation", "一份没写完的听课记录")):
        if await board_drafts.find(asked.group, asked.person, page):
            found.append(Waiting(f"您有{words}", page))
    return found


async def _for_the_leader(asked: Asked) -> list[Waiting]:
    group = asked.group
    held = await OutboxDesk(group.system, group.key, group.now).held()
    questions = [row for row in await plans.preview(group) if row.question]
    counts = (
        (len(await membership.claims(group)), "个登记申请等您确认", "people"),
        (len(questions), "个计划里的问题等您回答", "plan"),
        (len(held), "条消息说不准发没发出去", "undelivered"),
    )
    return [Waiting(f"{count} {words}", page) for count, words, page in counts if count]


PAGE = Page("week", "本周", show, commands=("/报名", "/候补", "/取消报名", "/完成", "/初案"))
