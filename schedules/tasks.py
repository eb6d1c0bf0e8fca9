"""What the calendar says of tasks: a private word the day before and on the day, to those who have not finished."""

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.calendar.names import day_label
from bot.content import Action
from bot.domain import tasks
from bot.domain.groups import Group
from bot.domain.tasks import Task
from bot.jobs import Ask, Due, on

TOPIC = "任务"


async def due(group: Group, first: date, last: date) -> Sequence[Due]:
    """The last days of tasks not finished by everybody."""
    found = []
    for task in await tasks.due_between(group, first, last):
        if task.due and task.open_owners:
            end = datetime.combine(task.due, time(23, 59), group.zone)
            found.append(
                Due(f"{task.number} {task.due}", task.due, end, task, f"任务 {task.label}", since=task.created)
            )
    return found


@on(due, when="day before", until="end", private=True)
async def tomorrow(group: Group, task: Task) -> Sequence[Ask]:
    """任务到期前一个上课日：私下提醒还没做完的人"""
    if task.due is None or task.due <= group.today:
        return []
    return _asks(group, task, "明天到期" if (task.due - group.today).days == 1 else f"{day_label(task.due)}到期")


@on(due, when="day", until="end", private=True)
async def today(group: Group, task: Task) -> Sequence[Ask]:
    """任务到期当天：再私下提醒一次，以后不再提"""
    return _asks(group, task, "今天到期") if task.due == group.today else []


def _asks(group: Group, task: Task, when: str) -> Sequence[Ask]:
    if task.due is None:
        return []
    deadline = datetime.combine(task.due, time(23, 59), group.zone)
    actions = (Action(label=f"{task.number} 做完了", send=f"/完成 {task.number}"),)
    return [Ask(name, (f"⏰ 任务 {task.number} {task.text} {when}。",), deadline, actions) for name in task.open_owners]
