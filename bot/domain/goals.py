"""The group's own goals, made measurable (feature B10): from where to where, until when, and how far it has come.

What one of the group's figures counts is counted from its records, always as they stand. Of anything else the leader
writes down what was measured, and each of these readings is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from bot.calendar.names import day_label
from bot.domain import plan_quotas, terms
from bot.domain.goal_words import GoalWords
from bot.domain.groups import Group, Numbered
from bot.domain.subjects import Bar, Figure, Measure, Period, Source, Subject, find_item, subjects, traced
from bot.errors import BadArgument

SEE = "看目标：/目标"
EACH, PERCENT = "人均", "%"
LAG = 0.1
"""Of its way that a goal may be behind its time without being called slow."""


class Reading(BaseModel):
    """What was measured, who wrote it down and when."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    value: float
    by: str
    at: datetime


class Goal(Numbered):
    """One goal.

    Attributes:
        measure: what is measured ("人均听课"), in ``unit`` ("节", "%").
        start: where it begins; None = only where it shall come to was said. Of what is counted it is what it came to
            before: the counting itself begins at nothing.
        falls: less is better.
        due: its last day.
        counter: the figure that counts it; "" = the leader writes down what was measured.
        readings: what was measured, the latest last.
        dropped: it is no goal any more.
    """

    TABLE: ClassVar[str] = "goals"
    INDEXES: ClassVar = ("term",)

    measure: str
    unit: str = ""
    start: float | None = None
    target: float
    falls: bool = False
    due: date
    counter: str = ""
    readings: tuple[Reading, ...] = ()
    dropped: bool = False

    @property
    def label(self) -> str:
        """ "人均听课 6→10 节", "作业时长 不超过 40 分钟"."""
        if self.start is None:
            return f"{self.measure} {'不超过' if self.falls else '不少于'} {self.amount(self.target)}"
        return f"{self.measure} {self.start:g}→{self.amount(self.target)}"

    @property
    def words(self) -> GoalWords:
        """What was typed of it."""
        return GoalWords(self.measure, self.unit, self.start, self.target, self.falls, self.due)

    @property
    def adds_up(self) -> bool:
        """Its figure grows from nothing over the term: lessons heard are counted, a share is not."""
        return bool(self.counter) and self.unit != PERCENT

    def amount(self, value: float) -> str:
        """A value with the unit: "7.5 节", "90%"."""
        return f"{round(value, 1):g}{'' if self.unit in ('', PERCENT) else ' '}{self.unit}"


@dataclass(frozen=True)
class Standing:
    """How far a goal had come on a day.

    Attributes:
        value: None = nobody has measured it yet.
        share: of the way, from 0 to 1.
        in_time: it is reached, or as far as the time that has gone by.
        noted: when somebody wrote the value down; None for one that is counted.
    """

    goal: Goal
    value: float | None
    share: float
    reached: bool
    in_time: bool
    noted: date | None = None

    @property
    def words(self) -> str:
        """ "现在 7.5 节，走了 38%，按时"; a value that was written down says when: it may be old."""
        if self.value is None:
            return "还没有记录可数" if self.goal.counter else "还没记现在的数"
        now = f"现在 {self.goal.amount(self.value)}{f'（{day_label(self.noted)}记）' if self.noted else ''}"
        if self.reached:
            return f"{now}，已达到"
        return f"{now}，走了 {self.share:.0%}，{'按时' if self.in_time else '比时间慢'}"

    @property
    def line(self) -> str:
        """The goal in a line, without its number."""
        return f"{self.goal.label}：{self.words}"


async def of_term(group: Group) -> list[Goal]:
    """The goals of this term, by number."""
    return [goal for goal in await group.records.find(Goal, term=group.term.name) if not goal.dropped]


async def numbered(group: Group, number: int) -> Goal:
    """The goal with this number.

    Raises:
        BadArgument: there is none, or it is one no more.
    """
    found = await find_item(group, number)
    if found is None or not isinstance(found[1], Goal) or found[1].dropped:
        raise BadArgument(f"没有编号 {number} 的目标。", SEE)
    return found[1]


def counter_for(measure: str) -> str:
    """The name of the group's figure that a measure speaks of; "" when none does."""
    names = (name for subject in subjects() for name in subject.amounts)
    return max((name for name in names if name in measure), key=len, default="")


async def standing(group: Group, goal: Goal, day: date) -> Standing:
    """How far a goal had come at the end of ``day``, or is today."""
    day = min(day, group.today)
    goal = _as_of(goal, day)
    reading = None if goal.counter else _read(goal, day)
    value = await _counted(group, goal, day) if goal.counter else reading.value if reading else None
    if value is None:
        return Standing(goal, None, 0.0, reached=False, in_time=False)
    reached = value <= goal.target if goal.falls else value >= goal.target
    share = 1.0 if reached else _share(goal, value)
    in_time = reached or share + LAG >= _time_gone(group, goal, day)
    return Standing(goal, value, share, reached, in_time, reading.at.date() if reading else None)


