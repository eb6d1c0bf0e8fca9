"""What both ways in, callback and long connection, note about a message before it is handled."""

from bot.chat.envelope import name_called
from bot.chat.transport import Incoming
from bot.delivery.logbook import Logbook


def note(logbook: Logbook, incoming: Incoming) -> None:
    """A group hears only what mentions the robot: a message that mentions another name tells how it is called."""
    logbook.heard(incoming.channel, incoming.sender)
    if not incoming.private and (name := name_called(incoming.text, incoming.bot_name)):
        logbook.addressed(incoming.channel, name, right=name == incoming.bot_name)
