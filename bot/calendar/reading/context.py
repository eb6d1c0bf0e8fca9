"""What the rest of a document says about a line: the term, the table's month, the heading, the row above."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict


class TermSpan(BaseModel):
    """The term as the reader needs it; week 1 holds ``first_day``."""

    model_config = ConfigDict(defer_build=True, extra="ignore", from_attributes=True, frozen=True)

    first_day: date
    weeks: int = 20
    midterm_week: int | None = None
    final_week: int | None = None

    @property
    def last_day(self) -> date:
        """The last day of the last teaching week."""
        return self.monday(self.weeks) + timedelta(days=6)

    def monday(self, week: int) -> date:
        """The Monday of a teaching week; week 0 is the one before the first."""
        first = self.first_day - timedelta(days=self.first_day.weekday())
        return first + timedelta(weeks=week - 1)


class PlanContext(BaseModel):
    """The context of a line or a document; unknown keys are ignored.

    ``month`` is the month of a table's title, ``posted`` the day on which 本周 and 下周 were written, ``heading`` the
    heading or table header above, ``row_above`` the row whose merged cells go on; ``dotted`` says that the document
    writes days as 10.27 elsewhere, so that 9.3 is a day and no section number.
    """

    model_config = ConfigDict(defer_build=True, extra="ignore", from_attributes=True, frozen=True)

    term: TermSpan
    term_label: str | None = None
    year: int | None = None
    month: int | None = None
    posted: date | None = None
    heading: str | None = None
    row_above: str | None = None
    dotted: bool = False
