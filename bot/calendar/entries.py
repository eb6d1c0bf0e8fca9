"""One entry of a group's work plan: what is done and when, as far as the plan says it.

The kinds and detail keys are those of the contract (``python -m bot plan --json``). A detail the plan does not give is
left out; the reader never invents one.
"""

from datetime import date as Day  # noqa: N812  (``date`` is a field here)
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """How an entry repeats."""

    WEEKLY = "weekly"
    BIWEEKLY = "biweekly"
    MONTHLY = "monthly"
    MONTHLY_WEEK = "monthly_week"
    WEEK_NUMBER = "week_number"
    DATE = "date"
    MONTH = "month"
    TERM_START = "term_start"
    TERM_MID = "term_mid"
    TERM_END = "term_end"
    ALL_TERM = "all_term"
    IRREGULAR = "irregular"


class Entry(BaseModel):
    """A calendar entry.

    ``line`` is the 1-based line of the document, ``text`` that line. ``sure`` is False when the entry must not be
    posted before its ``question`` (Chinese, one sentence) is answered; ``choices`` are answers to offer. Weekdays count
    1 (Monday) to 7, lessons from 1, teaching weeks from 1 (0 = preparation week). ``weeks`` is [from, to], or the
    weeks themselves when ``list`` is true. Other details keep the meaning of the contract.
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", populate_by_name=True)

    line: int = 0
    text: str = ""
    kind: Kind
    activity: str
    sure: bool = True
    question: str | None = None
    choices: list[str] = Field(default_factory=list)

    weekday: int | list[int] | None = None
    periods: list[int] | None = None
    half: Literal["上午", "中午", "下午"] | None = None
    time: str | None = None
    time_to: str | None = None
    place: str | None = None
    parity: Literal["odd", "even"] | None = None
    week_of_month: int | list[int] | None = None
    month_day: int | list[int] | None = None
    month_pos: Literal["start", "end"] | None = None
    weeks: list[int] | None = None
    as_list: bool | None = Field(default=None, alias="list")
    week_label: str | None = None
    from_week: int | None = None
    except_weeks: list[int] | None = None
    date: Day | None = None
    date_to: Day | str | None = Field(default=None, union_mode="left_to_right")
    date_from: Day | None = None
    cancelled_date: Day | None = None
    months: list[int] | None = None
    xun: str | list[str] | None = None
    deadline: Day | bool | None = None
    tentative: bool | None = None
    approx: bool | None = None
    count: int | list[int] | None = None
    per: str | None = None
    per_term_min: int | None = None
    at_least: bool | None = None
    quota: bool | None = None
    anchor: str | None = None
    anchor_holiday: str | None = None
    before: str | None = None
    offset: str | None = None
    offset_days: int | None = None
    offset_weeks: int | None = None
    within_days: int | None = None
    relative: dict[str, Any] | None = None
    by: str | None = None
    who: str | None = None
    span: str | None = None
    term: int | None = None
    is_exam: str | None = None
    holiday: str | None = None
    makeup: list[Day] | None = None
    activities: int | None = None
    empty: bool | None = None

    def public(self) -> dict[str, Any]:
        """The JSON object of the contract: details not found are left out, but never the parity of a fortnight."""
        data = self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"question", "choices"})
        data["question"] = self.question
        if self.kind is Kind.BIWEEKLY:
            data["parity"] = self.parity
        if self.choices:
            data["choices"] = self.choices
        return data