async def standings(group: Group, day: date) -> list[Standing]:
    """All goals of the term as they stood at the end of a day, those set later left out."""
    known = [goal for goal in await of_term(group) if goal.created is None or goal.created.date() <= day]
    return [await standing(group, goal, day) for goal in known]


async def suggested(group: Group) -> list[str]:
    """What the plan asks for by the term or the year and is no goal yet, as it is typed: "人均公开课 不少于 1 节"."""
    known = [goal.measure for goal in await of_term(group)]
    found = [one.quota for one in await plan_quotas.of_term(group) if one.quota.per in ("term", "year")]
    return [
        f"{EACH if quota.each else ''}{quota.what} 不少于 {quota.count} {quota.unit}"
        for quota in found
        if not any(quota.what in measure for measure in known)
    ]


def summary(found: Sequence[Standing]) -> str:
    """ "3 项：达到 1，按时 1，还没有数 1"."""
    counts = {
        "达到": sum(each.reached for each in found),
        "按时": sum(each.in_time and not each.reached for each in found),
        "比时间慢": sum(each.value is not None and not each.in_time for each in found),
        "还没有数": sum(each.value is None for each in found),
    }
    return f"{len(found)} 项：{'，'.join(f'{name} {count}' for name, count in counts.items() if count)}"


def _as_of(goal: Goal, day: date) -> Goal:
    """Until somebody first wrote down what was measured, its figure was counted; a month gone by is told as it was."""
    if goal.counter or not goal.readings or goal.readings[0].at.date() <= day:
        return goal
    return goal.model_copy(update={"counter": counter_for(goal.measure)})


def _read(goal: Goal, day: date) -> Reading | None:
    return next((reading for reading in reversed(goal.readings) if reading.at.date() <= day), None)


async def _counted(group: Group, goal: Goal, day: date) -> float | None:
    """From the term's beginning to the end of ``day``; None where there is nothing to divide by."""
    period = replace(terms.days_of(group, group.term), last=day)
    subject = next(subject for subject in subjects() if goal.counter in subject.amounts)
    figures = await subject.digest(group, period) if subject.digest else []
    figure = next((figure for figure in figures if figure.subject == goal.counter), None)
    if goal.unit == PERCENT:
        return 100 * (figure.done or 0) / figure.of if figure and figure.of else None
    count = (figure.amount if figure else 0) or 0
    return count / max(1, len(await group.teachers())) if EACH in goal.measure else float(count)


def _share(goal: Goal, value: float) -> float:
    """Of its way, from 0 to 1; what is counted over the term begins at nothing, whatever it came to before."""
    if goal.start is not None and not goal.adds_up:
        way = (value - goal.start) / (goal.target - goal.start)
    else:
        way = goal.target / value if goal.falls else value / goal.target
    return min(max(way, 0.0), 1.0)


def _time_gone(group: Group, goal: Goal, day: date) -> float:
    """Of the time to its last day: from its setting, or from where its figure is counted, the term's beginning."""
    begun = group.term.first_day
    if goal.created and not goal.adds_up:
        begun = max(goal.created.date(), begun)
    return min(max((day - begun).days / max(1, (goal.due - begun).days), 0.0), 1.0)


async def _standings_of(group: Group, period: Period) -> list[Standing]:
    return await standings(group, period.last) if period.first <= group.today else []


async def _digest(group: Group, period: Period) -> list[Figure]:
    """The goals as they stood at the period's end; nothing of a period that is still to come."""
    found = await _standings_of(group, period)
    if not found:
        return []
    detail = tuple(f"{each.goal.number} {each.line}" for each in found)
    good = sum(each.in_time for each in found)
    words = {each.goal.id: f"{each.goal.number} {each.line}（{day_label(each.goal.due)}前）" for each in found}
    sources = await traced([each.goal for each in found], lambda goal: Source("goals", goal.id, words[goal.id]))
    return [Figure("目标", f"目标 {summary(found)}", detail, sources, done=good, of=len(found), aim="目标按时")]


async def _measures(group: Group, period: Period) -> list[Measure]:
    """How much of its way each goal has gone."""
    bars = tuple(
        Bar(
            f"{each.goal.label}，{'还没记' if each.value is None else f'现在 {each.goal.amount(each.value)}'}",
            round(100 * each.share),
            100,
        )
        for each in await _standings_of(group, period)
    )
    return [Measure("目标走了多少", "%", bars, done="走了", of="全程", shares=True)] if bars else []


SUBJECT = Subject("目标", records=(Goal,), digest=_digest, measures=_measures, order=90, speaks=True)
