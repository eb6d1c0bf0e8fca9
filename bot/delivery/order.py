"""Who goes next: first come, first served within a conversation, the more urgent first between conversations."""

import heapq
from collections import deque
from collections.abc import Iterable
from datetime import datetime

from bot.delivery.outbox import OutboxItem

RANK = {"reply": 0, "recall": 0, "change": 1, "card": 1, "note": 2}
"""Somebody waits for a reply, nobody for a note; what is to be recalled is being read meanwhile."""


def heads(items: Iterable[OutboxItem]) -> list[OutboxItem]:
    """The oldest item of each conversation: the only ones that may be sent now."""
    return [line[0] for line in _conversations(items)]


def line_up(items: Iterable[OutboxItem], now: datetime) -> list[OutboxItem]:
    """Items in the order of sending, without those that are not due and what stands behind them."""
    waiting = [(_urgency(line[0]), line) for line in _conversations(items)]
    heapq.heapify(waiting)
    order = []
    while waiting:
        _, line = heapq.heappop(waiting)
        if line[0].next_at is not None and line[0].next_at > now:
            continue
        order.append(line.popleft())
        if line:
            heapq.heappush(waiting, (_urgency(line[0]), line))
    return order


def _urgency(item: OutboxItem) -> tuple[int, int]:
    return RANK[item.kind], item.id


def _conversations(items: Iterable[OutboxItem]) -> list[deque[OutboxItem]]:
    lines: dict[tuple[bool, str], deque[OutboxItem]] = {}
    for item in sorted(items, key=lambda item: item.id):
        lines.setdefault(item.conversation, deque()).append(item)
    return list(lines.values())
