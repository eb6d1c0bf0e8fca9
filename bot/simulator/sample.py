"""The sample school of the contract: what ``try`` starts with."""

from datetime import date, datetime

from bot.calendar.entries import Entry, Kind
from bot.calendar.term import Bells, SchoolCalendar, Term
from bot.clock import SCHOOL_ZONE
from bot.domain import open_lessons, routine_changes
from bot.domain.founding import NewGroup, NewMember, found_group, found_school
from bot.domain.groups import load, space_of
from bot.domain.open_lessons import Offer, Purpose
from bot.domain.people import SYSTEM, Role
from bot.domain.prep import ProgressRow
from bot.storage import Records, Store

CHANNEL = "try"
START = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)
SCHOOL = "示例中学"
CHINESE = "高一语文备课组"
RESEARCH = "高一年级课题组"

TERM = Term(name="2026学年第一学期", first_day=date(2026, 8, 31), weeks=21, midterm_week=10, final_week=21)
LESSONS = (
    ("07:40", "08:20"),
    ("08:30", "09:10"),
    ("09:20", "10:00"),
    ("10:20", "11:00"),
    ("11:10", "11:50"),
    ("14:00", "14:40"),
    ("14:50", "15:30"),
    ("15:40", "16:20"),
    ("16:30", "17:10"),
)
CALENDAR = SchoolCalendar(terms=(TERM,), bells=(Bells(valid_from=date(2026, 8, 1), lessons=LESSONS),))

# week, unit, topic, lead: the compulsory first volume, then the whole-book unit, in the order the group teaches it
PROGRESS = (
    (1, "必修上 第一单元", "《沁园春·长沙》", "李老师"),
    (2, "必修上 第一单元", "《立在地球边上放号》", "王老师"),
    (3, "必修上 第一单元", "《百合花》", "张老师"),
    (4, "必修上 第二单元", "《喜看稻菽千重浪》", "赵老师"),
    (5, "必修上 第二单元", "《插秧歌》", "陈老师"),
    (6, "必修上 第三单元", "《短歌行》", "刘老师"),
    (7, "必修上 第三单元", "《归园田居》", "周老师"),
    (8, "必修上 第三单元", "《登高》", "孙老师"),
    (9, "必修上 第三单元", "《琵琶行》", "王老师"),
    (10, "期中", "复习与命题", "李老师"),
    (11, "必修上 第四单元", "家乡文化生活", "张老师"),
    (12, "必修上 第五单元", "《乡土中国》导读", "赵老师"),
    (13, "必修上 第五单元", "《乡土中国》专题", "陈老师"),
    (14, "必修上 第六单元", "《劝学》", "刘老师"),
    (15, "必修上 第六单元", "《师说》", "周老师"),
    (16, "必修上 第六单元", "《拿来主义》", "孙老师"),
    (17, "必修上 第七单元", "《故都的秋》", "王老师"),
    (18, "必修上 第七单元", "《荷塘月色》", "张老师"),
    (19, "必修上 第七单元", "《赤壁赋》", "赵老师"),
    (20, "必修上 第八单元", "词语积累与词语解释", "陈老师"),
    (21, "期末", "复习与命题", "李老师"),
)

OFFERS = (
    Offer(Purpose.ATTEND, date(2026, 9, 10), (2,), "《峨日朵雪峰之侧》", "陈老师", "录播室", seats=4),
    Offer(Purpose.ATTEND, date(2026, 9, 17), (2,), "《百合花》", "赵老师", "录播室", seats=4),
    Offer(Purpose.TEACH, date(2026, 9, 29), (3,)),
)


def user_of(name: str) -> str:
    """The platform account of a person in the simulator."""
    return f"user-{name}"


def name_of(user: str) -> str:
    """The person behind an account of the simulator."""
    return user.removeprefix("user-")


def chat_of(key: str) -> str:
    """The conversation id of a group in the simulator."""
    return f"chat-{key}"


async def found(store: Store, now: datetime) -> None:
    """Found the sample school: two groups, a progress table, weekly preparation, two lessons and one opening."""
    async with store.transaction(SYSTEM) as tx:
        await found_school(tx, "sample", SCHOOL, CALENDAR)
        await found_group(tx, _chinese(), now)
        await found_group(tx, _research(), now)
    await _furnish(store, now)


async def found_empty(store: Store, now: datetime) -> None:
    """A school with a term and one group that nobody has claimed yet."""
    async with store.transaction(SYSTEM) as tx:
        await found_school(tx, "sample", SCHOOL, CALENDAR)
        await found_group(tx, NewGroup(key="new", name="新备课组", school="sample"), now)


def _chinese() -> NewGroup:
    teachers = ("王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师")
    members = [_member("李老师", Role.LEADER), *[_member(name) for name in teachers]]
    members.append(NewMember("孙老师", user_of("孙老师"), mentor="王老师"))
    return NewGroup("chinese", CHINESE, "sample", CHANNEL, chat_of("chinese"), tuple(members))


def _research() -> NewGroup:
    members = (_member("张老师", Role.LEADER), _member("王老师"), _member("赵老师"))
    return NewGroup("research", RESEARCH, "sample", CHANNEL, chat_of("research"), members)


def _member(name: str, role: Role = Role.MEMBER) -> NewMember:
    return NewMember(name, user_of(name), role)


async def _furnish(store: Store, now: datetime) -> None:
    async with store.transaction(space_of("chinese")) as tx:
        group = await load(tx, "chinese", min(now, START))
        if await open_lessons.upcoming(group):
            return
        await _progress(group.records)
        for offer in OFFERS:
            await open_lessons.publish(group, "李老师", offer)
        entry = Entry(kind=Kind.WEEKLY, activity="集体备课", weekday=3, periods=[8, 9], place="语文办公室")
        await routine_changes.add(group, "李老师", entry, source="组长")


async def _progress(records: Records) -> None:
    for week, unit, topic, lead in PROGRESS:
        await records.add(ProgressRow(term=TERM.name, week=week, unit=unit, topic=topic, lead=lead))
