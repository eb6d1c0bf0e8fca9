"""What the wiring of every kind of channel shares: the parts of the house, and where its halves are put."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import ClientSession

from bot.chat.transport import Fetch, Incoming, Link, Transport
from bot.clock import Clock
from bot.content import Content
from bot.delivery.budget import Budget
from bot.delivery.file_links import FileLinks
from bot.delivery.files import Files
from bot.delivery.limits import spare
from bot.delivery.logbook import Logbook
from bot.delivery.outbox import HEAD_START, enqueue
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.domain import groups, people
from bot.domain.people import SYSTEM
from bot.platforms.links import Timing
from bot.storage import Store
from bot.web.callbacks import Receive

Ears = Callable[[Dispatcher], Receive]
"""Makes what answers a channel's callbacks."""

Lines = Callable[[Dispatcher, Sender], Link]
"""Makes a connection of our own to a channel's platform."""


Watch = Callable[[], Awaitable[None]]
"""Looks every minute whether somebody has to be told something."""


@dataclass
class Channels:
    """What the configuration connects: transports by name, and what makes listeners once there is a dispatcher."""

    transports: dict[str, Transport] = field(default_factory=dict)
    ears: dict[str, Ears] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)
    watches: list[Watch] = field(default_factory=list)
    fetchers: dict[str, Fetch] = field(default_factory=dict)

    def receivers(self, dispatcher: Dispatcher) -> dict[str, Receive]:
        """The listeners of all channels that hear anything, by the channel's name."""
        return {name: ears(dispatcher) for name, ears in self.ears.items()}

    def links(self, dispatcher: Dispatcher, sender: Sender) -> list[Link]:
        """The connections to keep open; nothing is opened yet."""
        return [line(dispatcher, sender) for line in self.lines.values()]


@dataclass(frozen=True)
class House:
    """The parts that channels are made of, and what channels do with several of them.

    ``budgets`` are what is left of a month, by the channel's name, where the platform counts.
    """

    store: Store
    session: ClientSession
    clock: Clock
    replay_window: int
    logbook: Logbook
    files: Files
    timing: Timing
    links: FileLinks
    budgets: Mapping[str, Budget] = field(default_factory=dict)

    async def ids(self, robot: str, chat: str, names: tuple[str, ...]) -> Mapping[str, str]:
        """Platform ids of members by name, as the group's own channel knows them, for a robot that only posts."""
        async with self.store.transaction(SYSTEM) as tx:
            for record in await groups.all_groups(tx):
                if record.chat == chat and robot in (record.channel, record.posts_through):
                    return await people.ids_by_name(tx, record.key, record.channel, names)
        return {}

    async def say(
        self, channel: str, once: str, conversation: tuple[bool, str], content: Content, answers: str = ""
    ) -> None:
        """An answer that no command gave, with the head start of an answer handed over at once."""
        private, to = conversation
        now = self.clock.now()
        async with self.store.transaction(SYSTEM) as tx:
            await enqueue(
                tx,
                channel=channel,
                kind="reply",
                to=to,
                private=private,
                content=content,
                why=("回答",),
                once=once,
                answers=answers,
                next_at=now + HEAD_START,
                now=now,
            )

    async def overflow(self, incoming: Incoming, content: Content, number: int) -> None:
        """What did not fit into an answer follows through the outbox, however often the message is delivered."""
        private, to = incoming.conversation
        async with self.store.transaction(SYSTEM) as tx:
            await enqueue(
                tx,
                channel=incoming.channel,
                kind="reply",
                to=to,
                to_name=incoming.sender_name if private else "",
                private=private,
                content=content,
                why=("回答的后半",),
                once=f"rest/{incoming.key}/{number}",
                now=self.clock.now(),
            )

    async def spare(self, transport: Transport, conversation: tuple[bool, str]) -> bool:
        """Whether a conversation may get a message that is in no outbox; one that may is counted."""
        async with self.store.transaction(SYSTEM) as tx:
            limits = transport.abilities.per_conversation
            return await spare(tx, transport.name, conversation, limits, self.clock.now())
