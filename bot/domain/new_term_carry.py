"""What is running when a term ends and goes on in the new one: lessons, tasks, the order of the leads, the quota.

Lessons that lie in the new term move there with their sign-ups. A task that is still to be done is given anew, and
stays in the old term what it was there: not finished. Each of them gets a number of the new term.
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from bot.calendar.term import Term
from bot.domain import observation_quota, rotation
from bot.domain.groups import Group
from bot.domain.observation_quota import Quota
from bot.domain.open_lessons import OpenLesson
from bot.domain.rotation import LeadRotation
from bot.domain.tasks import Task


class Moved(BaseModel):
    """A lesson's number before, to put it back."""

    model_config = ConfigDict(defer_build=True)

    lesson: int
    number: int


@dataclass(frozen=True)
class Running:
    """What went on in the new term.

    Attributes:
        overdue: tasks whose day had passed; they stayed behind.
        quota: "每月 2 节", "" when there was none to carry; likewise ``order``.
    """

    lessons: tuple[OpenLesson, ...] = ()
    moved: tuple[Moved, ...] = ()
    tasks: tuple[Task, ...] = ()
    overdue: int = 0
    quota: str = ""
    order: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing went on."""
        return not (self.lessons or self.tasks or self.quota or self.order)


async def carry(group: Group, who: str, before: Term) -> Running:
    """Let what is running in ``before`` go on in the group's term; what has been carried already stays as it is."""
    old = group.in_term(before)
    lessons, moved = await _lessons(group, old)
    tasks, overdue = await _tasks(group, who, old)
    return Running(lessons, moved, tasks, overdue, await _quota(group, who, old), await _order(group, who, old))


async def put_back(group: Group, before: str, running: str) -> None:
    """Undo ``carry``; ``running`` is what ``written`` returned. A task that somebody has finished meanwhile stays."""
    kept = _Written.model_validate_json(running)
    for moved in kept.moved:
        lesson = await group.records.get(OpenLesson, moved.lesson)
        if lesson:
            await group.records.update(lesson.model_copy(update={"term": before, "number": moved.number}))
    for number in kept.tasks:
        task = await group.records.get(Task, number)
        if task and not task.done:
            await group.records.remove(task)
    for quota in await group.records.find(Quota, term=group.term.name) if kept.quota else ():
        await group.records.remove(quota)
    for rotated in await group.records.find(LeadRotation, term=group.term.name) if kept.order else ():
        await group.records.remove(rotated)


class _Written(BaseModel):
    model_config = ConfigDict(defer_build=True)

    moved: tuple[Moved, ...]
    tasks: tuple[int, ...]
    quota: bool
    order: bool


def written(running: Running) -> str:
    """What ``put_back`` needs, as JSON."""
    tasks = tuple(task.id for task in running.tasks)
    kept = _Written(moved=running.moved, tasks=tasks, quota=bool(running.quota), order=bool(running.order))
    return kept.model_dump_json()


async def _lessons(group: Group, old: Group) -> tuple[tuple[OpenLesson, ...], tuple[Moved, ...]]:
    found = await group.records.find(OpenLesson, term=old.term.name)
    coming = [one for one in found if not one.cancelled and one.day >= group.term.start and one.day >= group.today]
    moved = tuple(Moved(lesson=one.id, number=one.number) for one in coming)
    lessons = []
    for one in coming:
        fresh = {"term": group.term.name, "number": await group.next_number()}
        lessons.append(await group.records.update(one.model_copy(update=fresh)))
    return tuple(lessons), moved


async def _tasks(group: Group, who: str, old: Group) -> tuple[tuple[Task, ...], int]:
    names = set(await group.teachers())
    found = await group.records.find(Task, term=old.term.name, waiting=True)  # most of a term's tasks are done
    running = [task for task in found if names.intersection(task.open_owners)]
    known = {(task.text, task.due) for task in await group.records.find(Task, term=group.term.name)}
    coming = [task for task in running if task.due is None or task.due >= group.today]
    carried = []
    for task in coming:
        if (task.text, task.due) in known:
            continue
        fresh = Task(
            term=group.term.name,
            number=await group.next_number(),
            text=task.text,
            owners=tuple(name for name in task.open_owners if name in names),
            due=task.due,
            giver=task.giver,
            origin=task.origin,
            created=group.now,
            author=who,
        )
        carried.append(await group.records.add(fresh))
    return tuple(carried), len(running) - len(coming)


async def _quota(group: Group, who: str, old: Group) -> str:
    before = await observation_quota.current(old)
    if before is None or not before.each or await observation_quota.current(group):
        return ""
    fresh = Quota(term=group.term.name, each=before.each, per=before.per, created=group.now, author=who)
    return (await group.records.add(fresh)).label


async def _order(group: Group, who: str, old: Group) -> tuple[str, ...]:
    order = await rotation.order_of(old)
    if not order or await rotation.order_of(group):
        return ()
    await group.records.add(LeadRotation(term=group.term.name, order=order, created=group.now, author=who))
    return order
