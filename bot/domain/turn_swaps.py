"""Two swap their next turns (features A13 and C1): one asks, the other agrees, and only then it is so."""

from bot.domain import rotation, study_lessons
from bot.domain.groups import Group
from bot.domain.turns import AGREED, DECLINED, OPEN, WITHDRAWN, Rota, Turn, TurnSwap, open_swaps
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

_SEE = "看轮值：/轮值"
ROTAS = {rota.name: rota for rota in (rotation.LEADS, study_lessons.LESSONS)}


async def propose(group: Group, who: str, name: str, rota: Rota) -> tuple[TurnSwap, Undo]:
    """Ask somebody to swap their next turn with one's own. The caller puts the question to them.

    Raises:
        BadArgument: oneself, or nobody of that name in the group.
        Refused: one of the two has no turn any more, one is away in the other's week, or a question is open for one
            of the weeks, or for whoever is asked.
    """
    other = (await group.member(name)).name
    if other == who:
        raise BadArgument("和自己不用换。", f"例：{rota.ask} 张老师")
    own, theirs = await rota.next_turn(group, who), await rota.next_turn(group, other)
    if own is None or theirs is None:
        raise Refused(f"{'您' if own is None else other}后面没有排{rota.name}，没有可换的。", rota.see)
    await _must_be_free(group, rota, own, theirs)
    if who in await rota.away(group, theirs):
        raise Refused(f"第{theirs.week}周{rota.day}那天您请假了，换不过去。", "看请假：/请假")
    swap = TurnSwap(
        term=group.term.name,
        asker=who,
        other=other,
        own_week=own.week,
        their_week=theirs.week,
        rota=rota.name,
        created=group.now,
        author=who,
    )
    stored = await group.records.add(swap)
    return stored, undo_with(take_question_back, f"和{other}换{rota.name}", swap=stored.id)


async def withdraw(group: Group, who: str) -> tuple[TurnSwap, Undo]:
    """Take one's own open question back; who was asked hears of it.

    Raises:
        Refused: there is none.
    """
    swap = next((one for one in await open_swaps(group) if one.asker == who), None)
    if swap is None:
        raise Refused("您没有等着回话的对调。", _SEE, symbol="ℹ️")
    group.tell(swap.other, f"ℹ️ {who}不换{swap.rota}了，您不用回话。")
    stored = await group.records.update(swap.model_copy(update={"state": WITHDRAWN}))
    return stored, undo_with(ask_anew, f"不和{swap.other}换{swap.rota}", swap=swap.id)


async def asked(group: Group, who: str) -> TurnSwap:
    """The question that somebody has to answer.

    Raises:
        Refused: there is none, or its week has begun.
    """
    swap = next((one for one in await open_swaps(group) if one.other == who), None)
    if swap is None:
        raise Refused("现在没有人等您回话。", _SEE, symbol="ℹ️")
    return swap


async def agree(group: Group, who: str) -> tuple[TurnSwap, Undo]:
    """Swap the two turns; the group hears of it in one line, who asked privately.

    Raises:
        Refused: nobody has asked, the leads were changed meanwhile, or one would be away.
    """
    swap = await asked(group, who)
    rota = ROTAS[swap.rota]
    if who in await rota.away(group, await _held(group, rota, swap.own_week, swap.asker)):
        raise Refused(f"第{swap.own_week}周{rota.day}那天您请假了，换不过去。", "不换就回：/轮值 不同意")
    await _exchange(group, who, swap, (swap.asker, swap.other))
    stored = await _answer(group, swap, AGREED)
    yours, theirs = rota.doing(swap.their_week), rota.doing(swap.own_week)
    group.tell(swap.asker, f"✅ {who}同意和您换：您{yours}，{who}{theirs}。")
    return stored, undo_with(exchange_back, f"换{rota.name}", swap=swap.id)


async def decline(group: Group, who: str) -> tuple[TurnSwap, Undo]:
    """Leave the turns as they are; who asked hears of it privately.

    Raises:
        Refused: nobody has asked.
    """
    swap = await _answer(group, await asked(group, who), DECLINED)
    act = ROTAS[swap.rota].act
    group.tell(swap.asker, f"ℹ️ {who}这次换不了，第{swap.own_week}周还是您{act}。", _SEE)
    return swap, undo_with(ask_again, f"不换{swap.rota}", swap=swap.id)


