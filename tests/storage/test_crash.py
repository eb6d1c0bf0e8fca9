"""A writer is killed at random moments; what it had acknowledged is there, and nothing half.

``CRASH_ROUNDS=50`` makes it longer.
"""

import asyncio
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bot.storage.tiny import TinyStore
from tests.crash.storage_writer import SPACES, Counter, Line

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("CRASH_ROUNDS", "2"))


def write_until_killed(folder: Path, acknowledgements: int) -> dict[int, int]:
    """Kill a writer after so many acknowledgements; the last one of each space."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(ROOT / "tests" / "crash" / "storage_writer.py"), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, encoding="ascii") as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        lines = [writer.stdout.readline() for _ in range(acknowledgements)]
        writer.kill()
        lines += writer.stdout.readlines()
    whole = [line.split() for line in lines if line.endswith("\n")]
    assert len(whole) >= acknowledgements
    return {int(number): int(value) for number, value in whole}


async def check(folder: Path, acknowledged: dict[int, int]) -> int:
    """Read everything back; the number of transactions that were lost."""
    store = await TinyStore(folder).open()
    lost = 0
    async with store.transaction("system") as tx:
        elsewhere = [(line.space, line.value) for line in await tx.scan(Line)]
        for number in range(SPACES):
            group = tx.within(f"group:{number}")
            counter = await group.get(Counter, 1)
            done = 0 if counter is None else counter.value
            assert [(line.id, line.value) for line in await group.scan(Line)] == [(n, n) for n in range(1, done + 1)]
            assert [value for space, value in elsewhere if space == number] == list(range(1, done + 1))
            lost += max(0, acknowledged.get(number, 0) - done)
    await store.close()
    return lost


@pytest.mark.timeout(30 + 10 * ROUNDS)
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "数据 目录"
    acknowledged: dict[int, int] = {}
    for round_ in range(ROUNDS):
        acknowledged |= write_until_killed(folder, 0 if round_ == 0 else random.randint(1, 400))  # noqa: S311
        assert asyncio.run(check(folder, acknowledged)) == 0
    assert sum(acknowledged.values()) > 0
