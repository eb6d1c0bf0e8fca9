"""Out through a group's custom robot: no app and no administrator needed, and the one way to @ people in a post.

Source: open.dingtalk.com, custom-robots-send-group-messages (2026-07): 20 messages a minute, over it blocked for ten;
``msgUuid`` makes a repeat harmless; an @ must stand in the text and in ``at``.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from aiohttp import ClientSession

from bot.chat.transport import Abilities, Outgoing
from bot.clock import Clock
from bot.config.channels import DingTalkRobot as RobotConfig
from bot.content import Content, Link
from bot.delivery.budget import GATHER, Budget
from bot.delivery.file_links import FileLinks
from bot.delivery.logbook import Logbook
from bot.errors import Rejected
from bot.platforms.dingtalk.posting import post
from bot.platforms.dingtalk.render import WEBHOOK_BYTES, render
from bot.platforms.dingtalk.signing import signed_address
from bot.platforms.dingtalk.verdicts import judge_webhook

PER_MINUTE = 20
PENALTY = 600.0
MOST_MENTIONS = 50
_LONGEST_ID = "x" * 64
_LONGEST_UUID = "x" * 40

Ids = Callable[[str, tuple[str, ...]], Awaitable[Mapping[str, str]]]
"""Conversation id and names of members → DingTalk user ids by name; whoever has none is left out."""


class DingTalkRobot:
    """The outgoing half of a ``dingtalk-robot`` channel, which has no other; a ``Transport``.

    Args:
        session: an open HTTP client; whoever made it closes it.
        ids: looks up whom to @.
        logbook: counts the calls against the school's month.
        budget: what is left of that; None = nobody counts.
        links: spells out files, which a robot's address does not take.
    """

    def __init__(
        self,
        channel: RobotConfig,
        session: ClientSession,
        clock: Clock,
        ids: Ids,
        logbook: Logbook | None = None,
        budget: Budget | None = None,
        links: FileLinks | None = None,
    ) -> None:
        self.name = channel.name
        self._abilities = Abilities(
            max_bytes=WEBHOOK_BYTES,
            per_minute=PER_MINUTE if channel.per_minute is None else channel.per_minute,
            penalty=PENALTY if channel.penalty is None else channel.penalty,
            private=False,
            idempotent=True,
        )
        self._channel = channel
        self._session = session
        self._clock = clock
        self._ids = ids
        self._logbook = logbook or Logbook(clock)
        self._budget = budget
        self._links = links

    @property
    def abilities(self) -> Abilities:
        """What it can do; with few calls left posts wait for each other."""
        few = self._budget is not None and self._budget.low("webhook")
        return replace(self._abilities, gather=GATHER) if few else self._abilities

    def size(self, content: Content, private: bool) -> int:  # noqa: ARG002 - one form for all
        """Bytes of the whole request body, with the longest ids DingTalk has."""
        return len(self._body(content, dict.fromkeys(content.mentions, _LONGEST_ID), _LONGEST_UUID))

    async def send(self, message: Outgoing) -> None:
        """Hand a message over to the robot's group; see ``Transport``."""
        if message.private:
            raise Rejected("群机器人不能私下发消息。")
        mentions = message.content.mentions
        ids = await self._ids(message.to, mentions) if mentions else {}
        body = self._body(message.content, ids, message.uuid)
        self._logbook.called(self.name, "webhook")
        judge_webhook(await post(self._session, self._address(), body))

    def _address(self) -> str:
        """The address of this one request; the sign grows old within the hour."""
        webhook = self._channel.webhook.get_secret_value()
        secret = self._channel.secret
        return signed_address(webhook, secret.get_secret_value(), self._clock.now()) if secret else webhook

    def _body(self, content: Content, ids: Mapping[str, str], uuid: str) -> bytes:
        """Names with an id become a real @, the others stay readable text; a link becomes a button."""
        content = self._links.spelled_out(content) if self._links else content
        known = [name for name in content.mentions if name in ids][:MOST_MENTIONS]
        others = tuple(name for name in content.mentions if name not in known)
        button = content.link if content.link and content.link.url.startswith(("https://", "http://")) else None
        shown = content.model_copy(update={"mentions": others, "link": None if button else content.link})
        rendering = render(shown, in_group=True, bot_name=self._channel.bot_name)
        users = [ids[name] for name in known]
        text = "\n\n".join([rendering.text, " ".join(f"@{user}" for user in users)]) if users else rendering.text
        body: dict[str, Any] = {
            "msgUuid": uuid,
            **_shape(rendering.title, text, button),
            "at": {"atUserIds": users, "isAtAll": False},
        }
        return json.dumps(body, ensure_ascii=False).encode()


def _shape(title: str, text: str, button: Link | None) -> dict[str, Any]:
    """Markdown, or with a link the card whose one button leads there."""
    card = {"title": title, "text": text}
    if button is None:
        return {"msgtype": "markdown", "markdown": card}
    return {"msgtype": "actionCard", "actionCard": {**card, "singleTitle": button.label, "singleURL": button.url}}
