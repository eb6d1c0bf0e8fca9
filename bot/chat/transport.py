"""What comes in and what goes out, without a platform's name: the Protocol every transport fulfils.

A transport verifies and decodes, builds an ``Incoming`` and hands it to what the app gave it; it delivers an
``Outgoing`` and says precisely how that failed. Its limits and abilities are data, so that nobody else needs to ask
which platform it is.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from bot.content import Content


class Incoming(BaseModel):
    """One message as it reached us, already verified.

    ``chat`` is the platform's conversation id, ``sender`` its user id (strings: they may begin with 0). ``text`` is the
    platform's text unchanged; ``mentioned`` are names of other people mentioned; ``group_hint`` is set where the sender
    named a group on purpose (the simulator, a board form). ``lasting`` is False when the platform may give the sender
    another id tomorrow: such a person can look and ask, and is bound to no name.
    """

    model_config = ConfigDict(frozen=True)

    channel: str
    msgid: str
    chat: str
    private: bool
    sender: str
    sender_name: str = ""
    text: str
    bot_name: str
    at: datetime
    mentioned: tuple[str, ...] = ()
    group_hint: str | None = None
    lasting: bool = True

    @property
    def key(self) -> str:
        """What makes this message the same message when it is delivered again."""
        return f"{self.channel}/{self.msgid}"


@dataclass(frozen=True)
class Abilities:
    """What a channel can do, and its limits.

    Attributes:
        max_bytes: longest message in bytes of UTF-8; longer ones are split at block borders.
        per_minute: messages a minute; None = no limit is known.
        penalty: seconds to wait after a rate refusal that names no time.
        private: can deliver a private note without being asked.
        idempotent: repeating a send with the same uuid is harmless.
        timeout: seconds after which a send counts as undecided (at most 10).
        files: takes a file as a message of its own; elsewhere its name is written out.
    """

    max_bytes: int = 20_000
    per_minute: int | None = 20
    penalty: float = 60.0
    private: bool = True
    idempotent: bool = False
    timeout: float = 10.0
    files: bool = False


OutgoingKind = Literal["card", "note", "change", "reply"]


@dataclass(frozen=True)
class Outgoing:
    """One message to hand over. ``to`` is a conversation id (``private`` False) or a platform user id (True)."""

    uuid: str
    kind: OutgoingKind
    to: str
    private: bool
    content: Content
    part: tuple[int, int] = (1, 1)
    why: tuple[str, ...] = field(default=())


class Transport(Protocol):
    """The outgoing half of a channel."""

    name: str
    abilities: Abilities

    def size(self, content: Content, private: bool) -> int:
        """Bytes of UTF-8 the rendered message takes on this channel."""
        ...

    async def send(self, message: Outgoing) -> None:
        """Hand the message over; returning means the platform has taken it.

        Raises:
            NotSent, RateLimited, Undecided, Rejected: see bot/errors.py.
        """
        ...
