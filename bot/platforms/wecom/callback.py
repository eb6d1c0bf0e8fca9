"""An intelligent robot of WeCom that receives messages at a callback address: bytes in, bytes out, no HTTP.

The answer goes back inside the response (path/101031). The platform waits five seconds, the dispatcher two; what is
not ready then is a stream that the platform asks for again (bot/platforms/wecom/late.py).
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.chat.transport import Incoming
from bot.clock import Clock
from bot.config import channels
from bot.delivery.file_links import FileLinks
from bot.delivery.logbook import Logbook
from bot.delivery.outcome import Outcome
from bot.errors import StoreError
from bot.platforms.wecom import answers
from bot.platforms.wecom.crypto import WeComCrypto
from bot.platforms.wecom.hearing import note
from bot.platforms.wecom.late import LateReplies
from bot.platforms.wecom.payloads import (
    Arrival,
    Attachment,
    Entered,
    Ignored,
    Message,
    Refresh,
    Tapped,
    arrival,
)
from bot.platforms.wecom.records import STREAM_LIFE
from bot.platforms.wecom.refusals import ForeignRobot, Stale, Unreadable
from bot.platforms.wecom.shapes import read_object, read_payload

Handle = Callable[[Incoming], Awaitable[Outcome | None]]
"""Handles a message once, however often it is delivered; None = the answer follows (``Dispatcher.receive``)."""

Query = Mapping[str, str]

_SIGNATURES = ("msg_signature", "msgsignature", "signature")

log = structlog.get_logger()


class WeComCallback:
    """One ``wecom-callback`` channel.

    Args:
        settings: its part of config.toml.
        handle: what to call with each message.
        late: keeps track of answers that were not ready in time.
        clock: what signed times are compared with.
        replay_window: seconds a signed request may be old, or ahead of us.
        logbook: is told who was heard and how the robot was called.
        links: spells out files, which an answer cannot carry.
    """

    def __init__(
        self,
        settings: channels.WeComCallback,
        handle: Handle,
        late: LateReplies,
        clock: Clock,
        *,
        replay_window: float = 600,
        logbook: Logbook | None = None,
        links: FileLinks | None = None,
    ) -> None:
        self.name = settings.name
        self._settings = settings
        self._crypto = WeComCrypto(
            settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value(), settings.receive_id
        )
        self._handle = handle
        self._late = late
        self._clock = clock
        self._window = timedelta(seconds=replay_window)
        self._logbook = logbook or Logbook(clock)
        self._links = links

    async def verify(self, query: Query) -> str:
        """The answer to the console's test of the address: the bare plaintext of ``echostr``.

        Raises:
            Refusal: see bot/platforms/wecom/refusals.py.
        """
        try:
            return self._opened(query, _parameter(query, "echostr")).decode()
        except UnicodeDecodeError:
            raise Unreadable("not UTF-8") from None

    async def receive(self, query: Query, body: bytes) -> bytes:
        """Handle a callback and return the sealed answer.

        Raises:
            Refusal: see bot/platforms/wecom/refusals.py; nothing was done.
        """
        envelope = read_object(body)
        encrypted = envelope.get("encrypt", envelope.get("Encrypt"))
        if not isinstance(encrypted, str):
            raise Unreadable("no encrypt")
        payload = read_payload(read_object(self._opened(query, encrypted)))
        if self._settings.bot_id and payload.aibotid != self._settings.bot_id:
            raise ForeignRobot
        now = self._clock.now()
        what = arrival(payload, channel=self.name, bot_name=self._settings.bot_name, now=now)
        return self._sealed(await self._answer(what, now), query)

    def _opened(self, query: Query, encrypted: str) -> bytes:
        """What is inside, if it was signed with our token within the window."""
        timestamp = _parameter(query, "timestamp")
        plain = self._crypto.open(
            _parameter(query, *_SIGNATURES),
            timestamp,
            _parameter(query, "nonce"),
            encrypted.replace(" ", "+"),  # a proxy has decoded it once too often
        )
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
            raise Unreadable("wrong timestamp")
        if abs(self._clock.now().timestamp() - int(timestamp)) > self._window.total_seconds():
            raise Stale
        return plain

    def _sealed(self, answer: dict[str, Any], query: Query) -> bytes:
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        sealed = self._crypto.seal(text.encode(), int(self._clock.now().timestamp()), _parameter(query, "nonce"))
        return sealed.model_dump_json().encode()

    async def _answer(self, what: Arrival, now: datetime) -> dict[str, Any]:
        match what:
            case Message():
                note(self._logbook, what.incoming)
                return await self._answer_message(what)
            case Refresh():
                return await self._answer_refresh(what, now)
            case Entered():
                return answers.welcome(self._settings.bot_name)
            case Attachment():
                return answers.stream(answers.stream_id(what.msgid), answers.WORDS_ONLY, finish=True)
            case Tapped():  # no card is ever sent this way
                return answers.EMPTY
            case Ignored():
                log.info("wecom.ignored", channel=self.name, reason=what.reason)
                return answers.EMPTY

    async def _answer_message(self, message: Message) -> dict[str, Any]:
        """The outcome as a finished stream; when nothing could be stored the person is told so.

        The platform would deliver an unanswered message three times more and then drop it in silence.
        """
        incoming, stream = message.incoming, answers.stream_id(message.incoming.msgid)
        try:
            outcome = await self._handle(incoming)
        except Exception:  # a 5xx would only bring the same message back
            log.exception("wecom.not_handled", channel=self.name, message=incoming.msgid)
            return answers.stream(stream, answers.FAILED, finish=True)
        if outcome and not outcome.making:
            return answers.stream(stream, self._text(outcome, incoming.private), finish=True)
        try:
            await self._late.expect(message)
        except StoreError:
            log.exception("wecom.not_expected", channel=self.name, message=incoming.msgid)
            return answers.stream(stream, answers.UNSURE, finish=True)
        return answers.stream(stream, self._so_far(outcome, incoming.private), finish=False)

    async def _answer_refresh(self, refresh: Refresh, now: datetime) -> dict[str, Any]:
        try:
            late = await self._late.get(refresh.stream, now)
        except StoreError:
            log.exception("wecom.not_read", channel=self.name)
            return answers.stream(refresh.stream, answers.WORKING, finish=False)
        if late is None:
            return answers.stream(refresh.stream, answers.FORGOTTEN, finish=True)
        if late.outcome and not late.outcome.making:
            return answers.stream(refresh.stream, self._text(late.outcome, refresh.private), finish=True)
        if now - late.asked > STREAM_LIFE:
            return answers.stream(refresh.stream, answers.STILL_WORKING, finish=True)
        return answers.stream(refresh.stream, self._so_far(late.outcome, refresh.private), finish=False)

    def _so_far(self, outcome: Outcome | None, private: bool) -> str:
        """What stands in the stream until it is finished: that slow work is under way, in the answer's own words."""
        return self._text(outcome, private) if outcome else answers.WORKING

    def _text(self, outcome: Outcome, private: bool) -> str:
        said = outcome.made or outcome.answer
        answer = self._links.spelled_out(said) if self._links else said
        return answers.answer_text(answer, private=private, bot_name=self._settings.bot_name)


def _parameter(query: Query, *names: str) -> str:
    for name in names:
        if value := query.get(name):
            return value
    raise Unreadable(f"no {names[0]}")
