"""Two leads swap their next turns (feature A13): one asks, the other agrees, and only then it is so."""

from bot.domain import prep_weeks
from bot.domain.groups import Group
from bot.domain.prep import Session
from bot.domain.rotation import (
    AGREED,
    DECLINED,
    OPEN,
    WITHDRAWN,
    LeadSwap,
    away,
    next_turn,
    open_swaps,
    sessions,
)
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

_SEE = "看轮值：/轮值"


async def propose(group: Group, who: str, name: str) -> tuple[LeadSwap, Undo]:
    """Ask somebody to swap their next turn with one's own. The caller puts the question to them.

    Raises:
        BadArgument: oneself, or nobody of that name in the group.
        Refused: one of the two has no turn any more, one is away in the other's week, or a question is open for one
            of the weeks.
    """
    other = (await group.member(name)).name
    if other == who:
        raise BadArgument("和自己不用换。", "例：/轮值 换 张老师")
    own, theirs = await next_turn(group, who), await next_turn(group, other)
    if own is None or theirs is None:
        raise Refused(f"{'您' if own is None else other}后面没有排主备，没有可换的。", _SEE)
    for swap in await open_swaps(group):
        if {own.week, theirs.week} & {swap.own_week, swap.their_week}:
            raise Refused(f"第{swap.own_week}周和第{swap.their_week}周正在商量对调，等有了结果再换。", _SEE)
    if who in await away(group, theirs):
        raise Refused(f"第{theirs.week}周备课那天您请假了，换不过去。", "看请假：/请假")
    swap = LeadSwap(
        term=group.term.name,
        asker=who,
        other=other,
        own_week=own.week,
        their_week=theirs.week,
        created=group.now,
        author=who,
    )
    stored = await group.records.add(swap)
    return stored, undo_with(take_question_back, f"和{other}换主备", swap=stored.id)


async def withdraw(group: Group, who: str) -> tuple[LeadSwap, Undo]:
    """Take one's own open question back; who was asked hears of it.

    Raises:
        Refused: there is none.
    """
    swap = next((one for one in await open_swaps(group) if one.asker == who), None)
    if swap is None:
        raise Refused("您没有等着回话的换主备。", _SEE, symbol="ℹ️")
    group.tell(swap.other, f"ℹ️ {who}不换主备了，您不用回话。")
    stored = await group.records.update(swap.model_copy(update={"state": WITHDRAWN}))
    return stored, undo_with(ask_anew, f"不和{swap.other}换主备", swap=swap.id)


async def asked(group: Group, who: str) -> LeadSwap:
    """The question that somebody has to answer.

    Raises:
        Refused: there is none, or its week has begun.
    """
    swap = next((one for one in await open_swaps(group) if one.other == who), None)
    if swap is None:
        raise Refused("现在没有人等您回话换主备。", _SEE, symbol="ℹ️")
    return swap


async def agree(group: Group, who: str) -> tuple[LeadSwap, Undo]:
    """Swap the two turns; the group hears of it in one line, who asked privately.

    Raises:
        Refused: nobody has asked, the leads were changed meanwhile, or one would be away.
    """
    swap = await asked(group, who)
    if who in await away(group, await _led(group, swap.own_week, swap.asker)):
        raise Refused(f"第{swap.own_week}周备课那天您请假了，换不过去。", "不换就回：/轮值 不同意")
    await _exchange(group, who, swap, (swap.other, swap.asker))
    stored = await _answer(group, swap, AGREED)
    group.tell(swap.asker, f"✅ {who}同意和您换：您主备第{swap.their_week}周，{who}主备第{swap.own_week}周。")
    return stored, undo_with(exchange_back, "换主备", swap=swap.id)


async def decline(group: Group, who: str) -> tuple[LeadSwap, Undo]:
    """Leave the turns as they are; who asked hears of it privately.

    Raises:
        Refused: nobody has asked.
    """
    swap = await _answer(group, await asked(group, who), DECLINED)
    group.tell(swap.asker, f"ℹ️ {who}这次换不了，第{swap.own_week}周还是您主备。", _SEE)
    return swap, undo_with(ask_again, "不换主备", swap=swap.id)


