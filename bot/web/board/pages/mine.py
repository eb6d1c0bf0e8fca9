"""One's own record of a term: what was done, what is still open."""

from bot.domain import subjects, terms
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.web.board.page import Look, Page, Values, commands


async def parts_of(group: Group, member: Member) -> list[tuple[str, subjects.Mine]]:
    """What each subject says of a member, by the subject's name; silent ones are left out."""
    found = [(each.name, await each.mine(group, member)) for each in subjects.subjects() if each.mine]
    return [(name, part) for name, part in found if part.done or part.open]


async def show(look: Look) -> Values:
    """The record of the term that the query names, or of this one.

    Raises:
        BadArgument: no such term.
    """
    wanted = look.query.get("term", "")
    term = terms.called(look.group, wanted) if wanted else look.group.term
    present = term == look.group.term
    return {
        "parts": await parts_of(look.group if present else look.group.in_term(term), look.member),
        "term": term.name,
        "present": present,
        "others": [terms.label(each) for each in terms.begun(look.group) if each != term],
    }


PAGE = Page("mine", "我的", "mine.html", show, says=commands("我的"))
