"""Reviews of lessons heard (feature C4): marks from 1 to 5 on the axes of the scale, and words.

The teacher alone reads the whole review, with the mean of all reviewers and the weakest axis; the group reads how many
lessons were reviewed. Teachers are never compared.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from bot.domain import observations, scales
from bot.domain.groups import Group
from bot.domain.observations import Observation
from bot.domain.people import Member
from bot.domain.scales import Scale
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject, traced
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

LEAST_TEACHERS = 3
"""Reviewed teachers from whom on a mean is the group's and nobody's own."""


class Review(Record):
    """One reviewer's view of a lesson they heard; ``observation`` is the number of their own record of it."""

    TABLE: ClassVar[str] = "reviews"
    INDEXES: ClassVar = ("term", "member")
    UNIQUE: ClassVar = (("term", "observation"),)

    term: str
    observation: int
    member: str
    axes: tuple[str, ...]
    marks: tuple[int, ...]
    text: str = ""

    @property
    def shown(self) -> str:
        """ "目标达成 5 · 环节设计 4"."""
        return " · ".join(f"{axis} {mark}" for axis, mark in zip(self.axes, self.marks, strict=True))


async def of_observation(group: Group, number: int) -> Review | None:
    """The review that belongs to the lesson noted under ``number``."""
    found = await group.records.find(Review, term=group.term.name, observation=number)
    return found[0] if found else None


async def open_for(group: Group, who: str) -> list[Observation]:
    """Lessons that ``who`` heard and has not reviewed, the latest first."""
    done = {review.observation for review in await group.records.find(Review, member=who)}
    return [x for x in reversed(await observations.of_member(group, who)) if x.number not in done]


async def of_lesson(group: Group, heard: Observation) -> list[Review]:
    """Everybody's reviews of the lesson, in the order of noting."""
    same = [await of_observation(group, x.number) for x in await observations.alike(group, heard)]
    return sorted((review for review in same if review), key=lambda review: review.id)


async def give(group: Group, who: str, heard: Observation, marks: dict[str, int], text: str) -> tuple[int, bool, Undo]:
    """Review a lesson; a second review of one's own takes the place of the first.

    Returns:
        how many reviews the lesson has, whether the teacher could be told, and the way back.

    Raises:
        BadArgument: an axis has no mark, or too long a text; guard.PupilNamed; Refused: it was said already.
    """
    axes = await scales.axes(group)
    missing = [axis for axis in axes if axis not in marks]
    if missing:
        raise BadArgument(
            f"还少 {'、'.join(missing)} 的分（1–{scales.TOP}）。",
            f"例：/评课 {heard.number} {scales.marks_example(axes)} 导入好",
        )
    await observations.check_text(group, text)
    stored, undo = await _keep(group, who, heard, tuple(marks[axis] for axis in axes), text)
    known = heard.teacher in await group.teachers()
    everybody = await of_lesson(group, heard)
    if known:
        group.tell(heard.teacher, *_for_the_teacher(heard, stored, everybody))
    return len(everybody), known, undo


async def received(group: Group, who: str) -> list[tuple[Observation, list[Review]]]:
    """The lessons of ``who`` that were reviewed, the latest first, each with its reviews. For ``who`` alone."""
    heard = {x.number: x for x in await group.records.find(Observation, term=group.term.name) if x.teacher == who}
    by_lesson: dict[observations.Lesson, tuple[Observation, list[Review]]] = {}
    for review in await group.records.find(Review, term=group.term.name):
        if x := heard.get(review.observation):
            by_lesson.setdefault(x.lesson, (x, []))[1].append(review)
    return sorted(by_lesson.values(), key=lambda pair: (pair[0].day, pair[0].periods), reverse=True)


def summary(reviews: Sequence[Review]) -> str:
    """The mean of each axis by the newest scale used, and the weakest: "2 份平均：目标达成 4.5 · …；最弱：学生参与"."""
    axes = reviews[-1].axes
    alike = [review.marks for review in reviews if review.axes == axes]
    means = {axis: sum(column) / len(column) for axis, column in zip(axes, zip(*alike, strict=True), strict=True)}
    low = scales.weakest(means)
    shown = " · ".join(f"{axis} {mean:.1f}" for axis, mean in means.items())
    return f"{len(alike)} 份平均：{shown}" + (f"；最弱：{'、'.join(low)}" if low else "")


