"""DingTalk's kinds of channels, put together."""

from collections.abc import Sequence
from functools import partial

from bot.chat.transport import Incoming, Link
from bot.cli.wiring import Channels, House, Watch
from bot.clock import Clock
from bot.config import Channel, DingTalkApp, DingTalkRobot
from bot.content import Content
from bot.delivery.budget import Budget
from bot.delivery.express import Express
from bot.delivery.logbook import Logbook
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.platforms.dingtalk.api import DingTalkApi
from bot.platforms.dingtalk.callback import QUOTA_ADVICE, DingTalkCallback
from bot.platforms.dingtalk.hearing import Hearing
from bot.platforms.dingtalk.inbound import DingTalkFiles
from bot.platforms.dingtalk.robot import DingTalkRobot as DingTalkPosts
from bot.platforms.dingtalk.sessions import RecentSessions, Sessions
from bot.platforms.dingtalk.shares import shares
from bot.scheduling.trouble import out_of_quota, quota_nearly_used
from bot.storage import Store
from bot.web.callbacks import Answer, Callback, Receive


def budgets(
    found: Channels, channels: Sequence[Channel], store: Store, logbook: Logbook, clock: Clock
) -> dict[str, Budget]:
    """What each channel has left of its school's month; leaders hear once when it is little."""
    left = [Budget(share, logbook) for share in shares(channels)]

    def watch(budget: Budget) -> Watch:
        async def look() -> None:
            if budget.share.low(used := budget.used):
                await quota_nearly_used(store, budget.share.channels, budget.share.told(used), clock.now())

        return look

    found.watches += [watch(budget) for budget in left]
    return {name: budget for budget in left for name in budget.share.channels}


def callback(found: Channels, channel: Channel, house: House) -> None:
    """An app robot that DingTalk calls."""
    if not isinstance(channel, DingTalkApp):
        raise TypeError(channel.kind)
    sessions = RecentSessions(house.clock)
    transport = _api(channel, sessions, house)
    found.transports[channel.name] = transport
    found.fetchers[channel.name] = DingTalkFiles(transport, channel.api_base)

    def ears(dispatcher: Dispatcher) -> Receive:
        async def overflow(incoming: Incoming, content: Content, number: int) -> None:
            await house.overflow(incoming, content, number)
            dispatcher.posted()

        listener = DingTalkCallback(
            channel,
            dispatcher.receive,
            overflow,
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


def stream(found: Channels, channel: Channel, house: House) -> None:
    """An app robot that calls DingTalk."""
    if not isinstance(channel, DingTalkApp):
        raise TypeError(channel.kind)
    # Here, not above: what a callback has no use for.
    from bot.platforms.dingtalk.ears import StreamEars
    from bot.platforms.dingtalk.stream import DingTalkStream

    sessions = RecentSessions(house.clock)
    transport = _api(channel, sessions, house)
    found.transports[channel.name] = transport
    found.fetchers[channel.name] = DingTalkFiles(transport, channel.api_base)

    def line(dispatcher: Dispatcher, sender: Sender) -> Link:
        express = Express(house.store, transport, house.clock, partial(sender.wake, channel.name))
        ears = StreamEars(
            channel,
            dispatcher.receive,
            express.deliver,
            partial(house.say, channel.name),
            _hearing(channel, sessions, house),
            house.clock,
        )
        return DingTalkStream(channel, ears, house.session, house.clock, house.logbook, house.timing)

    found.lines[channel.name] = line


def robot(found: Channels, channel: Channel, house: House) -> None:
    """A robot of a group, which only posts."""
    if not isinstance(channel, DingTalkRobot):
        raise TypeError(channel.kind)
    ids = partial(house.ids, channel.name)
    found.transports[channel.name] = DingTalkPosts(
        channel,
        house.session,
        house.clock,
        ids,
        house.logbook,
        budget=house.budgets.get(channel.name),
        links=house.links,
    )


def _api(channel: DingTalkApp, sessions: Sessions, house: House) -> DingTalkApi:
    return DingTalkApi(
        channel,
        house.session,
        sessions,
        house.clock,
        house.logbook,
        budget=house.budgets.get(channel.name),
        files=house.files,
        links=house.links,
    )


def _hearing(channel: DingTalkApp, sessions: Sessions, house: House) -> Hearing:
    async def on_quota(detail: str) -> None:
        await out_of_quota(house.store, channel.name, detail, QUOTA_ADVICE, house.clock.now())

    return Hearing(channel.name, sessions, house.logbook, on_quota)
