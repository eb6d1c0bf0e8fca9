"""What a form of the board brings: short fields, and one file where a plan is sent.

Nothing is read of a file here but its bytes: whose form it is has to be known first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from bot.errors import BadArgument

FORM_BYTES = 160 * 1024
"""A pasted plan of 12,000 characters: a Chinese one takes nine bytes in a form."""

FILE_BYTES = 10 * 2**20
"""As much as the reader of plans takes (bot/calendar/plan_reader.py)."""

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
        data: the bytes of the file, where one was chosen.
        name: its name, "" = none was.
        fields: all of them, by name.
    """

    secret: str
    once: str
    say: str
    words: str
    data: bytes = b""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field of one line, without what blanks it ends in; "" when the form has none."""
        return " ".join(self.fields.get(name, "").split())


async def read_form(request: web.Request) -> Form:
    """The form of a request.

    Raises:
        BadForm: see there; BadArgument: its words or its file are too long.
    """
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    if request.content_type != "application/x-www-form-urlencoded":
        raise BadForm
    data = b""
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > FORM_BYTES:
            raise BadArgument("贴的文字太长，最多 12000 字。", "请分成几次，或者存成文件发给我。")
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
    data, name = b"", ""
    if (request.content_length or 0) > FILE_BYTES + FORM_BYTES:
        _too_large()
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or len(fields) >= MOST_FIELDS:
                raise BadForm
            if part.filename is None:
                fields[part.name or ""] = (await _bytes(part, FORM_BYTES)).decode("utf-8", "replace")
            else:
                data, name = await _bytes(part, FILE_BYTES), part.filename
    except (ValueError, AssertionError):  # aiohttp's words for a broken one
        raise BadForm from None
    return _form(fields, data, name)


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        data += chunk
        if len(data) > most:
            _too_large()
    return bytes(data)


def _too_large() -> NoReturn:
    raise BadArgument("文件太大，最多 10 MB。", "去掉用不着的图片和页，另存后再传一次。")