@inverse
async def take_back(group: Group, who: str, number: int, revision: int, before: dict[str, Any]) -> str:
    """Inverse of ``give``: no review, or the former one; the teacher is told."""
    review = await of_observation(group, number)
    if review is None or review.member != who or review.revision != revision:
        raise Refused("这份评课后来又改过，不撤销了。", "看自己的：/评课")
    heard = await observations.own(group, who, number)
    if before:
        await group.records.update(Review.model_validate({**review.model_dump(), **before}))
    else:
        await group.records.remove(review)
    if heard.teacher in await group.teachers():
        group.tell(heard.teacher, f"📝 {who}{'改回了上一份' if before else '撤回了'}评课：{heard.label}")
    return f"已撤销：{heard.label}的评课{'改回上一份' if before else '删掉了'}。"


async def _keep(group: Group, who: str, heard: Observation, marks: tuple[int, ...], text: str) -> tuple[Review, Undo]:
    axes = await scales.axes(group)
    old = await of_observation(group, heard.number)
    if old and (old.axes, old.marks, old.text) == (axes, marks, text):
        raise Refused("这份评课已经记过了。", "看自己的：/评课", symbol="ℹ️")
    if old:
        fresh = {"axes": axes, "marks": marks, "text": text}
        stored = await group.records.update(old.model_copy(update=fresh))
    else:
        stored = await group.records.add(
            Review(
                term=group.term.name,
                observation=heard.number,
                member=who,
                axes=axes,
                marks=marks,
                text=text,
                created=group.now,
                author=who,
            )
        )
    before = old.model_dump(mode="json", include={"axes", "marks", "text"}) if old else {}
    undo = undo_with(take_back, f"评课 {heard.number}", number=heard.number, revision=stored.revision, before=before)
    return stored, undo


def _for_the_teacher(heard: Observation, review: Review, everybody: Sequence[Review]) -> list[str]:
    lines = [f"📝 {review.member}评了您的课：{heard.label}", review.shown, *([review.text] if review.text else [])]
    if len(everybody) > 1:
        return [*lines, summary(everybody)]
    low = scales.weakest(dict(zip(review.axes, map(float, review.marks), strict=True)))
    return [*lines, *([f"最弱一项：{'、'.join(low)}"] if low else [])]


async def _digest(group: Group, period: Period) -> list[Figure]:
    every = await group.records.find(Review, term=group.term.name)
    heard = {x.number: x for x in await observations.within(group, period)} if every else {}
    found = [x for x in every if x.observation in heard]
    if not found:
        return []
    lessons = {heard[review.observation].lesson for review in found}
    sources = await traced(found, lambda x: _source(x, heard[x.observation]))
    enough = len({lesson[0] for lesson in lessons}) >= LEAST_TEACHERS
    detail = (f"全组 {summary(found)}",) if enough else ()
    return [Figure("评课", f"评课 {len(lessons)} 节（{len(found)} 份）", detail, sources, amount=len(lessons))]


def _source(review: Review, heard: Observation) -> Source:
    return Source("reviews", review.id, f"{review.member}评 {heard.label}", heard.day)


async def _mine(group: Group, member: Member) -> Mine:
    found = [x for x in await group.records.find(Review, member=member.name) if x.term == group.term.name]
    return Mine((f"评课 {len(found)} 节",) if found else ())


async def _deeds(group: Group, member: Member) -> list[Deed]:
    """The reviews somebody gave, without what they say: that is for the teacher of the lesson alone."""
    mine = await group.records.find(Review, member=member.name)
    reviewed = {review.observation for review in mine if review.term == group.term.name}
    heard = await observations.of_member(group, member.name)
    return [Deed(x.day, f"评课 {x.where}") for x in heard if x.number in reviewed]


SUBJECT = Subject(
    "评课",
    records=(Review, Scale),
    digest=_digest,
    mine=_mine,
    order=21,
    area="听评课",
    deeds=_deeds,
    amounts=("评课",),
)
