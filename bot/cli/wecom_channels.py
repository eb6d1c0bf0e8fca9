"""WeCom's kinds of channels, put together."""

from functools import partial

from bot.chat.transport import Link
from bot.cli.wiring import Channels, House
from bot.config import Channel, WeComCallback, WeComConnection, WeComRobot
from bot.delivery.express import Express
from bot.delivery.sender import Sender
from bot.dispatch import Dispatcher
from bot.platforms.wecom.inbound import WeComFiles
from bot.platforms.wecom.late import StoredReplies
from bot.platforms.wecom.refusals import Refusal
from bot.platforms.wecom.replies import WeComReplies
from bot.platforms.wecom.robot import WeComRobot as WeComPosts
from bot.scheduling.trouble import kicked
from bot.web.callbacks import Answer, Callback, Receive


def callback(found: Channels, channel: Channel, house: House) -> None:
    """An intelligent robot that WeCom calls."""
    if not isinstance(channel, WeComCallback):
        raise TypeError(channel.kind)
    # Here, not above: 6 MiB of cryptography that no other channel needs.
    from bot.platforms.wecom.callback import WeComCallback as WeComListener

    late = StoredReplies(house.store, channel.name, channel.api_base)
    found.transports[channel.name] = WeComReplies(channel, house.session, late, house.clock, house.links)
    found.fetchers[channel.name] = WeComFiles(channel.api_base, channel.encoding_aes_key.get_secret_value())

    def ears(dispatcher: Dispatcher) -> Receive:
        listener = WeComListener(
            channel,
            dispatcher.receive,
            late,
            house.clock,
            replay_window=house.replay_window,
            logbook=house.logbook,
            links=house.links,
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


def connection(found: Channels, channel: Channel, house: House) -> None:
    """An intelligent robot that calls WeCom."""
    if not isinstance(channel, WeComConnection):
        raise TypeError(channel.kind)
    from bot.platforms.wecom.cards import Cards
    from bot.platforms.wecom.company import Company
    from bot.platforms.wecom.connection import WeComConnection as WeComLink
    from bot.platforms.wecom.connection_ears import ConnectionEars
    from bot.platforms.wecom.connection_posts import WeComConnectionPosts
    from bot.platforms.wecom.open_streams import OpenStreams
    from bot.platforms.wecom.questions import Questions
    from bot.platforms.wecom.taps import Taps
    from bot.platforms.wecom.wire import Wire

    wire, questions, name = Wire(), Questions(), channel.name
    cards = Cards(name, channel.bot_name, wire, house.clock)
    transport = WeComConnectionPosts(channel, wire, questions, cards, house.files, house.clock)
    found.transports[name] = transport
    found.fetchers[name] = WeComFiles(channel.url)

    async def on_kicked() -> None:
        await kicked(house.store, name, house.clock.now())

    def line(dispatcher: Dispatcher, sender: Sender) -> Link:
        express = Express(house.store, transport, house.clock, partial(sender.wake, name))
        spare = partial(house.spare, transport)
        heard, deliver, clock = dispatcher.receive, express.deliver, house.clock
        streams = OpenStreams(house.store, name)
        company = Company(wire, questions, streams, spare, clock, house.timing)
        taps = Taps(heard, deliver, spare, questions, cards, house.logbook, clock, house.timing)
        say, logbook = partial(house.say, name), house.logbook
        ears = ConnectionEars(channel, heard, deliver, say, spare, wire, questions, company, taps, logbook, clock)
        return WeComLink(channel, wire, ears, house.session, house.clock, house.logbook, on_kicked, house.timing)

    found.lines[name] = line


def robot(found: Channels, channel: Channel, house: House) -> None:
    """A message push of a group, which only posts."""
    if not isinstance(channel, WeComRobot):
        raise TypeError(channel.kind)
    ids = partial(house.ids, channel.name)
    found.transports[channel.name] = WeComPosts(channel, house.session, ids, house.files, house.clock)
