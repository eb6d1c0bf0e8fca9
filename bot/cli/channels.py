"""From the channels of config.toml to what listens and what speaks: the one table that knows every platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from aiohttp import ClientSession

from bot.chat.transport import Incoming, Link, Transport
from bot.cli.house import data_folder
from bot.clock import Clock
from bot.config import Channel, Config, DingTalkApp, DingTalkRobot, WeComCallback, WeComConnection, WeComRobot
from bot.content import Content
from bot.delivery.express import Express
from bot.delivery.files import Files
from bot.delivery.limits import spare
from bot.delivery.logbook import Logbook
from bot.delivery.outbox import HEAD_START, enqueue
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.domain import groups, people
from bot.domain.people import SYSTEM
from bot.errors import ConfigError
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.callback import QUOTA_ADVICE, DingTalkCallback
from bot.platforms.dingtalk.ears import StreamEars
from bot.platforms.dingtalk.hearing import Hearing
from bot.platforms.dingtalk.robot import DingTalkRobot as DingTalkPosts
from bot.platforms.dingtalk.sessions import RecentSessions, Sessions
from bot.platforms.dingtalk.stream import DingTalkStream
from bot.platforms.links import TIMING, Timing
from bot.platforms.wecom.late import StoredReplies
from bot.platforms.wecom.refusals import Refusal
from bot.platforms.wecom.replies import WeComReplies
from bot.platforms.wecom.robot import WeComRobot as WeComPosts
from bot.scheduling.trouble import kicked, out_of_quota
from bot.storage import Store
from bot.web.callbacks import Answer, Callback, Receive

Ears = Callable[[Dispatcher], Receive]
"""Makes what answers a channel's callbacks."""

Lines = Callable[[Dispatcher, Sender], Link]
"""Makes a connection of our own to a channel's platform."""


@dataclass
class Channels:
    """What the configuration connects: transports by name, and what makes listeners once there is a dispatcher."""

    transports: dict[str, Transport] = field(default_factory=dict)
    ears: dict[str, Ears] = field(default_factory=dict)
    lines: dict[str, Lines] = field(default_factory=dict)

    def receivers(self, dispatcher: Dispatcher) -> dict[str, Receive]:
        """The listeners of all channels that hear anything, by the channel's name."""
        return {name: ears(dispatcher) for name, ears in self.ears.items()}

    def links(self, dispatcher: Dispatcher, sender: Sender) -> list[Link]:
        """The connections to keep open; nothing is opened yet."""
        return [line(dispatcher, sender) for line in self.lines.values()]


def check(config: Config) -> None:
    """Say at once what this version cannot connect, instead of staying silent in somebody's group.

    Raises:
        ConfigError: a channel of a kind that is not built yet.
    """
    for channel in config.channels:
        if channel.kind not in _KINDS:
            raise ConfigError(
                f"channels.{channel.name}：这一版还不能连接 {channel.kind}，请用 {'、'.join(sorted(_KINDS))}。"
            )


def connect(
    config: Config, store: Store, session: ClientSession, clock: Clock, logbook: Logbook, timing: Timing = TIMING
) -> Channels:
    """Build both halves of every channel.

    Args:
        session: an open HTTP client, closed by whoever made it.
        logbook: learns what the channels hear and use.
        timing: of the connections kept open; shorter in tests.
    """
    check(config)
    found = Channels()
    house = _House(store, session, clock, config.server.replay_window, logbook, Files(data_folder(config)), timing)
    for channel in config.channels:
        _KINDS[channel.kind](found, channel, house)
    return found


@dataclass(frozen=True)
class _House:
    store: Store
    session: ClientSession
    clock: Clock
    replay_window: int
    logbook: Logbook
    files: Files
    timing: Timing

    async def out_of_quota(self, channel: str, detail: str) -> None:
        await out_of_quota(self.store, channel, detail, QUOTA_ADVICE, self.clock.now())


async def _ids(store: Store, robot: str, chat: str, names: tuple[str, ...]) -> Mapping[str, str]:
    """Platform ids of members by name, as the group's own channel knows them, for a robot that only posts."""
    async with store.transaction(SYSTEM) as tx:
        for record in await groups.all_groups(tx):
            if record.chat == chat and robot in (record.channel, record.posts_through):
                return await people.ids_by_name(tx, record.key, record.channel, names)
    return {}


def _dingtalk_callback(found: Channels, channel: Channel, house: _House) -> None:
    if not isinstance(channel, DingTalkApp):
        raise TypeError(channel.kind)
    sessions = RecentSessions(house.clock)
    found.transports[channel.name] = DingTalkApi(channel, house.session, sessions, house.clock, house.logbook)

    def ears(dispatcher: Dispatcher) -> Receive:
        listener = DingTalkCallback(
            channel,
            dispatcher.receive,
            partial(_overflow, house),
            house.clock,
            _hearing(channel, sessions, house),
            window=house.replay_window,
        )

        async def receive(callback: Callback) -> Answer:
            if callback.method != "POST":
                return Answer(405, reason="method")
            answer = await listener.answer(callback.headers, callback.body)
            return Answer(answer.status, answer.body, reason=answer.reason)

        return receive

    found.ears[channel.name] = ears


