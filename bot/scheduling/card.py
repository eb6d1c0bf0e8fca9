"""One school day, one card: the pieces of a day merged into a message that fits a phone."""

from collections.abc import Sequence

from bot.calendar.names import day_label, weekday_name
from bot.content import Action, Content
from bot.domain.groups import Group
from bot.scheduling.plan import Piece, Reminder

MOST_LINES = 12
MOST_ACTIONS = 3
MOST_REMINDERS = 3
MOST_NAMES = 8


def card(group: Group, pieces: Sequence[Piece], notes_waiting: int = 0) -> Content:
    """The group's card of today. What does not fit in twelve lines is counted and can be asked for.

    Args:
        notes_waiting: private notes that could not be delivered and wait for their readers; the group sees how many,
            never whose.
    """
    lines: list[str] = []
    for piece in pieces:
        lines += [line for line in piece.post.lines if line not in lines]
    mail = [f"✉️ 有 {notes_waiting} 条给个人的留言还没送到，私下给我发 /我的 就能看到。"] if notes_waiting else []
    mail = [*_unpublished(group, pieces), *mail]
    room = MOST_LINES - len(mail)
    if len(lines) > room:
        rest = len(lines) - room + 1
        lines = [*lines[: room - 1], f"……还有 {rest} 条，看全部：/日程"]
    return Content(
        title=_title(group, pieces), lines=(*lines, *mail), actions=_actions(pieces), mentions=_mentions(pieces)
    )


def change(pieces: Sequence[Piece]) -> Content:
    """What became due after the card was posted."""
    lines = [line for piece in pieces for line in piece.post.lines]
    return Content(lines=tuple(lines[:MOST_LINES]), actions=_actions(pieces), mentions=_mentions(pieces))


def note(reminders: Sequence[Reminder], news: Sequence[str] = ()) -> Content:
    """One person's reminders of today in one message, nearest deadline first; ``news`` stand at its end."""
    lines: list[str] = []
    actions: list[Action] = []
    for reminder in reminders:
        lines += [*([""] if lines else []), *reminder.ask.lines]
        actions += [action for action in reminder.ask.actions if action not in actions]
    lines += [*([""] if lines and news else []), *news]
    return Content(lines=tuple(lines), actions=tuple(actions[:MOST_ACTIONS]))


def pushed_out(counts: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """What the leader reads of reminders that the caps left no room for: (name, how many); nothing for none."""
    rows = [f"• {name}\uff1a{count} 项" for name, count in counts[:MOST_NAMES]]
    more = [f"……还有 {len(counts) - MOST_NAMES} 位"] if len(counts) > MOST_NAMES else []
    return ("ℹ️ 本周提醒已到上限\uff0c下面这些没有发\uff1a", *rows, *more) if rows else ()


def _title(group: Group, pieces: Sequence[Piece]) -> str:
    special = group.calendar.day_note(group.today)
    remark = f"（{special}）" if special else ""
    late = "（补发）" if any(piece.planned.late for piece in pieces) else ""
    headline = next((piece.post.headline for piece in pieces if piece.post.headline), "")
    day = f"{day_label(group.today)} {weekday_name(group.today.isoweekday())}"
    week = f"第{group.week}周" if group.week > 0 else "开学准备"
    return f"{headline or f'📅 今天 {day} {week}'}{remark}{late}"


def _unpublished(group: Group, pieces: Sequence[Piece]) -> list[str]:
    """Said where a day of which the card speaks is only assumed to have school."""
    days = {group.today, *[piece.planned.due.day for piece in pieces]}
    unknown = sorted(day for day in days if not group.calendar.published(day))
    return [f"⚠️ {unknown[0].year}年的放假安排未公布，先按周一到周五上课算。"] if unknown else []


def _actions(pieces: Sequence[Piece]) -> tuple[Action, ...]:
    found: list[Action] = []
    for piece in pieces:
        found += [action for action in piece.post.actions if action not in found]
    return tuple(found[:MOST_ACTIONS])


def _mentions(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for piece in pieces for name in piece.post.mentions))
