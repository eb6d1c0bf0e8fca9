"""Who waits longer than two seconds is told that it takes a while, in a stream that the answer ends.

The platform wants every stream ended within six minutes: before that is over it ends with words of our own, and the
answer is a message of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.errors import DeliveryError, NotSent, StoreError, Undecided
from bot.platforms.links import Timing
from bot.platforms.wecom import answers
from bot.platforms.wecom.codes import judge_code
from bot.platforms.wecom.frames import ANSWER
from bot.platforms.wecom.open_streams import OpenStreams
from bot.platforms.wecom.questions import Question, Questions
from bot.platforms.wecom.records import STREAM_LIFE
from bot.platforms.wecom.wire import Wire

Spare = Callable[[tuple[bool, str]], Awaitable[bool]]
"""Whether a conversation may get a message beside the outbox now; one that may is counted."""

GRACE = timedelta(seconds=30)
"""Between the end we set a slow answer and the platform's own."""

log = structlog.get_logger()


class Company:
    """Keeps those company who wait for an answer on one connection.

    Args:
        timing: ``look`` tells how often a slow answer is looked after.
    """

    def __init__(
        self, wire: Wire, questions: Questions, streams: OpenStreams, spare: Spare, clock: Clock, timing: Timing
    ) -> None:
        self._wire = wire
        self._questions = questions
        self._streams = streams
        self._spare = spare
        self._clock = clock
        self._timing = timing

    async def keep(self, question: Question, conversation: tuple[bool, str]) -> None:
        """Say that it takes a while, if that may be said, and see to the end of it."""
        try:
            if question.working or question.answered or not await self._spare(conversation) or question.answered:
                return
            question.working = True
            await self._streams.begin(question, conversation)
            await self.say(question, answers.WORKING, finish=False)
        except Undecided as error:  # it may stand there all the same
            log.info("wecom.company_unsure", reason=str(error))
        except (DeliveryError, StoreError) as error:
            log.info("wecom.no_company", reason=str(error))
            return
        await self.see_off(question, conversation)

    async def left(self) -> list[tuple[Question, tuple[bool, str]]]:
        """What a former run left open; from now on it can be answered again, and somebody has to see it off."""
        try:
            found = await self._streams.left(self._clock.now())
        except StoreError:
            log.exception("wecom.streams_unread")
            return []
        return [(question, talk) for question, talk in found if self._questions.restored(question)]

    async def see_off(self, question: Question, conversation: tuple[bool, str]) -> None:
        """End the stream with words of our own when the answer takes too long for it."""
        try:
            await self._until_answered(question)
            if not question.answered:
                question.closed = True
                await self._spare(conversation)
                await self._end(question)
        except (DeliveryError, StoreError) as error:
            log.info("wecom.no_company", reason=str(error))

    async def say(self, question: Question, text: str, *, finish: bool) -> None:
        """The state of the answer, under its question.

        Raises:
            DeliveryError: see ``judge_code``.
        """
        body = answers.stream(answers.stream_id(question.msgid), text, finish=finish)
        judge_code((await self._wire.ask(ANSWER, body, question.req_id, passing=not finish)).errcode)

    async def _end(self, question: Question) -> None:
        """After a gap in the connection, too, as long as the stream takes its end."""
        while self._clock.now() - question.at < STREAM_LIFE + GRACE:
            try:
                await self.say(question, answers.STILL_WORKING, finish=True)
            except NotSent:
                await asyncio.sleep(self._timing.look)
            else:
                return

    async def _until_answered(self, question: Question) -> None:
        """Or until it takes too long for the stream."""
        while not question.answered and self._clock.now() - question.at < STREAM_LIFE:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(self._timing.look)
