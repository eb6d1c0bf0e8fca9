"""没送到的: what may or may not have arrived, to be sent again or dropped, and what never will; for the leader.

What was for one person alone is not shown to the leader, only that it did not arrive.
"""

from collections.abc import Mapping

from bot.calendar.names import day_label
from bot.delivery import outbox
from bot.delivery.desk import OutboxDesk
from bot.delivery.outbox import OutboxItem
from bot.domain.people import Role
from bot.errors import Refused
from bot.web.board.page import Asked, Page, Values

MOST_FAILED = 20
CHOICES = ("/待定 重发", "/待定 放弃")


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group = asked.group
    held = await OutboxDesk(group.system, group.key, group.now).held()
    failed = await outbox.failed(group.system, group.key)
    waiting = await outbox.notes_waiting(group.system, group.key, group.now)
    return {
        "held": held,
        "failed": [_row(item) for item in reversed(failed[-MOST_FAILED:])],
        "more": max(len(failed) - MOST_FAILED, 0),
        "notes": waiting,
    }


def _row(item: OutboxItem) -> str:
    when = f"{day_label(item.created.date())} {item.created:%H:%M} " if item.created else ""
    if item.private:
        return f"{when}给{item.to_name or '一位老师'}的一条私信"
    content = item.content
    return f"{when}发到群里的：{content.title or next((line for line in content.lines if line), '一条消息')}"


async def words(asked: Asked, fields: Mapping[str, str]) -> str:
    """See ``Page.words``. A number counts from the top and may mean another message by now; so a form names the message
    itself.

    Raises:
        Refused: it has been dealt with.
    """
    said, meant = fields.get("say", ""), fields.get("item", "")
    if said not in CHOICES:
        return f"{said} {fields.get('words', '')}".strip()
    held = await OutboxDesk(asked.group.system, asked.group.key, asked.group.now).held()
    number = next((n for n, pending in enumerate(held, start=1) if str(pending.id) == meant), 0)
    if not number:
        raise Refused("这条已经处理过了，不在待定里。", symbol="ℹ️")
    return f"{said} {number}"


PAGE = Page("undelivered", "没送到的", show, needs=Role.LEADER, commands=CHOICES, words=words)
