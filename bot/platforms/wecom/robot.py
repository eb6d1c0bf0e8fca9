"""The push robot of a WeCom group (消息推送): it posts and hears nothing.

Source: developer.work.weixin.qq.com, document/path/99110 (2025-08): markdown up to 4096 bytes, text up to 2048 with
``mentioned_list``, 20 messages a minute. Only ``text`` really notifies somebody, so a message with mentions goes out as
text; a file as a message of its own (bot/platforms/wecom/media.py); everything else as markdown.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp

from bot.chat.transport import Abilities, Outgoing
from bot.clock import Clock
from bot.config import channels
from bot.content import Content
from bot.delivery.files import Files
from bot.errors import Rejected
from bot.platforms import Block, BlockKind, lay_out, mention_prefix
from bot.platforms.wecom.media import SECONDS, Media
from bot.platforms.wecom.post import post_json
from bot.platforms.wecom.render import WEBHOOK_BYTES, render

TEXT_BYTES = 2048
PENALTY = 65.0  # seconds; the platform names none, and a minute sharp is at times too early

UserIds = Callable[[str, tuple[str, ...]], Awaitable[Mapping[str, str]]]
"""Conversation, names of members → their WeCom user ids, as far as they are known."""


class WeComRobot:
    """The outgoing half of a ``wecom-robot`` channel.

    Args:
        settings: its part of config.toml; the address is never shown.
        session: for the requests (see ``post_json``); stays open.
        user_ids: looks up whom to notify; a name it does not know is written out and notifies nobody.
        files: where what it sends is read from.
    """

    def __init__(
        self,
        settings: channels.WeComRobot,
        session: aiohttp.ClientSession,
        user_ids: UserIds,
        files: Files,
        clock: Clock,
    ) -> None:
        self.name = settings.name
        self.abilities = Abilities(
            max_bytes=WEBHOOK_BYTES,
            per_minute=20 if settings.per_minute is None else settings.per_minute,
            penalty=PENALTY if settings.penalty is None else settings.penalty,
            private=False,
            idempotent=False,
            timeout=10.0,
            files=True,
        )
        self._webhook = settings.webhook
        self._bot_name = settings.bot_name
        self._session = session
        self._user_ids = user_ids
        self._media = Media(settings.webhook.get_secret_value(), session, files, clock)

    def size(self, content: Content, private: bool) -> int:
        """Bytes against ``max_bytes``; those of a text count double, as it may have half as many."""
        size = self._markdown(content, private).encode()
        if not content.mentions:
            return len(size)
        text = _text(content, mention_prefix(not private, self._bot_name))
        return max(len(size), len(text.encode()) * (WEBHOOK_BYTES // TEXT_BYTES))

    async def send(self, message: Outgoing) -> None:
        """Post into the robot's group: the address belongs to one; ``message.to`` only says whose members are meant.

        Raises:
            NotSent, RateLimited, Undecided, Rejected: see bot/errors.py.
        """
        if message.private:
            raise Rejected("群推送不能私聊")
        body = await self._body(message.to, message.content)
        seconds = self.abilities.timeout - (SECONDS if message.content.files else 0)
        await post_json(self._session, self._webhook.get_secret_value(), body, seconds)

    async def _body(self, to: str, content: Content) -> dict[str, Any]:
        if content.files:
            return await self._media.body(content.files[0])
        ids = await self._user_ids(to, content.mentions) if content.mentions else {}
        if not ids:
            return {"msgtype": "markdown", "markdown": {"content": self._markdown(content, private=False)}}
        unknown = content.model_copy(update={"mentions": tuple(name for name in content.mentions if name not in ids)})
        text = _text(unknown, mention_prefix(in_group=True, bot_name=self._bot_name))
        return {
            "msgtype": "text",
            "text": {"content": text, "mentioned_list": [ids[n] for n in content.mentions if n in ids]},
        }

    def _markdown(self, content: Content, private: bool) -> str:
        return render(content, in_group=not private, bot_name=self._bot_name).text


def _text(content: Content, prefix: str) -> str:
    """A message for ``msgtype: text``, which knows no markup; what was typed notifies nobody."""
    text = "\n".join(_ROWS[block.kind](block) for block in lay_out(content, prefix))
    return text.replace("<@", "\uff1c@")


_ROWS: dict[BlockKind, Callable[[Block], str]] = {
    "heading": lambda block: block.text,
    "line": lambda block: block.text,
    "blank": lambda _: "",
    "mention": lambda block: block.text,
    "action": lambda block: f"{block.text}\uff1a{block.send}",
    "link": lambda block: f"👉 {block.text}\uff1a{block.url}",
    "file": lambda block: f"📎 {block.text}",
}
