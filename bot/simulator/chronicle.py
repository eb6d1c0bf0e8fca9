"""What stands in the simulator's chats, kept in the store so that a data folder goes on where it stopped."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from bot.content import Content
from bot.simulator.api_models import Bubble, BubbleAction, FileLink, Platform, Status, previews
from bot.storage import Record, Store

SPACE = "simulator"
GONE = "（机器人撤回了这条消息）"

Links = Callable[[Content], tuple[FileLink, ...]]
"""The addresses of a message's files."""


class Line(Record):
    """One bubble. ``chat`` is "group:<name>" or "person:<name>"; ``content`` is set for what the bot said.

    ``recalls`` names the ``uuid`` of bubbles that are taken back when this one is written.
    """

    TABLE: ClassVar[str] = "chronicle"
    INDEXES: ClassVar = ("chat", "msgid", "uuid")

    chat: str
    at: datetime
    who: str
    text: str
    content: Content | None = None
    heard: bool = True
    status: Status | None = None
    kind: str = "said"
    why: tuple[str, ...] = ()
    msgid: str | None = None
    platform: Platform | None = None
    uuid: str | None = None
    recalls: tuple[str, ...] = ()


class Desk(Record):
    """Where the simulator stands: its clock, and how far each private chat has been read."""

    TABLE: ClassVar[str] = "desk"

    now: datetime
    read: dict[str, int] = Field(default_factory=dict)


def group_chat(name: str) -> str:
    """The chat of a group."""
    return f"group:{name}"


def person_chat(name: str) -> str:
    """The private chat of a person with the bot."""
    return f"person:{name}"


class Chronicle:
    """Reads and writes the bubbles."""

    def __init__(self, store: Store, bot_name: str, links: Links) -> None:
        self._links = links
        self.store = store
        self.bot_name = bot_name

    async def write(self, *lines: Line) -> None:
        """Add bubbles in order."""
        async with self.store.transaction(SPACE) as tx:
            for line in lines:
                for gone in [each for uuid in line.recalls for each in await tx.find(Line, uuid=uuid)]:
                    await tx.update(gone.model_copy(update={"text": GONE, "content": None}))
                await tx.add(line)

    async def has(self, msgid: str) -> bool:
        """Whether a message with this id stands in a chat already."""
        async with self.store.transaction(SPACE) as tx:
            return bool(await tx.find(Line, msgid=msgid))

    async def read(self, chat: str, after: int) -> list[Bubble]:
        """The bubbles of a chat with an id above ``after``; a private chat counts as read then."""
        async with self.store.transaction(SPACE) as tx:
            lines = [line for line in await tx.find(Line, chat=chat) if line.id > after]
            if lines and chat.startswith("person:"):
                desk = (await tx.scan(Desk))[0]
                desk.read = {**desk.read, chat: lines[-1].id}
                await tx.update(desk)
        return [self._bubble(line) for line in lines]

    async def unread(self) -> dict[str, int]:
        """How many messages of the bot each person has not looked at, by name; those with none are left out."""
        async with self.store.transaction(SPACE) as tx:
            desks = await tx.scan(Desk)
            read = desks[0].read if desks else {}
            found: dict[str, int] = {}
            for line in await tx.scan(Line):
                if line.chat.startswith("person:") and line.who == "bot" and line.id > read.get(line.chat, 0):
                    name = line.chat.removeprefix("person:")
                    found[name] = found.get(name, 0) + 1
        return found

    async def clock(self) -> datetime | None:
        """Where the clock stood when the folder was left; None for a new one."""
        async with self.store.transaction(SPACE) as tx:
            desks = await tx.scan(Desk)
            return desks[0].now if desks else None

    async def set_clock(self, now: datetime) -> None:
        """Keep where the clock stands."""
        async with self.store.transaction(SPACE) as tx:
            desks = await tx.scan(Desk)
            if desks:
                desks[0].now = now
                await tx.update(desks[0])
            else:
                await tx.add(Desk(now=now))

    def _bubble(self, line: Line) -> Bubble:
        in_group = line.chat.startswith("group:")
        drawn = previews(line.content, in_group=in_group, bot_name=self.bot_name) if line.content else {}
        return Bubble.model_validate(
            {
                **line.model_dump(
                    include={"id", "at", "who", "text", "heard", "status", "kind", "why", "msgid", "platform"}
                ),
                "actions": actions(line.content, mention(in_group, self.bot_name)) if line.content else (),
                "previews": drawn,
                "files": self._links(line.content) if line.content else (),
            }
        )


def mention(in_group: bool, bot_name: str) -> str:
    """What stands before a command in a chat."""
    return f"@{bot_name} " if in_group else ""


def actions(content: Content, prefix: str) -> tuple[BubbleAction, ...]:
    """The next steps of a message with the whole text to send."""
    return tuple(
        BubbleAction(label=action.label, send=f"{prefix}{action.send}", fill=action.fill) for action in content.actions
    )
