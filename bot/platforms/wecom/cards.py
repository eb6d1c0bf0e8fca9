"""Cards on one connection: sent under a question, changed after a tap.

A card may be changed once for each tap, within five seconds of it (path/101031). In a group it is changed for the one
who tapped: the others see their own. Should the platform refuse cards in groups, or in private, answers go there as
words until the next start.
"""

from datetime import timedelta

import structlog

from bot.chat.buttons import buttons, mark_of
from bot.chat.transport import Outgoing
from bot.clock import Clock
from bot.content import Action, Content
from bot.errors import NotSent
from bot.platforms.wecom.card import card
from bot.platforms.wecom.codes import BUSY, STREAM_OVER, TOO_FAST, UNKNOWN_REQUEST, judge_code
from bot.platforms.wecom.frames import ANSWER, UPDATE_CARD
from bot.platforms.wecom.questions import Question
from bot.platforms.wecom.wire import Wire

CARD_LIFE = timedelta(seconds=4.5)
"""From a tap until its card cannot be changed any more, less a margin."""

_ELSEWHERE = (UNKNOWN_REQUEST, STREAM_OVER)
"""Codes that say nothing about cards: the question itself is gone."""

_NO_MATTER = (0, BUSY, TOO_FAST, None)

_HELP = Action(label="看我能做什么", send="/帮助")
"""A card needs a button, also where nothing is left to do."""

log = structlog.get_logger()


class Cards:
    """The cards of one channel. ``known`` and ``refused``: where the platform has taken cards, and where it would not,
    in groups (False) or in private (True)."""

    def __init__(self, channel: str, bot_name: str, wire: Wire, clock: Clock) -> None:
        self._channel = channel
        self._bot_name = bot_name
        self._wire = wire
        self._clock = clock
        self._known: set[bool] = set()
        self._refused: set[bool] = set()

    async def answer(self, message: Outgoing, question: Question) -> bool:
        """Send an answer as a card under its question; False = it has to go as words.

        Raises:
            DeliveryError: see ``judge_code``.
        """
        if question.working or message.part[1] > 1 or message.private in self._refused:
            return False
        made = card(message.content, in_group=not message.private, bot_name=self._bot_name)
        if made is None:
            return False
        again, question.carded = question.carded, True
        body = made.body(mark_of(self._channel, question.msgid), message.uuid)
        try:
            sent = await self._wire.ask(ANSWER, {"msgtype": "template_card", "template_card": body}, question.req_id)
            return self._taken(sent.errcode, message.private, question, again)
        except NotSent:
            question.carded = again
            raise

    def _taken(self, code: int | None, private: bool, question: Question, again: bool) -> bool:
        """Whether the card stands there; one sent before may have been taken then, and an id is taken only once."""
        if code in _NO_MATTER:
            judge_code(code)
            self._known.add(private)
            return True
        if code in _ELSEWHERE:
            question.closed = True
        elif again:
            return private in self._known
        else:
            log.warning("wecom.cards_refused", channel=self._channel, private=private, errcode=code)
            self._refused.add(private)
        return False

    async def change(self, question: Question, content: Content, private: bool) -> bool:
        """Show the answer to a tap on its card; False = it needs a message of its own.

        Raises:
            NotSent, Undecided: there was no acknowledgement.
        """
        if question.closed or self._clock.now() - question.at > CARD_LIFE:
            return False
        offered = content if buttons(content) else content.model_copy(update={"actions": (*content.actions, _HELP)})
        made = card(offered, in_group=not private, bot_name=self._bot_name)
        if made is None:
            return False
        question.closed = True
        body = {"response_type": "update_template_card", "userids": [question.tapper]}
        if private:
            del body["userids"]
        template = made.body(mark_of(self._channel, question.msgid), question.task_id)
        code = (await self._wire.ask(UPDATE_CARD, {**body, "template_card": template}, question.req_id)).errcode
        if code != 0:
            log.info("wecom.card_unchanged", channel=self._channel, errcode=code)
        return code == 0
