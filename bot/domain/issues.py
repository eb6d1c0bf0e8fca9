"""Shared problems (feature A11): collected during the week, the agenda of the next session until they are solved.

What a problem leads to beyond that (a step, a measurement, a second look: feature E7) will hang on its number; here
stands the problem itself, from raising it to what helped. Raised one-to-one it is shown without its author.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from bot.domain.groups import Group, Numbered
from bot.domain.people import Member
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject, find_item
from bot.errors import BadArgument

EXAMPLE = "/问题 学生计算步骤跳步多"
MOST_SAID = 3
SHORT = 24
_SEE = "看问题：/问题"


class State(StrEnum):
    """Where a problem stands."""

    OPEN = "待研讨"
    SOLVED = "已解决"
    WITHDRAWN = "已撤回"


class Issue(Numbered):
    """One problem.

    Attributes:
        text: as it was written last.
        member: who raised it; ``named`` = the group may read who.
        discussed: the days on which it was talked about without being solved.
        outcome: what helped; it stays when the problem is opened again, so that nobody tries it twice unknowingly.
        closed: when it was solved or withdrawn.
    """

    TABLE: ClassVar[str] = "issues"
    INDEXES: ClassVar = ("term", ("term", "state"))

    text: str
    member: str
    named: bool = True
    state: State = State.OPEN
    discussed: tuple[date, ...] = ()
    outcome: str = ""
    closed: datetime | None = None

    @property
    def short(self) -> str:
        """ "8 学生计算步骤跳步多", on one line of a phone."""
        flat = " ".join(self.text.split())
        return f"{self.number} {flat if len(flat) <= SHORT else f'{flat[: SHORT - 1]}…'}"

    @property
    def label(self) -> str:
        """With who raised it, where that may be read, and how often it was discussed."""
        notes = [self.member] if self.named else []
        notes += [f"议过 {len(self.discussed)} 次"] if self.discussed else []
        return f"{self.short}（{'，'.join(notes)}）" if notes else self.short


async def of_term(group: Group) -> list[Issue]:
    """Every problem of this term that was not withdrawn, by number."""
    found = await group.records.find(Issue, term=group.term.name)
    return sorted((x for x in found if x.state is not State.WITHDRAWN), key=lambda issue: issue.number)


async def open_ones(group: Group) -> list[Issue]:
    """The problems that wait to be discussed, oldest first."""
    found = await group.records.find(Issue, term=group.term.name, state=State.OPEN)
    return sorted(found, key=lambda issue: issue.number)


async def numbered(group: Group, number: int) -> Issue:
    """The problem with this number.

    Raises:
        BadArgument: there is none.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Issue):
        raise BadArgument(f"没有编号 {number} 的问题。", _SEE)
    return found[1]


async def agenda_items(group: Group) -> list[str]:
    """What a meeting should talk about: the first open problems, and how many more there are."""
    found = await open_ones(group)
    more = len(found) - MOST_SAID
    return [*[f"问题 {issue.short}" for issue in found[:MOST_SAID]], *([f"另有 {more} 个问题"] if more > 0 else [])]


async def session_line(group: Group) -> str:
    """ "要研讨的问题：8 …；9 …"; "" without any."""
    found = await open_ones(group)
    more = f"；共 {len(found)} 个，看：/问题" if len(found) > MOST_SAID else ""
    return f"要研讨的问题：{'；'.join(issue.short for issue in found[:MOST_SAID])}{more}" if found else ""


async def _digest(group: Group, period: Period) -> list[Figure]:
    """Raised and solved in the period, and what was open at its end."""
    every = await of_term(group)
    raised = [x for x in every if period.holds(x.created)]
    solved = [x for x in every if x.state is State.SOLVED and period.holds(x.closed)]
    left = [x for x in every if _was_open(x, period.last)]
    if not raised and not solved and not left:
        return []
    line = f"问题提出 {len(raised)} 个，解决 {len(solved)} 个，还开着 {len(left)} 个"
    shown = {x.id: x for x in (*raised, *solved, *left)}
    sources = tuple(Source("issues", x.id, f"{x.short}（{x.state}）", _raised_on(x, period)) for x in shown.values())
    helped = tuple(f"{x.short}：{x.outcome[:40]}" for x in solved if x.outcome)
    return [Figure("问题", line, helped, sources, amount=len(solved))]


def _raised_on(issue: Issue, period: Period) -> date | None:
    """The day it was raised, within the period: one that is still open from before is no activity of it."""
    return issue.created.date() if issue.created and period.holds(issue.created) else None


def _was_open(issue: Issue, last: date) -> bool:
    begun = issue.created is not None and issue.created.date() <= last
    return begun and (issue.state is State.OPEN or (issue.closed is not None and issue.closed.date() > last))


async def _mine(group: Group, member: Member) -> Mine:
    """Where others may read along: of one that is shown without its author nothing but that it counts."""
    mine = [x for x in await of_term(group) if x.member == member.name]
    if not mine:
        return Mine()
    solved = sum(x.state is State.SOLVED for x in mine)
    waiting = tuple(f"问题 {x.short}（{x.state}）" for x in mine if x.named and x.state is State.OPEN)
    return Mine((f"提出问题 {len(mine)} 个，解决 {solved} 个",), waiting[-3:])


async def _deeds(group: Group, member: Member) -> list[Deed]:
    """The problems somebody raised; their own record may name them as theirs."""
    mine = [issue for issue in await of_term(group) if issue.member == member.name]
    return [Deed(issue.created.date(), issue.text, issue.outcome) for issue in mine if issue.created]


SUBJECT = Subject(
    "问题", records=(Issue,), digest=_digest, mine=_mine, order=18, area="备课", deeds=_deeds, amounts=("问题",)
)
