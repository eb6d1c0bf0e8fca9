"""Two terms and a bell table that the calendar tests share; the afternoon begins with lesson 6."""

from datetime import date

from bot.calendar.term import Bells, Term

AUTUMN = Term(name="2026学年第一学期", first_day=date(2026, 8, 31), weeks=21, midterm_week=10, final_week=21)
SPRING = Term(name="2026学年第二学期", first_day=date(2027, 2, 22), weeks=20, midterm_week=9, final_week=20)
BELLS = Bells(
    valid_from=date(2026, 8, 1),
    lessons=(
        ("07:40", "08:20"),
        ("08:30", "09:10"),
        ("09:20", "10:00"),
        ("10:20", "11:00"),
        ("11:10", "11:50"),
        ("13:30", "14:10"),
        ("14:20", "15:00"),
        ("15:10", "15:50"),
        ("16:30", "17:10"),
    ),
)
