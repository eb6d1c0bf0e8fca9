"""What comes over the long connection and what it leads to. The platform wants no acknowledgement, only answers.

A message is handled and stored first; its answer is in the outbox with that commit and is handed over at once
(bot/delivery/express.py). What takes longer than two seconds shows "正在处理" meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog

from bot.chat.reply import message
from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.config import channels
from bot.content import Content
from bot.delivery.logbook import Logbook
from bot.delivery.outcome import Outcome, answer_key
from bot.errors import DeliveryError, NotSent, StoreError
from bot.platforms.links import TIMING, Timing
from bot.platforms.wecom import answers
from bot.platforms.wecom.codes import judge_code
from bot.platforms.wecom.frames import ANSWER, WELCOME, Frame
from bot.platforms.wecom.hearing import note
from bot.platforms.wecom.late import STREAM_LIFE
from bot.platforms.wecom.payloads import Attachment, Entered, Message, arrival, read_payload
from bot.platforms.wecom.questions import Question, Questions
from bot.platforms.wecom.refusals import Unreadable
from bot.platforms.wecom.wire import Wire

Handle = Callable[[Incoming], Awaitable[Outcome | None]]
"""``Dispatcher.receive``. None = the message is stored and its answer follows through the outbox."""

Deliver = Callable[[str], Awaitable[None]]
"""``Express.deliver``: hands over what is in the outbox under a name."""

Say = Callable[[str, tuple[bool, str], Content, str], Awaitable[None]]
"""Puts an answer that is none of a command into the outbox: its name, the conversation, the words, the question."""

Spare = Callable[[tuple[bool, str]], Awaitable[bool]]
"""Whether a conversation may get a message beside the outbox now; one that may is counted."""

GRACE = timedelta(seconds=30)
"""Between the end we set a slow answer and the platform's own."""

AT_ONCE = 50
"""Messages being handled; the others wait."""

MOST = 2000
"""Messages taken in and not done with. A person can have three under way (path/100719)."""

log = structlog.get_logger()


class ConnectionEars:
    """Hears what one channel's connection delivers.

    Args:
        timing: ``look`` tells how often a slow answer is looked after.
    """

    def __init__(
        self,
        channel: channels.WeComConnection,
        handle: Handle,
        deliver: Deliver,
        say: Say,
        spare: Spare,
        wire: Wire,
        questions: Questions,
        logbook: Logbook,
        clock: Clock,
        timing: Timing = TIMING,
    ) -> None:
        self._channel = channel
        self._handle = handle
        self._deliver = deliver
        self._say = say
        self._spare = spare
        self._wire = wire
        self._questions = questions
        self._logbook = logbook
        self._clock = clock
        self._timing = timing
        self._room = asyncio.Semaphore(AT_ONCE)
        self._hands: set[asyncio.Task[None]] = set()
        self._waits: set[asyncio.Task[None]] = set()

    def take(self, frame: Frame) -> None:
        """Begin to act on a callback; returns at once."""
        if len(self._hands) >= MOST:
            log.error("wecom.too_many_at_once", channel=self._channel.name)
            return
        self._begin(self._hear(frame), self._hands)

    async def finish(self, seconds: float) -> None:
        """Wait for what is in hand, so long at most; what is still waited for after that the outbox answers."""
        if self._hands:
            await asyncio.wait(self._hands, timeout=seconds)
        for task in self._hands | self._waits:
            task.cancel()

    def _begin(self, work: Any, where: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        where.add(task)
        task.add_done_callback(where.discard)

    async def _hear(self, frame: Frame) -> None:
        try:
            async with self._room:
                await self._act(frame)
        except Unreadable as refusal:
            log.warning("wecom.unreadable", channel=self._channel.name, reason=refusal.reason)
        except DeliveryError as error:
            log.info("wecom.unanswered", channel=self._channel.name, reason=str(error))
        except Exception:  # whatever it was, the connection goes on
            log.exception("wecom.not_handled", channel=self._channel.name)

    async def _act(self, frame: Frame) -> None:
        name, bot_name = self._channel.name, self._channel.bot_name
        what = arrival(read_payload(frame.body), channel=name, bot_name=bot_name, now=self._clock.now())
        match what:
            case Message():
                await self._message(what.incoming, frame)
            case Entered():
                if await self._spare((True, what.sender)):
                    await self._ask(WELCOME, answers.welcome(bot_name), frame.req_id)
            case Attachment():
                await self._aside(what, frame)
            case _:
                log.info("wecom.ignored", channel=name, reason=getattr(what, "reason", "refresh"))

    async def _message(self, incoming: Incoming, frame: Frame) -> None:
        note(self._logbook, incoming)
        question = self._questions.heard(incoming.msgid, frame.req_id, self._clock.now())
        apart = incoming.model_copy(update={"apart": True})
        try:
            outcome = await self._handle(apart)
        except StoreError:  # nothing is stored, and the platform does not come again
            log.exception("wecom.not_stored", channel=self._channel.name, message=incoming.msgid)
            await self._stream(question, answers.FAILED, finish=True)
            return
        if outcome:
            await self._deliver(answer_key(apart))
        else:
            conversation = incoming.conversation
            self._begin(self._keep_company(question, conversation), self._waits)

    async def _aside(self, what: Attachment, frame: Frame) -> None:
        self._questions.heard(what.msgid, frame.req_id, self._clock.now())
        once = f"aside/{self._channel.name}/{what.msgid}"
        await self._say(once, (what.private, what.chat), message(*answers.WORDS_ONLY.splitlines()), what.msgid)
        await self._deliver(once)

    async def _keep_company(self, question: Question, conversation: tuple[bool, str]) -> None:
        """Say that it takes a while, and end that before the platform gives the stream up."""
        try:
            if question.working or question.answered or not await self._spare(conversation) or question.answered:
                return
            question.working = True
            await self._stream(question, answers.WORKING, finish=False)
            await self._until_answered(question)
            if not question.answered:
                question.closed = True
                await self._spare(conversation)
                await self._end_of_stream(question)
        except (DeliveryError, StoreError) as error:
            log.info("wecom.no_company", channel=self._channel.name, reason=str(error))

    async def _end_of_stream(self, question: Question) -> None:
        """The platform wants every stream ended: after a gap in the connection, too, as long as it takes the end."""
        while self._clock.now() - question.at < STREAM_LIFE + GRACE:
            try:
                await self._stream(question, answers.STILL_WORKING, finish=True)
            except NotSent:
                await asyncio.sleep(self._timing.look)
            else:
                return

    async def _until_answered(self, question: Question) -> None:
        """Or until it takes too long for the stream."""
        while not question.answered and self._clock.now() - question.at < STREAM_LIFE:  # noqa: ASYNC110 - a clock
            await asyncio.sleep(self._timing.look)

    async def _stream(self, question: Question, text: str, *, finish: bool) -> None:
        body = answers.stream(answers.stream_id(question.msgid), text, finish=finish)
        await self._ask(ANSWER, body, question.req_id, passing=not finish)

    async def _ask(self, cmd: str, body: dict[str, Any], req_id: str, *, passing: bool = False) -> None:
        judge_code((await self._wire.ask(cmd, body, req_id, passing=passing)).errcode)
