"""Raising, discussing, solving and withdrawing a shared problem, and the way back from each (feature A11).

Who raised it and the leader may do all; the lead of this week's preparation may note what came of it too, for it is
their session that talks about it. The words are the author's alone.
"""

from datetime import date, datetime
from typing import Any

from bot.domain import guard, issues, prep
from bot.domain.groups import Group
from bot.domain.issues import EXAMPLE, Issue, State, numbered
from bot.domain.people import Member, Role
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused

LONGEST = 500
_SEE = "看问题：/问题"


async def put(group: Group, who: str, text: str, *, named: bool) -> tuple[Issue, Undo]:
    """Raise a problem; ``named`` False shows it without who raised it.

    Raises:
        BadArgument: empty or too long; Refused: it stands there already; guard.PupilNamed: it seems to name a pupil.
    """
    await _check(group, text)
    for other in await issues.open_ones(group):
        if other.text.split() == text.split():
            raise Refused(f"{other.number} 已经是这个问题了。", _SEE, symbol="ℹ️")
    issue = await group.records.add(
        Issue(
            term=group.term.name,
            number=await group.next_number(),
            text=text,
            member=who,
            named=named,
            created=group.now,
            author=who,
        )
    )
    return issue, undo_with(take_away, _name(issue), number=issue.number)


async def edit(group: Group, who: str, number: int, text: str) -> tuple[Issue, Undo]:
    """Write one's own problem anew.

    Raises:
        BadArgument, guard.PupilNamed: as for ``put``; NotAllowed: somebody else's; Refused: no longer open.
    """
    issue = await _own(group, who, number)
    _must_be(issue, State.OPEN)
    await _check(group, text)
    back = undo_with(word_again, f"修改{_name(issue)}", number=number, text=issue.text, now=text)
    return await _keep(group, issue, text=text), back


async def name(group: Group, who: str, number: int, *, named: bool) -> tuple[Issue, Undo]:
    """Show the group who raised one's own problem, or show it no more.

    Raises:
        NotAllowed: somebody else's; Refused: it is so already.
    """
    issue = await _own(group, who, number)
    if issue.named is named:
        raise Refused(f"这个问题本来就{'署' if named else '不署'}名。", _SEE, symbol="ℹ️")
    stored = await _keep(group, issue, named=named)
    return stored, undo_with(name_again, f"{_name(stored)}署名", number=number, named=not named)


async def discuss(group: Group, by: Member, number: int) -> tuple[Issue, Undo]:
    """Note that it was talked about today; it stays open.

    Raises:
        NotAllowed: neither theirs nor the leader's; Refused: no longer open, or noted today already.
    """
    issue = await _in_hand(group, by, number)
    _must_be(issue, State.OPEN)
    if group.today in issue.discussed:
        raise Refused(f"{number} 今天已经记过了。", f"解决了：/问题 解决 {number} 做法", symbol="ℹ️")
    stored = await _keep(group, issue, discussed=(*issue.discussed, group.today))
    return stored, undo_with(undiscuss, f"研讨{_name(issue)}", number=number, day=group.today.isoformat())


async def solve(group: Group, by: Member, number: int, outcome: str) -> tuple[Issue, Undo]:
    """Close it with what helped, or say so later; who raised it hears of it.

    Raises:
        BadArgument: too long; NotAllowed: as for ``discuss``; Refused: withdrawn, or solved with nothing to add;
        guard.PupilNamed.
    """
    issue = await _in_hand(group, by, number)
    await _check(group, outcome, empty=True)
    if issue.state is State.SOLVED and outcome not in ("", issue.outcome):
        back = undo_with(outcome_again, f"{_name(issue)}的做法", number=number, outcome=issue.outcome, now=outcome)
        return await _keep(group, issue, outcome=outcome), back
    _must_be(issue, State.OPEN)
    if issue.member != by.name:
        group.tell(issue.member, f"✅ 您提的问题 {issue.short}解决了{f'：{outcome}' if outcome else '。'}")
    back = undo_with(open_again, f"解决{_name(issue)}", number=number, outcome=issue.outcome, was=State.SOLVED)
    kept = outcome or issue.outcome
    return await _keep(group, issue, state=State.SOLVED, outcome=kept, closed=group.now), back


async def withdraw(group: Group, by: Member, number: int) -> tuple[Issue, Undo]:
    """Take it off the list; its author hears when it was the leader.

    Raises:
        NotAllowed: neither theirs nor the leader's; Refused: no longer open.
    """
    issue = await numbered(group, number)
    if by.name != issue.member and by.role is not Role.LEADER:
        raise NotAllowed(f"撤回 {number} 由提出的老师或组长来做。", _SEE)
    _must_be(issue, State.OPEN)
    if issue.member != by.name:
        group.tell(issue.member, f"ℹ️ {by.name}撤下了您提的问题 {issue.short}。", f"再提：/问题 重开 {number}")
    back = undo_with(open_again, f"撤回{_name(issue)}", number=number, outcome=issue.outcome, was=State.WITHDRAWN)
    return await _keep(group, issue, state=State.WITHDRAWN, closed=group.now), back


