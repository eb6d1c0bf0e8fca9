"""What could not be delivered: what nobody can tell of, to be decided, and what failed for good."""

from bot.delivery import outbox
from bot.delivery.desk import OutboxDesk
from bot.delivery.outbox import OutboxItem
from bot.errors import Refused
from bot.web.board.forms import Form
from bot.web.board.page import Look, Page, Values, commands

MOST_FAILED = 20


async def show(look: Look) -> Values:
    """The undecided messages, oldest first, and those that failed, the newest first."""
    desk = OutboxDesk(look.group.system, look.group.key, look.group.now)
    failed = await outbox.failed(look.group.system, look.group.key)
    newest = sorted(failed, key=lambda item: -item.id)[:MOST_FAILED]
    return {
        "held": await desk.held(),
        "failed": [(item.created, item.to_name if item.private else "群里", _opening(item)) for item in newest],
        "inbox": await outbox.notes_waiting(look.group.system, look.group.key, look.group.now),
    }


def _opening(item: OutboxItem) -> str:
    """Its first line; what was for one person alone is nobody else's to read."""
    if item.private:
        return "一条私信"
    return next((line for line in item.content.plain().splitlines() if line), "")[:60]


async def still_there(look: Look, form: Form) -> None:
    """The command counts from the oldest; the form says which message was meant.

    Raises:
        Refused: another message has that place by now.
    """
    place = form.words.strip()
    if not form.fields.get("id"):
        return
    held = await OutboxDesk(look.group.system, look.group.key, look.group.now).held()
    known = {str(n): str(pending.id) for n, pending in enumerate(held, start=1)}
    if known.get(place) != form.fields["id"]:
        raise Refused("这一条已经处理过了，没有再做什么。", "刷新看现在还有哪些。", symbol="ℹ️")


PAGE = Page("pending", "没送到的", "pending.html", show, leads=True, says=commands("待定"), check=still_there)
