"""The tables of config.toml. Names and meanings are part of the contract towards the outside."""

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator

from bot.config.channels import Channel
from bot.config.values import (
    Day,
    Days,
    Network,
    PageAddress,
    Place,
    Says,
    Secret,
    Section,
    Text,
    TimeOfDay,
    Whole,
    Zone,
    wrong,
)

Week = Annotated[Whole, Field(ge=1, le=30)]


class Server(Section):
    """[server]"""

    host: Annotated[Text, Says("监听的地址\uff0c只给本机用写 127.0.0.1\uff0c给别的机器用写 0.0.0.0", '"127.0.0.1"')] = (
        "127.0.0.1"
    )
    port: Annotated[
        Whole, Field(ge=0, le=65535), Says("端口\uff0c0 到 65535 的整数\uff0c0 是任选一个空着的", "8080")
    ] = 8080
    public_url: Annotated[
        PageAddress | None,
        Says("老师打开网页用的地址\uff0c以 https:// 或 http:// 开头", '"https://beike.example.edu.cn"'),
    ] = None
    metrics_token: Annotated[Secret | None, Says("/metrics 的口令", '"env:METRICS_TOKEN"', secret=True)] = None
    trusted_proxies: Annotated[
        tuple[Network, ...], Says("反向代理的 IP 地址或网段的列表", '["127.0.0.1", "10.0.0.0/8"]')
    ] = ()
    replay_window: Annotated[
        Whole, Field(ge=1, le=86400), Says("回调的时间戳最多差几秒\uff0c1 到 86400 的整数", "600")
    ] = 600