@inverse
async def take_question_back(group: Group, who: str, swap: int) -> str:
    """Inverse of ``propose``."""
    found = await _kept(group, swap)
    if found.state != OPEN:
        raise Refused(f"{found.other}已经回话了，不撤销了。", _SEE)
    await withdraw(group, who)
    return f"已撤销：不和{found.other}换{found.rota}了。"


@inverse
async def ask_anew(group: Group, who: str, swap: int) -> str:  # noqa: ARG001 - whoever undoes withdrew it
    """Inverse of ``withdraw``: the question is open again, unless a turn has changed or begun; who is asked hears."""
    found = await _kept(group, swap)
    if found.first_week <= group.week or found.state != WITHDRAWN:
        raise Refused(f"这次换{found.rota}不能再问了。", _SEE)
    rota = ROTAS[found.rota]
    own, theirs = (
        await _held(group, rota, found.own_week, found.asker),
        await _held(group, rota, found.their_week, found.other),
    )
    await _must_be_free(group, rota, own, theirs)
    await group.records.update(found.model_copy(update={"state": OPEN}))
    group.tell(found.other, f"🔄 {found.label}，行吗？", "请回：/轮值 同意，或 /轮值 不同意")
    return f"已撤销：照旧等{found.other}回话。"


@inverse
async def exchange_back(group: Group, who: str, swap: int) -> str:
    """Inverse of ``agree``: the turns as they were; who asked hears of it."""
    found = await _kept(group, swap)
    if found.first_week <= group.week:
        raise Refused(f"第{found.first_week}周已经开始了，换不回去。", _SEE)
    await _exchange(group, who, found, (found.other, found.asker))
    await group.records.update(found.model_copy(update={"state": OPEN, "answered": None}))
    group.tell(found.asker, f"ℹ️ {who}撤销了换{found.rota}，第{found.own_week}周还是您。", _SEE)
    return f"已撤销：{found.rota}恢复原来的。再决定请回：/轮值 同意，或 /轮值 不同意"


@inverse
async def ask_again(group: Group, who: str, swap: int) -> str:
    """Inverse of ``decline``: the question is open again."""
    found = await _kept(group, swap)
    if found.first_week <= group.week:
        raise Refused(f"第{found.first_week}周已经开始了，不能再换。", _SEE)
    await group.records.update(found.model_copy(update={"state": OPEN, "answered": None}))
    group.tell(found.asker, f"ℹ️ {who}又在考虑和您换{found.rota}，等回话。")
    return "已撤销。再决定请回：/轮值 同意，或 /轮值 不同意"


async def _exchange(group: Group, who: str, swap: TurnSwap, holders: tuple[str, str]) -> None:
    """Exchange the turns of the two weeks, which ``holders`` have at present (who asked's first); the group hears."""
    rota = ROTAS[swap.rota]
    one = await _held(group, rota, swap.own_week, holders[0])
    other = await _held(group, rota, swap.their_week, holders[1])
    await rota.exchange(group, who, one, other)
    new = {one.week: other.name, other.week: one.name}
    group.announce(f"【改】{rota.name}对调：{'，'.join(f'第{week}周 {new[week]}' for week in sorted(new))}。")


async def _held(group: Group, rota: Rota, week: int, name: str) -> Turn:
    """The turn that somebody still has."""
    found = await rota.held(group, week, name)
    if found is None:
        raise Refused(f"第{week}周的{rota.name}已经改过，这次换不成了。", _SEE)
    return found


async def _must_be_free(group: Group, rota: Rota, own: Turn, theirs: Turn) -> None:
    """Raises Refused while another question is open for one of the turns, or waits for the same answer."""
    for swap in await open_swaps(group):
        if swap.rota == rota.name and {own.week, theirs.week} & {swap.own_week, swap.their_week}:
            raise Refused(f"第{swap.own_week}周和第{swap.their_week}周正在商量对调，等有了结果再换。", rota.see)
        if swap.other == theirs.name:
            raise Refused(f"{theirs.name}正在考虑另一次对调，等有了结果再换。", rota.see)


async def _answer(group: Group, swap: TurnSwap, state: str) -> TurnSwap:
    return await group.records.update(swap.model_copy(update={"state": state, "answered": group.now}))


async def _kept(group: Group, number: int) -> TurnSwap:
    found = await group.records.get(TurnSwap, number)
    if found is None:
        raise Refused("这次对调已经不在了。", _SEE)
    return found
