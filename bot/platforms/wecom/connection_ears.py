"""What comes over the long connection and what it leads to. The platform wants no acknowledgement, only answers.

A message is handled and stored first; its answer is in the outbox with that commit and is handed over at once
(bot/delivery/express.py). What takes longer than two seconds shows "正在处理" meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.chat.reply import message
from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.config import channels
from bot.content import Content
from bot.delivery.logbook import Logbook
from bot.delivery.outcome import Outcome, answer_key
from bot.errors import DeliveryError, StoreError
from bot.platforms.wecom import answers
from bot.platforms.wecom.codes import judge_code
from bot.platforms.wecom.company import Company, Spare
from bot.platforms.wecom.frames import WELCOME, Frame
from bot.platforms.wecom.hearing import note
from bot.platforms.wecom.payloads import Arrival, Attachment, Entered, Message, Tapped, arrival
from bot.platforms.wecom.questions import Question, Questions
from bot.platforms.wecom.refusals import Unreadable
from bot.platforms.wecom.shapes import read_payload
from bot.platforms.wecom.taps import Taps
from bot.platforms.wecom.wire import Wire

Handle = Callable[[Incoming], Awaitable[Outcome | None]]
"""``Dispatcher.receive``. None = the message is stored and its answer follows through the outbox."""

Deliver = Callable[[str], Awaitable[None]]
"""``Express.deliver``: hands over what is in the outbox under a name."""

Say = Callable[[str, tuple[bool, str], Content, str], Awaitable[None]]
"""Puts an answer that is none of a command into the outbox: its name, the conversation, the words, the question."""

AT_ONCE = 50
"""Messages being handled; the others wait."""

MOST = 2000
"""Messages taken in and not done with. A person can have three under way (path/100719); who is one too many is told."""

MOST_AWAY = 200
"""People being told so; then nothing more is read, and the platform has to hold it back."""

log = structlog.get_logger()


class ConnectionEars:
    """Hears what one channel's connection delivers.

    Args:
        company: keeps those company who wait for a slow answer.
        taps: acts on what was tapped.
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
        company: Company,
        taps: Taps,
        logbook: Logbook,
        clock: Clock,
    ) -> None:
        self._channel = channel
        self._handle = handle
        self._deliver = deliver
        self._say = say
        self._spare = spare
        self._wire = wire
        self._questions = questions
        self._company = company
        self._taps = taps
        self._logbook = logbook
        self._clock = clock
        self._room = asyncio.Semaphore(AT_ONCE)
        self._hands: set[asyncio.Task[None]] = set()
        self._away: set[asyncio.Task[None]] = set()
        self._waits: set[asyncio.Task[None]] = set()

    async def take(self, frame: Frame) -> None:
        """Begin to act on a callback; returns at once as long as there is room for it."""
        if len(self._hands) < MOST:
            self._begin(self._hear(frame, self._act), self._hands)
            return
        log.error("wecom.too_many_at_once", channel=self._channel.name)
        while len(self._away) >= MOST_AWAY:
            await asyncio.wait(self._away, return_when=asyncio.FIRST_COMPLETED)
        self._begin(self._hear(frame, self._turn_away), self._away)

    async def resume(self) -> None:
        """Go on where a former run was cut off: streams that say "正在处理" are ended by their answers, or by us."""
        for question, conversation in await self._company.left():
            self._begin(self._company.see_off(question, conversation), self._waits)

    async def finish(self, seconds: float) -> None:
        """Wait for what is in hand, so long at most; what is still waited for after that the outbox answers."""
        if self._hands:
            await asyncio.wait(self._hands, timeout=seconds)
        for task in self._hands | self._away | self._waits:
            task.cancel()

    def _begin(self, work: Any, where: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        where.add(task)
        task.add_done_callback(where.discard)

    async def _hear(self, frame: Frame, act: Callable[[Frame], Awaitable[None]]) -> None:
        try:
            await act(frame)
        except Unreadable as refusal:
            log.warning("wecom.unreadable", channel=self._channel.name, reason=refusal.reason)
        except DeliveryError as error:
            log.info("wecom.unanswered", channel=self._channel.name, reason=str(error))
        except Exception:  # whatever it was, the connection goes on
            log.exception("wecom.not_handled", channel=self._channel.name)

    def _arrival(self, frame: Frame) -> Arrival:
        name, bot_name = self._channel.name, self._channel.bot_name
        return arrival(read_payload(frame.body), channel=name, bot_name=bot_name, now=self._clock.now())

    async def _turn_away(self, frame: Frame) -> None:
        """Say that there is no room: nobody would tell it otherwise, and the platform does not come again."""
        what = self._arrival(frame)
        if not isinstance(what, Message) or self._questions.get(what.incoming.msgid, self._clock.now()):
            return  # a tap or a greeting is of no use later; what was heard before is in hand
        if await self._spare(what.incoming.conversation):
            question = Question(what.incoming.msgid, frame.req_id, self._clock.now())
            await self._company.say(question, answers.OVERWHELMED, finish=True)

    async def _act(self, frame: Frame) -> None:
        async with self._room:
            await self._do(self._arrival(frame), frame)

    async def _do(self, what: Arrival, frame: Frame) -> None:
        match what:
            case Message():
                await self._message(what.incoming, frame)
            case Entered():
                if self._questions.is_new(what.msgid, frame.req_id, self._clock.now()):
                    await self._greet(what, frame)
            case Tapped():
                if waiting := await self._taps.hear(what, frame.req_id):
                    self._begin(waiting, self._waits)
            case Attachment():
                await self._aside(what, frame)
            case _:
                log.info("wecom.ignored", channel=self._channel.name, reason=getattr(what, "reason", "refresh"))

    async def _greet(self, entered: Entered, frame: Frame) -> None:
        if await self._spare((True, entered.sender)):
            welcome = answers.welcome(self._channel.bot_name)
            judge_code((await self._wire.ask(WELCOME, welcome, frame.req_id)).errcode)

    async def _message(self, incoming: Incoming, frame: Frame) -> None:
        note(self._logbook, incoming)
        question = self._questions.heard(incoming.msgid, frame.req_id, self._clock.now())
        apart = incoming.model_copy(update={"apart": True})
        try:
            outcome = await self._handle(apart)
        except StoreError:  # nothing is stored, and the platform does not come again
            log.exception("wecom.not_stored", channel=self._channel.name, message=incoming.msgid)
            await self._company.say(question, answers.FAILED, finish=True)
            return
        if outcome:
            await self._deliver(answer_key(apart))
        else:
            self._begin(self._company.keep(question, incoming.conversation), self._waits)

    async def _aside(self, what: Attachment, frame: Frame) -> None:
        self._questions.heard(what.msgid, frame.req_id, self._clock.now())
        once = f"aside/{self._channel.name}/{what.msgid}"
        await self._say(once, (what.private, what.chat), message(*answers.WORDS_ONLY.splitlines()), what.msgid)
        await self._deliver(once)
