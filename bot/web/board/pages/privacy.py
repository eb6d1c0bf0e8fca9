"""What is stored about the visitor, how much of it, who sees it, and how long it stays."""

from bot.domain import board_drafts, calendar_feeds
from bot.domain.groups import Group
from bot.domain.people import accounts, memberships
from bot.domain.subjects import subjects
from bot.storage import Record
from bot.web.board.page import Look, Page, Values


async def show(look: Look) -> Values:
    """Counts by subject, in this group; accounts and links by their kind alone."""
    system, person = look.group.system, look.person
    return {
        "counts": await counts(look.group, look.member.name),
        "accounts": len(await accounts(system, person.id)),
        "groups": len(await memberships(system, person.id)),
        "drafts": len(await board_drafts.of_person(system, person.id)),
        "draft_days": board_drafts.LIFE.days,
        "subscribed": await calendar_feeds.is_subscribed(system, calendar_feeds.of_person(person)),
    }


async def counts(group: Group, name: str) -> list[tuple[str, int]]:
    """How many records of each subject are somebody's, of all terms; those without any are left out."""
    found = []
    for subject in subjects():
        kinds = [kind for kind in subject.records if "member" in kind.model_fields]
        number = sum([await _of(group, kind, name) for kind in kinds])
        found += [(subject.name, number)] if number else []
    return found


async def _of(group: Group, kind: type[Record], name: str) -> int:
    """How many records of a kind are somebody's, by an index where there is one; the tables without are small."""
    if "member" in kind.INDEXES:
        return await group.records.count(kind, member=name)
    for both in (("member", "term"), ("term", "member")):
        if both in kind.INDEXES:
            terms = [term.name for term in group.calendar.terms]
            return sum([await group.records.count(kind, member=name, term=term) for term in terms])
    return sum(getattr(each, "member", None) == name for each in await group.records.scan(kind))


PAGE = Page("privacy", "隐私", "privacy.html", show)
