"""A rehearsal as the simulator's JSON: week by week, the same words to several people once."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from bot.chat.rehearsal import Gathered, Programme, Week
from bot.simulator.api_models import PostKind


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RehearsedRow(_Answer):
    """What would be posted at one moment; ``to`` is ``["group"]`` or the people told privately, ``readers`` says it."""

    at: datetime
    to: tuple[str, ...]
    readers: str
    kind: PostKind
    text: str
    why: tuple[str, ...]


class RehearsedWeek(_Answer):
    """A school week in which something would be said; ``unpublished``: its holidays are not known yet."""

    label: str
    first: date
    last: date
    unpublished: bool
    posts: tuple[RehearsedRow, ...]


class RehearsalResult(_Answer):
    """Everything a group would be told from ``first`` to ``last``, and what is to be remarked on it."""

    group: str
    first: date
    last: date
    cards: int
    notes: int
    most_cards: int
    most_notes: int
    remarks: tuple[str, ...]
    weeks: tuple[RehearsedWeek, ...]


def rehearsal_of(programme: Programme, mention: str) -> RehearsalResult:
    """A programme as JSON.

    Args:
        mention: what a reader in the group puts before a command.
    """
    posts = programme.posts
    notes = sum(post.private for post in posts)
    return RehearsalResult(
        group=programme.group,
        first=programme.first,
        last=programme.last,
        cards=len(posts) - notes,
        notes=notes,
        most_cards=programme.most_cards,
        most_notes=programme.most_notes,
        remarks=programme.remarks,
        weeks=tuple(_week(week, mention) for week in programme.weeks),
    )


def _week(week: Week, mention: str) -> RehearsedWeek:
    rows = tuple(_row(one) for one in week.gathered(mention))
    return RehearsedWeek(label=week.label, first=week.first, last=week.last, unpublished=week.unpublished, posts=rows)


def _row(one: Gathered) -> RehearsedRow:
    fields = {"at": one.at, "to": one.to, "readers": one.readers, "kind": one.kind, "text": one.text, "why": one.why}
    return RehearsedRow.model_validate(fields)
