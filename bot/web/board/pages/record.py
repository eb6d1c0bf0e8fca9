"""我的: one's own record of a term, with what stands behind it."""

from bot.domain import observations, quiet, reflections, subjects, terms
from bot.web.board.page import Asked, Page, Values

MOST = 40
"""Records of a kind that are shown, the latest first; the file has them all."""


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    which = asked.query.get("term", "")
    term = terms.called(asked.group, which) if which else asked.group.term
    group = asked.group.in_term(term)
    part = await subjects.mine_of(group, asked.member)
    return {
        "term": term.name,
        "done": part.done,
        "open": part.open,
        "present": terms.is_present(group),
        "terms": [(terms.label(one), one.name) for one in terms.begun(asked.group)],
        "heard": list(reversed(await observations.of_member(group, asked.name))),
        "written": list(reversed(await reflections.of_member(group, asked.name))),
        "leaves": [one.days for one in await quiet.of_member(asked.group, asked.name)],
        "most": MOST,
    }


PAGE = Page("mine", "我的", show, commands=("/我的 导出", "/请假"))
