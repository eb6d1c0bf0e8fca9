"""The outgoing half of a ``wecom-connection`` channel: answers under their question, with buttons where there is
something to tap; everything else as markdown.

Source: developer.work.weixin.qq.com, document/path/101463 (2026-04). ``aibot_send_msg`` takes no ``text`` and notifies
nobody by name; it reaches only chats where somebody has spoken to the robot.
"""

from datetime import timedelta
from typing import Any

from bot.chat.transport import Abilities, Outgoing
from bot.clock import Clock
from bot.config import channels
from bot.content import Content
from bot.delivery.files import Files
from bot.errors import Rejected, Unreachable
from bot.platforms.wecom import answers
from bot.platforms.wecom.cards import Cards
from bot.platforms.wecom.codes import NEVER_SPOKEN, STREAM_OVER, UNKNOWN_REQUEST, judge_code
from bot.platforms.wecom.frames import ANSWER, SEND
from bot.platforms.wecom.questions import Question, Questions
from bot.platforms.wecom.records import STREAM_LIFE
from bot.platforms.wecom.render import ROBOT_BYTES, render
from bot.platforms.wecom.robot import PENALTY
from bot.platforms.wecom.uploads import Uploads
from bot.platforms.wecom.wire import Wire

LIMITS = ((30, timedelta(minutes=1)), (1000, timedelta(hours=1)))
"""For each conversation, answers and posts together."""

PERSON, GROUP = 1, 2


class WeComConnectionPosts:
    """A ``Transport``.

    Args:
        wire: the connection, while it stands.
        questions: the messages that can still be answered under their own id; shared with who hears them.
        cards: shows answers with buttons where that is possible.
        files: where what it sends is read from.
    """

    def __init__(
        self,
        settings: channels.WeComConnection,
        wire: Wire,
        questions: Questions,
        cards: Cards,
        files: Files,
        clock: Clock,
    ) -> None:
        self.name = settings.name
        self.abilities = Abilities(
            max_bytes=ROBOT_BYTES,
            per_minute=settings.per_minute,
            penalty=PENALTY if settings.penalty is None else settings.penalty,
            private=True,
            idempotent=False,
            timeout=10.0,
            files=True,
            per_conversation=LIMITS,
        )
        self._bot_name = settings.bot_name
        self._wire = wire
        self._questions = questions
        self._cards = cards
        self._uploads = Uploads(wire, files, clock)
        self._clock = clock

    def size(self, content: Content, private: bool) -> int:
        """Bytes of the markdown."""
        return render(content, in_group=not private, bot_name=self._bot_name).bytes

    async def send(self, message: Outgoing) -> None:
        """Hand the message over.

        Raises:
            NotSent, RateLimited, Undecided, Rejected, Unreachable: see bot/errors.py.
        """
        if message.content.files:
            await self._post(message, await self._uploads.body(message.content.files[0]))
            return
        text = render(message.content, in_group=not message.private, bot_name=self._bot_name).text
        text = text.strip("\n") or answers.NOTHING  # blanks alone the platform ignores
        if not await self._answered(message, text):
            await self._post(message, answers.markdown(text))

    async def _answered(self, message: Outgoing, text: str) -> bool:
        """Put it under its question, if that is possible; what is too long for one message follows on its own."""
        question = self._questions.get(message.answers, self._clock.now()) if message.part[0] == 1 else None
        if question is None or not self._open(question):
            return False
        question.answered = True
        if question.task_id:
            return await self._cards.change(question, message.content, message.private)
        if await self._cards.answer(message, question):
            return True
        if question.closed:
            return False
        body = answers.stream(answers.stream_id(question.msgid), text, finish=True)
        answer = await self._wire.ask(ANSWER, body, question.req_id)
        if answer.errcode in (UNKNOWN_REQUEST, STREAM_OVER):
            question.closed = True
            return False
        judge_code(answer.errcode)
        return True

    def _open(self, question: Question) -> bool:
        too_late = question.working and self._clock.now() - question.at > STREAM_LIFE
        return not (question.closed or too_late)

    async def _post(self, message: Outgoing, body: dict[str, Any]) -> None:
        where = {"chatid": message.to, "chat_type": PERSON if message.private else GROUP}
        code = (await self._wire.ask(SEND, {**where, **body})).errcode
        if code == NEVER_SPOKEN:
            raise self._silent(message.private)
        judge_code(code)

    def _silent(self, private: bool) -> Rejected:
        """The platform lets a robot speak only where somebody has spoken to it."""
        if private:
            return Unreachable("对方还没有和机器人说过话")
        return Rejected(f"群里还没有人对我说过话：请在群里发一次“@{self._bot_name} /帮助”，以后就能发了")
