"""The plan of one group's school day: a pure function of routines, school calendar, records and clock.

It reads and decides nothing twice; ``engine`` writes down and sends what it says, ``rehearse`` only shows it.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import structlog

from bot.calendar.term import Term, each_day
from bot.clock import at
from bot.domain.groups import Group
from bot.errors import StoreError
from bot.jobs import Ask, Due, Job, Post, Result, Source, When
from bot.scheduling import ledger

LOOK_BACK = timedelta(days=7)
LATE_AFTER = timedelta(hours=1)
LONGEST_BREAK = 15
"""Days without work that are looked over for the school day on which something is said."""

DAY = timedelta(days=1)

log = structlog.get_logger()

Known = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True)
class Planned:
    """An occurrence whose time has come. ``until`` is the last moment it is useful; ``late`` that it should have been
    said earlier."""

    job: Job
    due: Due
    key: str
    day: date
    until: datetime
    late: bool


class Piece(NamedTuple):
    """A planned occurrence with what there is to say."""

    planned: Planned
    post: Post


@dataclass(frozen=True)
class Reminder:
    """A planned reminder to one member."""

    planned: Planned
    ask: Ask

    @property
    def key(self) -> str:
        """Its key in the ledger: one row a person."""
        return f"{self.planned.key}:{self.ask.to}"


async def occurrences(
    group: Group,
    jobs: Sequence[Job],
    known: Known,
    *,
    private: bool,
    day: date | None = None,
    since: date | None = None,
) -> list[Planned]:
    """Occurrences not in the ledger whose posting day has come by ``day`` (today), in order of their day.

    Args:
        since: look back to this day, and a week at least.
    """
    found, day = [], day or group.today
    first = min(since or group.today, group.today - LOOK_BACK)
    horizons = {when: _horizon(group, when, day) for when in {job.when for job in jobs}}
    for source, theirs in _by_source([job for job in jobs if job.private is private]):
        for due in await _dues(group, source, theirs, first, max(horizons[job.when] for job in theirs)):
            for one in [_planned(group, job, due) for job in theirs]:
                if one and one.day <= day and not await known(one.key):
                    found.append(one)
    return sorted(found, key=lambda one: (one.due.day, one.key))


def useful(group: Group, found: Sequence[Planned]) -> list[Planned]:
    """Those of which something is still worth saying."""
    return [one for one in found if one.until > group.now]


async def missed(group: Group, found: Sequence[Planned]) -> list[Planned]:
    """Those that nobody will hear of any more: the bot was down, and they are no longer useful."""
    past = [one for one in found if one.until <= group.now and _was_expected(group, one)]
    return [one for one in past if not (one.job.private and await ledger.is_decided(group, "notes", one.day))]


async def pieces(group: Group, due: Sequence[Planned]) -> tuple[list[Piece], list[Planned]]:
    """What there is to say now, in card order; and the occurrences with nothing to say."""
    said, silent = [], []
    for one in due:
        result = await _built(group, one)
        if isinstance(result, Post):
            said.append(Piece(one, result))
        else:
            silent.append(one)
    return sorted(said, key=lambda piece: (piece.post.order, piece.planned.due.day)), silent


async def reminders(group: Group, due: Sequence[Planned], known: Known) -> list[Reminder]:
    """Who still owes something, nearest deadline first."""
    found = []
    leader = await group.leader()
    for one in due:
        if one.job.to_leader and leader and await known(f"{one.key}:{leader.name}"):
            continue
        result = await _built(group, one)
        asks = [] if result is None or isinstance(result, Post) else result
        found += [Reminder(one, ask) for ask in asks if not await known(f"{one.key}:{ask.to}")]
    return sorted(found, key=lambda reminder: (reminder.ask.deadline, reminder.key))


def posting_day(group: Group, job: Job, day: date) -> date | None:
    """The day on which something of ``day`` is said; None when no working day is left before it."""
    if job.when == "week start":
        first, last = group.term.bounds(group.term.week_of(day))
        return next((d for d in each_day(first, last) if group.calendar.is_work_day(d)), None)
    wanted = day - _AHEAD[job.when]
    candidates = (wanted - timedelta(days=back) for back in range(LONGEST_BREAK))
    return next((candidate for candidate in candidates if group.calendar.is_work_day(candidate)), None)


_AHEAD = {"day": timedelta(0), "day before": DAY, "week before": timedelta(days=7)}


def _horizon(group: Group, when: When, day: date) -> date:
    """The last day of which something may have to be said by ``day``: days off that follow are spoken for too."""
    if when == "week start":
        return group.term.bounds(group.term.week_of(day))[1]
    days = (day + timedelta(days=ahead) for ahead in range(1, LONGEST_BREAK + 1))
    following = next((one for one in days if group.calendar.is_work_day(one)), day + LONGEST_BREAK * DAY)
    return following - DAY + _AHEAD[when]


def _by_source(jobs: Sequence[Job]) -> list[tuple[Source, list[Job]]]:
    """Jobs that speak of the same things ask for them once."""
    found: dict[Source, list[Job]] = {}
    for job in jobs:
        found.setdefault(job.source, []).append(job)
    return list(found.items())


async def _dues(group: Group, source: Source, jobs: Sequence[Job], first: date, last: date) -> Sequence[Due]:
    """What falls due between two days. One subject's defect is logged and does not silence the others."""
    try:
        return await source(group, first, last)
    except StoreError:
        raise
    except Exception:
        log.exception("schedule.source_failed", group=group.key, jobs=[job.name for job in jobs])
        return []


async def _built(group: Group, one: Planned) -> Result:
    """What a job says of an occurrence; None when it breaks, and the log has the trace."""
    try:
        return await one.job.build(group, one.due.item)
    except StoreError:
        raise
    except Exception:
        log.exception("schedule.job_failed", group=group.key, occurrence=one.key)
        return None


def _planned(group: Group, job: Job, due: Due) -> Planned | None:
    day = posting_day(group, job, due.day)
    if day is None:
        return None
    ends = {
        "start": due.starts or due.ends,
        "end": due.ends,
        "day": datetime.combine(day, time(23, 59), group.now.tzinfo),
    }
    moment = at(day, group.record.note_window if job.private else group.record.window, group.zone)
    known_then = due.since is None or due.since <= moment
    late = known_then and group.now - moment > LATE_AFTER
    key = f"{group.term.name}/{job.name}:{due.key}{_edition(group.term, due.key, day)}"
    return Planned(job, due, key, day, ends[job.until], late)


_OF_A_WEEK = re.compile("(?:^|:)(?:w[0-9]|mid|final|out|end)")


def _edition(term: Term, key: str, day: date) -> str:
    """What sets a week's occurrence apart from that of the same name before the term was moved.

    第3周 is another week then, and its card has to be said for it, though one was said for the week that was called so
    before. What was to be said before the move is not said again.
    """
    moved = sum(day >= since for since in term.moved_on)
    return f"@{moved}" if moved and _OF_A_WEEK.search(key) else ""


def _was_expected(group: Group, one: Planned) -> bool:
    """Whether it was known in time and lies within the term's running bot: what came too late is not missed."""
    moment = at(one.day, group.record.note_window if one.job.private else group.record.window, group.zone)
    return one.due.since is not None and one.due.since <= moment