def _postgres(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise wrong("地址要以 postgresql:// 开头")
    return url


class Store(Section):
    """[store]: a folder, or a PostgreSQL database."""

    path: Annotated[Place, Says("放数据的文件夹\uff0c相对于 config.toml 所在的文件夹", '"data"')] = Path("data")
    url: Annotated[
        Annotated[Secret, AfterValidator(_postgres)] | None,
        Says("PostgreSQL 的地址\uff0c写了就不写 path", '"env:DATABASE_URL"', secret=True),
    ] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.url is not None and "path" in self.model_fields_set:
            raise wrong("path 和 url 只能写一个\uff1apath 是文件夹\uff0curl 是 PostgreSQL")
        return self


class Term(Section):
    """[[schools.terms]]. ``first_day`` is the first day with lessons; its calendar week is week 1.

    ``midterm_week`` and ``final_week`` are the middle and the last week when the file does not say.
    """

    name: Annotated[Text, Says("学期的名字", '"2026学年第一学期"')]
    first_day: Annotated[Day, Says("第一天上课的日期", "2026-08-31")]
    weeks: Annotated[Week, Says("教学周数\uff0c1 到 30 的整数", "21")]
    midterm_week: Annotated[Week, Says("期中考试在第几周\uff0c1 到 30 的整数", "10")] = Field(
        default_factory=lambda data: max(1, data.get("weeks", 20) // 2)
    )
    final_week: Annotated[Week, Says("期末考试在第几周\uff0c1 到 30 的整数", "21")] = Field(
        default_factory=lambda data: data.get("weeks", 20)
    )
    week_starts_on: Annotated[
        Literal["monday", "sunday"],
        Says("一周从哪天开始\uff0cmonday\uff08周一\uff09或 sunday\uff08周日\uff09", '"monday"'),
    ] = "monday"
    last_day: Annotated[Day | None, Says("最后一天\uff0c最后一周不满才写\uff0c要在最后一周里", "2027-01-20")] = None

    @model_validator(mode="after")
    def _weeks_fit(self) -> Self:
        if self.final_week > self.weeks:
            raise wrong("final_week 是第 {final} 周\uff0c但只有 {weeks} 周", final=self.final_week, weeks=self.weeks)
        if self.midterm_week > self.final_week:
            raise wrong("midterm_week\uff08第 {mid} 周\uff09不能晚于期末", mid=self.midterm_week)
        return self


class Swap(Section):
    """[[schools.swaps]]: the school's own word on one day."""

    date: Annotated[Day, Says("日期", "2026-10-10")]
    runs: Annotated[
        Literal["周一", "周二", "周三", "周四", "周五", "周六", "周日", "off"],
        Says("按周几的课表上课\uff0c“周一”到“周日”\uff0c不上课写 off", '"周三"'),
    ]
    grades: Annotated[tuple[Text, ...], Says("只管哪几个年级\uff0c不写就是全校", '["高一"]')] = ()


def _in_order(lessons: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    moments = [moment for lesson in lessons for moment in lesson]
    if not lessons:
        raise wrong("至少要有一节课")
    if any(begin >= end for begin, end in lessons) or any(one > other for one, other in pairwise(moments)):
        raise wrong("时间要从早到晚\uff0c每节课的结束晚于开始")
    return lessons


class Bells(Section):
    """[[schools.bells]]: begin and end of each lesson."""

    valid_from: Annotated[Day, Says("从哪天起用这张作息表", "2026-08-31")]
    lessons: Annotated[
        tuple[tuple[TimeOfDay, TimeOfDay], ...],
        AfterValidator(_in_order),
        Says("每节课的开始和结束\uff0c从第 1 节起", '[["07:40", "08:20"], ["08:30", "09:10"]]'),
    ]


class School(Section):
    """[[schools]]. With one school ``key`` may be left out."""

    key: Annotated[str, Says("学校的代号\uff0c在 [[groups]] 的 school 里用", '"sfzx"')] = ""
    name: Annotated[Text, Says("学校的名字", '"示例中学"')]
    timezone: Annotated[Zone, Says("时区的名字", '"Asia/Shanghai"')] = "Asia/Shanghai"
    terms: Annotated[tuple[Term, ...], Says("学期\uff0c每个写一段 [[schools.terms]]", "[[schools.terms]]")] = ()
    swaps: Annotated[tuple[Swap, ...], Says("调休和停课\uff0c每天写一段 [[schools.swaps]]", "[[schools.swaps]]")] = ()
    bells: Annotated[tuple[Bells, ...], Says("作息表\uff0c每张写一段 [[schools.bells]]", "[[schools.bells]]")] = ()


class Person(Section):
    """A teacher: a name, or a name with the platform id that is bound at once."""

    name: Annotated[Text, Field(max_length=20), Says("姓名\uff0c最多 20 个字", '"王老师"')]
    id: Annotated[str, Says("平台上的用户编号\uff0c要加双引号", '"0123456"')] = ""


def _person(value: Any) -> Any:
    if isinstance(value, str):
        return {"name": value}
    if not isinstance(value, dict):
        raise wrong('要写带双引号的姓名\uff0c或 { name = "王老师", id = "0123456" }')
    return value


Member = Annotated[Person, BeforeValidator(_person)]


class Group(Section):
    """[[groups]]. ``school`` and ``channel`` may be left out when there is one; ``chat`` is bound by /建组 then."""

    name: Annotated[Text, Says("备课组的名字", '"高一语文备课组"')]
    school: Annotated[str, Says("学校的代号\uff0c即 [[schools]] 的 key", '"sfzx"')] = ""
    channel: Annotated[str, Says("收发消息的渠道\uff0c即 [[channels]] 的 name", '"wecom"')] = ""
    chat: Annotated[str, Says("群的编号\uff0c不写就用邀请码在群里 /建组", '"wrabc123"')] = ""
    posts_through: Annotated[str, Says("定时消息改从哪个渠道发\uff0c即 [[channels]] 的 name", '"wecom-posts"')] = ""
    leader: Annotated[Member | None, Says("备课组长的姓名\uff0c或 {name, id}", '"李老师"')] = None
    members: Annotated[
        tuple[Member, ...],
        Says("组员的列表\uff0c每人写姓名或 {name, id}", '["王老师", { name = "张老师", id = "0123" }]'),
    ] = ()
    plan: Annotated[Place | None, Says("工作计划文件\uff0c.txt .md .docx 或 .xlsx", '"计划.docx"')] = None
    window: Annotated[TimeOfDay, Says("每天几点起发当天的卡片", '"07:10"')] = "07:10"
    quiet: Annotated[TimeOfDay, Says("每天几点以后不再发消息", '"21:30"')] = "21:30"
    quotas: Annotated[
        dict[str, Annotated[Whole, Field(ge=0, le=999)]],
        Says("每项每人要完成几次\uff0c0 到 999 的整数", '{ "听课" = 4 }'),
    ] = Field(default_factory=dict)


class Privacy(Section):
    """[privacy]. ``retention`` is counted in days; without it nothing is deleted by itself."""

    retention: Annotated[
        Annotated[Days, Field(ge=30)] | None, Says("数据保留多久\uff0c至少 30 天\uff0c写“3年”“18个月”或天数", '"3年"')
    ] = None
    minimum_group: Annotated[
        Whole, Field(ge=10, le=1000), Says("少于几名学生的成绩不在群里显示\uff0c至少 10 的整数", "10")
    ] = 10


class Config(Section):
    """The whole of config.toml."""

    server: Annotated[Server, Says("一段 [server]", "[server]")] = Server()
    store: Annotated[Store, Says("一段 [store]", "[store]")] = Store()
    schools: Annotated[tuple[School, ...], Says("学校\uff0c每所写一段 [[schools]]", "[[schools]]")] = ()
    channels: Annotated[tuple[Channel, ...], Says("渠道\uff0c每个写一段 [[channels]]", "[[channels]]")] = ()
    groups: Annotated[tuple[Group, ...], Says("备课组\uff0c每个写一段 [[groups]]", "[[groups]]")] = ()
    privacy: Annotated[Privacy, Says("一段 [privacy]", "[privacy]")] = Privacy()
