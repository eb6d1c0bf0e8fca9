"""Writes as fast as it can until it is killed: ``python storage_writer.py FOLDER``.

Prints ``open`` when it may begin, then ``<space number> <count>`` for every transaction acknowledged. A transaction
raises a counter, adds a row with its number, and a row in another space: three tables, one commit.
"""

import asyncio
import os
import sys
from pathlib import Path

from bot.storage import Record
from bot.storage.tiny import TinyStore

SPACES = 6


class Counter(Record):
    """How many transactions of a space were done."""

    TABLE = "counter"
    value: int = 0


class Line(Record):
    """One transaction."""

    TABLE = "line"
    UNIQUE = (("space", "value"),)
    space: int
    value: int
    text: str = "反思" * 50


async def count(store: TinyStore, number: int) -> None:
    """One transaction after the other in one space."""
    while True:
        async with store.transaction(f"group:{number}") as tx:
            counter = await tx.get(Counter, 1) or await tx.add(Counter())
            counter.value += 1
            await tx.update(counter)
            await tx.add(Line(space=number, value=counter.value))
            await tx.within("system").add(Line(space=number, value=counter.value))
        os.write(1, f"{number} {counter.value}\n".encode())


async def main() -> None:
    """Open and write in all spaces at once."""
    store = await TinyStore(Path(sys.argv[1]), kinds=(Counter, Line)).open()
    os.write(1, b"open\n")
    async with asyncio.TaskGroup() as tasks:
        for number in range(SPACES):
            tasks.create_task(count(store, number))


if __name__ == "__main__":
    asyncio.run(main())
