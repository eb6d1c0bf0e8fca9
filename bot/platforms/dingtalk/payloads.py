"""The body of a robot message, as it really comes → what the house understands.

Source: open.dingtalk.com, robot-message-type (2026-05), and where bodies seen in the field differ from it: moments as
numbers and as strings, the text at top level (the page's own tutorial), quotations in two shapes (undocumented), no
``senderStaffId`` for people outside the organisation and before the robot is published. HTTP and Stream carry the same.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from bot.chat.transport import Attachment, Incoming
from bot.clock import in_zone
from bot.config.channels import DingTalkApp
from bot.content import Content
from bot.platforms.dingtalk.reading import NoText, Reading, quotation, read
from bot.platforms.dingtalk.refusal import Refusal
from bot.platforms.dingtalk.sessions import Session, is_ours

_Id = Annotated[str, Field(min_length=1, max_length=256)]
_MaybeId = Annotated[str, Field(max_length=256)]
_Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000)]  # milliseconds, until 2100

_ANY = TypeAdapter[Any](Any)
_QUOTA_USED_UP = "20001"


class _Part(BaseModel):
    """Unknown keys are left alone, and a number may stand where a text belongs."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        alias_generator=to_camel,
        hide_input_in_errors=True,
    )


class AtUser(_Part):
    """Somebody mentioned; the robot itself is among them. ``staff_id`` is empty for people outside."""

    dingtalk_id: _MaybeId = ""
    staff_id: _MaybeId = ""


class Words(_Part):
    """``text`` of a message; ``replied_msg`` is undocumented and read with patience."""

    content: str = ""
    replied_msg: Any = None


class Body(_Part):
    """The fields this program uses."""

    msg_id: _Id
    conversation_id: _Id
    conversation_type: Annotated[str, Field(pattern="^[12]$")]  # "1" one-to-one, "2" group
    sender_id: _MaybeId = ""
    sender_staff_id: _MaybeId = ""
    sender_nick: str = ""
    chatbot_corp_id: str = ""
    chatbot_user_id: str = ""
    robot_code: str = ""
    create_at: _Moment | None = None
    session_webhook: Annotated[str, Field(max_length=2048)] = ""
    session_webhook_expired_time: _Moment | None = None
    msgtype: str = "text"
    at_users: Annotated[tuple[AtUser, ...], Field(max_length=1000)] = ()
    text: Words | None = None
    content: Any = None
    error_code: Annotated[str, Field(validation_alias=AliasChoices("errorCode", "errCode"))] = ""
    error_message: Annotated[str, Field(validation_alias=AliasChoices("errorMessage", "errMsg"))] = ""

    @property
    def private(self) -> bool:
        """One-to-one with the robot."""
        return self.conversation_type == "1"

    @property
    def sender(self) -> str:
        """The id of whoever wrote: the school's own, else the platform's encrypted one."""
        return self.sender_staff_id or self.sender_id

    @property
    def conversation(self) -> tuple[bool, str]:
        """Where an answer goes: (private, id), the id a user's when private."""
        return self.private, self.sender if self.private else self.conversation_id


class Heard(NamedTuple):
    """A message to act on.

    Attributes:
        conversation: where the answer goes: (private, id), the id a user's when private.
        mentioned: staff ids of the colleagues mentioned (their names are not in the message).
        quote: the text the person replied to; "" when nothing or a picture was quoted.
        pictures: how many pictures stood in the text.
    """

    incoming: Incoming
    conversation: tuple[bool, str]
    session: Session | None
    mentioned: tuple[str, ...] = ()
    quote: str = ""
    pictures: int = 0


@dataclass(frozen=True)
class Aside:
    """A message without words to act on. ``reason`` is its kind, for the log; ``say`` is the answer."""

    reason: str
    msgid: str
    conversation: tuple[bool, str]
    session: Session | None
    say: Content

    @property
    def private(self) -> bool:
        """One-to-one with the robot."""
        return self.conversation[0]


