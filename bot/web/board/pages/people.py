"""成员: who is in the group, who wants to be, who is away; for the leader."""

from dataclasses import dataclass

from bot.domain import membership, quiet
from bot.domain.people import Role, accounts
from bot.web.board.page import Asked, Page, Values


@dataclass(frozen=True)
class Row:
    """A member: their marks ("组长", "导师 王老师"), and the leaves that are not over, with the reason."""

    name: str
    marks: tuple[str, ...]
    bound: bool
    leaves: tuple[str, ...]
    leader: bool
    deputy: bool


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group, rows = asked.group, []
    for member in await group.members():
        leader = member.role is Role.LEADER
        office = ("组长",) if leader else ("副组长",) if member.deputy else ()
        mentor = (f"导师 {member.mentor}",) if member.mentor else ()
        leaves = await quiet.of_member(group, member.name)
        away = tuple(f"{one.days} 请假{f'（{one.reason}）' if one.reason else ''}" for one in leaves)
        bound = bool(await accounts(group.system, member.person))
        rows.append(Row(member.name, (*office, *mentor), bound, away, leader, member.deputy))
    return {"rows": rows, "claims": await membership.claims(group)}


PAGE = Page("people", "成员", show, needs=Role.LEADER, commands=("/成员", "/副组长"))
