"""The simulator's JSON, in and out: the contract's "Simulator API" and the few extras of the page.

Requests are strict (no "1" for true) and refuse unknown fields, so that a slip in a script is told instead of ignored.
"""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from bot.clock import in_zone
from bot.content import Content
from bot.platforms import Device, Preview
from bot.platforms.dingtalk import render as dingtalk
from bot.platforms.wecom import render as wecom

Platform = Literal["wecom", "dingtalk"]
Status = Literal["ok", "refused", "question", "menu", "error"]
PostKind = Literal["card", "note", "change"]
Fault = Literal["refuse", "timeout", "reset", "rate", "reject"]

MAX_ADVANCE = timedelta(days=400)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_YEARS = range(2000, 2100)


def _moment(value: object) -> datetime:
    """An ISO time as text; without an offset it is the school's. Numbers are refused: nobody means a timestamp here."""
    try:
        moment = in_zone(datetime.fromisoformat(value)) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.year not in _YEARS:
        raise ValueError("没看懂时间\uff0c请写成 2026-09-07T07:30")
    return moment


def _span(value: object) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,5})([mhdw])", value) if isinstance(value, str) else None
    span = timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else timedelta(0)
    if not timedelta(0) < span <= MAX_ADVANCE:
        raise ValueError("没看懂要前进多少\uff0c请写成 30m、2h、1d 或 1w\uff0c最多 400 天")
    return span


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageRequest(_Request):
    """Something a person says. ``msgid`` given twice is the same message delivered again."""

    speaker: str = Field(min_length=1, max_length=64)
    text: str
    private: bool = False
    group: str | None = None
    mention: bool = True
    platform: Platform = "dingtalk"
    msgid: str | None = Field(default=None, min_length=1, max_length=128)


class FileLink(_Answer):
    """A file that came with a reply; ``url`` is a path of the simulator."""

    name: str
    url: str


class ActionLink(_Answer):
    """Something to do next; ``send`` is the whole text to send."""

    label: str
    send: str


class BubbleAction(ActionLink):
    """The same on the page; ``fill`` marks an example that goes into the composer to be changed."""

    fill: bool = False


class Reply(_Answer):
    """One answer; ``to`` is ``group`` or the name of a person who was told privately."""

    to: str
    status: Status
    text: str
    files: tuple[FileLink, ...] = ()
    actions: tuple[ActionLink, ...] = ()


class MessageResult(_Answer):
    """What a message led to; ``heard`` is False when a group message did not mention the bot."""

    replies: tuple[Reply, ...] = ()
    heard: bool = True


class ClockRequest(_Request):
    """Exactly one of: a moment, a span (``1d``), or the next post."""

    to: Annotated[datetime, BeforeValidator(_moment)] | None = None
    advance: Annotated[timedelta, BeforeValidator(_span)] | None = None
    next: bool = False

    @model_validator(mode="after")
    def _one_of_three(self) -> "ClockRequest":
        if (self.to is not None) + (self.advance is not None) + self.next != 1:
            raise ValueError("to、advance、next 请给一个\uff0c只给一个")
        return self


class Post(_Answer):
    """Something the bot said by itself while the clock moved; ``why`` names the occurrences merged into it."""

    at: datetime
    group: str
    to: str
    kind: PostKind
    text: str
    why: tuple[str, ...] = ()


class ClockResult(_Answer):
    """Where the clock stands, and what was posted on the way, in order."""

    now: datetime
    posts: tuple[Post, ...] = ()


class LineRequest(_Request):
    """One calendar line with what the rest of its document would have said."""

    line: str
    context: dict[str, Any] = Field(default_factory=dict)


class PlanRequest(_Request):
    """A plan document as text, or single lines of one."""

    text: str | None = None
    lines: list[LineRequest] | None = Field(default=None, max_length=2000)

    @model_validator(mode="after")
    def _text_or_lines(self) -> "PlanRequest":
        if (self.text is None) == (self.lines is None):
            raise ValueError("请给 text\uff08整份计划\uff09或 lines\uff08单独的几行\uff09")
        return self


class ExplainRequest(_Request):
    """A text whose meaning is asked; nothing is run."""

    text: str
    platform: Platform = "dingtalk"
    bot_name: str = Field(default="备课助手", min_length=1, max_length=64)


class Explanation(_Answer):
    """How a text is understood; ``suggest`` is filled only when ``command`` is None."""

    command: str | None
    argument: str = ""
    suggest: tuple[str, ...] = ()


class FaultRequest(_Request):
    """Make the simulated platform fail the next ``times`` sends; 0 switches the fault off."""

    fault: Fault
    times: int = Field(default=1, ge=0, le=1000)


class MemberRow(_Answer):
    """A member of the group."""

    name: str
    role: str


class ItemRow(_Answer):
    """Something one can join, by its number."""

    number: int
    kind: str
    title: str
    seats: int | None = None
    taken: int = 0


class UpcomingRow(_Answer):
    """A post that is going to be made."""

    at: datetime
    to: str
    title: str


class State(_Answer):
    """The group at this moment. ``unread`` (private chats, by person) and what follows it are extras of the page."""

    now: datetime
    week: int | None
    groups: tuple[str, ...]
    group: str
    members: tuple[MemberRow, ...] = ()
    items: tuple[ItemRow, ...] = ()
    upcoming: tuple[UpcomingRow, ...] = ()
    unread: dict[str, int] = Field(default_factory=dict)
    faults: dict[str, int] = Field(default_factory=dict)
    bot_name: str = "备课助手"


class Bubble(_Answer):
    """One message of a chat as the page draws it.

    ``who`` is a name or ``bot``; ``kind`` is ``said`` for people. ``why`` says in Chinese why a text was understood so,
    or which occurrences were merged. ``previews`` has the keys that ``previews`` (below) gives.
    """

    id: int
    at: datetime
    who: str
    text: str
    heard: bool = True
    status: Status | None = None
    kind: Literal["said", "answer", "card", "note", "change"] = "said"
    why: tuple[str, ...] = ()
    actions: tuple[BubbleAction, ...] = ()
    files: tuple[FileLink, ...] = ()
    previews: dict[str, Preview] = Field(default_factory=dict)
    msgid: str | None = None
    platform: Platform | None = None


class FileData(_Answer):
    """A file to download."""

    name: str
    media_type: str = "application/octet-stream"
    data: bytes


def previews(content: Content, *, in_group: bool, bot_name: str) -> dict[str, Preview]:
    """The four previews of a bot message: both platforms, each on desktop and phone."""
    renderers = {"wecom": wecom.preview, "dingtalk": dingtalk.preview}
    devices: tuple[Device, ...] = ("desktop", "phone")
    return {
        f"{platform}_{device}": draw(content, in_group=in_group, bot_name=bot_name, device=device)
        for platform, draw in renderers.items()
        for device in devices
    }


_PROBLEMS = {
    "missing": "缺少",
    "extra_forbidden": "不认识这个字段",
    "string_type": "应是文字",
    "bool_type": "应是 true 或 false",
    "int_type": "应是整数",
    "list_type": "应是列表",
    "dict_type": "应是对象",
    "model_type": "应是对象",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "too_long": "太多",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
}


def complaint(error: ValidationError) -> str:
    """The first problem of a refused request as one Chinese sentence that names the field."""
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "literal_error":
        return f"{name}\uff1a只能是 {first['ctx']['expected'].replace(' or ', ' 或 ')}"
    if first["type"] == "value_error":
        return f"{name}\uff1a{first['ctx']['error']}" if name else str(first["ctx"]["error"])
    return f"{name}\uff1a{_PROBLEMS.get(first['type'], '值不对')}"
