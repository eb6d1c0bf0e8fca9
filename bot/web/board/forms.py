"""What a form of the board brings: short fields, and one file where a plan is sent.

Nothing is read of a file here but its bytes: whose form it is has to be known first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.errors import BadArgument

FORM_BYTES = 160 * 1024
"""A pasted plan of 12,000 characters: a Chinese one takes nine bytes in a form."""

FILE_BYTES = 10 * 2**20
"""As much as the reader of plans takes (bot/calendar/plan_reader.py)."""

SMALLER = "去掉用不着的图片和页，另存后再传一次。"
SHORT = 40
MOST_FIELDS = 20
_CHUNK = 64 * 1024


class BadForm(Exception):
    """No form of ours: of another kind, broken, with more fields or longer ones than any page asks for."""


@dataclass(frozen=True)
class Form:
    """What a form said.

    Attributes:
        secret: that of the visit, which makes the form one of ours.
        once: the same again = the same form sent twice.
        say: the command.
        words: what was written behind it.
        data: the bytes of the file, where one was chosen; empty when it is too large.
        name: its name, "" = none was.
        fields: all of them, by name; of those behind a file that is too large none was read.
        too_large: so is the file.
    """

    secret: str
    once: str
    say: str
    words: str
    data: bytes = b""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    too_large: bool = False

    def file(self) -> bytes:
        """The bytes of the file.

        Raises:
            BadArgument: it is too large.
        """
        if self.too_large:
            raise BadArgument(f"《{self.name[:SHORT]}》太大，最多 {FILE_BYTES // 2**20} MB。", SMALLER)
        return self.data

    def text(self, name: str) -> str:
        """A field of one line, without what blanks it ends in; "" when the form has none."""
        return " ".join(self.fields.get(name, "").split())


async def read_form(request: web.Request) -> Form:
    """The form of a request.

    Raises:
        BadForm: see there; BadArgument: its words are too long.
    """
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise BadForm
    data = b""
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > FORM_BYTES:
            _too_long()
    try:
        fields = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadForm from None
    return _form(dict(fields))


def _form(fields: Mapping[str, str], data: bytes = b"", name: str = "") -> Form:
    secret, once, say, words = (fields.get(each, "") for each in ("form", "once", "say", "words"))
    return Form(secret, once, say, words, data, name, dict(fields))


async def _parts(request: web.Request) -> Form:
    fields: dict[str, str] = {}
    data: bytes | None = b""
    name, parts = "", 0
    try:
        async for part in await request.multipart():
            parts += 1
            if not isinstance(part, BodyPartReader) or parts > MOST_FIELDS or (part.filename and name):
                raise BadForm  # one file at most
            if part.filename is None:
                fields[part.name or ""] = _text(await _bytes(part, FORM_BYTES))
            else:
                data, name = await _bytes(part, FILE_BYTES), part.filename
            if data is None:  # whose form it is stands before the file; the rest stays unread
                break
    except (ValueError, AssertionError):  # aiohttp's words for a broken one
        raise BadForm from None
    return replace(_form(fields, data or b"", name), too_large=data is None)


def _text(data: bytes | None) -> str:
    if data is None:
        _too_long()
    return data.decode("utf-8", "replace")


async def _bytes(part: BodyPartReader, most: int) -> bytes | None:
    """A part's bytes; None = there are more."""
    data = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        data += chunk
        if len(data) > most:
            return None
    return bytes(data)


def _too_long() -> NoReturn:
    raise BadArgument("贴的文字太长，最多 12000 字。", "请分成几次，或者存成文件发给我。")
