"""The outgoing half of a ``wecom-callback`` channel: late answers, and nothing else.

An intelligent robot at a callback address cannot speak first (path/101138). Posts need a ``wecom-robot`` channel, notes
wait in the member's inbox.
"""

from datetime import timedelta

import aiohttp

from bot.chat.transport import Abilities, Outgoing
from bot.clock import Clock
from bot.config import channels
from bot.content import Content
from bot.delivery.file_links import FileLinks
from bot.errors import DeliveryError, NotSent, Rejected
from bot.platforms.wecom import answers
from bot.platforms.wecom.late import StoredReplies, conversation
from bot.platforms.wecom.post import post_json
from bot.platforms.wecom.records import URL_LIFE
from bot.platforms.wecom.render import ROBOT_BYTES, render

QUIET = timedelta(seconds=15)
"""Without a question from the platform for so long, it is taken not to come for the answer any more."""


class WeComReplies:
    """Sends a late answer to the address that came with its question, unless the platform has fetched it before."""

    def __init__(
        self,
        settings: channels.WeComCallback,
        session: aiohttp.ClientSession,
        late: StoredReplies,
        clock: Clock,
        links: FileLinks | None = None,
    ) -> None:
        self.name = settings.name
        self.abilities = Abilities(max_bytes=ROBOT_BYTES, per_minute=settings.per_minute, private=False, timeout=10.0)
        self._bot_name = settings.bot_name
        self._session = session
        self._late = late
        self._clock = clock
        self._links = links
        self._missed: set[str] = set()

    def size(self, content: Content, private: bool) -> int:
        """Never more than ``max_bytes``: the address works once, so what is too long is cut and not split."""
        content = self._links.spelled_out(content) if self._links else content
        return min(ROBOT_BYTES, render(content, in_group=not private, bot_name=self._bot_name).bytes)

    async def send(self, message: Outgoing) -> None:
        """Hand a late answer over.

        Raises:
            NotSent: the platform is still asking and will fetch it.
            RateLimited, Undecided: as the platform says.
            Rejected: no answer, or its address has expired.
        """
        if message.kind != "reply":
            raise Rejected("这个机器人只能回答\uff0c定时消息要另配群推送")
        slip = await self._late.slip_for(conversation(self.name, message.private, message.to), message.content)
        if slip is None:
            raise self._without_slip(message)
        if slip.state == "delivered":
            return
        now = self._clock.now()
        if now - self._late.last_asked(slip) < QUIET:
            raise NotSent("等平台来取")
        if not slip.response_url or now - slip.asked > URL_LIFE:
            raise Rejected("回答地址已经过期")
        content = self._links.spelled_out(message.content) if self._links else message.content
        text = answers.answer_text(content, private=message.private, bot_name=self._bot_name)
        await post_json(self._session, slip.response_url, answers.markdown(text), self.abilities.timeout)
        await self._late.delivered(slip)

    def _without_slip(self, message: Outgoing) -> DeliveryError:
        """A quick sender may come before the slip is written, so the first time it is asked to come again."""
        if message.uuid in self._missed:
            self._missed.discard(message.uuid)
            return Rejected("回答地址找不到了")
        self._missed.add(message.uuid)
        return NotSent("回答地址还没有存好")
