"""What comes in and what goes out, without a platform's name: the Protocol every transport fulfils.

A transport verifies and decodes, builds an ``Incoming`` and hands it to what the app gave it; it delivers an
``Outgoing`` and says precisely how that failed. Its limits and abilities are data, so that nobody else needs to ask
which platform it is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from bot.content import Content


class Attachment(BaseModel):
    """A file somebody sent, which lies with the platform still, or in the data folder already.

    Attributes:
        kind: as the platform calls it; what it is, its bytes say.
        ticket: what the platform gives it out for: a code or an address, good for minutes. It is in no log.
        path: where in the data folder it lies; set for a board's form alone, whose bytes came with it.
        name: as the sender's machine calls it, "" where the platform does not tell.
        key: of its own encryption, where it has one. It is in no log.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    kind: Literal["file", "picture"]
    ticket: str = Field(default="", repr=False)
    path: str = ""
    name: str = ""
    key: str = Field(default="", repr=False)


class Incoming(BaseModel):
    """One message as it reached us, already verified.

    ``chat`` is the platform's conversation id, ``sender`` its user id (strings: they may begin with 0). ``text`` is the
    platform's text unchanged; ``mentioned`` are names of other people mentioned; ``group_hint`` is set where the sender
    named a group on purpose (the simulator, a board form). ``lasting`` is False when the platform may give the sender
    another id tomorrow: such a person can look and ask, and is bound to no name. ``apart`` is True where the platform
    takes no answer in the same breath: the answer is a message of its own, and therefore in the outbox from the start.
    ``tap`` is set where a button was tapped, which nobody else saw: the mark of the answer it stood under
    (bot/chat/buttons.py), "" where it bore none; None = typed.
    ``files`` came one-to-one, from a chat without words; they are fetched before the message is handled
    (bot/chat/receiving.py).
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

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
    apart: bool = False
    tap: str | None = None
    files: tuple[Attachment, ...] = ()

    @property
    def key(self) -> str:
        """What makes this message the same message when it is delivered again."""
        return f"{self.channel}/{self.msgid}"

    @property
    def conversation(self) -> tuple[bool, str]:
        """Where an answer goes: (private, id), the id the sender's when private."""
        return self.private, self.sender if self.private else self.chat


class Fetched(NamedTuple):
    """The bytes of an attachment, decrypted, and the name the platform gave with them ("" = none)."""

    data: bytes
    name: str = ""


class Fetch(Protocol):
    """Gets a channel's attachments from its platform."""

    async def __call__(self, attachment: Attachment, most: int) -> Fetched:
        """The bytes of an attachment, at most ``most``.

        Raises:
            UserError: it is too large, its ticket has expired, it does not come: a sentence for the sender.
        """
        ...


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
        gather: how long posts into one conversation wait for each other, to go as one message; None = each at once.
        recall: can take back what it has posted, by the receipt that ``send`` returned.
        per_conversation: how many messages in how long each conversation may get, answers included.
    """

    max_bytes: int = 20_000
    per_minute: int | None = 20
    penalty: float = 60.0
    private: bool = True
    idempotent: bool = False
    timeout: float = 10.0
    files: bool = False
    recall: bool = False
    gather: timedelta | None = None
    per_conversation: tuple[tuple[int, timedelta], ...] = ()


OutgoingKind = Literal["card", "note", "change", "reply", "recall"]


@dataclass(frozen=True)
class Outgoing:
    """One message to hand over.

    ``to`` is a conversation id (``private`` False) or a platform user id (True). ``answers`` is the platform's id of
    the message it answers, "" where it answers none. A "recall" says nothing: it takes the messages ``recalls`` back.
    """

    uuid: str
    kind: OutgoingKind
    to: str
    private: bool
    content: Content
    part: tuple[int, int] = (1, 1)
    why: tuple[str, ...] = field(default=())
    answers: str = ""
    recalls: tuple[str, ...] = ()


class Transport(Protocol):
    """The outgoing half of a channel."""

    name: str

    @property
    def abilities(self) -> Abilities:
        """What it can do at this moment."""
        ...

    def size(self, content: Content, private: bool) -> int:
        """Bytes of UTF-8 the rendered message takes on this channel."""
        ...

    async def send(self, message: Outgoing) -> str | None:
        """Hand the message over; returning means the platform has taken it.

        Returns:
            the name by which the platform can recall it; None where it cannot. A "recall" reaches only transports
            that have given such names.

        Raises:
            NotSent, RateLimited, Undecided, Rejected: see bot/errors.py.
        """
        ...


@dataclass(frozen=True)
class LinkState:
    """How a connection to a platform stands.

    Attributes:
        up: messages come in now.
        since: since when it has been so.
        reason: why it is down, a Chinese sentence; "" while it is up.
        missed: the last time it was down, from and to; what was said then is gone, for nobody delivers it again.
    """

    up: bool
    since: datetime
    reason: str = ""
    missed: tuple[datetime, datetime] | None = None


class Link(Protocol):
    """A connection this program opens and keeps open, because no platform can reach it from outside."""

    name: str

    @property
    def state(self) -> LinkState:
        """How it stands at this moment."""
        ...

    async def run(self) -> None:
        """Keep it open until cancelled; whatever goes wrong with the network is tried again without end."""
        ...
