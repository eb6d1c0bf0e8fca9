"""What a message led to: the answer, the notes to others and the change lines, on their way into the outbox."""

from collections.abc import Sequence

import structlog
from pydantic import BaseModel, ConfigDict

from bot.chat.buttons import offered
from bot.chat.context import Context
from bot.chat.dialogs import LETTER_PATIENCE, ask_somebody
from bot.chat.reply import Choice, Reply, Status, message
from bot.chat.transport import Incoming
from bot.chat.understanding import Understanding
from bot.content import Content
from bot.delivery.outbox import HEAD_START, OutboxItem, enqueue, take_inbox
from bot.domain import people
from bot.domain.groups import Group, Notice
from bot.domain.people import SYSTEM, Member
from bot.storage import Records

log = structlog.get_logger()


class Said(BaseModel):
    """One thing said because of a message: to the conversation it came from ("here"), or to a member by name."""

    model_config = ConfigDict(defer_build=True, frozen=True)

    to: str
    status: Status = "ok"
    content: Content


class Outcome(BaseModel):
    """What a message led to; stored, so that a second delivery gets the same.

    ``did``: something is different now. ``making``: slow work follows (bot/delivery/orders.py); ``made`` is what came
    of it, once it is done, for a platform that comes to fetch it.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    said: tuple[Said, ...]
    command: str | None = None
    why: str = ""
    did: bool = False
    making: bool = False
    made: Content | None = None

    @property
    def answer(self) -> Content:
        """What goes back into the conversation."""
        return self.said[0].content


async def say(
    ctx: Context, reply: Reply, understood: Understanding, *, did: bool = False
) -> tuple[Outcome, tuple[int, ...]]:
    """Turn a reply into an outcome; what is for others goes into the outbox within the open transaction.

    Returns:
        the outcome, and the outbox ids of what others are told.
    """
    group, incoming = ctx.maybe_group, ctx.incoming
    notices = [*reply.notes, *(group.notices if group else ())]
    changes = group.changes if group else []
    answer = offered(reply.answer, reply.choices)
    if reply.private and not incoming.private and ctx.maybe_member:
        notices.insert(0, Notice(ctx.maybe_member.name, reply.answer))
        answer = reply.answer_in_group or message("✉️ 私下回复您了。")
    if incoming.private:
        answer = await _with_inbox(ctx, answer)
    elif group and changes:
        answer = answer.model_copy(update={"lines": (*answer.lines, *changes)})
        changes = []
    said = [Said(to="here", status=reply.status, content=answer)]
    said += [Said(to=notice.to, status=_status(notice, reply), content=notice.content) for notice in notices]
    said += [Said(to="group", content=message(line)) for line in changes]
    said += [Said(to="group", content=each) for each in (group.posts if group else ())]
    why = f"/{understood.command}"
    posts = await post(group, notices, changes, why) if group and (notices or changes or group.posts) else ()
    for other in group.elsewhere if group else ():
        posts += await post(other, other.notices, other.changes, why)
    return Outcome(said=tuple(said), command=understood.command, why=understood.why, did=did), posts


def _status(notice: Notice, reply: Reply) -> Status:
    """An answer that went privately keeps its status; other notes are just told."""
    return reply.status if notice.content is reply.answer else "ok"


async def post(group: Group, notices: Sequence[Notice], changes: Sequence[str], why: str) -> tuple[int, ...]:
    """Put notes to members, change lines to the group and what it publishes into the outbox, within its transaction.

    Returns:
        their ids there.
    """
    system, record = group.system, group.record
    items: list[OutboxItem] = []
    for notice in notices:
        address = await _address(group, notice)
        if address is None:  # has left the group since: nobody to tell
            log.info("outcome.nobody_to_tell", group=group.key, why=why)
            continue
        channel, user = address
        if notice.choices:
            choices = tuple(Choice(key=key, send=send, group=group.key) for key, send in notice.choices)
            await ask_somebody(system, channel, user, choices, group.now, group.now + LETTER_PATIENCE)
        note = await enqueue(
            system,
            channel=channel,
            kind="note",
            to=user,
            to_name=notice.to,
            private=True,
            group=group.key,
            content=notice.content,
            why=(why,),
            now=group.now,
        )
        items.append(note)
    for content in (*map(message, changes), *group.posts):
        if record.posting_channel and record.chat:
            change = await enqueue(
                system,
                channel=record.posting_channel,
                kind="change",
                to=record.chat,
                group=group.key,
                content=content,
                why=(why,),
                now=group.now,
            )
            items.append(change)
    return tuple(item.id for item in items)


async def _address(group: Group, notice: Notice) -> tuple[str, str] | None:
    if notice.account:
        return notice.account
    members = await group.system.find(Member, group=group.key, name=notice.to)
    return await people.address(group.system, group.record.channel, members[0]) if members else None


async def _with_inbox(ctx: Context, answer: Content) -> Content:
    """The private answer with the notes that could not be pushed to this person."""
    incoming = ctx.incoming
    system = ctx.tx.within(SYSTEM)
    waiting = await take_inbox(system, incoming.channel, incoming.sender, ctx.now)
    if ctx.person:  # what came before they said who they are; before the group was claimed there was no channel either
        for channel in (incoming.channel, ""):
            waiting += await take_inbox(system, channel, people.unbound(ctx.person.id), ctx.now)
    extra = [line for item in waiting for line in ("", "✉️ 给您的留言\uff1a", *item.content.plain().splitlines())]
    files = (*answer.files, *(file for item in waiting for file in item.content.files))
    return answer.model_copy(update={"lines": (*answer.lines, *extra), "files": files}) if extra else answer


def answer_key(incoming: Incoming) -> str:
    """The name under which the answer to a message is in the outbox, once."""
    return answer_name(incoming.key)


def answer_name(key: str) -> str:
    """The same from the message's key."""
    return f"answer/{key}"


async def answer_apart(system: Records, ctx: Context, outcome: Outcome, *, late: bool) -> None:
    """Put an answer into the outbox that cannot go back with the platform's request.

    Args:
        late: the platform was acknowledged before the answer was ready; otherwise whoever heard the message hands the
            answer over at once (bot/delivery/express.py), and the channel's line comes to it only if that failed.
    """
    incoming = ctx.incoming
    private, to = incoming.conversation
    for_all = shown_to_all(incoming, outcome)
    await enqueue(
        system,
        channel=incoming.channel,
        kind="reply",
        to=to,
        to_name=incoming.sender_name if private else "",
        private=private,
        group=ctx.maybe_group.key if ctx.maybe_group else "",
        content=_as_typed(ctx, outcome.answer) if for_all else outcome.answer,
        why=("迟到的回答" if late else "回答",),
        once=answer_key(incoming),
        answers="" if for_all else incoming.msgid,
        next_at=None if late else ctx.now + HEAD_START,
        now=ctx.now,
    )


def shown_to_all(incoming: Incoming, outcome: Outcome) -> bool:
    """Whether a group has to see the answer to a tap: something is different now, and nobody saw who did it.

    What somebody only looked at, or what could not be done, concerns nobody else.
    """
    return incoming.tap is not None and not incoming.private and outcome.did


def _as_typed(ctx: Context, answer: Content) -> Content:
    """The answer under the words that were not typed, so that the group reads what it would have read."""
    who = ctx.maybe_member.name if ctx.maybe_member else ctx.incoming.sender_name or "有人"
    lines = (answer.title, *answer.lines) if answer.title else answer.lines
    said = f"👆 {who}：{ctx.incoming.text}"
    return answer.model_copy(update={"title": "", "lines": (said, *lines)})
