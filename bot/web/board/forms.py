"""What a form of the board brings: short fields, and one file where a plan is sent.

Nothing is read of a file here but its bytes: whose form it is has to be known first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
        fields: by name; lines end with a newline alone.
        data: the bytes of the file, where one was chosen.
        name: its name, "" = none was.
    """

    fields: Mapping[str, str]
    data: bytes = b""
    name: str = ""

    def said(self, field: str) -> str:
        """What stands in a field; "" where there is none."""
        return self.fields.get(field, "")


def is_plain(request: web.Request) -> bool:
    """Whether a form has fields and no file."""
    return request.content_type == "application/x-www-form-urlencoded"


async def read_form(request: web.Request) -> Form:
    """The form of a request.

    Raises:
        BadForm: see there; BadArgument: its words or its file are too long.
    """
    if request.content_type == "multipart/form-data":
        return await _parts(request)
    if not is_plain(request):
        raise BadForm
    data = b""
    async for chunk in request.content.iter_any():
        data += chunk
        if len(data) > FORM_BYTES:
            raise BadArgument("贴的文字太长，最多 12000 字。", "请存成文件，在计划那一页传上来。")
    try:
        fields = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadForm from None
    return _form(dict(fields))


def _form(fields: Mapping[str, str], data: bytes = b"", name: str = "") -> Form:
    return Form({field: value.replace("\r\n", "\n") for field, value in fields.items()}, data, name)


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
    raise BadArgument("文件太大，最多 10 MB。", "请只留计划那一部分，再传一次。")
