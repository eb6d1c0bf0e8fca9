"""The times that an activity names by itself, within a table cell or behind a label, and the text without them."""

from bot.calendar.reading import people, traps
from bot.calendar.reading.atoms import Atom, Found, scan
from bot.calendar.reading.changes import puts_off
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.days_off import BRACKETS, is_sign
from bot.calendar.reading.normalise import Text
from bot.calendar.reading.rules_holidays import MEMORIAL_RULES
from bot.calendar.reading.vocabulary import ALL_RULES

#: What may stand right behind a day: 11月18日下午第三节.
_HOURS = {"half", "periods", "weekday", "time", "time_to"}
#: What may stand between a day and its hour.
_GAP = " ()" + "的"
#: What the beginning of an item may say: 上午 …, 下旬 …
_FIRST = {"half", "periods", "weekday", "time", "xun"}


def inner_times(part: Text, context: PlanContext) -> list[Atom]:
    """Days anywhere, other times only in brackets or at the beginning: "单元检测（周五第二节）"."""
    named = scan(part.folded, MEMORIAL_RULES, context)
    brackets = list(BRACKETS.finditer(part.folded))
    signs = [match.span() for match in brackets if is_sign(match[0])]
    masked = [*traps.quotations(part.folded), *((atom.start, atom.end) for atom in named), *signs]
    found = scan(part.folded, ALL_RULES, context, masked)
    spans = [match.span() for match in brackets]
    kept: list[Atom] = []
    tail = _tail(part.folded, found)
    for atom in found:
        follows = any(one.found.keys() & {"date", "nth"} for one in kept) and not part.folded[
            kept[-1].end : atom.start
        ].strip(_GAP)
        behind = atom.start >= tail and atom.found.keys() <= _HOURS
        # 九月：第三周教研课; 十二月：第15周 数学节
        week = context.month is not None and "nth" in atom.found and not part.folded[: atom.start].strip(" (")
        moved = "nth" in atom.found and puts_off(part.folded)
        if behind or week or moved or _belongs(atom, part.folded, spans) or (follows and atom.found.keys() <= _HOURS):
            kept.append(atom)
    return named + kept


def _tail(folded: str, atoms: list[Atom]) -> int:
    """Where the times begin that stand behind a blank at the end: "公开课 周三第2节"."""
    end = len(folded.rstrip())
    for atom in reversed(atoms):
        if folded[atom.end : end].strip() or not atom.found.keys() <= _HOURS:
            break
        end = atom.start
    return end if folded[end - 1 : end].isspace() else len(folded)


def _belongs(atom: Atom, folded: str, brackets: list[tuple[int, int]]) -> bool:
    if "date" in atom.found and not atom.found.get("anchor_holiday"):
        return True
    if any(start < atom.start and atom.end < end for start, end in brackets):
        return True
    counted = "point" in atom.found and len(atom.found) > 2  # 考试结束后三天内
    return not folded[: atom.start].strip(" \t,:()") and bool(counted or atom.found.keys() & _FIRST)


def without(part: Text, atoms: list[Atom]) -> Text:
    """The text without its times and without the brackets that hold them, holidays or people."""
    keep = [True] * len(part.folded)
    for match in BRACKETS.finditer(part.folded):
        holds_time = any(match.start() < atom.start < match.end() for atom in atoms)
        if holds_time or is_sign(match[0]) or people.people_in(match[0]):
            keep[match.start() : match.end()] = [False] * (match.end() - match.start())
    for atom in atoms:
        if not atom.found.get("named_day"):
            keep[atom.start : atom.end] = [False] * (atom.end - atom.start)
    pairs = [(raw, folded) for raw, folded, kept in zip(part.raw, part.folded, keep, strict=True) if kept]
    return Text("".join(raw for raw, _ in pairs), "".join(folded for _, folded in pairs))


def room(part: Text, atoms: list[Atom]) -> Found:
    """A room named behind a time inside brackets, or labelled."""
    place = people.place_in(part.folded)
    for match in BRACKETS.finditer(part.folded):
        inside = [atom for atom in atoms if match.start() < atom.start < match.end()]
        if inside and people.is_place(rest := part.folded[inside[-1].end : match.end() - 1].strip(" ,")):
            place = place or rest
    return {"place": place} if place else {}
