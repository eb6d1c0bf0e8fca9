"""What follows from how a send ended: the table of the outbox, without store or network.

| what happened                                      | then                                                         |
|----------------------------------------------------|--------------------------------------------------------------|
| ``NotSent``: refused, DNS, TLS, a passing errcode  | again with back-off                                          |
| ``RateLimited``                                    | the whole channel waits as long as the platform says         |
| ``Undecided``: time-out or reset after the body,   | channel that knows a repeated uuid → again with the same;    |
| killed in the air                                  | reply, note, recall → again (a double is harmless), 3 times; |
|                                                    | card, change → held for the leader                           |
| ``Rejected``: bad token, dissolved group, audit    | failed, the leader is told once                              |
| ``Unreachable``: who never spoke to the robot      | a note waits in the person's inbox; else as ``Rejected``     |
| ``Broken``: a defect of the transport              | held, whatever it is                                         |

Nothing is tried for ever: what has a ``useful_until`` ends there, the rest a day after the first attempt. By then it is
failed, or held if it may have arrived, and the leader is told either way.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from bot.chat.transport import Abilities
from bot.delivery.outbox import READY, OutboxItem, State
from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided, Unreachable

LONGEST_WAIT = 300.0
"""Seconds between two attempts at most."""

SHORTEST_PAUSE = 1.0
"""Seconds of rest after a rate refusal at least, whatever the platform or the config says."""

LONGEST_TRY = timedelta(days=1)
"""After so long a platform's -1 ("busy") is no passing trouble, and no channel is known to remember a uuid longer."""

HARMLESS_DOUBLES = 3
"""Undecided sends of a reply or a note before the leader is asked: two or three copies are harmless, thirty are not."""


class Broken(Undecided):
    """The transport raised what no transport may raise: only a person can tell what became of the message."""


@dataclass(frozen=True)
class Verdict:
    """The item after a send, and for how many seconds its whole channel has to rest."""

    item: OutboxItem
    pause: float = 0.0


def judge(error: DeliveryError | None, item: OutboxItem, abilities: Abilities, now: datetime) -> Verdict:
    """What becomes of an item in the state "sending".

    Args:
        error: how the send ended; None = the platform has taken the message.
        item: as it was claimed, this attempt counted in.
    """
    if error is None:
        return Verdict(_taken(item, now))
    for kind, rule in _RULES:
        if isinstance(error, kind):
            return _at_last(rule(error, item, abilities, now), now)
    return _hold(error, item, abilities, now)


def _at_last(verdict: Verdict, now: datetime) -> Verdict:
    """The end of what would be tried again although it has been tried for long and has no end of its own."""
    item = verdict.item
    begun = item.since if item.state in READY and item.useful_until is None else None
    if begun is None or now - begun < LONGEST_TRY:
        return verdict
    return replace(verdict, item=item.moved("held" if item.undecided else "failed", next_at=None))


def backoff(item: OutboxItem) -> timedelta:
    """1, 2, 4 … seconds, at most five minutes, and up to a fifth less, so that what failed together parts.

    The part taken off is drawn from the item itself: the same after a restart and in every test.
    """
    wait = min(LONGEST_WAIT, 2.0 ** (min(item.attempts, 20) - 1))
    spread = crc32(f"{item.uuid}/{item.attempts}".encode()) / 2**32
    return timedelta(seconds=wait * (1 - 0.2 * spread))


def _taken(item: OutboxItem, now: datetime) -> OutboxItem:
    arrived = item.parts_sent + 1
    if arrived < len(item.parts):
        return item.moved("waiting", parts_sent=arrived, attempts=0, undecided=0, next_at=None)
    return item.moved("sent", parts_sent=arrived, sent_at=now, next_at=None, last_error="")


def _not_sent(error: DeliveryError, item: OutboxItem, _: Abilities, now: datetime) -> Verdict:
    return Verdict(item.moved(_ready(item), next_at=now + backoff(item), last_error=str(error)))


def _too_fast(error: DeliveryError, item: OutboxItem, abilities: Abilities, _: datetime) -> Verdict:
    """A refusal that names no time carries 0 and takes the channel's own penalty."""
    named = error.retry_after if isinstance(error, RateLimited) else 0.0
    waiting = item.moved(_ready(item), next_at=None, attempts=item.attempts - 1, last_error=str(error))
    return Verdict(waiting, pause=max(SHORTEST_PAUSE, named if named > 0 else abilities.penalty))


def _undecided(error: DeliveryError, item: OutboxItem, abilities: Abilities, now: datetime) -> Verdict:
    doubtful = item.moved("unknown", undecided=item.undecided + 1, next_at=now + backoff(item), last_error=str(error))
    harmless = item.kind in ("reply", "note", "recall") and doubtful.undecided < HARMLESS_DOUBLES
    return Verdict(doubtful) if abilities.idempotent or harmless else _hold(error, doubtful, abilities, now)


def _hold(error: DeliveryError, item: OutboxItem, _: Abilities, __: datetime) -> Verdict:
    return Verdict(item.moved("held", next_at=None, last_error=str(error)))


def _rejected(error: DeliveryError, item: OutboxItem, _: Abilities, __: datetime) -> Verdict:
    return Verdict(item.moved("failed", next_at=None, last_error=str(error)))


def _unreachable(error: DeliveryError, item: OutboxItem, abilities: Abilities, now: datetime) -> Verdict:
    if item.kind != "note" or item.undecided:
        return _rejected(error, item, abilities, now)
    return Verdict(item.moved("inbox", next_at=None, last_error=str(error)))


def _ready(item: OutboxItem) -> State:
    """Once it may have arrived, a later clear refusal does not make that untrue."""
    return "unknown" if item.undecided else "waiting"


_Rule = Callable[[DeliveryError, OutboxItem, Abilities, datetime], Verdict]

_RULES: tuple[tuple[type[DeliveryError], _Rule], ...] = (
    (RateLimited, _too_fast),  # before its base class
    (NotSent, _not_sent),
    (Broken, _hold),  # before its base class
    (Undecided, _undecided),
    (Unreachable, _unreachable),  # before its base class
    (Rejected, _rejected),
)
