"""What a backend promises of counting and of the last few, whether an index knows all fields or not."""

import pytest

from bot.storage import Store
from tests.storage.sample import GROUP, Seat, put

SEATS = [Seat(lesson=number % 2, member=f"{number % 3}") for number in range(12)]
ASKED = [{"lesson": 1}, {"lesson": 1, "member": "2"}, {"lesson": 7}]


@pytest.mark.parametrize("equal", ASKED)
@pytest.mark.parametrize("changed", [False, True])
async def test_it_counts_what_would_be_found_and_gives_the_last_of_it(store: Store, equal: dict, changed: bool) -> None:
    await put(store, *[seat.model_copy(update={"member": f"{seat.lesson}{n}"}) for n, seat in enumerate(SEATS)])
    async with store.transaction(GROUP) as tx:
        if changed:  # seen in the same transaction
            (first, second, *_) = await tx.find(Seat, lesson=1)
            await tx.remove(first)
            await tx.update(second.model_copy(update={"lesson": 7}))
            await tx.add(Seat(lesson=1, member="2"))
        found = await tx.find(Seat, **equal)
        assert await tx.count(Seat, **equal) == len(found)
        assert await tx.latest(Seat, 2, **equal) == found[-2:]
        assert await tx.latest(Seat, 100, **equal) == found


async def test_what_no_index_knows_is_refused(store: Store) -> None:
    async with store.transaction(GROUP) as tx:
        for ask in (tx.count(Seat, side="x"), tx.latest(Seat, 2, side="x")):
            with pytest.raises(ValueError, match="index"):
                await ask
