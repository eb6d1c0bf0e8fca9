"""Three groups that talk to ``python -m bot run``: one posts through a DingTalk robot, one through DingTalk's API, one
through a WeCom robot. Everybody goes on from where a kill has cut them off.
"""

import itertools
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.calendar.term import SchoolCalendar, Term
from bot.clock import SCHOOL_ZONE
from tests.platforms.wecom.peer import KEY, TOKEN

CHANNELS = ("ding", "ding-robot", "wecom", "wecom-robot")
CONFIG = """
[server]
port = 0
[[schools]]
name = "示例中学"
[[schools.terms]]
name = "2026学年第一学期"
first_day = {first_day}
weeks = 20
[[channels]]
name = "ding"
kind = "dingtalk-callback"
client_id = "dingKEY"
client_secret = "env:DING_SECRET"
robot_code = "dingrobotcode"
corp_id = "dingcorp"
api_base = "{base}"
oapi_base = "{base}"
[[channels]]
name = "ding-robot"
kind = "dingtalk-robot"
webhook = "{base}/robot/send?access_token=ACCESS"
secret = "SECret"
per_minute = 6000
[[channels]]
name = "wecom"
kind = "wecom-callback"
token = "{token}"
encoding_aes_key = "{key}"
api_base = "{base}"
[[channels]]
name = "wecom-robot"
kind = "wecom-robot"
webhook = "{base}/cgi-bin/webhook/send?key=KEY"
per_minute = 6000
"""


@dataclass(frozen=True)
class Line:
    """What somebody says next; in the group unless ``private``."""

    text: str
    private: bool = False


Script = Generator[Line, str, None]
"""Yields what somebody says next and is sent the answer."""


@dataclass(frozen=True)
class Team:
    """A group of the config file; the first of ``people`` leads it."""

    name: str
    channel: str
    posts_through: str
    people: tuple[str, ...]

    @property
    def chat(self) -> str:
        return f"chat of {self.name}"

    @property
    def posting(self) -> str:
        """The channel its posts go through."""
        return self.posts_through or self.channel

    def section(self) -> str:
        """Its part of config.toml, with everybody's id."""
        leader, *members = [f'{{ name = "{name}", id = "{name}" }}' for name in self.people]
        through = f'posts_through = "{self.posts_through}"\n' if self.posts_through else ""
        head = f'[[groups]]\nname = "{self.name}"\nchannel = "{self.channel}"\nchat = "{self.chat}"\n{through}'
        return f"{head}leader = {leader}\nmembers = [{', '.join(members)}]\n"


TEAMS = (
    Team("高一语文备课组", "ding", "ding-robot", ("李老师", "王老师", "赵老师")),
    Team("高一年级课题组", "ding", "", ("张老师", "陈老师", "刘老师")),
    Team("高二语文备课组", "wecom", "wecom-robot", ("周老师", "孙老师", "新老师")),
)


def config(base: str) -> str:
    """config.toml; it is week 6, whatever the day."""
    return CONFIG.format(base=base, token=TOKEN, key=KEY, first_day=_first_day()) + "".join(t.section() for t in TEAMS)


def _first_day() -> date:
    today = datetime.now(SCHOOL_ZONE).date()
    return today - timedelta(days=today.weekday() + 35)


def _lesson_day() -> str:
    """A day with school more than a week ahead, as people write it."""
    term = Term(name="本学期", first_day=_first_day(), weeks=20, midterm_week=10, final_week=20)
    calendar, day = SchoolCalendar(terms=(term,)), datetime.now(SCHOOL_ZONE).date() + timedelta(days=8)
    while not calendar.is_school_day(day):
        day += timedelta(days=1)
    return f"{day.month}月{day.day}日"


@dataclass
class Talk:
    """What is being said in one group.

    Attributes:
        numbers: makes every text one of its own, over all groups.
        reflections, places, titles: what the bot has confirmed, by its unique words.
        standing: the number of the lesson the members sign up for, once there is one.
        seated: who has signed up for it and not left since.
    """

    team: Team
    numbers: Iterator[int]
    reflections: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    standing: str = ""
    seated: set[str] = field(default_factory=set)

    def scripts(self) -> dict[str, Script]:
        """What everybody says, by name."""
        leader, *members = self.team.people
        return {leader: self._leader(), **{name: self._member(name) for name in members}}

    def _leader(self) -> Script:
        """Speaks privately, so that the group has to be told: moves, lessons published, filled and called off."""
        me, teacher, guest = self.team.people
        routine = _number((yield Line("/日程 加 每周三第8节 集体备课", private=True)))
        self.standing = yield from self._publish(me, "第2节")
        while True:
            for _ in range(3):
                place = f"阅览室{_letters(next(self.numbers))}"
                yield Line(f"/日程 改 {routine} 地点\uff1a{place}", private=True)
                self.places.add(place)
            lesson = yield from self._publish(teacher, "第4节")
            yield Line(f"/报名 {lesson} {guest}", private=True)
            yield Line(f"/公开课 取消 {lesson}", private=True)

    def _member(self, name: str) -> Script:
        """Writes a reflection for the group and one for nobody, and signs up and off in turn."""
        for private in itertools.cycle((False, True)):
            text = f"第{next(self.numbers)}条记录\uff0c导入太长\uff0c下次三分钟内进入文本"
            yield Line(f"/反思 {text}", private)
            self.reflections.add(text)
            if self.standing and name not in self.seated:
                yield Line(f"/报名 {self.standing}")
                self.seated.add(name)
            elif self.standing:
                yield Line(f"/取消报名 {self.standing}")
                self.seated.discard(name)

    def _publish(self, teacher: str, lesson: str) -> Generator[Line, str, str]:
        title = f"《课文{_letters(next(self.numbers))}》"
        text = f"/公开课 发布 {_lesson_day()}{lesson} {teacher}{title} 录播室 40座"
        answer = yield Line(text, private=True)
        self.titles.add(title)
        return _number(answer)


def _number(answer: str) -> str:
    """The number of what was just added or published."""
    found = re.search(r"(?:已加|已发布) (\d+)", answer)
    assert found, answer
    return found[1]


def _letters(number: int) -> str:
    """A number in characters that no time and no item number can be read into."""
    return "".join("春夏秋冬东南西北风雨"[int(digit)] for digit in str(number))
