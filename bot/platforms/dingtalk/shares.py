"""Which channels of the configuration draw on the same school's month at DingTalk."""

from collections.abc import Sequence

from bot.config import Channel, DingTalkApp, DingTalkRobot
from bot.delivery.budget import Share
from bot.delivery.logbook import Call

FREE: dict[Call, int] = {"webhook": 3000, "api": 5000}
"""The free edition's calls a month (open.dingtalk.com, billing model, 2026-05), where the configuration has no app."""


def shares(channels: Sequence[Channel]) -> list[Share]:
    """One for each organisation, told apart by the apps' ``corp_id``.

    A group's robot says nothing of its organisation: it counts with the first.
    """
    apps = [channel for channel in channels if isinstance(channel, DingTalkApp)]
    robots = [channel.name for channel in channels if isinstance(channel, DingTalkRobot)]
    found: list[Share] = []
    for corp in dict.fromkeys(app.corp_id for app in apps):
        mine = [app for app in apps if app.corp_id == corp]
        limits: dict[Call, int] = {"webhook": mine[0].monthly_webhook, "api": mine[0].monthly_api}
        found.append(Share((*(app.name for app in mine), *(() if found else robots)), limits))
    return found or ([Share(tuple(robots), FREE)] if robots else [])
