"""Out through an app's robot: answers by the conversation's session, everything else by the open API.

The API cannot @ anybody. Sources: open.dingtalk.com, the-robot-sends-a-group-message (2025-10), robot batch messages,
billing model (2026-05: every call counts against the school's month).
"""

import json
from dataclasses import replace
from typing import Any

from aiohttp import ClientSession

from bot.chat.transport import Abilities, Outgoing
from bot.clock import Clock
from bot.config.channels import DingTalkApp
from bot.content import Content
from bot.delivery.budget import GATHER, Budget
from bot.delivery.file_links import FileLinks
from bot.delivery.files import Files
from bot.delivery.logbook import Call, Logbook
from bot.errors import NotSent, RateLimited, Rejected, Undecided
from bot.platforms import Rendering
from bot.platforms.dingtalk.media import Media
from bot.platforms.dingtalk.message_body import message_body
from bot.platforms.dingtalk.posting import Response, post
from bot.platforms.dingtalk.render import PARAM_BYTES, render
from bot.platforms.dingtalk.sessions import Sessions
from bot.platforms.dingtalk.token import AccessToken, Token
from bot.platforms.dingtalk.verdicts import SESSION_ENDED, api_code, errcode, judge_api, judge_webhook

GROUP = "/v1.0/robot/groupMessages/send"
PERSON = "/v1.0/robot/oToMessages/batchSend"
RECALL_GROUP = "/v1.0/robot/groupMessages/recall"
RECALL_PERSON = "/v1.0/robot/otoMessages/batchRecall"

MOST_RECALLED = 20
"""Messages in one call."""

DOWNLOAD = "/v1.0/robot/messageFiles/download"

PENALTY = 60.0
WEBHOOK_PENALTY = 600.0
"""Seconds of rest when a session's address is refused for speed: robots' addresses are blocked for ten minutes."""


