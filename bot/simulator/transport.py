"""A platform that keeps its documented rules and breaks on demand.

It counts messages in a sliding minute, refuses what is too long, knows a repeated uuid where it is said to, and runs
through the ``faults`` it is given, one for each message that reaches it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.transport import Abilities, Outgoing
from bot.clock import Clock
from bot.content import Content
from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided

MINUTE = timedelta(seconds=60)


@dataclass(frozen=True)
class Delivery:
    """A message as the platform has it, and since when."""

    message: Outgoing
    at: datetime


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one message.

    Attributes:
        error: makes what the sender sees; None = no answer ever comes.
        arrives: whether the message stands in the chat all the same.
    """

    error: Callable[[], DeliveryError] | None
    arrives: bool = False


REFUSED = Fault(lambda: NotSent("连接被拒绝"))
RESET_BEFORE_BODY = Fault(lambda: NotSent("连接在发送内容之前断开"))
RESET_AFTER_BODY = Fault(lambda: Undecided("连接在发送内容之后断开"), arrives=True)
LOST_AFTER_BODY = Fault(lambda: Undecided("连接在发送内容之后断开"))
LATE = Fault(None, arrives=True)
HANGS = Fault(None)
REJECTED = Fault(lambda: Rejected("平台拒收\uff1a内容未通过审核"))
FINE = None
"""In ``faults``: nothing goes wrong with this one."""


def rate_limited(retry_after: float = 0.0) -> Fault:
    """The platform asks to wait ``retry_after`` seconds; 0 = it names no time, as 45009 and 130101 do."""
    return Fault(lambda: RateLimited("发送太快", retry_after))


FAULTS: Mapping[str, Fault] = {
    "refuse": REFUSED,
    "timeout": LATE,
    "reset": RESET_AFTER_BODY,
    "rate": rate_limited(),
    "reject": REJECTED,
}
"""Faults by the names the simulator's page uses."""


class SimulatedTransport:
    """The outgoing half of a simulated channel.

    Args:
        name: the channel's.
        abilities: what it can do; its limits are enforced here like on a real platform.
        clock: the simulator's.
        on_delivery: called with each message that stands in a chat, also when the sender is told otherwise. It must
            not wait for the sender.
        render: the message as text of the platform; decides its size.

    Attributes:
        delivered: what stands in the chats, in order; what was recalled does not.
        received: how many sends reached the platform, whatever became of them.
        violations: how many came faster than the platform allows, or while it was shutting the channel out.
        duplicates: how many were recognised by their uuid and shown once.
        faults: what happens to the next messages.
        gone: conversations that do not exist any more.
    """

    def __init__(
        self,
        name: str,
        abilities: Abilities,
        clock: Clock,
        on_delivery: Callable[[Delivery], None] | None = None,
        render: Callable[[Content, bool], str] | None = None,
    ) -> None:
        self.name = name
        self.abilities = abilities
        self.delivered: list[Delivery] = []
        self.received = 0
        self.violations = 0
        self.duplicates = 0
        self.faults: deque[Fault | None] = deque()
        self.gone: set[str] = set()
        self._clock = clock
        self._on_delivery = on_delivery
        self._render = render or _as_plain_text
        self._accepted: deque[datetime] = deque()
        self._shut_until: datetime | None = None
        self._uuids: set[str] = set()

    def size(self, content: Content, private: bool) -> int:
        """Bytes of UTF-8 of the rendered message."""
        return len(self._render(content, private).encode())

    def arm(self, name: str, times: int) -> None:
        """Let the next ``times`` messages meet a fault of ``FAULTS``; what was armed of it before goes."""
        others = [fault for fault in self.faults if fault is not FAULTS[name]]
        self.faults = deque([*others, *[FAULTS[name]] * times])

    def armed(self) -> dict[str, int]:
        """How many faults of each name are still to come."""
        counts = {name: sum(each is fault for each in self.faults) for name, fault in FAULTS.items()}
        return {name: count for name, count in counts.items() if count}

    async def send(self, message: Outgoing) -> str | None:
        """Take a message as the platform would.

        Returns:
            its uuid where the platform can recall.

        Raises:
            NotSent, RateLimited, Undecided, Rejected: the fault in turn, or one of the platform's own rules.
        """
        self.received += 1
        fault = self.faults.popleft() if self.faults else FINE
        if fault is FINE:
            self._accept(message)
            return message.uuid if self.abilities.recall else None
        if fault.arrives:
            self._accept(message)
        if fault.error is None:
            await asyncio.Event().wait()  # for ever: the sender's own time-out ends it
        else:
            raise fault.error()
        return None

    def _accept(self, message: Outgoing) -> None:
        self._keep_pace()
        if message.to in self.gone:
            raise Rejected("会话不存在或已解散")
        if self.size(message.content, message.private) > self.abilities.max_bytes:
            raise Rejected(f"内容超过 {self.abilities.max_bytes} 字节")
        if message.private and not self.abilities.private and message.kind != "reply":
            raise Rejected("这个渠道不能主动私聊")
        if self.abilities.idempotent and message.uuid in self._uuids:
            self.duplicates += 1
            return
        self._uuids.add(message.uuid)
        delivery = Delivery(message, self._clock.now())
        if message.recalls:
            self.delivered = [each for each in self.delivered if each.message.uuid not in message.recalls]
        else:
            self.delivered.append(delivery)
        if self._on_delivery is not None:
            self._on_delivery(delivery)

    def _keep_pace(self) -> None:
        """Refuse what is too fast, and then everything for the length of the penalty."""
        now = self._clock.now()
        while self._accepted and not now - MINUTE < self._accepted[0] <= now:
            self._accepted.popleft()
        shut = self._shut_until is not None and now < self._shut_until <= now + self._penalty
        full = self.abilities.per_minute is not None and len(self._accepted) >= self.abilities.per_minute
        if shut or full:
            self.violations += 1
            self._shut_until = now + self._penalty if full and not shut else self._shut_until
            raise RateLimited("发送太快", 0.0)
        self._accepted.append(now)

    @property
    def _penalty(self) -> timedelta:
        return timedelta(seconds=self.abilities.penalty)


def _as_plain_text(content: Content, private: bool) -> str:
    return content.plain("" if private else "@备课助手 ")
