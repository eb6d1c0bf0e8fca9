"""Files of the group (feature D10, first part): what a teacher sent, and what of it all may use.

A file that has arrived has a number at once and is its sender's alone; kept, it is a resource of the group. What was
read as a plan, a progress table or a form's template is used: its sender's still, and waiting for nobody. What was put
away, and after ``UNDECIDED`` what is not the group's, is gone after the night.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from bot.content import File
from bot.domain import guard
from bot.domain.file_kinds import LONGEST_NAME, PICTURES, ending_of, media_type, safe_name
from bot.domain.groups import Group, Numbered
from bot.domain.people import Member, Role
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject, Thanks, find_item, found_in, traced
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused
from bot.storage import Records

UNDECIDED = timedelta(days=14)
SEE = "看有哪些：/资源"
SHORT, SHORT_NAME = 24, 40
SHOWN = 3
_UNIT = 1024


class State(StrEnum):
    """Where a file stands."""

    ARRIVED = "待定"
    USED = "用过"
    KEPT = "已存"
    GONE = "已删"


_OWN = (State.ARRIVED, State.USED)
"""Its sender's alone, for ``UNDECIDED``."""


class Resource(Numbered):
    """One file of one member.

    Attributes:
        name: for people; safe, with its ending.
        path: relative to the data folder; the same bytes of two people are one file.
        size: bytes.
        week: the teaching week in which it came.
        was: its state before it was put away.
        picture, came: whether it can stand in a document, and the day of ``created``; made from ``name`` and from that
            whenever the record is read, and not stored.
    """

    TABLE: ClassVar[str] = "resources"
    INDEXES: ClassVar = (
        "term",
        ("term", "state"),
        ("term", "state", "picture"),
        ("term", "member"),
        ("term", "member", "state"),
        ("term", "came"),
    )

    member: str
    name: str
    path: str
    size: int
    week: int
    state: State = State.ARRIVED
    was: State = State.ARRIVED
    picture: bool = Field(default=False, exclude=True, repr=False)
    came: date | None = Field(default=None, exclude=True, repr=False)

    def model_post_init(self, context: object, /) -> None:  # noqa: ARG002 - pydantic's
        """Fill in what follows from the rest."""
        self.__dict__["picture"] = ending_of(self.name) in PICTURES
        self.__dict__["came"] = self.created.date() if self.created else None

    @property
    def short(self) -> str:
        """ "5《第二单元学案.docx》", the name cut in its middle where it is long."""
        name = self.name if len(self.name) <= SHORT else f"{self.name[: SHORT - 9]}…{self.name[-8:]}"
        return f"{self.number}《{name}》"

    @property
    def label(self) -> str:
        """With who and when: "5《第二单元学案.docx》（王老师，第2周）"."""
        return f"{self.short}（{self.member}，第{self.week}周）"

    def open_to(self, who: str) -> bool:
        """Whether a member may have it."""
        return self.state is State.KEPT or (self.state in _OWN and self.member == who)

    @property
    def file(self) -> File:
        """As a message carries it."""
        return File(name=self.name, path=self.path, media_type=media_type(self.name))


def size_words(size: int) -> str:
    """ "340 KB", "1.2 MB"."""
    kilo = size / _UNIT
    return f"{max(1, round(kilo))} KB" if kilo < _UNIT else f"{kilo / _UNIT:.1f} MB"


async def arrived(group: Group, who: str, name: str, path: str, size: int) -> tuple[Resource, bool]:
    """Note a file that came; returns it and whether it is new (the same bytes of the same person are one thing).

    Raises:
        Refused: its name seems to name a pupil.
    """
    try:
        await guard.check_among(name, group.teachers)
    except guard.PupilNamed:
        words = f"文件名“{name[:SHORT_NAME]}”里像有学生，没有保存。请改个名字再发。"
        raise Refused(words, symbol="🛡️") from None
    theirs = await group.records.find(Resource, term=group.term.name, member=who)
    for known in theirs:
        if known.path == path and known.state is not State.GONE:
            return known, False
    made = Resource(
        term=group.term.name,
        number=await group.next_number(),
        member=who,
        name=name,
        path=path,
        size=size,
        week=group.week,
        created=group.now,
        author=who,
    )
    return await group.records.add(made), True


async def kept(group: Group, most: int) -> tuple[list[Resource], int]:
    """What all may use, the newest ``most`` of it, the newest first; and how much there is."""
    which = {"term": group.term.name, "state": State.KEPT}
    found = await group.records.latest(Resource, most, **which)
    return found[::-1], await group.records.count(Resource, **which)


async def undecided(group: Group, who: str) -> list[Resource]:
    """What somebody sent and has not said what for, the newest first."""
    found = await group.records.find(Resource, term=group.term.name, member=who)
    return sorted((each for each in found if each.state is State.ARRIVED), key=lambda each: -each.number)


async def pictures(group: Group, first: date, last: date) -> list[Resource]:
    """The pictures that were given to the group between two days, in the order of their coming."""
    found = await group.records.find(Resource, term=group.term.name, state=State.KEPT, picture=True)
    these = [each for each in found if each.came and first <= each.came <= last]
    return sorted(these, key=lambda each: each.number)


async def numbered(group: Group, who: str, number: int) -> Resource:
    """The file with this number, if ``who`` may have it.

    Raises:
        BadArgument: there is none, or it is somebody else's and not kept: both sound the same.
    """
    found = await find_item(group, number)
    each = found[1] if found else None
    if not isinstance(each, Resource) or not each.open_to(who):
        raise BadArgument(f"没有编号 {number} 的资源。", SEE)
    return each


