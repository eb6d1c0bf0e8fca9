"""What can be had as a form or a table, and what to send for it: the list of /导出 and of the board's page."""

from dataclasses import dataclass

from bot.domain.people import Role


@dataclass(frozen=True)
class Offer:
    """A line of the list: what it is, what to send for it, and the least role."""

    label: str
    send: str
    needs: Role


OFFERS = (
    Offer("集体备课记录表", "/导出 备课记录", Role.LEADER),
    Offer("听课记录表（自己的）", "/导出 听课记录", Role.MEMBER),
    Offer("活动记录表", "/导出 活动记录", Role.LEADER),
    Offer("质量分析表", "/导出 质量分析", Role.LEADER),
    Offer("月度总结", "/导出 月度总结", Role.LEADER),
    Offer("学期总结", "/导出 学期总结", Role.LEADER),
    Offer("活动安排表（Excel）", "/导出 活动安排", Role.LEADER),
    Offer("教学进度表（Excel）", "/导出 教学进度", Role.LEADER),
    Offer("我的工作记录", "/我的 导出", Role.MEMBER),
)
