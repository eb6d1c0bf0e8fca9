"""Collective preparation in the digest, in a member's own record and in the calendar (feature A1)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.calendar.names import day_label
from bot.calendar.term import each_day
from bot.domain import prep_weeks
from bot.domain.dated import Dated, Scope
from bot.domain.groups import Group
from bot.domain.happenings import Happening, dated
from bot.domain.people import Member
from bot.domain.prep import ProgressRow, Session, is_on, prep_happenings, sessions
from bot.domain.prep_weeks import LAYERS, POINTS, STAGES, PrepWeek
from bot.domain.routines import PREPARATION
from bot.domain.subjects import Bar, Deed, Figure, Measure, Mine, Period, Source, Subject, Thanks


async def _digest(group: Group, period: Period) -> list[Figure]:
    due = await prep_happenings(group, period.first, period.last)
    planned = [h for h in due if period.holds(h.day) and h.counts]
    if not planned:
        return []
    held = [h for h in planned if h.is_over(group)]
    sources = tuple(_occasion(group, h) for h in planned)
    weeks = list(dict.fromkeys(group.term.week_of(h.day) for h in planned))
    prepared = [found for found in await sessions(group, min(weeks), max(weeks)) if found.week in weeks]
    held_weeks = {group.term.week_of(happening.day) for happening in held}
    leads = dict.fromkeys(found.lead for found in prepared if found.week in held_weeks and found.lead)
    detail = (f"主备：{'、'.join(leads)}",) if leads else ()
    thanks = (Thanks("主备", tuple(leads)),) if leads else ()
    line, done, of = f"集体备课 {len(held)}/{len(planned)} 次", len(held), len(planned)
    meetings = Figure(PREPARATION, line, detail, sources, done, of, thanks)
    return [meetings, *_process(group, prepared)]


def _occasion(group: Group, h: Happening) -> Source:
    label = f"{day_label(h.day)} {h.when}（{h.state(group)}）"
    return Source("routines", h.routine.id, label, h.day if h.is_over(group) else None)


async def _measures(group: Group, period: Period) -> list[Measure]:
    """How many of the period's preparations have come to each of the four stages."""
    due = await prep_happenings(group, period.first, period.last)
    weeks = {group.term.week_of(h.day) for h in due if period.holds(h.day) and h.counts and h.has_begun(group)}
    if not weeks:
        return []
    prepared = [found for found in await sessions(group, min(weeks), max(weeks)) if found.week in weeks]
    at = [found.stage(group) for found in prepared]
    bars = (Bar(name, sum(stage >= n for stage in at), len(at)) for n, name in enumerate(STAGES, start=1))
    return [Measure("集体备课走到哪一步", "次", tuple(bars), done="走到", of="备课")]


def _process(group: Group, prepared: Sequence[Session]) -> list[Figure]:
    """How thoroughly the sessions were prepared; nothing before the group has entered anything."""
    entered = [found for found in prepared if found.agreed.has_content]
    if not entered:
        return []
    ahead = sum(_set_ahead(found) for found in prepared)
    points = sum(len(found.agreed.points) for found in entered)
    parts = [
        f"课题提前定 {ahead}/{len(prepared)}",
        f"到第四阶段 {sum(found.stage(group) == len(STAGES) for found in prepared)}",
        f"三层目标 {sum(len(found.agreed.goals) == len(LAYERS) for found in prepared)}",
        f"要点 {points}/{len(entered) * len(POINTS)}",
    ]
    sources = tuple(Source("prep_weeks", found.agreed.id, _trace(found, group)) for found in entered)
    return [Figure("备课过程", f"备课过程：{'，'.join(parts)}", (), sources)]


def _set_ahead(session: Session) -> bool:
    """A topic known before its week began; what stands in the progress table is."""
    since = session.agreed.topic_at
    return session.row is not None or (since is not None and since.date() < session.first)


def _trace(session: Session, group: Group) -> str:
    agreed = session.agreed
    return f"第{session.week}周 {STAGES[session.stage(group) - 1]}，要点 {len(agreed.points)}，目标 {len(agreed.goals)}"


async def _mine(group: Group, member: Member) -> Mine:
    table = {found.week: found for found in await group.records.find(ProgressRow, term=group.term.name)}
    agreed = await prep_weeks.of_term(group)
    leads = {week: found.lead for week, found in table.items()} | {w: a.lead for w, a in agreed.items() if a.lead}
    weeks = sorted(week for week, lead in leads.items() if lead == member.name)
    titles = {week: table[week].title if week in table else agreed[week].topic for week in weeks}
    coming = [f"第{week}周主备 {titles[week]}" for week in weeks if week >= group.week][:3]
    done = [week for week in weeks if week < group.week]
    return Mine((f"主备 {len(done)} 次",) if done else (), tuple(coming))


async def _deeds(group: Group, member: Member) -> list[Deed]:
    """The weeks gone by that somebody led."""
    last = min(group.week - 1, group.term.weeks)
    led = [found for found in await sessions(group, 1, last) if found.lead == member.name] if last > 0 else []
    return [Deed(found.first, f"第{found.week}周主备 {found.title}".rstrip(), found.topic) for found in led]


async def _agenda(group: Group, first: date, last: date, ended: bool) -> list[Dated]:
    """The meetings with topic and lead; without meetings, the weeks that somebody leads, for them alone."""
    table = {found.week: found for found in await group.records.find(ProgressRow, term=group.term.name)}
    agreed = await prep_weeks.of_term(group)
    if not await is_on(group):
        weeks = sorted({*table, *agreed})
        found = [_led(group, _planned(group, week, table.get(week), agreed.get(week))) for week in weeks]
        return [item for item in found if item.parts]
    items = []
    for meeting in await prep_happenings(group, first, last, ended=ended):
        week = group.term.week_of(meeting.day)
        items.append(_meeting(meeting, _planned(group, week, table.get(week), agreed.get(week))))
    return items


def _planned(group: Group, week: int, row: ProgressRow | None, agreed: PrepWeek | None) -> Session:
    begin, end = group.term.bounds(week)
    return Session(week, begin, end, row, None, (), agreed or PrepWeek(term=group.term.name, week=week))


def _meeting(meeting: Happening, session: Session) -> Dated:
    notes = {"课题": session.title, "研讨": session.topic if session.row else "", "主备": session.lead}
    told = tuple(f"{name}：{text}" for name, text in notes.items() if text)
    item = dated(meeting, parts={session.lead: "主备"} if session.lead else {}, notes=told)
    return replace(item, changed=_latest(item.changed, session))


def _led(group: Group, session: Session) -> Dated:
    days = [day for day in each_day(session.first, session.last) if group.calendar.is_work_day(day)]
    return Dated(
        key=f"p{group.term.start:%Y%m%d}-{session.key}",
        title=f"主备 {session.title}".strip(),
        day=days[0] if days else session.first,
        last=days[-1] if days else session.last,
        scope=Scope.ALONE,
        parts={session.lead: "主备"} if session.lead else {},
        changed=_latest(None, session),
    )


def _latest(known: datetime | None, session: Session) -> datetime | None:
    table = session.row.created if session.row else None
    moments = (known, table, session.agreed.topic_at, session.agreed.lead_at)
    return max((moment for moment in moments if moment), default=None)


SUBJECT = Subject(
    PREPARATION,
    records=(ProgressRow, PrepWeek),
    digest=_digest,
    mine=_mine,
    agenda=_agenda,
    order=10,
    speaks=True,
    area="备课",
    measures=_measures,
    deeds=_deeds,
    amounts=(PREPARATION,),
)
