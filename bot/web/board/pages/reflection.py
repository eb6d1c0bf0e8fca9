"""反思: write one, go on with one, share it or keep it for oneself. What was typed is kept until it is done."""

from collections.abc import Mapping

from bot.domain import reflections
from bot.domain.reflections import HEADINGS
from bot.errors import BadArgument
from bot.web.board.page import Asked, Page, Values

MOST = 10
FIELDS = ("topic", "good", "bad", "next")
"""The form's fields in the order of the headings."""

_TAPS = ("/反思 分享", "/反思 私密")


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    mine = await reflections.of_member(asked.group, asked.name)
    typed = await _typed(asked)
    return {
        "typed": {**dict.fromkeys(PAGE.keeps, ""), **typed},
        "headings": list(zip(FIELDS, HEADINGS, strict=True)),
        "mine": list(reversed(mine[-MOST:])),
        "count": len(mine),
        "longest": reflections.LONGEST,
    }


async def _typed(asked: Asked) -> Mapping[str, str]:
    """What stands in the form: what was typed and not done, or one's own that is to be edited.

    Raises:
        BadArgument: there is no such number; NotAllowed: it is somebody else's.
    """
    number = asked.query.get("number", "")
    if asked.draft and number in ("", asked.draft.get("number", "")):
        return asked.draft
    if not number:
        return {}
    own = await reflections.own(asked.group, asked.name, number_in(number))
    return {"number": str(own.number), "text": own.text}


async def words(asked: Asked, fields: Mapping[str, str]) -> str:
    """See ``Page.words``."""
    said = fields.get("say", "")
    if said != "/反思":
        return f"{said} {fields.get('words', '')}".strip()
    parts = [fields.get("text", "").strip("\n")]
    under = zip(HEADINGS, (fields.get(field, "").strip() for field in FIELDS), strict=True)
    parts += [f"{head}：{written}" for head, written in under if written]
    text = "\n".join(part for part in parts if part.strip())
    if not text:
        raise BadArgument("反思还没有内容。", "写一两句就够，例：导入太长，下次三分钟内进入文本")
    number = fields.get("number", "")
    return f"/反思 改 {number_in(number)} {text}" if number else f"/反思 写 {text}"


def number_in(text: str) -> int:
    """The number that an address or a form names.

    Raises:
        BadArgument: it names none.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise BadArgument(f"没有编号“{text[:10]}”。", "请从列表里点。")
    return int(text)


PAGE = Page(
    "reflection",
    "反思",
    show,
    commands=("/反思 写", "/反思 改", *_TAPS),
    words=words,
    keeps=("number", "text", *FIELDS),
)
