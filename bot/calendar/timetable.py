"""What a school itself says of its days: swapped timetables and bell tables."""

from collections.abc import Sequence
from datetime import date as Day  # noqa: N812  (``date`` is a field here)
from datetime import time
from itertools import pairwise
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from pydantic_core import PydanticCustomError

from bot.calendar.grades import same_grade
from bot.calendar.names import weekday_name, weekday_number

TimePair = tuple[time, time]
Half = Literal["上午", "下午"]


class _Frozen(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class Swap(_Frozen):
    """The school's own word on one day, above every published holiday.

    ``runs`` is the weekday whose timetable runs, or "off". ``grades`` limits it ("高一"); empty means everybody but
    the grades of ``without`` (高三照常). ``half`` takes half a day off: the morning, or everything from noon on.
    ``note`` is shown to teachers ("运动会").
    """

    date: Day
    runs: Literal["周一", "周二", "周三", "周四", "周五", "周六", "周日", "off"]
    grades: tuple[str, ...] = ()
    note: str = ""
    half: Half | None = None
    without: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _halves_are_off(self) -> Self:
        if self.half and self.runs != "off":
            raise PydanticCustomError("swap", "半天只能停课\uff0c不能按别的课表")
        return self

    @property
    def weekday(self) -> int | None:
        """The weekday whose timetable runs; None when there is no school."""
        return weekday_number(self.runs)

    @property
    def what(self) -> str:
        """What it means: "停课", "下午停课", "调休\uff0c按周三课表"."""
        return f"{self.half or ''}停课" if self.runs == "off" else timetable_note(self.date, self.weekday)

    @property
    def text(self) -> str:
        """What a teacher reads: the name of a day off, else what the swap means, after its note."""
        if self.note and self.runs == "off" and not self.half:
            return self.note
        return f"{self.note}\uff0c{self.what}" if self.note else self.what

    @property
    def slot(self) -> tuple[Day, tuple[str, ...], Half | None]:
        """What there is one of: a day, or half of it, for the same grades."""
        return self.date, self.grades, self.half

    def concerns(self, grade: str | None) -> bool:
        """Whether it is for ``grade``; None asks for the school as a whole."""
        own = {same_grade(one) for one in self.grades}
        return (not own or grade in own) and (grade is None or grade not in {same_grade(one) for one in self.without})


def swaps_of(swaps: Sequence[Swap], day: Day, grade: str | None) -> list[Swap]:
    """What holds on ``day`` for a grade: its own word before the one for everybody; at most one of each half."""
    found: dict[Half | None, Swap] = {}
    for swap in sorted(
        (one for one in swaps if one.date == day and one.concerns(grade)), key=lambda one: not one.grades
    ):
        found.setdefault(swap.half, swap)
    return list(found.values())


class Bells(_Frozen):
    """The bell table from ``valid_from`` on: begin and end of each lesson as "HH:MM", lesson 1 first."""

    valid_from: Day
    lessons: tuple[tuple[str, str], ...]

    @field_validator("lessons")
    @classmethod
    def _in_order(cls, lessons: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        moments = [parse_time(text) for pair in lessons for text in pair]
        if not moments:
            raise PydanticCustomError("bells", '作息表至少要有一节课\uff0c例如 [["07:40", "08:20"]]')
        if any(one > other for one, other in pairwise(moments)) or any(one == other for one, other in lessons):
            raise PydanticCustomError("bells", "作息表的时间要从早到晚\uff0c每节课的结束晚于开始")
        return lessons

    def times(self, period: int) -> TimePair | None:
        """Begin and end of lesson ``period`` (from 1); None when there is no such lesson."""
        if not 1 <= period <= len(self.lessons):
            return None
        begin, end = self.lessons[period - 1]
        return parse_time(begin), parse_time(end)


def parse_time(text: str) -> time:
    """The time "07:40"; a ValueError with a Chinese sentence for anything else."""
    try:
        hour, minute = text.split(":")
        return time(int(hour), int(minute))
    except ValueError:
        raise PydanticCustomError("time", "时间“{text}”要写成 07:40 这样", {"text": text}) from None


def timetable_note(day: Day, weekday: int | None) -> str:
    """The note of a day that runs another weekday's timetable; at a weekend it is a make-up day."""
    makeup = "调休\uff0c" if day.isoweekday() > 5 else ""
    return f"{makeup}按{weekday_name(weekday)}课表" if weekday else f"{makeup}课表待定"
