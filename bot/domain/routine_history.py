"""Who changed an arrangement of the calendar, when and to what; nothing of it is overwritten.

A change of one occasion is a record of its own (``RoutineChange``); this is for the arrangement itself: answered,
corrected, renamed, put in force, stopped.
"""

from typing import ClassVar

from bot.domain.groups import Group
from bot.domain.routines import Routine
from bot.storage import Record


class RoutineEdit(Record):
    """One change of an arrangement: ``what`` reads after the author's name ("把时间 每周 改成 每周三第8节").

    ``routine`` is the record's id; when and by whom is what every record knows of itself.
    """

    TABLE: ClassVar[str] = "routine_edits"
    INDEXES: ClassVar = ("routine", "term")

    term: str
    routine: int
    what: str


async def note(group: Group, by: str, routine: Routine, what: str) -> None:
    """Keep that ``by`` changed an arrangement just now."""
    edit = RoutineEdit(term=group.term.name, routine=routine.id, what=what, created=group.now, author=by)
    await group.records.add(edit)


async def edits(group: Group, routine: Routine) -> list[RoutineEdit]:
    """The changes of an arrangement, oldest first."""
    return await group.records.find(RoutineEdit, routine=routine.id)
