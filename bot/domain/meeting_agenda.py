"""What the regular meeting talks about: what the bot proposes from the group's own figures, and what was added."""

from datetime import timedelta

from bot.domain import issues, meetings
from bot.domain.groups import Group
from bot.domain.happenings import happenings
from bot.domain.meetings import Meeting, of_term, open_decisions, sittings
from bot.domain.routines import active
from bot.domain.subjects import Period, subjects

MONTH = timedelta(days=31)
SHORT = 30
"""Characters of an item where many stand below each other."""


async def agenda(group: Group, meeting: Meeting) -> list[str]:
    """What to talk about: what the bot proposes, then what was added by hand."""
    return [*await proposed(group, meeting), *await _left_over(group, meeting), *meeting.agenda]


async def proposed(group: Group, meeting: Meeting) -> list[str]:
    """Last month's figures (once it is over, at the month's first meeting), open decisions, shared problems, what the
    plan brings."""
    items = []
    before = meeting.day.replace(day=1) - timedelta(days=1)
    if before < group.today and await _is_first_of_month(group, meeting):
        figures = await _figures(group, Period.month(before.year, before.month))
        items += [f"{before.month}月小结：{'，'.join(figures[:3])}"] if figures else []
    waiting = [task for task in await open_decisions(group) if task.origin != meeting.origin]
    if waiting:
        names = "、".join(f"{task.number} {shortened(task.text, 8)}" for task in waiting[:3])
        items.append(f"决定还有 {len(waiting)} 项没做完：{names}")
    items += await issues.agenda_items(group)
    plain = [routine for routine in await active(group) if routine.is_plain]
    next_ones = await happenings(group, meeting.day, meeting.day + MONTH, plain)
    titles = list(dict.fromkeys(shortened(h.title, 10) for h in next_ones if not h.cancelled))
    return [*items, *([f"接下来：{'、'.join(titles[:3])}"] if titles else [])]


def shortened(text: str, length: int = SHORT) -> str:
    """``text`` on a line of a phone."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


async def _left_over(group: Group, meeting: Meeting) -> list[str]:
    """What stood on the agenda of a meeting that was called off since: nothing gets lost."""
    first = meeting.day - MONTH
    live = {sitting.meeting.occasion for sitting in await sittings(group, first, group.term.last_day)}
    gone = [m for m in await of_term(group) if m.occasion not in live and first <= m.day and not m.was_held]
    return [item for lost in gone if lost.day <= meeting.day for item in lost.agenda]


async def _is_first_of_month(group: Group, meeting: Meeting) -> bool:
    earlier = await sittings(group, meeting.day.replace(day=1), meeting.day)
    return not any(s.meeting.day < meeting.day and s.meeting.occasion != meeting.occasion for s in earlier)


async def _figures(group: Group, period: Period) -> list[str]:
    """The first clause of each subject's figures: "集体备课 4/4 次", "公开课 2 节"."""
    others = [subject.digest for subject in subjects() if subject.digest and subject is not meetings.SUBJECT]
    return [
        figure.line.rpartition("：")[2].split("，")[0] for digest in others for figure in await digest(group, period)
    ]
