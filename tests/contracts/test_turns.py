"""Who runs when: what can wait lets the others have several turns."""

import asyncio
import time

from bot.turns import BEHIND, PATIENCE, behind_others, give_way


async def test_what_stands_behind_others_lets_them_have_many_turns_for_one_of_its_own():
    order: list[str] = []

    async def report() -> None:
        with behind_others():
            for _ in range(2):
                order.append("report")
                await give_way()

    async def answer() -> None:
        for _ in range(BEHIND):
            order.append("answer")
            await give_way()

    await asyncio.gather(report(), answer())
    assert order == ["report", *["answer"] * BEHIND, "report"]


async def test_it_does_not_wait_for_ever_while_everybody_writes():
    order: list[str] = []

    async def report() -> None:
        with behind_others():
            await give_way()
        order.append("report")

    async def busy() -> None:
        while "report" not in order:
            await asyncio.sleep(0)
            time.sleep(PATIENCE)  # noqa: ASYNC251 - the loop is held on purpose
            order.append("busy")

    await asyncio.gather(report(), busy())
    assert order.index("report") <= 2


async def test_afterwards_it_is_one_of_the_others_again():
    order: list[str] = []

    async def each(name: str) -> None:
        for _ in range(3):
            order.append(name)
            await give_way()

    with behind_others():
        await give_way()
    await asyncio.gather(each("a"), each("b"))
    assert order == ["a", "b"] * 3
