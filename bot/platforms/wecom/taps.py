"""Taps on buttons of cards: the command as if it had been typed, its answer on the card.

A tap is told once and waits five seconds. What comes later, or does not fit on a card, is a message of its own. In a
group a tap that did something is answered there for all to read, with who did it: nobody saw it being typed. The answer
to a mere look is shown to the one who tapped.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog

from bot.chat.reply import message
from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.delivery.logbook import Logbook
from bot.delivery.outcome import Outcome, answer_key, shown_to_all
from bot.errors import DeliveryError, StoreError
from bot.platforms.links import Timing
from bot.platforms.wecom import answers
from bot.platforms.wecom.cards import Cards
from bot.platforms.wecom.company import Spare
from bot.platforms.wecom.payloads import Tapped
from bot.platforms.wecom.questions import Question, Questions

log = structlog.get_logger()


class Taps:
    """Hears the taps of one channel; ``handle`` and ``deliver`` as in ``ConnectionEars``."""

    def __init__(
        self,
        handle: Callable[[Incoming], Awaitable[Outcome | None]],
        deliver: Callable[[str], Awaitable[None]],
        spare: Spare,
        questions: Questions,
        cards: Cards,
        logbook: Logbook,
        clock: Clock,
        timing: Timing,
    ) -> None:
        self._handle = handle
        self._deliver = deliver
        self._spare = spare
        self._questions = questions
        self._cards = cards
        self._logbook = logbook
        self._clock = clock
        self._patience = timedelta(seconds=timing.tap)

    async def hear(self, tapped: Tapped, req_id: str) -> Coroutine[Any, Any, None] | None:
        """Act on a tap; what is returned keeps the person company while the answer takes long."""
        incoming = tapped.incoming.model_copy(update={"apart": True})
        self._logbook.heard(incoming.channel, incoming.sender)
        question = self._questions.heard(incoming.msgid, req_id, self._clock.now())
        question.task_id, question.tapper = tapped.task_id, incoming.sender
        try:
            outcome = await self._handle(incoming)
        except StoreError:  # nothing is stored, and the platform does not tell it again
            log.exception("wecom.tap_not_stored", channel=incoming.channel, message=incoming.msgid)
            await self._cards.change(question, message(answers.FAILED), incoming.private)
            return None
        if outcome is None:
            return self._wait(question, incoming)
        await self._deliver(answer_key(incoming))
        if shown_to_all(incoming, outcome):
            await self._show(question, outcome, incoming)
        return None

    async def _show(self, question: Question, outcome: Outcome, incoming: Incoming) -> None:
        """Beside the message for all: the card of who tapped says what is so now. Without it nothing is missing."""
        if not question.closed and await self._spare(incoming.conversation):
            await self._cards.change(question, outcome.answer, incoming.private)

    async def _wait(self, question: Question, incoming: Incoming) -> None:
        """Shortly before the card cannot be changed any more it says that the answer takes a while."""
        try:
            await asyncio.sleep((question.at + self._patience - self._clock.now()).total_seconds())
            if not (question.answered or question.closed) and await self._spare(incoming.conversation):
                await self._cards.change(question, message(answers.WORKING_CARD), incoming.private)
        except (DeliveryError, StoreError) as error:
            log.info("wecom.tap_no_company", reason=str(error))
