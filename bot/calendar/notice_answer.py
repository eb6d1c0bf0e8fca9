"""The answer to a part of a notice while it is being written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.calendar.notice_days import day_words
from bot.calendar.notice_words import Act
from bot.calendar.term import SchoolCalendar
from bot.calendar.timetable import Swap

# ascii: what is replaced
_SIGNS = str.maketrans(",:;()!?", "\uff0c\uff1a\uff1b\uff08\uff09\uff01\uff1f")


@dataclass(frozen=True)
class Answer:
    """What one part comes to.

    Attributes:
        text: the part as it was read.
        swaps: what to enter.
        already: what is so without anything being entered.
        questions: what is unclear, a sentence each, with what to type instead.
        loses: a day whose lessons went elsewhere, and the question whether it has any; another part may tell.
    """

    text: str
    swaps: tuple[Swap, ...] = ()
    already: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    loses: tuple[date, str] | None = None

    def without_question_of(self, off: Collection[date]) -> "Answer":
        """The answer when other parts have said that the days ``off`` have no lessons."""
        asked = self.loses and self.loses[0] not in off
        return replace(self, questions=(*self.questions, self.loses[1])) if self.loses and asked else self

    def without(self, slots: Collection[object]) -> "Answer":
        """The answer without what the notice says in two ways; that is asked then."""
        kept = tuple(swap for swap in self.swaps if swap.slot not in slots)
        lost = dict.fromkeys(swap.date for swap in self.swaps if swap.slot in slots)
        asked = tuple(f"{day_words(day)}说了两样，没有记" for day in lost)
        return replace(self, swaps=kept, questions=(*self.questions, *asked)) if lost else self


@dataclass
class Page:
    """The answer being written.

    Attributes:
        grades: those the part begins with.
        plain: the calendar without the school's own word; ``calendar``: with it.
    """

    days: Sequence[date]
    grades: tuple[str, ...]
    today: date
    plain: SchoolCalendar
    calendar: SchoolCalendar
    swaps: list[Swap] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    loses: list[tuple[date, str]] = field(default_factory=list)

    def example(self, what: str) -> str:
        """A message about the first day."""
        day = self.days[0] if self.days else self.today
        return f"/调课 {day.month}月{day.day}日 {what}"


def no_days(page: Page, text: str = "") -> str:
    """What is wrong with the days of a part: none, over, outside of every term; "" for nothing."""
    if not page.days:
        return f"“{quoted(text)}”是哪一天？例：{page.example('停课')}"
    for day in page.days:
        if day < page.today:
            return f"{day_words(day)}已经过去了"
        if not any(term.preparation_day <= day <= term.last_day for term in page.plain.terms):
            return f"{day.year}年{day_words(day)}不在学期里"
    return ""


def put(page: Page, act: Act, day: date, runs: str) -> None:
    """Write a swap down, for those an act or the part names."""
    grades = () if act.without else act.grades or page.grades
    half = act.half if runs == "off" else None
    values = {"date": day, "runs": runs, "grades": grades, "note": act.note, "half": half, "without": act.without}
    page.swaps.append(Swap.model_validate(values))


def settled(page: Page) -> list[Swap]:
    """One swap of each day, half and grades: two that say different things are asked for."""
    found: dict[object, Swap] = {}
    for swap in page.swaps:
        if found.setdefault(swap.slot, swap) != swap:
            page.questions.append(f"{day_words(swap.date)}说了两样，没有记。")
            return []
    return list(found.values())


def quoted(words: str) -> str:
    """What was read, short, with the signs of Chinese."""
    return words.strip(" ,")[:20].translate(_SIGNS)


def replace_days(page: Page, days: Sequence[date]) -> Page:
    """The page about other days, with the same lists."""
    return replace(page, days=days)