def _dingtalk_stream(found: Channels, channel: Channel, house: _House) -> None:
    if not isinstance(channel, DingTalkApp):
        raise TypeError(channel.kind)
    sessions = RecentSessions(house.clock)
    transport = DingTalkApi(channel, house.session, sessions, house.clock, house.logbook)
    found.transports[channel.name] = transport

    def line(dispatcher: Dispatcher, sender: Sender) -> Link:
        express = Express(house.store, transport, house.clock, partial(sender.wake, channel.name))
        ears = StreamEars(
            channel,
            dispatcher.receive,
            express.deliver,
            partial(_say, house, channel.name),
            _hearing(channel, sessions, house),
            house.clock,
        )
        return DingTalkStream(channel, ears, house.session, house.clock, house.logbook, house.timing)

    found.lines[channel.name] = line


def _hearing(channel: DingTalkApp, sessions: Sessions, house: _House) -> Hearing:
    return Hearing(channel.name, sessions, house.logbook, partial(house.out_of_quota, channel.name))


async def _say(
    house: _House, channel: str, once: str, conversation: tuple[bool, str], content: Content, answers: str = ""
) -> None:
    """An answer that no command gave, with the head start of an answer handed over at once."""
    private, to = conversation
    now = house.clock.now()
    async with house.store.transaction(SYSTEM) as tx:
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


async def _overflow(house: _House, incoming: Incoming, content: Content, number: int) -> None:
    """What did not fit into an answer follows through the outbox, however often the message is delivered."""
    async with house.store.transaction(SYSTEM) as tx:
        await enqueue(
            tx,
            channel=incoming.channel,
            kind="reply",
            to=incoming.sender if incoming.private else incoming.chat,
            to_name=incoming.sender_name if incoming.private else "",
            private=incoming.private,
            content=content,
            why=("回答的后半",),
            once=f"rest/{incoming.key}/{number}",
            now=house.clock.now(),
        )


def _dingtalk_robot(found: Channels, channel: Channel, house: _House) -> None:
    if not isinstance(channel, DingTalkRobot):
        raise TypeError(channel.kind)
    ids = partial(_ids, house.store, channel.name)
    found.transports[channel.name] = DingTalkPosts(channel, house.session, house.clock, ids, house.logbook)


def _wecom_callback(found: Channels, channel: Channel, house: _House) -> None:
    if not isinstance(channel, WeComCallback):
        raise TypeError(channel.kind)
    # Here, not above: 6 MiB of cryptography that no other channel needs.
    from bot.platforms.wecom.callback import WeComCallback as WeComListener

    late = StoredReplies(house.store, channel.name, channel.api_base)
    found.transports[channel.name] = WeComReplies(channel, house.session, late, house.clock)

    def ears(dispatcher: Dispatcher) -> Receive:
        listener = WeComListener(
            channel,
            dispatcher.receive,
            late,
            house.clock,
            replay_window=house.replay_window,
            logbook=house.logbook,
        )

        async def receive(callback: Callback) -> Answer:
            try:
                if callback.method == "GET":
                    return Answer(200, (await listener.verify(callback.query)).encode(), "text/plain")
                return Answer(200, await listener.receive(callback.query, callback.body), "text/plain")
            except Refusal as refusal:
                return Answer(refusal.status, reason=refusal.reason)

        return receive

    found.ears[channel.name] = ears


def _wecom_connection(found: Channels, channel: Channel, house: _House) -> None:
    if not isinstance(channel, WeComConnection):
        raise TypeError(channel.kind)
    from bot.platforms.wecom.connection import WeComConnection as WeComLink
    from bot.platforms.wecom.connection_ears import ConnectionEars
    from bot.platforms.wecom.connection_posts import WeComConnectionPosts
    from bot.platforms.wecom.questions import Questions
    from bot.platforms.wecom.wire import Wire

    wire, questions, name = Wire(), Questions(), channel.name
    transport = WeComConnectionPosts(channel, wire, questions, house.files, house.clock)
    found.transports[name] = transport

    async def on_kicked() -> None:
        await kicked(house.store, name, house.clock.now())

    def line(dispatcher: Dispatcher, sender: Sender) -> Link:
        express = Express(house.store, transport, house.clock, partial(sender.wake, name))
        ears = ConnectionEars(
            channel,
            dispatcher.receive,
            express.deliver,
            partial(_say, house, name),
            partial(_spare, house, transport),
            wire,
            questions,
            house.logbook,
            house.clock,
            house.timing,
        )
        return WeComLink(channel, wire, ears, house.session, house.clock, house.logbook, on_kicked, house.timing)

    found.lines[name] = line


async def _spare(house: _House, transport: Transport, conversation: tuple[bool, str]) -> bool:
    """Whether a conversation may get a message that is in no outbox; one that may is counted."""
    async with house.store.transaction(SYSTEM) as tx:
        limits = transport.abilities.per_conversation
        return await spare(tx, transport.name, conversation, limits, house.clock.now())


def _wecom_robot(found: Channels, channel: Channel, house: _House) -> None:
    if not isinstance(channel, WeComRobot):
        raise TypeError(channel.kind)
    ids = partial(_ids, house.store, channel.name)
    found.transports[channel.name] = WeComPosts(channel, house.session, ids, house.files, house.clock)


# Kinds that answer and cannot speak first: their groups' posts need another channel.
ANSWERS_ONLY = frozenset({"wecom-callback"})

_KINDS: dict[str, Callable[[Channels, Channel, _House], None]] = {
    "dingtalk-callback": _dingtalk_callback,
    "dingtalk-robot": _dingtalk_robot,
    "dingtalk-stream": _dingtalk_stream,
    "wecom-callback": _wecom_callback,
    "wecom-connection": _wecom_connection,
    "wecom-robot": _wecom_robot,
}
