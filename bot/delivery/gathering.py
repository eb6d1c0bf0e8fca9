"""Posts that wait for each other and go as one message, where a platform counts messages and few are left.

Only what nobody waits for is held back: notes and changes without files, not tried yet. A card goes at its hour and
takes along what waits in its chat.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from bot.content import Content
from bot.delivery.outbox import OutboxItem

Conversation = tuple[bool, str]


def goes_at(items: Iterable[OutboxItem], gather: timedelta) -> dict[Conversation, datetime]:
    """When the conversations may go whose every message can wait; the others are left out: they go now."""
    found: dict[Conversation, datetime] = {}
    hurried = set()
    for item in items:
        moment = _latest(item, gather)
        if moment is None:
            hurried.add(item.conversation)
        else:
            found[item.conversation] = min(moment, found.get(item.conversation, moment))
    return {conversation: moment for conversation, moment in found.items() if conversation not in hurried}


def _latest(item: OutboxItem, gather: timedelta) -> datetime | None:
    """Until when an item can wait for others; None = not at all."""
    if item.created is None or item.kind == "card" or not joinable(item):
        return None
    last = item.created + gather
    return min(last, item.useful_until) if item.useful_until else last


def joinable(item: OutboxItem) -> bool:
    """Whether it can become part of one message with others."""
    plain = not (item.content.files or item.content.link or item.parts)
    return plain and item.kind in ("card", "change", "note") and item.state == "waiting" and not item.attempts


def joined(head: OutboxItem, others: Iterable[OutboxItem], fits: Callable[[Content], bool]) -> list[OutboxItem]:
    """The head with as many of those that follow it as fit, and these in the state "merged"; the head alone: [head].

    A message that holds a card is one: a double of it would be seen.
    """
    whole, taken = head.content, list[OutboxItem]()
    for item in others:
        longer = _with(whole, item.content)
        if not (joinable(item) and fits(longer)):
            break
        whole, taken = longer, [*taken, item]
    if not taken:
        return [head]
    together = [head, *taken]
    ends = [item.useful_until for item in together]
    changes = {
        "content": whole,
        "kind": "card" if any(item.kind == "card" for item in together) else head.kind,
        "why": tuple(dict.fromkeys(why for item in together for why in item.why)),
        "useful_until": None if None in ends else max(end for end in ends if end),
    }
    return [head.model_copy(update=changes), *(item.moved("merged", merged_into=head.id) for item in taken)]


def _with(first: Content, then: Content) -> Content:
    lines = ("", *([then.title] if then.title else []), *then.lines)
    return first.model_copy(
        update={
            "lines": (*first.lines, *lines),
            "actions": tuple(dict.fromkeys((*first.actions, *then.actions))),
            "mentions": tuple(dict.fromkeys((*first.mentions, *then.mentions))),
        }
    )