async def reopen(group: Group, by: Member, number: int) -> tuple[Issue, Undo]:
    """Put a closed one on the list again.

    Raises:
        NotAllowed: as for ``discuss``; Refused: it is open.
    """
    issue = await _in_hand(group, by, number)
    if issue.state is State.OPEN:
        raise Refused(f"{number} 本来就{State.OPEN}。", _SEE, symbol="ℹ️")
    closed = issue.closed.isoformat() if issue.closed else ""
    back = undo_with(close_again, f"重开{_name(issue)}", number=number, state=issue.state, closed=closed)
    return await _keep(group, issue, state=State.OPEN, closed=None), back


@inverse
async def take_away(group: Group, who: str, number: int) -> str:
    """Inverse of ``put``; a problem that others have gone on with stays."""
    issue = await _own(group, who, number)
    if issue.state is not State.OPEN or issue.discussed:
        raise Refused("这个问题已经议过了，不撤销了。", _SEE)
    await group.records.remove(issue)
    return f"已撤销：{_said(issue)}收回了。"


@inverse
async def word_again(group: Group, who: str, number: int, text: str, now: str) -> str:
    """Inverse of ``edit``."""
    issue = await _own(group, who, number)
    if issue.text != now:
        raise Refused("这个问题后来又改过，不撤销了。", _SEE)
    await _keep(group, issue, text=text)
    return f"已撤销：{_said(issue)}恢复到修改之前。"


@inverse
async def name_again(group: Group, who: str, number: int, named: bool) -> str:
    """Inverse of ``name``."""
    stored, _ = await name(group, who, number, named=named)
    return f"已撤销：{_said(stored)}{'署名' if named else '不署名'}。"


@inverse
async def undiscuss(group: Group, who: str, number: int, day: str) -> str:
    """Inverse of ``discuss``."""
    issue = await _in_hand(group, await group.acting(who), number)
    left = tuple(one for one in issue.discussed if one != date.fromisoformat(day))
    await _keep(group, issue, discussed=left)
    return f"已撤销：{_said(issue)}这次没有议。"


@inverse
async def open_again(group: Group, who: str, number: int, outcome: str, was: str) -> str:
    """Inverse of ``solve`` and ``withdraw``."""
    issue = await _in_hand(group, await group.acting(who), number)
    _must_be(issue, State(was))
    if issue.member != who:
        group.tell(issue.member, f"ℹ️ {who}撤销了：问题 {issue.short}还是{State.OPEN}。")
    await _keep(group, issue, state=State.OPEN, outcome=outcome, closed=None)
    return f"已撤销：{_said(issue)}还是{State.OPEN}。"


@inverse
async def outcome_again(group: Group, who: str, number: int, outcome: str, now: str) -> str:
    """Inverse of saying later what helped."""
    issue = await _in_hand(group, await group.acting(who), number)
    if issue.outcome != now:
        raise Refused("做法后来又改过，不撤销了。", _SEE)
    await _keep(group, issue, outcome=outcome)
    return f"已撤销：{_said(issue)}的做法恢复到修改之前。"


@inverse
async def close_again(group: Group, who: str, number: int, state: str, closed: str) -> str:
    """Inverse of ``reopen``."""
    issue = await _in_hand(group, await group.acting(who), number)
    _must_be(issue, State.OPEN)
    moment = datetime.fromisoformat(closed) if closed else None
    await _keep(group, issue, state=State(state), closed=moment)
    return f"已撤销：{_said(issue)}还是{state}。"


def _name(issue: Issue) -> str:
    """How it is called where others may read along: the number would tell who raised it."""
    return f"问题 {issue.number}" if issue.named else "那个问题"


def _said(issue: Issue) -> str:
    """The same before a verb."""
    return f"{_name(issue)} " if issue.named else _name(issue)


async def _own(group: Group, who: str, number: int) -> Issue:
    issue = await numbered(group, number)
    if issue.member != who:
        raise NotAllowed(f"{number} 不是您提的，内容由提出的老师来改。", _SEE)
    return issue


async def _in_hand(group: Group, by: Member, number: int) -> Issue:
    """The problem, for who raised it, the leader, and the lead of this week."""
    issue = await numbered(group, number)
    if by.name == issue.member or by.role is Role.LEADER:
        return issue
    if (await prep.session(group, prep.week_now(group))).lead != by.name:
        raise NotAllowed(f"{number} 由提出的老师、本周主备或组长来记。", _SEE)
    return issue


def _must_be(issue: Issue, state: State) -> None:
    if issue.state is not state:
        way = f"再议：/问题 重开 {issue.number}" if state is State.OPEN else _SEE
        raise Refused(f"{issue.number} {issue.state}。", way, symbol="ℹ️")


async def _check(group: Group, text: str, *, empty: bool = False) -> None:
    if not text.strip() and not empty:
        raise BadArgument("问题还没有内容。", f"例：{EXAMPLE}")
    if len(text) > LONGEST:
        raise BadArgument(f"这条有 {len(text)} 字，最多 {LONGEST} 字。", "细节请放文档里，这里写一句和链接。")
    await guard.check_among(text, group.teachers)


async def _keep(group: Group, issue: Issue, **fields: Any) -> Issue:
    return await group.records.update(issue.model_copy(update=fields))
