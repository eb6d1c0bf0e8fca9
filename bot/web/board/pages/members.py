"""The roster: who is in the group, who asks to be recognised, who is added or taken out."""

from dataclasses import dataclass

from bot.domain import membership
from bot.domain.people import Member, Role, accounts
from bot.web.board.page import Look, Page, Values, commands


@dataclass(frozen=True)
class Row:
    """A member: their marks ("组长", "导师 王老师"), and whether an account is bound to the name."""

    name: str
    marks: tuple[str, ...]
    bound: bool
    leads: bool
    deputy: bool


async def show(look: Look) -> Values:
    """Everybody, and those who wait for a yes."""
    rows = [_row(each, bool(await accounts(look.group.system, each.person))) for each in await look.group.members()]
    return {"rows": rows, "claims": await membership.claims(look.group)}


def _row(member: Member, bound: bool) -> Row:
    leads = member.role is Role.LEADER
    marks = ["组长"] if leads else ["副组长"] if member.deputy else []
    marks += [f"导师 {member.mentor}"] if member.mentor else []
    return Row(member.name, tuple(marks), bound, leads, member.deputy)


PAGE = Page("members", "成员", "members.html", show, leads=True, says=commands("成员", "副组长"))