class QuotaUsedUp(NamedTuple):
    """DingTalk delivers messages without their text: the school's monthly quota is gone. ``detail`` is its sentence."""

    detail: str


Decoded = Heard | Aside | QuotaUsedUp


def decode(raw: bytes | str, channel: DingTalkApp, now: datetime) -> Decoded:
    """Read one message that has been verified.

    Args:
        raw: JSON. Depth beyond 200, broken UTF-8 and lone surrogates are refused by the parser.
        now: arrival, for messages that do not say when they were written; its zone is used for all moments.

    Raises:
        Refusal: 400 for what is no message, 403 for another organisation's or robot's.
    """
    try:
        body = _parsed(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Refusal(400, f"body: {first['type']} at {'.'.join(map(str, first['loc'][:3])) or 'top'}") from None
    _check_addressee(body, channel)
    if body.error_code == _QUOTA_USED_UP:
        return QuotaUsedUp(body.error_message[:200])
    if not body.sender:
        raise Refusal(400, "body: no sender")
    found = read(body.msgtype, body.text.content if body.text else None, body.content)
    session = _session(body, channel, now)
    if isinstance(found, NoText) and found.files and body.private:
        pictures = sum(each.kind == "picture" for each in found.files)
        return _heard(body, Reading("", pictures), session, channel, now, found.files)
    if isinstance(found, NoText):
        return Aside(found.kind, body.msg_id, body.conversation, session, found.say)
    return _heard(body, found, session, channel, now)


def _parsed(raw: bytes | str) -> Body:
    """The fields; null counts as absent, wherever it stands. Few bodies hold one, or the word in their text."""
    raw = raw.encode(errors="surrogatepass") if isinstance(raw, str) else raw  # broken as text, broken as bytes
    if b"null" not in raw:
        return Body.model_validate_json(raw)
    return Body.model_validate(_without_null(_ANY.validate_json(raw)))


def _without_null(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_null(item) for item in value]
    if isinstance(value, dict):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    return value


def _check_addressee(body: Body, channel: DingTalkApp) -> None:
    """What the file names must match; a field the body leaves out says nothing."""
    if channel.corp_id and body.chatbot_corp_id not in ("", channel.corp_id):
        raise Refusal(403, "message of another organisation")
    if channel.robot_code and body.robot_code not in ("", channel.robot_code):
        raise Refusal(403, "message for another robot")


def _session(body: Body, channel: DingTalkApp, now: datetime) -> Session | None:
    if not body.session_webhook:
        return None
    if not is_ours(body.session_webhook, channel.oapi_base):
        raise Refusal(400, "sessionWebhook leads elsewhere")
    if body.session_webhook_expired_time is None:
        return None  # nobody knows how long it holds
    return Session(body.session_webhook, _moment(body.session_webhook_expired_time, now))


def _heard(
    body: Body,
    found: Reading,
    session: Session | None,
    channel: DingTalkApp,
    now: datetime,
    files: tuple[Attachment, ...] = (),
) -> Heard:
    incoming = Incoming(
        channel=channel.name,
        msgid=body.msg_id,
        chat=body.conversation_id,
        private=body.private,
        sender=body.sender,
        sender_name=body.sender_nick[:100],
        text=found.text,
        bot_name=channel.bot_name,
        at=now if body.create_at is None else _moment(body.create_at, now),
        lasting=bool(body.sender_staff_id),
        files=files,
    )
    others = (
        user.staff_id for user in body.at_users if user.dingtalk_id != body.chatbot_user_id or not user.dingtalk_id
    )
    return Heard(
        incoming=incoming,
        conversation=body.conversation,
        session=session,
        mentioned=tuple(staff for staff in others if staff),
        quote=quotation(body.text.replied_msg) if body.text else "",
        pictures=found.pictures,
    )


def _moment(milliseconds: int, now: datetime) -> datetime:
    return in_zone(datetime.fromtimestamp(milliseconds / 1000, now.tzinfo))
