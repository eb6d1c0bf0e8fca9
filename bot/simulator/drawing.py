"""From what the bot says to what the simulator shows: bubbles, replies, posts and rows."""

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.calendar.plan_reader import PlanContext, read_line
from bot.chat.transport import Incoming
from bot.delivery.outbox import OutboxItem
from bot.delivery.outcome import Outcome, Said
from bot.domain import open_lessons
from bot.domain.groups import Group, GroupRecord
from bot.errors import BadArgument
from bot.simulator import chronicle, sample
from bot.simulator.api_models import ActionLink, ItemRow, LineRequest, MessageRequest, Post, Reply
from bot.simulator.chronicle import Line
from bot.simulator.transport import Delivery

BOT_NAME = "备课助手"
RECALLED = "↩️ 机器人撤回了刚才的一条消息"


def as_the_platform_sends_it(request: MessageRequest) -> str:
    """WeCom leaves the mention in the text, DingTalk cuts it off and leaves a blank."""
    text = request.text
    if request.private:
        return text
    if request.platform == "dingtalk":
        return f" {text.replace(f'@{BOT_NAME}', '', 1).lstrip(' ')}"
    return text if f"@{BOT_NAME}" in text else f"@{BOT_NAME} {text}"


def as_it_stands_in_the_chat(request: MessageRequest) -> str:
    """What people see of it: in a group with the mention, if there was one."""
    mentioned = request.private or not request.mention or f"@{BOT_NAME}" in request.text
    return request.text if mentioned else f"@{BOT_NAME} {request.text}"


def incoming_of(request: MessageRequest, record: GroupRecord, msgid: str, now: datetime, hint: str | None) -> Incoming:
    """A message as the played platform delivers it.

    Args:
        hint: the group meant in private.
    """
    user = sample.user_of(request.speaker)
    return Incoming(
        channel=sample.CHANNEL,
        msgid=msgid,
        chat=user if request.private else record.chat or sample.chat_of(record.key),
        private=request.private,
        sender=user,
        sender_name=request.speaker,
        text=as_the_platform_sends_it(request),
        bot_name=BOT_NAME,
        at=now,
        group_hint=hint,
    )


def answer_bubble(chat: str, outcome: Outcome, at: datetime, *, private: bool) -> Line:
    """The bot's answer in the conversation it was asked in."""
    said = outcome.said[0]
    return Line(
        chat=chat,
        at=at,
        who="bot",
        text=said.content.plain(chronicle.mention(not private, BOT_NAME)),
        content=said.content,
        status=said.status,
        kind="answer",
        why=(outcome.why,) if outcome.why else (),
    )


def delivered_bubble(chat: str, delivery: Delivery) -> Line:
    """A message that came through the outbox, as it stands in its chat."""
    message = delivery.message
    if message.recalls:
        return Line(chat=chat, at=delivery.at, who="bot", text=RECALLED, kind="change", recalls=message.recalls)
    return Line(
        chat=chat,
        at=delivery.at,
        who="bot",
        uuid=message.uuid,
        text=message.content.plain(chronicle.mention(not message.private, BOT_NAME)),
        content=message.content,
        kind="answer" if message.kind == "reply" else message.kind,
        why=tuple(f"因为：{why}" for why in message.why),
    )


def replies(request: MessageRequest, outcome: Outcome | None, links: chronicle.Links) -> tuple[Reply, ...]:
    """The contract's replies: the answer first, then who else was told; none while the answer is still to come."""
    here = request.speaker if request.private else "group"
    return tuple(_reply(said, here, links) for said in outcome.said) if outcome else ()


def reply_of(item: OutboxItem, request: MessageRequest, links: chronicle.Links) -> Reply:
    """The contract's reply of what was ordered by a request and has arrived."""
    to = request.speaker if item.private else "group"
    return _reply(Said(to=to, content=item.content), to, links)


def post_of(item: OutboxItem, group: str) -> Post:
    """The contract's post of something that was sent by itself."""
    return Post.model_validate(
        {
            "at": item.sent_at,
            "group": group,
            "to": item.to_name if item.private else "group",
            "kind": item.kind,
            "text": item.content.plain(chronicle.mention(not item.private, BOT_NAME)),
            "why": item.why,
        }
    )


async def item_row(group: Group, item: open_lessons.OpenLesson) -> ItemRow:
    """The contract's row of something one can join."""
    count = len(await open_lessons.taken(group, item))
    title = f"{item.label} {item.when_dated}"
    return ItemRow(number=item.number, kind=item.purpose.value, title=title, seats=item.seats, taken=count)


def entries_of(number: int, line: LineRequest) -> list[dict[str, Any]]:
    """The calendar entries of a single line, read in its own context.

    Raises:
        BadArgument: the context of line ``number`` does not describe a term.
    """
    try:
        context = PlanContext.model_validate(line.context)
    except ValidationError:
        raise BadArgument(f"第 {number} 行的 context 不对，至少要有 term 的 first_day 和 weeks。") from None
    return [entry.public() for entry in read_line(line.line, context)]


def _reply(said: Said, here: str, links: chronicle.Links) -> Reply:
    to = here if said.to == "here" else said.to
    prefix = chronicle.mention(to == "group", BOT_NAME)
    actions = tuple(ActionLink(label=each.label, send=f"{prefix}{each.send}") for each in said.content.actions)
    text, files = said.content.plain(prefix), links(said.content)
    return Reply(to=to, status=said.status, text=text, actions=actions, files=files)
