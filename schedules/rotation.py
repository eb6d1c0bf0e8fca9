"""What the calendar says of the leads: a word to next week's, to the leader when there is none, and of a question."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.content import Action
from bot.domain import rotation
from bot.domain.groups import Group
from bot.domain.prep import Session
from bot.domain.turns import TurnSwap, open_swaps
from bot.jobs import Ask, Due, on

TOPIC = "轮值"
AHEAD = timedelta(days=3)


async def turns(group: Group, first: date, last: date) -> Sequence[Due]:
    """Three days before each week with a preparation; known from the beginning of the term."""
    weeks = group.term.week_of(first + AHEAD), group.term.week_of(last + AHEAD)
    found = []
    for session in await rotation.sessions(group, *weeks):
        day = session.first - AHEAD
        if first <= day <= last:
            ends = datetime.combine(session.first, time(7), group.zone)
            found.append(Due(session.key, day, ends, session, f"第{session.week}周主备", since=_since(session)))
    return found


def _since(session: Session) -> datetime | None:
    """Since when it has been known who leads a week that is prepared."""
    known = [session.agreed.lead_at, session.row.created if session.row else None]
    return max((moment for moment in (*known, session.since) if moment), default=None)


async def questions(group: Group, first: date, last: date) -> Sequence[Due]:
    """Swaps that nobody has answered, on the Monday with which the question lapses."""
    found = []
    for swap in await open_swaps(group):
        monday = group.term.bounds(swap.first_week)[0]
        if first <= monday <= last:
            ends = datetime.combine(monday, time(), group.zone)
            found.append(Due(f"{swap.id}", monday, ends, swap, f"换{swap.rota}等回话", since=swap.created))
    return found


@on(turns, when="day", until="end", private=True)
async def next_week(group: Group, session: Session) -> Sequence[Ask]:
    """下周主备：提前三天（遇休息日再提前）私下提醒本人，刚刚通知过的不重复；没有主备或主备请假的提醒组长"""
    name, leader = session.lead, await group.leader()
    deadline = datetime.combine(session.first, time(7), group.zone)
    title = session.title or "课题还没有定"
    if name in await group.teachers() and name not in await rotation.away(group, session):
        told = session.agreed.lead_at
        if session.agreed.lead and told and group.now - told < AHEAD:
            return []
        times = "、".join(f"{h.when}{f' {h.place}' if h.place else ''}" for h in session.held())
        near = "下周，" if session.week == group.week + 1 else ""
        lines = (f"⏰ {near}第{session.week}周您主备：{title}{f'，{times}' if times else ''}",)
        return [Ask(name, lines, deadline, (Action(label="看安排", send="/下周备课"),))]
    if leader is None or not session.title:
        return []  # without a topic the leader is reminded of both already
    why = f"主备{name}请假" if name in await rotation.away(group, session) else "还没有主备"
    action = Action(label="定主备，例", send=f"/备课 主备 第{session.week}周 {leader.name}", fill=True)
    return [Ask(leader.name, (f"⏰ 第{session.week}周{why}：{title}",), deadline, (action,))]


@on(questions, when="day before", until="end", private=True)
async def unanswered(group: Group, swap: TurnSwap) -> Sequence[Ask]:
    """换主备、换研讨课的问题快过期了还没有回话：私下再问对方一次"""
    if swap.created and swap.created.date() == group.today:
        return []
    deadline = datetime.combine(group.term.bounds(swap.first_week)[0], time(), group.zone)
    actions = (Action(label="同意", send="/轮值 同意"), Action(label="不同意", send="/轮值 不同意"))
    return [Ask(swap.other, (f"⏰ {swap.label}，还等您回话。",), deadline, actions)]
