"""Random histories of transactions, failures and restarts, compared with plain dicts.

``MODEL_EXAMPLES=2000`` makes it longer.
"""

import asyncio
import copy
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Conflict
from bot.storage import Record, Store, Transaction
from tests.storage.sample import BACKENDS


class Row(Record):
    TABLE = "row"
    INDEXES = ("colour",)
    UNIQUE = (("key", "colour"),)
    colour: str
    key: int | None


EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "60"))
SPACES = ("a", "b/c")
COLOURS = ("红", "绿")
Model = dict[str, dict[int, tuple[str, int | None, int]]]  # space → id → colour, key, revision

colours = st.sampled_from(COLOURS)
keys = st.sampled_from([None, 0, 1])
ids = st.integers(1, 6)
steps = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(SPACES), ids, colours, keys),
    st.tuples(st.just("update"), st.sampled_from(SPACES), ids, colours, keys),
    st.tuples(st.just("remove"), st.sampled_from(SPACES), ids, colours, keys),
)
transactions = st.tuples(
    st.sampled_from(SPACES), st.lists(steps, max_size=6), st.sampled_from(["commit", "commit", "fail"])
)
histories = st.lists(st.one_of(transactions, st.just("restart")), max_size=8)


class Stumble(Exception):
    """Thrown to make a transaction fail."""


def expected(model: dict[int, tuple[str, int | None, int]], last: int, step: Any) -> bool:
    """Apply one step to the dicts of a space; False when it must be refused."""
    verb, _, number, colour, key = step
    number = last + 1 if verb == "add" else number
    if verb != "add" and number not in model:
        return False
    twins = [n for n, row in model.items() if n != number and row[:2] == (colour, key) and key is not None]
    if verb != "remove" and twins:
        return False
    if verb == "remove":
        del model[number]
    else:
        model[number] = (colour, key, model[number][2] + 1 if verb == "update" else 1)
    return True


async def perform(tx: Transaction, step: Any) -> None:
    verb, space, number, colour, key = step
    records = tx.within(space)
    if verb == "add":
        await records.add(Row(colour=colour, key=key))
        return
    row = await records.get(Row, number)
    if row is None:
        raise Conflict("gone")
    if verb == "remove":
        await records.remove(row)
    else:
        await records.update(row.model_copy(update={"colour": colour, "key": key}))


async def compare(tx: Transaction, model: Model) -> None:
    for space in SPACES:
        records, rows = tx.within(space), model[space]
        found = [(row.id, (row.colour, row.key, row.revision)) for row in await records.scan(Row)]
        assert found == sorted(rows.items())
        assert await records.count(Row) == len(rows)
        for colour in COLOURS:
            numbers = [row.id for row in await records.find(Row, colour=colour)]
            assert numbers == sorted(n for n, row in rows.items() if row[0] == colour)
            for key in (None, 0, 1):
                numbers = [row.id for row in await records.find(Row, key=key, colour=colour)]
                assert numbers == sorted(n for n, row in rows.items() if row[:2] == (colour, key))


async def attempt(store: Store, draft: Model, last: dict[str, int], space: str, actions: Any, end: str) -> None:
    async with store.transaction(space) as tx:
        for step in actions:
            if expected(draft[step[1]], last[step[1]], step):
                await perform(tx, step)
                last[step[1]] += step[0] == "add"
            else:
                with pytest.raises(Conflict):
                    await perform(tx, step)
        await compare(tx, draft)
        if end == "fail":
            raise Stumble


async def replay(store: Store, history: Any) -> None:
    model: Model = {space: {} for space in SPACES}
    last = dict.fromkeys(SPACES, 0)
    await store.open()
    for action in history:
        if action == "restart":
            await store.close()
            await store.open()
        else:
            draft, counters = copy.deepcopy(model), dict(last)
            try:
                await attempt(store, draft, counters, *action)
                model, last = draft, counters
            except Stumble:
                pass  # the model stays as it was
        async with store.transaction("looking on") as tx:
            await compare(tx, model)
        assert [space async for space in store.spaces()] == [space for space in SPACES if model[space]]
    await store.close()


@pytest.mark.parametrize("backend", BACKENDS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=histories)
def test_a_store_behaves_like_dicts(backend: str, history: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(replay(BACKENDS[backend](Path(folder)), history))