@inverse
async def take_question_back(group: Group, who: str, swap: int) -> str:
    """Inverse of ``propose``."""
    found = await _kept(group, swap)
    if found.state != OPEN:
        raise Refused(f"{found.other}已经回话了，不撤销了。", _SEE)
    await withdraw(group, who)
    return f"已撤销：不和{found.other}换主备了。"


@inverse
async def ask_anew(group: Group, who: str, swap: int) -> str:  # noqa: ARG001 - whoever undoes withdrew it
    """Inverse of ``withdraw``: the question is open again, unless a turn has changed or begun; who is asked hears."""
    found = await _kept(group, swap)
    if found.first_week <= group.week or found.state != WITHDRAWN:
        raise Refused("这次换主备不能再问了。", _SEE)
    for week, name in ((found.own_week, found.asker), (found.their_week, found.other)):
        await _led(group, week, name)
    if any({one.own_week, one.their_week} & {found.own_week, found.their_week} for one in await open_swaps(group)):
        raise Refused(f"第{found.own_week}周和第{found.their_week}周正在商量对调，等有了结果再换。", _SEE)
    await group.records.update(found.model_copy(update={"state": OPEN}))
    group.tell(found.other, f"🔄 {found.label}，行吗？", "请回：/轮值 同意，或 /轮值 不同意")
    return f"已撤销：照旧等{found.other}回话。"


@inverse
async def exchange_back(group: Group, who: str, swap: int) -> str:
    """Inverse of ``agree``: the turns as they were; who asked hears of it."""
    found = await _kept(group, swap)
    if found.first_week <= group.week:
        raise Refused(f"第{found.first_week}周已经开始了，换不回去。", _SEE)
    await _exchange(group, who, found, (found.asker, found.other))
    await group.records.update(found.model_copy(update={"state": OPEN, "answered": None}))
    group.tell(found.asker, f"ℹ️ {who}撤销了换主备，第{found.own_week}周还是您。", _SEE)
    return "已撤销：主备恢复原来的。再决定请回：/轮值 同意，或 /轮值 不同意"


@inverse
async def ask_again(group: Group, who: str, swap: int) -> str:
    """Inverse of ``decline``: the question is open again."""
    found = await _kept(group, swap)
    if found.first_week <= group.week:
        raise Refused(f"第{found.first_week}周已经开始了，不能再换。", _SEE)
    await group.records.update(found.model_copy(update={"state": OPEN, "answered": None}))
    group.tell(found.asker, f"ℹ️ {who}又在考虑和您换主备，等回话。")
    return "已撤销。再决定请回：/轮值 同意，或 /轮值 不同意"


async def _exchange(group: Group, who: str, swap: LeadSwap, leads: tuple[str, str]) -> None:
    """Have ``leads`` lead the week of who asked and that of who was asked, who led the two before."""
    for week, name in ((swap.own_week, leads[1]), (swap.their_week, leads[0])):
        await _led(group, week, name)
    new = {swap.own_week: leads[0], swap.their_week: leads[1]}
    await prep_weeks.set_leads(group, who, new)
    group.announce(f"【改】主备对调：{'，'.join(f'第{week}周 {new[week]}' for week in sorted(new))}。")


async def _led(group: Group, week: int, name: str) -> Session:
    """The preparation of a week that somebody still leads."""
    found = next((session for session in await sessions(group, week, week) if session.lead == name), None)
    if found is None:
        raise Refused(f"第{week}周的主备已经改过，这次换不成了。", _SEE)
    return found


async def _answer(group: Group, swap: LeadSwap, state: str) -> LeadSwap:
    return await group.records.update(swap.model_copy(update={"state": state, "answered": group.now}))


async def _kept(group: Group, number: int) -> LeadSwap:
    found = await group.records.get(LeadSwap, number)
    if found is None:
        raise Refused("这次换主备已经不在了。", _SEE)
    return found
