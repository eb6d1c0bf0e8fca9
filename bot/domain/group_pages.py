"""The group's own link (feature F8): its week and its calendar on a page that anybody may see, without personal names.

The leader asks for it and gives it up. What a name stands in is shown all the same, with "老师" in its place.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import ClassVar

from bot.domain import lasting_links
from bot.domain.dated import Dated
from bot.domain.groups import Group, sisters
from bot.domain.lasting_links import LastingLink
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused

SEE = "要一个：/看板 全组"
SOMEBODY = "老师"
_CALLED = re.compile("[\u4e00-\u9fff]{1,2}老师")
_DOUBLED = re.compile("(?:老师[、和与及]?){2,}")


class GroupPageLink(LastingLink):
    """The link to one group's page; its holder is the group's key."""

    TABLE: ClassVar[str] = "group_page_links"


async def issue(group: Group, who: str) -> tuple[GroupPageLink, Undo | None]:
    """The group's link, and the way back where a new one was made."""
    link, made = await lasting_links.issue(group, who, GroupPageLink, group.key)
    return link, undo_with(close, "全组看板") if made else None


async def revoke(group: Group) -> Undo:
    """Give the link up.

    Raises:
        Refused: there is none.
    """
    known = await lasting_links.revoke(group, GroupPageLink, group.key)
    if known is None:
        raise Refused("全组看板没有开，或者已经停用了。", SEE, symbol="ℹ️")
    return undo_with(reopen, "停用全组看板", generation=known.generation)


@inverse
async def close(group: Group, who: str) -> str:
    """Inverse of asking for a new link."""
    await group.must_lead(who, "全组看板", SEE)
    await revoke(group)
    return "已撤销：全组看板的链接作废了。"


@inverse
async def reopen(group: Group, who: str, generation: int) -> str:
    """Inverse of giving the link up."""
    await group.must_lead(who, "全组看板", SEE)
    if not await lasting_links.restore(group, GroupPageLink, group.key, generation):
        raise Refused("后来又要过新的链接，原来的不能恢复了。", SEE)
    return "已撤销：全组看板的链接照旧能用。"


async def names_to_hide(group: Group) -> list[str]:
    """Everybody of the school's groups, longer names first."""
    names = set(await group.teachers())
    for other in await sisters(group):
        names.update(await other.teachers())
    return sorted(names, key=lambda name: (-len(name), name))


def without_names(item: Dated, names: Collection[str]) -> Dated:
    """A thing of the calendar as strangers may see it: what, when and where."""
    title = nameless(item.title, names)
    if title.startswith(SOMEBODY) and item.subject:
        title = f"{item.subject}{title.removeprefix(SOMEBODY)}"
    return replace(item, title=title, place=nameless(item.place, names), parts={}, notes=(), state="")


def nameless(text: str, names: Collection[str]) -> str:
    """``text`` with "老师" for every name of the list, and for whoever is called …老师."""
    for name in names:
        text = text.replace(name, SOMEBODY)
    return _DOUBLED.sub(SOMEBODY, _CALLED.sub(SOMEBODY, text))