async def keep(group: Group, who: str, number: int) -> tuple[Resource, Undo]:
    """Give one's own file to the group.

    Raises:
        BadArgument: no such file; Refused: it is there already.
    """
    each = await numbered(group, who, number)
    if each.state is State.KEPT:
        raise Refused(f"{each.short}已经在资源里了。", f"取文件：/资源 {number}", symbol="ℹ️")
    stored = await group.records.update(each.model_copy(update={"state": State.KEPT}))
    return stored, undo_with(unkeep, f"存{each.short}", number=number)


async def used(group: Group, each: Resource) -> None:
    """Note that it has been said what a file is for, where it was not for the group."""
    if each.state is State.ARRIVED:
        await group.records.update(each.model_copy(update={"state": State.USED}))


async def remove(group: Group, member: Member, number: int) -> tuple[Resource, Undo]:
    """Put a file away: one's own, or as the leader any that is kept.

    Raises:
        BadArgument: no such file; NotAllowed: it is somebody else's.
    """
    each = await numbered(group, member.name, number)
    if each.member != member.name and member.role < Role.LEADER:
        raise NotAllowed(f"{each.short}是{each.member}的，由本人或组长删。", SEE)
    stored = await group.records.update(each.model_copy(update={"state": State.GONE, "was": each.state}))
    return stored, undo_with(bring_back, f"删{each.short}", number=number)


async def rename(group: Group, who: str, number: int, words: str) -> tuple[Resource, Undo]:
    """Call one's own file otherwise; its ending stays.

    Raises:
        BadArgument: no such file, or no name; NotAllowed: somebody else's; guard.PupilNamed: it seems to name a pupil.
    """
    each = await numbered(group, who, number)
    if each.member != who:
        raise NotAllowed(f"{each.short}是{each.member}的，由本人改名。", SEE)
    ending = ending_of(each.name)
    stem = safe_name(words).removesuffix(ending)[: LONGEST_NAME - len(ending)]
    if not stem.strip():
        raise BadArgument("改成什么名字？", f"例：/资源 名称 {number} 第二单元学案")
    await guard.check_among(stem, group.teachers)
    name = f"{stem}{ending}"
    stored = await group.records.update(each.model_copy(update={"name": name}))
    return stored, undo_with(name_back, f"{number} 改名", number=number, before=each.name, after=name)


@inverse
async def unkeep(group: Group, who: str, number: int) -> str:
    """Inverse of ``keep``."""
    each = await numbered(group, who, number)
    if each.member != who or each.state is not State.KEPT:
        raise Refused(f"{each.short}现在不是这样了，不撤销了。", SEE)
    await group.records.update(each.model_copy(update={"state": State.ARRIVED}))
    return f"已撤销：{each.short}只有您自己看得到了。"


@inverse
async def bring_back(group: Group, who: str, number: int) -> str:
    """Inverse of ``remove``, as long as the night has not taken it."""
    found = await find_item(group, number)
    each = found[1] if found else None
    if not isinstance(each, Resource) or each.state is not State.GONE:
        raise Refused(f"编号 {number} 的文件找不回来了。", SEE)
    if each.member != who:
        await group.must_lead(who, "别人的文件", SEE)
    await group.records.update(each.model_copy(update={"state": each.was}))
    return f"已撤销：{each.short}又在了。"


@inverse
async def name_back(group: Group, who: str, number: int, before: str, after: str) -> str:
    """Inverse of ``rename``."""
    each = await numbered(group, who, number)
    if each.member != who or each.name != after:
        raise Refused("名字后来又改过，不撤销了。", SEE)
    stored = await group.records.update(each.model_copy(update={"name": before}))
    return f"已撤销：又叫{stored.short}了。"


async def forget(records: Records, now: datetime) -> set[str]:
    """At night, in a group's space: records that have had their time go; returns the paths still pointed to."""
    wanted = set()
    for each in await records.scan(Resource):
        old = each.created is None or now - each.created > UNDECIDED
        if each.state is State.GONE or (each.state in _OWN and old):
            await records.remove(each)
        else:
            wanted.add(each.path)
    return wanted


async def _digest(group: Group, period: Period) -> list[Figure]:
    came = await found_in(group, Resource, "came", period)
    new = sorted((each for each in came if each.state is State.KEPT), key=lambda each: each.number)
    if not new:
        return []
    sources = await traced(new, _source)
    thanks = Thanks("分享资源", tuple(dict.fromkeys(each.member for each in reversed(new))))
    return [Figure("资源", f"新增资源 {len(new)} 份", sources=sources, thanks=(thanks,), amount=len(new))]


def _source(each: Resource) -> Source:
    return Source("resources", each.id, each.label, each.came)


async def _mine(group: Group, member: Member) -> Mine:
    theirs = {"term": group.term.name, "member": member.name}
    shared = await group.records.count(Resource, **theirs, state=State.KEPT)
    undecided = await group.records.latest(Resource, SHOWN, **theirs, state=State.ARRIVED)
    open_ones = tuple(f"{each.short}还没说做什么用" for each in undecided)
    return Mine((f"存资源 {shared} 份",) if shared else (), open_ones)


async def _deeds(group: Group, member: Member) -> list[Deed]:
    mine = await group.records.find(Resource, term=group.term.name, member=member.name)
    theirs = sorted((each for each in mine if each.state is State.KEPT), key=lambda each: each.number)
    return [Deed(each.created.date(), each.name, f"第{each.week}周") for each in theirs if each.created]


SUBJECT = Subject(
    "资源", records=(Resource,), digest=_digest, mine=_mine, order=60, area="备课", deeds=_deeds, amounts=("资源",)
)
