"""The bot's own question to one speaker, and the throw-away answers it expects for ten minutes."""

from datetime import datetime, timedelta
from typing import ClassVar

from bot.chat.folding import fold
from bot.chat.reply import Choice
from bot.chat.transport import Incoming
from bot.storage import Record, Records

PATIENCE = timedelta(minutes=10)
LETTER_PATIENCE = timedelta(days=1)
"""How long a question is open that came by letter: it is read when there is time."""


class Dialog(Record):
    """An open question. ``who`` is the speaker, wherever the answer comes from: a question may be asked privately
    and answered in the group."""

    TABLE: ClassVar[str] = "dialogs"
    UNIQUE: ClassVar = (("who",),)

    who: str
    choices: tuple[Choice, ...]
    until: datetime


async def expand(system: Records, incoming: Incoming, text: str, now: datetime) -> str:
    """What ``text`` stands for: the message behind a choice, or itself. A question is open for one message."""
    open_now = await system.find(Dialog, who=_who(incoming))
    chosen = _chosen(open_now, text, now)
    for dialog in open_now:
        await system.remove(dialog)
    return chosen.send if chosen else text


async def chosen_group(system: Records, incoming: Incoming) -> str | None:
    """The group that ``incoming`` chooses in answer to the question which one is meant; None = no such answer."""
    chosen = _chosen(await system.find(Dialog, who=_who(incoming)), incoming.text, incoming.at)
    return chosen.group if chosen else None


async def open_question(system: Records, incoming: Incoming, choices: tuple[Choice, ...], now: datetime) -> None:
    """Expect one of ``choices`` as the speaker's next message."""
    for old in await system.find(Dialog, who=_who(incoming)):
        await system.remove(old)
    if choices:
        await system.add(Dialog(who=_who(incoming), choices=choices, until=now + PATIENCE))


async def ask_somebody(
    system: Records, channel: str, user: str, choices: tuple[Choice, ...], now: datetime, until: datetime
) -> None:
    """Expect one of ``choices`` as the next message of somebody else, whom a note asks, until ``until``.

    A question that person is just answering stays: a number must not mean something they have not read yet. The note
    names the commands the choices stand for.
    """
    who = f"{channel}/{user}"
    for old in await system.find(Dialog, who=who):
        if now <= old.until:
            return
        await system.remove(old)
    await system.add(Dialog(who=who, choices=choices, until=until))


def _chosen(dialogs: list[Dialog], text: str, now: datetime) -> Choice | None:
    for dialog in dialogs:
        if now <= dialog.until:
            answer = fold(text).strip(" .\u3002\u3001")
            return next((choice for choice in dialog.choices if fold(choice.key) == answer), None)
    return None


def _who(incoming: Incoming) -> str:
    return f"{incoming.channel}/{incoming.sender}"
