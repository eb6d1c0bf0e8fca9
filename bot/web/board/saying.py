"""A form of the board is a message: said to the bot as if it had been typed in the private chat.

So it has the same rights and the same answer, /撤销 takes it back, and a form sent twice is one message delivered
twice.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256

from bot.chat.buttons import buttons, mark_of
from bot.chat.transport import Incoming
from bot.delivery.outcome import Outcome
from bot.domain import people
from bot.web.board.page import UNDO, Asked, Page

Hear = Callable[[Incoming], Awaitable[Outcome | None]]

_DONE = ("ok", "question")
_TO_TYPE = "，请回复"


@dataclass(frozen=True)
class Tap:
    """A button under an answer; ``mark`` says whose answer it stands under, for /撤销."""

    label: str
    say: str
    mark: str


@dataclass(frozen=True)
class Spoken:
    """What came back.

    Attributes:
        lines: of the answer, without its empty ones.
        done: it was done, and did not end in a refusal or in a question.
        bad: it was refused, or went wrong.
    """

    lines: tuple[str, ...]
    taps: tuple[Tap, ...]
    done: bool
    bad: bool


def incoming(asked: Asked, address: tuple[str, str], words: str, once: str, mark: str | None) -> Incoming:
    """The message that a form is.

    Args:
        address: the account that speaks: (channel, user).
        once: the same again is the same message delivered twice.
        mark: of the button that was tapped, where it was one under an answer.
    """
    channel, user = address
    return Incoming(
        channel=channel,
        msgid=f"board-{sha256(f'{asked.person.id}/{asked.group.key}/{once}/{words}'.encode()).hexdigest()[:32]}",
        chat=user,
        private=True,
        sender=user,
        sender_name=asked.name,
        text=words,
        bot_name=asked.house.bot_names.get(channel, ""),
        at=asked.group.now,
        group_hint=asked.group.key,
        tap=mark if words == UNDO else None,
    )


async def address_of(asked: Asked) -> tuple[str, str]:
    """The account that a member speaks with."""
    return await people.address(asked.group.system, asked.group.record.channel, asked.member)


def spoken(page: Page, message: Incoming, outcome: Outcome) -> Spoken:
    """The answer as ``page`` shows it: with those of its buttons that the page may say."""
    answer, status = outcome.answer, outcome.said[0].status
    mark = mark_of(message.channel, message.msgid)
    taps = [
        Tap(tap.label.removesuffix(_TO_TYPE), tap.send, mark) for tap in buttons(answer) if page.command_in(tap.send)
    ]
    lines = tuple(line for line in (answer.title, *answer.lines) if line)
    return Spoken(lines, tuple(taps), status == "ok", status not in _DONE)
