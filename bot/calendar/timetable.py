"""What a school itself says of its days: swapped timetables and bell tables."""

from datetime import date as Day  # noqa: N812  (``date`` is a field here)
from datetime import time
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from bot.calendar.names import weekday_name, weekday_number

TimePair = tuple[time, time]


class _Frozen(BaseModel):
    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")


class Swap(_Frozen):
    """The school's own word on one day, above every published holiday.

    ``runs`` is the weekday whose timetable runs, or "off". ``grades`` limits it ("高一"); empty means everybody.
    ``note`` is shown to teachers ("运动会").
    """

    date: Day
    runs: Literal["周一", "周二", "周三", "周四", "周五", "周六", "周日", "off"]
    grades: tuple[str, ...] = ()
    note: str = ""

    @property
    def weekday(self) -> int | None:
        """The weekday whose timetable runs; None when there is no school."""
        return weekday_number(self.runs)

    @property
    def text(self) -> str:
        """What a teacher reads: the note, or what the swap means."""
        if self.note:
            return self.note
        return "停课" if self.runs == "off" else timetable_note(self.date, self.weekday)


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
