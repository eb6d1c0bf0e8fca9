"""An item of the outbox as the messages it becomes."""

import structlog

from bot.chat.transport import Outgoing, Transport
from bot.content import Content
from bot.delivery.outbox import OutboxItem
from bot.delivery.split import split

log = structlog.get_logger()


def parts_of(item: OutboxItem, transport: Transport) -> tuple[Content, ...]:
    """The pieces of a message too long for the channel, then its files; () for one that is sent whole.

    What cannot even be measured is sent whole: it breaks there too, is held, and stops nobody else.
    """
    limit = transport.abilities.max_bytes
    words, files = apart(item.content) if transport.abilities.files else (item.content, ())
    try:
        parts = split(words, limit, lambda content: transport.size(content, item.private))
        parts = (*parts, *files) if words != Content() else files
    except Exception:
        log.exception("outbox.size_broken", item=item.id, channel=item.channel)
        return ()
    return parts if len(parts) > 1 else ()


def apart(content: Content) -> tuple[Content, tuple[Content, ...]]:
    """A message without its files, and each file as a message of its own."""
    if not content.files:
        return content, ()
    return content.model_copy(update={"files": ()}), tuple(Content(files=(file,)) for file in content.files)


def outgoing(item: OutboxItem) -> Outgoing:
    """The part now in turn, for the transport. A part's uuid is its own and the same in every attempt."""
    number, total = item.parts_sent + 1, max(len(item.parts), 1)
    return Outgoing(
        uuid=f"{item.uuid}-{number}" if total > 1 else item.uuid,
        kind=item.kind,
        to=item.to,
        private=item.private,
        content=item.parts[number - 1] if item.parts else item.content,
        part=(number, total),
        why=item.why,
        answers=item.answers,
        recalls=item.recalls,
    )
