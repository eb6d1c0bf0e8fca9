"""Taking back what one has just done (feature F3).

Undo is the inverse domain call under today's rules, stored by name so that it outlives a restart; never a before-image.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.groups import Group
from bot.errors import Refused
from bot.storage import Record

WINDOW = timedelta(minutes=10)

_encode = json.JSONEncoder(ensure_ascii=False).encode


class Undo(BaseModel):
    """The inverse of something done: a registered function and its arguments. ``label`` names what is taken back."""

    model_config = ConfigDict(frozen=True)

    what: str
    arguments: str = Field(description="a JSON object")
    label: str


class UndoMark(Record):
    """The last thing a person did in this group that can be taken back."""

    TABLE: ClassVar[str] = "undo_marks"
    SCHEMA: ClassVar[int] = 2
    UNIQUE: ClassVar = (("who",),)

    who: str
    undo: Undo
    until: datetime = Field(description="after this moment it stands")

    @classmethod
    def upgrade(cls, schema: int, data: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG003 - there is one older form
        """In version 1 the arguments were an object."""
        undo = data["undo"]
        return {**data, "undo": {**undo, "arguments": json.dumps(undo["arguments"], ensure_ascii=False)}}


Inverse = Callable[..., Awaitable[str]]
_inverses: dict[str, Inverse] = {}


def inverse(function: Inverse) -> Inverse:
    """Register ``async f(group, who, **arguments) -> sentence`` as an inverse; arguments must survive JSON."""
    _inverses[_name(function)] = function
    return function


def undo_with(function: Inverse, label: str, **arguments: Any) -> Undo:
    """How to take something back: call ``function`` with ``arguments``."""
    name = _name(function)
    if name not in _inverses:
        raise LookupError(f"{name} is not registered with @inverse")
    return Undo(what=name, arguments=_encode(arguments), label=label)


async def remember(group: Group, who: str, undo: Undo | None) -> None:
    """Keep ``undo`` as what /撤销 of ``who`` takes back next; None forgets."""
    marks = await group.records.find(UndoMark, who=who)
    if undo is None:
        for mark in marks:
            await group.records.remove(mark)
        return
    until = group.now + WINDOW
    for mark in marks:
        mark.undo, mark.until = undo, until
        await group.records.update(mark)
    if not marks:
        await group.records.add(UndoMark(who=who, undo=undo, until=until, author=who))


async def take_back(group: Group, who: str) -> str:
    """Do the inverse of the last thing ``who`` did and return what happened, in a sentence.

    Raises:
        Refused: there is nothing, it is too long ago, or today's rules no longer allow it.
    """
    marks = await group.records.find(UndoMark, who=who)
    if not marks:
        raise Refused("没有可以撤销的操作。", "只能撤销自己十分钟内做的最近一件事。", symbol="ℹ️")
    mark = marks[0]
    if group.now > mark.until:
        raise Refused(f"“{mark.undo.label}”已经过了十分钟，不能撤销了。", "看还能怎么改：/帮助")
    inverse = _inverses.get(mark.undo.what)
    if inverse is None:  # remembered by another version of the program
        raise Refused(f"“{mark.undo.label}”是程序升级前做的，不能撤销了。", "看还能怎么改：/帮助")
    sentence = await inverse(group, who, **json.loads(mark.undo.arguments))
    await group.records.remove(mark)
    return sentence


def _name(function: Inverse) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
