"""Taking back what one has just done (feature F3).

Undo is the inverse domain call under today's rules, stored by name so that it outlives a restart; never a before-image.
It lies with the mark of the message that did it (bot/delivery/seen.py), where handlers reach it through their desk.
"""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from bot.domain.groups import Group
from bot.errors import Refused
from bot.storage import Record, Records

WINDOW = timedelta(minutes=10)


class Undo(BaseModel):
    """The inverse of something done: a registered function and its arguments. ``label`` names what is taken back."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    what: str
    arguments: str = Field(description="a JSON object")
    label: str


class Done(NamedTuple):
    """The last thing somebody did in a group.

    Attributes:
        undo: how it is taken back; None = it cannot be, or has been.
        at: when it was done.
        mark: that of the message that did it (bot/chat/buttons.py): a button under an older answer takes nothing back
            that was done since.
        posts: ids of the messages others got because of it.
    """

    undo: Undo | None
    at: datetime
    mark: str = ""
    posts: tuple[int, ...] = ()


class UndoMark(Record):
    """Where earlier versions kept the way back; ``forget_marks`` clears it away."""

    TABLE: ClassVar[str] = "undo_marks"
    SCHEMA: ClassVar[int] = 2
    UNIQUE: ClassVar = (("who",),)

    who: str
    undo: Any = None
    until: Any = None
    posts: Any = None
    mark: str = ""


async def forget_marks(records: Records) -> None:
    """Remove what earlier versions kept in a group."""
    for mark in await records.scan(UndoMark):
        await records.remove(mark)


Inverse = Callable[..., Awaitable[str]]
_inverses: dict[str, Inverse] = {}
_names: dict[Inverse, str] = {}


def inverse(function: Inverse) -> Inverse:
    """Register ``async f(group, who, **arguments) -> sentence`` as an inverse; arguments must survive JSON."""
    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
    _inverses[name], _names[function] = function, name
    return function


def undo_with(function: Inverse, label: str, **arguments: Any) -> Undo:
    """How to take something back: call ``function`` with ``arguments``."""
    if function not in _names:
        raise LookupError(f"{function} is not registered with @inverse")
    return Undo(what=_names[function], arguments=to_json(arguments).decode(), label=label)


async def take_back(group: Group, who: str, done: Done | None, tap: str | None = None) -> str:
    """Do the inverse of the last thing ``who`` did.

    Args:
        done: that thing; None = nothing is known of any.
        tap: the mark on the button that was tapped; None = it was typed.

    Returns:
        what happened, in a sentence.

    Raises:
        Refused: there is nothing, it is too long ago, or today's rules no longer allow it.
    """
    if done is None or done.undo is None:
        raise Refused("没有可以撤销的操作。", "只能撤销自己十分钟内做的最近一件事。", symbol="ℹ️")
    if tap is not None and tap != done.mark:
        raise Refused(
            "这个按钮是更早的一步，或者是别人的一步，没有撤销。", "要撤销自己最近做的一件，请自己发 /撤销。", symbol="ℹ️"
        )
    if group.now > done.at + WINDOW:
        raise Refused(f"“{done.undo.label}”已经过了十分钟，不能撤销了。", "看还能怎么改：/帮助")
    inverse = _inverses.get(done.undo.what)
    if inverse is None:  # remembered by another version of the program
        raise Refused(f"“{done.undo.label}”是程序升级前做的，不能撤销了。", "看还能怎么改：/帮助")
    return await inverse(group, who, **json.loads(done.undo.arguments))
