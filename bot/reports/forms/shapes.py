"""What a form is: its placeholders, the built-in layout, and what fills it in."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.calendar.names import day_label
from bot.domain.groups import Group


@dataclass(frozen=True)
class Field:
    """A placeholder: ``{{名称}}``.

    Attributes:
        meaning: for the docs, with an example behind "例".
        also: other words that schools use for it; they are suggested, not taken.
    """

    name: str
    meaning: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A list: ``{{名称.一栏}}`` in a row of a table, which is repeated for each of its things."""

    name: str
    meaning: str
    columns: tuple[Field, ...]


@dataclass(frozen=True)
class Pictures:
    """Pictures: ``{{名称}}`` in a paragraph or cell of its own."""

    name: str
    meaning: str


@dataclass(frozen=True)
class Pairs:
    """Built-in layout: a row of two labels with their placeholders (or fixed texts) behind them."""

    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Wide:
    """Built-in layout: a label and a placeholder that takes the row, ``height`` centimetres at least."""

    label: str
    name: str
    height: float = 0.0


@dataclass(frozen=True)
class Listed:
    """Built-in layout: a table of a list under a heading; columns as (head, placeholder, centimetres)."""

    heading: str
    name: str
    columns: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Shown:
    """Built-in layout: a heading with pictures; left out where there are none."""

    heading: str
    name: str


Block = Pairs | Wide | Listed | Shown


@dataclass(frozen=True)
class Form:
    """A form.

    Attributes:
        key: what people call it in a command ("听课记录").
        title: what stands above it ("听课记录表").
        also: other words for it.
        layout: of the built-in file.
    """

    key: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[Rows, ...] = ()
    pictures: tuple[Pictures, ...] = ()
    layout: tuple[Block, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The plain placeholders."""
        return tuple(each.name for each in self._plain())

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """The lists with their columns."""
        return {rows.name: tuple(each.name for each in rows.columns) for rows in self.rows}

    def every(self) -> Iterator[tuple[str, Field | Pictures]]:
        """Each placeholder as it is written, with what it means."""
        yield from ((each.name, each) for each in self._plain())
        yield from ((f"{rows.name}.{each.name}", each) for rows in self.rows for each in rows.columns)

    def _plain(self) -> Iterator[Field | Pictures]:
        yield from COMMON
        yield from self.fields
        yield from self.pictures


@dataclass(frozen=True)
class Picture:
    """A picture: a file of the data folder, or a drawing; ``alt`` is for those who cannot see it."""

    alt: str
    path: str = ""
    svg: str = ""


Row = Mapping[str, str]


@dataclass(frozen=True)
class Filled:
    """What is filled into a form.

    Attributes:
        name: of the file, without its ending.
        values: by placeholder; those of ``COMMON`` come by themselves, unless they are other than today's.
        drawn: pictures that take their time, by placeholder: what makes them, where the file is made.
        notes: what whoever asked has to know, a line each.
    """

    form: Form
    name: str
    values: Mapping[str, str]
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict)
    drawn: Mapping[str, Callable[[], Sequence[Picture]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


Gather = Callable[..., Awaitable[Filled]]

COMMON = (
    Field("学校", "学校的名字", ("学校名称", "单位")),
    Field("备课组", "备课组的名字", ("组名", "组别", "学科组")),
    Field("组长", "备课组长", ("备课组长",)),
    Field("学期", "学期的名字，例：2026学年第一学期", ("学年学期", "学年")),
    Field("制表日期", "导出的那一天，例：2026年9月16日", ("填表日期", "填写日期", "打印日期")),
)
"""Placeholders of every form."""


async def common(group: Group) -> dict[str, str]:
    """The values of ``COMMON``."""
    leader = await group.leader()
    return {
        "学校": group.school.name,
        "备课组": group.name,
        "组长": leader.name if leader else "",
        "学期": group.term.name,
        "制表日期": full_day(group.today),
    }


def full_day(day: date) -> str:
    """ "2026年9月16日"."""
    return f"{day.year}年{day_label(day)}"


def numbered(texts: Sequence[str]) -> list[dict[str, str]]:
    """Texts as rows of 序号 and 内容."""
    return [{"序号": str(n), "内容": text} for n, text in enumerate(texts, start=1)]


NUMBERED = (Field("序号", "1、2、3……"), Field("内容", "一条一行"))
