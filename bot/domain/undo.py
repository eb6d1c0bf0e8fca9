"""Taking back what one has just done (feature F3).

Undo is the inverse domain call under today's rules, stored by name so that it outlives a restart; never a before-image.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from bot.domain.groups import Group
from bot.errors import Refused
from bot.storage import Record

WINDOW = timedelta(minutes=10)


class Undo(BaseModel):
    """The inverse of something done: a registered function and its arguments. ``label`` names what is taken back."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    what: str
    arguments: str = Field(description="a JSON object")
    label: str


class UndoMark(Record):
    """The last thing a person did in this group that can be taken back.

    ``posts`` are ids of the messages others got because of it.
    ``mark`` is that of the message that did it (bot/chat/buttons.py): a button under an older answer takes nothing
    back that was done since.
    """

    TABLE: ClassVar[str] = "undo_marks"
    SCHEMA: ClassVar[int] = 2
    UNIQUE: ClassVar = (("who",),)

    who: str
    undo: Undo
    until: datetime = Field(description="after this moment it stands")
    posts: tuple[int, ...] = ()
    mark: str = ""

    @classmethod
    def upgrade(cls, schema: int, data: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG003 - there is one older form
        """In version 1 the arguments were an object."""
        undo = data["undo"]
        return {**data, "undo": {**undo, "arguments": json.dumps(undo["arguments"], ensure_ascii=False)}}


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


async def remember(group: Group, who: str, undo: Undo | None, posts: Sequence[int] = (), mark: str = "") -> None:
    """Keep ``undo`` as what /撤销 of ``who`` takes back next; None forgets. The rest as in ``UndoMark``."""
    marks = await group.records.find(UndoMark, who=who)
    if undo is None:
        for old in marks:
            await group.records.remove(old)
        return
    new: dict[str, Any] = {"undo": undo, "until": group.now + WINDOW, "posts": tuple(posts), "mark": mark}
    for old in marks:
        await group.records.update(old.model_copy(update=new))
    if not marks:
        await group.records.add(UndoMark(who=who, author=who, **new))


class TakenBack(NamedTuple):
    """What happened, in a sentence, and the messages others had got because of what is undone now."""

    sentence: str
    posts: tuple[int, ...]


async def take_back(group: Group, who: str, tap: str | None = None) -> TakenBack:
    """Do the inverse of the last thing ``who`` did.

    Args:
        tap: the mark on the button that was tapped; None = it was typed.

    Raises:
        Refused: there is nothing, it is too long ago, or today's rules no longer allow it.
    """
    marks = await group.records.find(UndoMark, who=who)
    if not marks:
        raise Refused("没有可以撤销的操作。", "只能撤销自己十分钟内做的最近一件事。", symbol="ℹ️")
    mark = marks[0]
    if tap is not None and tap != mark.mark:
        raise Refused(
            "这个按钮是更早的一步，或者是别人的一步，没有撤销。", "要撤销自己最近做的一件，请自己发 /撤销。", symbol="ℹ️"
        )
    if group.now > mark.until:
        raise Refused(f"“{mark.undo.label}”已经过了十分钟，不能撤销了。", "看还能怎么改：/帮助")
    inverse = _inverses.get(mark.undo.what)
    if inverse is None:  # remembered by another version of the program
        raise Refused(f"“{mark.undo.label}”是程序升级前做的，不能撤销了。", "看还能怎么改：/帮助")
    sentence = await inverse(group, who, **json.loads(mark.undo.arguments))
    await group.records.remove(mark)
    return TakenBack(sentence, mark.posts)
