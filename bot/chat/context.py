"""What a handler is given: the speaker, the group bound to the open transaction, the words."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.addresses import Addresses
from bot.chat.commands import Registry
from bot.chat.desk import Desk
from bot.chat.receiving import Documents, Received
from bot.chat.rehearsal import Rehearse
from bot.chat.transport import Incoming
from bot.domain.groups import Group
from bot.domain.people import Member, Person, Role
from bot.errors import NotAllowed
from bot.storage import Transaction


@dataclass
class Context:
    """One message being handled.

    ``group`` and ``member`` are None only for commands marked ``anywhere``; others use ``ctx.group`` after the
    dispatcher has made sure of it. ``received`` are the files that came with the message, ``documents`` reads those
    kept before. ``rehearse`` tells what the calendar is going to say, ``addresses`` makes those of the bot's own pages.
    """

    incoming: Incoming
    tx: Transaction
    now: datetime
    registry: Registry
    maybe_group: Group | None
    maybe_member: Member | None
    person: Person | None
    desk: Desk
    received: tuple[Received, ...] = ()
    documents: Documents | None = None
    rehearse: Rehearse | None = None
    addresses: Addresses | None = None

    @property
    def group(self) -> Group:
        """The group this message belongs to.

        Raises:
            NotAllowed: there is none.
        """
        if self.maybe_group is None:
            raise NotAllowed("还不知道您是哪个组的。", "先告诉我您是谁\uff1a/我是 姓名")
        return self.maybe_group

    @property
    def member(self) -> Member:
        """The speaker as a member of the group.

        Raises:
            NotAllowed: a visitor.
        """
        if self.maybe_member is None:
            raise NotAllowed("我还不认识您。", "先告诉我您是谁\uff1a/我是 姓名")
        return self.maybe_member

    @property
    def role(self) -> Role:
        """The speaker's role in the group."""
        return self.maybe_member.role if self.maybe_member else Role.VISITOR

    @property
    def private(self) -> bool:
        """Whether the speaker writes one-to-one."""
        return self.incoming.private

    @property
    def today(self) -> date:
        """The school's present day."""
        return self.now.date()
