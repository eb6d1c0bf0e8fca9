"""What a form of the board says to the bot, as if the visitor had typed it privately."""

import asyncio
from hashlib import sha256

from bot.chat.buttons import mark_of
from bot.chat.transport import Attachment, Incoming
from bot.content import content
from bot.domain import people
from bot.domain.file_kinds import ending_of, settled_name
from bot.web.board.forms import Form
from bot.web.board.page import UNDO, Answer, House, Look, Page


async def account(look: Look) -> tuple[str, str]:
    """The visitor's (channel, user id), while the transaction is open."""
    return await people.address(look.group.system, look.group.record.channel, look.member)


async def say(house: House, page: Page, look: Look, form: Form, words: str, speaker: tuple[str, str]) -> Answer:
    """Say ``words``, and what the bot answered; the same form sent twice is one message delivered twice.

    Args:
        speaker: from ``account``.

    Raises:
        BadArgument: its file is too large or of no kind that is taken.
    """
    channel, user = speaker
    msgid = f"board-{sha256(f'{look.person.id}/{form.once}/{words}'.encode()).hexdigest()[:32]}"
    incoming = Incoming(
        channel=channel,
        msgid=msgid,
        chat=user,
        private=True,
        sender=user,
        sender_name=look.member.name,
        text=words,
        bot_name=house.bot_names.get(channel, ""),
        at=house.clock.now(),
        group_hint=look.group.key,
        files=await _brought(house, form) if page.sends_file else (),
        tap=form.fields.get("mark", "") if words == UNDO else None,
    )
    outcome = await house.say(incoming)
    if outcome is None:
        return page.answer(content("⏳ 正在做，过一会儿刷新就看到了。"))
    status = outcome.said[0].status
    bad, asks = status not in ("ok", "question"), status == "question"
    return page.answer(outcome.answer, mark_of(channel, msgid), bad=bad, asks=asks)


async def _brought(house: House, form: Form) -> tuple[Attachment, ...]:
    """The file of a form, kept where the bot finds it.

    Raises:
        BadArgument: it is too large or of no kind that is taken; StoreError: the disk takes nothing.
    """
    if not form.name:
        return ()
    data = form.file()
    name = await asyncio.to_thread(settled_name, form.name, data, house.clock.now())
    path = await asyncio.to_thread(house.blobs.put, data, ending_of(name))
    return (Attachment(kind="file", path=path, name=name),)
