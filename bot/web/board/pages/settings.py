"""设置: when the bot speaks by itself, and of what; for the leader."""

from bot.calendar.names import day_label
from bot.domain import lasting_links, observation_quota, quiet, settings
from bot.domain.group_pages import GroupPageLink
from bot.domain.people import Role
from bot.web.board.page import Asked, Page, Values

ABOUT = {"卡片": "每个上课日一张，最早", "私信": "提醒个人的，最早", "安静": "从这时起不再发"}


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group = asked.group
    off = await settings.silent(group)
    muted = await quiet.muted_until(group, group.today)
    quota = await observation_quota.current(group)
    link = await lasting_links.find(group.system, GroupPageLink, group.key)
    return {
        "times": [(what, ABOUT[what], getattr(group.record, field)) for what, field in settings.TIMES.items()],
        "subjects": [(name, name not in off) for name in settings.speaking_subjects()],
        "muted": day_label(muted) if muted else "",
        "quota": quota.label if quota and quota.each else "没有",
        "link": link is not None and not link.revoked,
    }


PAGE = Page("settings", "设置", show, needs=Role.LEADER, commands=("/设置", "/静音", "/听课 配额", "/看板"))