class DingTalkApi:
    """The outgoing half of a ``dingtalk-callback`` or ``dingtalk-stream`` channel; a ``Transport``.

    Args:
        session: an open HTTP client; whoever made it closes it.
        sessions: shared with the channel's incoming half.
        logbook: counts the calls against the school's month.
        budget: what is left of that; None = nobody counts.
        files: where what it sends is read from; None = it sends none.
        links: spells out what DingTalk has no message for.
    """

    def __init__(
        self,
        channel: DingTalkApp,
        session: ClientSession,
        sessions: Sessions,
        clock: Clock,
        logbook: Logbook | None = None,
        budget: Budget | None = None,
        files: Files | None = None,
        links: FileLinks | None = None,
    ) -> None:
        self.name = channel.name
        penalty = PENALTY if channel.penalty is None else channel.penalty
        self._abilities = Abilities(
            max_bytes=PARAM_BYTES,
            per_minute=channel.per_minute,
            penalty=penalty,
            private=True,
            idempotent=False,
            recall=True,
            files=files is not None,
        )
        self._channel = channel
        self._session = session
        self._sessions = sessions
        self._token = AccessToken(channel, session, clock)
        self._logbook = logbook or Logbook(clock)
        self._budget = budget
        self._links = links
        self._media = Media(channel.oapi_base, session, files, self._token.get, clock) if files else None

    @property
    def abilities(self) -> Abilities:
        """What it can do; with few API calls left posts wait for each other."""
        return replace(self._abilities, gather=GATHER) if self._low("api") else self._abilities

    def size(self, content: Content, private: bool) -> int:
        """Bytes of ``msgParam``."""
        return self._render(content, private).bytes

    async def send(self, message: Outgoing) -> str | None:
        """Hand a message over; see ``Transport``. What went by a session cannot be recalled."""
        if message.recalls:
            await self._recall(message)
            return None
        content = message.content
        if self._media and content.files:  # a message of its own (bot/delivery/pieces.py); sessions take none
            if self._media.takes(content.files[0]):
                return await self._to(message, *await self._media.message(content.files[0]))
            content = self._links.spelled_out(content) if self._links else content
        rendering = self._render(content, message.private)
        if message.kind == "reply" and await self._answered(message, rendering):
            return None
        return await self._to(message, "sampleMarkdown", {"title": rendering.title, "text": rendering.text})

    async def _to(self, message: Outgoing, kind: str, param: dict[str, str]) -> str:
        text = json.dumps(param, ensure_ascii=False)
        body = {"robotCode": self._channel.robot, "msgKey": kind, "msgParam": text}
        if message.private:
            return await self._to_person(message.to, body)
        return _taken(await self._call(GROUP, {**body, "openConversationId": message.to}))

    async def download_address(self, code: str) -> str:
        """The address behind the download code of a file somebody sent.

        Raises:
            DeliveryError: what DingTalk says; a code that has expired is Rejected and names "downloadCode".
        """
        answer = await self._call(DOWNLOAD, {"downloadCode": code, "robotCode": self._channel.robot})
        address = answer.get("downloadUrl")
        if not isinstance(address, str):
            raise NotSent("看不懂钉钉的回应。")
        return address

    async def _answered(self, message: Outgoing, rendering: Rendering) -> bool:
        """Try the session; False when there is none or it has ended: certainly not sent then.

        Each message heard is a call of the session's kind already; when those run out the answers go by the API.
        """
        if self._low("webhook") and not self._low("api"):
            return False
        conversation = (message.private, message.to)
        session = self._sessions.get(conversation)
        if session is None:
            return False
        self._logbook.called(self.name, "webhook")
        response = await post(self._session, session.url, message_body(rendering.title, rendering.text))
        if errcode(response) == SESSION_ENDED:
            self._sessions.forget(conversation, session)
            return False
        try:
            judge_webhook(response)
        except RateLimited as error:
            raise RateLimited(str(error), error.retry_after or WEBHOOK_PENALTY) from None
        return True

    async def _recall(self, message: Outgoing) -> None:
        """Take back at most twenty messages of one chat; DingTalk leaves no trace of them."""
        keys = {"robotCode": self._channel.robot, "processQueryKeys": list(message.recalls[:MOST_RECALLED])}
        if message.private:
            answer = await self._call(RECALL_PERSON, keys)
        else:
            answer = await self._call(RECALL_GROUP, {**keys, "openConversationId": message.to})
        if failed := answer.get("failedResult"):
            raise Rejected(f"钉钉没有撤回\uff08{str(failed)[:200]}\uff09")

    async def _to_person(self, user: str, body: dict[str, Any]) -> str:
        if user.startswith("$:"):  # the encrypted id of somebody outside the organisation
            raise Rejected("对方不是本企业的人\uff0c钉钉不能主动发消息给他。")
        answer = await self._call(PERSON, {**body, "userIds": [user]})
        if user in _names(answer, "invalidStaffIdList"):
            raise Rejected("钉钉说没有这个人\uff0c或者他不在应用的可见范围内。")
        if user in _names(answer, "flowControlledStaffIdList"):
            raise NotSent("发给这个人的消息太多\uff0c钉钉要求等一等。")  # the others need not wait
        return _taken(answer)

    async def _call(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One call; a token refused before its time is renewed once."""
        token = await self._token.get()
        response = await self._post(path, body, token)
        if "InvalidAuthentication" in api_code(response):
            response = await self._post(path, body, await self._token.get(instead_of=token))
        return judge_api(response)

    async def _post(self, path: str, body: dict[str, Any], token: Token) -> Response:
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"x-acs-dingtalk-access-token": token.text}
        self._logbook.called(self.name, "api")
        return await post(self._session, self._channel.api_base + path, raw, headers)

    def _low(self, kind: Call) -> bool:
        return self._budget is not None and self._budget.low(kind)

    def _render(self, content: Content, private: bool) -> Rendering:
        return render(content, in_group=not private, bot_name=self._channel.bot_name)


def _names(answer: dict[str, Any], key: str) -> list[Any]:
    value = answer.get(key)
    return value if isinstance(value, list) else []


def _taken(answer: dict[str, Any]) -> str:
    """DingTalk numbers what it has taken; an answer without a number is not the one we know."""
    key = answer.get("processQueryKey")
    if not key:
        raise Undecided("看不懂钉钉的回应\uff0c不知道有没有送到。")
    return str(key)
