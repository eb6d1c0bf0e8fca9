"""What both ways in, callback and long connection, note about a message before it is handled."""

from bot.chat.envelope import other_name
from bot.chat.transport import Incoming
from bot.delivery.logbook import Logbook


def note(logbook: Logbook, incoming: Incoming) -> None:
    """A group hears only what mentions the robot: a message without its name tells that the name is another."""
    logbook.heard(incoming.channel, incoming.sender)
    if not incoming.private:
        logbook.addressed(incoming.channel, incoming.bot_name, other_name(incoming.text, incoming.bot_name))
