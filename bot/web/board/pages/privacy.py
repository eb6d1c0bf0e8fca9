"""隐私: what is stored about the reader, who sees it, how long it stays."""

from bot.calendar.names import day_label
from bot.domain import board_drafts, calendar_feeds, lasting_links, quiet
from bot.domain.calendar_feeds import CalendarLink
from bot.domain.groups import Group, GroupRecord
from bot.domain.people import accounts, memberships
from bot.domain.subjects import Subject, subjects
from bot.storage import Record
from bot.web.board.page import Asked, Page, Values


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group, person = asked.group, asked.person
    link = await lasting_links.find(group.system, CalendarLink, calendar_feeds.of_person(person))
    drafts = [await board_drafts.find(group, person, page) for page in ("reflection", "observation")]
    return {
        "accounts": [account.channel for account in await accounts(group.system, person.id)],
        "groups": [(await _name(group, one.group), one.name) for one in await memberships(group.system, person.id)],
        "counts": [
            (name, count) for name, count in [await _count(group, one, asked.name) for one in subjects()] if count
        ],
        "leaves": [one.days for one in await quiet.of_member(group, asked.name)],
        "drafts": [f"{day_label(draft.saved.date())} {draft.saved:%H:%M}" for draft in drafts if draft],
        "calendar": link is not None and not link.revoked,
    }


async def _name(group: Group, key: str) -> str:
    found = await group.system.find(GroupRecord, key=key)
    return found[0].name if found else key


async def _count(group: Group, subject: Subject, name: str) -> tuple[str, int]:
    """A subject, and how many of its records are of this person, in all terms."""
    return subject.name, sum([await _of(group, kind, name) for kind in subject.records])


async def _of(group: Group, kind: type[Record], name: str) -> int:
    """Through an index, which is there for everything that grows with the group's people."""
    if "member" not in kind.model_fields:
        return 0
    if "member" in kind.INDEXES:
        return len(await group.records.find(kind, member=name))
    if ("member", "term") in kind.INDEXES:
        terms = [term.name for term in group.calendar.terms]
        return sum([len(await group.records.find(kind, member=name, term=term)) for term in terms])
    return 0


PAGE = Page("privacy", "隐私", show)
